//! The one door: a command in, events out, or a rejection with nothing changed.

use crate::command::Command;
use crate::context::{Context, World};
use crate::event::Event;
use crate::ledger;
use crate::rejection::Rejection;
use crate::shift::CashReason;
use crate::state::State;
use crate::tender::Offer;
use crate::{carting, catalogue, sale, scan, shift, stock, tender};

/// Decides about a command. It reads state, catalogue, stock and history, and changes nothing.
///
/// # Errors
/// A [`Rejection`] that names the field and what is allowed.
pub fn decide(
    state: &State,
    world: &dyn World,
    command: &Command,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let events = route(state, world, command, context)?;
    check(&events);
    Ok(events)
}

fn route(
    state: &State,
    world: &dyn World,
    command: &Command,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    use Command as C;
    match command {
        C::PutShop { shop } => catalogue::put_shop(state, world, context, shop),
        C::PutTaxes { taxes } => catalogue::put_taxes(context, taxes),
        C::PutTenders { tenders } => catalogue::put_tenders(context, tenders),
        C::PutPlaces {
            locations,
            cash_boxes,
        } => catalogue::put_places(context, locations, cash_boxes),
        C::PutItems { items } => catalogue::put_items(world, context, items),
        C::AddLines {
            cart,
            lines,
            approval,
        } => carting::add_lines(state, world, context, *cart, lines, approval),
        C::Scan { cart, code, quantity } => scan::scan(state, world, context, *cart, code, *quantity),
        C::AddReturns {
            cart,
            sale,
            lines,
            reason,
        } => sale::add_returns(state, world, context, *cart, *sale, lines, reason),
        C::SetQuantity { cart, line, quantity } => {
            carting::set_quantity(state, world, context, *cart, *line, *quantity)
        }
        C::VoidLine { cart, line } => carting::void_line(state, world, context, *cart, *line, true),
        C::RestoreLine { cart, line } => carting::void_line(state, world, context, *cart, *line, false),
        C::DiscountLine {
            cart,
            line,
            discounts,
        } => carting::discount(state, context, *cart, Some(*line), discounts),
        C::DiscountCart { cart, discounts } => carting::discount(state, context, *cart, None, discounts),
        C::SetPrice {
            cart,
            line,
            unit_price,
            reason,
        } => carting::set_price(state, context, *cart, *line, *unit_price, reason),
        C::Reprice { cart, lines } => carting::reprice(state, world, context, *cart, lines),
        C::SwitchTaxes { cart, mapping } => carting::switch_taxes(state, world, context, *cart, mapping),
        C::SetNote { cart, line, note } => carting::set_note(state, context, *cart, *line, note),
        C::Park { cart, name } => carting::park(state, context, *cart, true, name),
        C::Resume { cart } => carting::park(state, context, *cart, false, &None),
        C::VoidCart { cart, reason } => carting::void_cart(state, context, *cart, reason),
        C::Tender {
            cart,
            tender: kind,
            amount_minor,
            given_minor,
            reference,
        } => {
            let offer = Offer {
                cart: *cart,
                tender: *kind,
                amount_minor: *amount_minor,
                given_minor: *given_minor,
                reference,
            };
            tender::tender(state, world, context, offer)
        }
        C::ReversePayment { cart, payment } => tender::reverse(state, world, context, *cart, *payment),
        C::CorrectTender {
            sale,
            payment,
            tender,
            reason,
        } => sale::correct_tender(state, world, context, *sale, *payment, *tender, reason),
        _ => route_back_office(state, world, command, context),
    }
}

fn route_back_office(
    state: &State,
    world: &dyn World,
    command: &Command,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    use Command as C;
    let move_cash = |cash_box, why, amount_minor, reason: &str| {
        shift::move_cash(state, world, context, cash_box, why, amount_minor, reason)
    };
    match command {
        C::OpenShift { cash_box, float } => shift::open(state, world, context, *cash_box, float),
        C::PayIn {
            cash_box,
            amount_minor,
            reason,
        } => move_cash(*cash_box, CashReason::PayIn, *amount_minor, reason),
        C::PayOut {
            cash_box,
            amount_minor,
            reason,
        } => move_cash(*cash_box, CashReason::PayOut, *amount_minor, reason),
        C::SafeDrop {
            cash_box,
            amount_minor,
        } => move_cash(*cash_box, CashReason::SafeDrop, *amount_minor, ""),
        C::CloseShift {
            cash_box,
            counted,
            blind,
            note,
        } => shift::close(state, context, *cash_box, counted, *blind, note),
        C::MoveStock {
            location,
            movement,
            lines,
            reason,
        } => stock::move_stock(world, context, *location, *movement, lines, reason),
        C::CountStock { location, lines } => stock::count(world, context, *location, lines),
        C::Adjust {
            debit,
            credit,
            amount_minor,
            approval,
        } => shift::adjust(world, context, debit, credit, *amount_minor, approval),
        _ => unreachable!("route sends every other command on its own way"),
    }
}

/// Asserts what must be true of every decision: one kind of stream, and debits = credits.
fn check(events: &[Event]) {
    let kind = events.first().map(Event::stream_kind);
    assert!(kind.is_some(), "a decision without events is a rejection");
    assert!(
        events.iter().all(|event| Some(event.stream_kind()) == kind),
        "one command is one op in one stream"
    );
    for event in events {
        assert!(ledger::balanced(event.postings()), "debits = credits");
    }
}
