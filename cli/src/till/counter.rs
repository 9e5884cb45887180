//! The terminal till beyond the cart: charging, carts put aside, receipts, the cash box, stock.

use super::grammar::{Pay, Wish};
use super::screen;
use super::session::Session;
use crate::output::Failure;
use crate::paper;
use barrow_kernel::cash::make_change;
use barrow_kernel::catalogue::TenderKind;
use barrow_kernel::command::{Command, ItemRef, ReturnDraft};
use barrow_kernel::quantity::Quantity;
use barrow_kernel::sale::Sale;
use barrow_kernel::shift::{CashCount, ZReport};
use barrow_kernel::stock::{CountLine, MovementKind, MovementLine};
use barrow_kernel::view::CartView;
use barrow_log::id::TenderId;
use barrow_till::outcome::View;
use barrow_till::setup::CASH;

/// Lists at most this many goods of a stock question.
const STOCK_LINES: usize = 20;

/// Carries out what is not a change of the cart's lines.
///
/// # Errors
/// What is refused, in words; nothing is changed then.
pub(super) fn carry_out(session: &mut Session<'_>, wish: Wish) -> Result<String, Failure> {
    match wish {
        Wish::Pay(pay) => charge(session, pay),
        Wish::Void(reason) => void(session, reason),
        Wish::Park(name) => park(session, name),
        Wish::Carts => carts(session),
        Wish::Resume(number) => resume(session, number),
        Wish::Refund(number, line, quantity) => refund(session, &number, line, quantity),
        Wish::Receipt(number) => receipt(session, number),
        Wish::Fix(number, tender) => fix(session, &number, &tender),
        Wish::Open(amount) => open(session, amount),
        Wish::PayIn(amount_minor, reason) => cash(
            session,
            "Paid in",
            amount_minor,
            Command::PayIn {
                cash_box: None,
                amount_minor,
                reason,
            },
        ),
        Wish::PayOut(amount_minor, reason) => cash(
            session,
            "Paid out",
            amount_minor,
            Command::PayOut {
                cash_box: None,
                amount_minor,
                reason,
            },
        ),
        Wish::Drop(amount_minor) => cash(
            session,
            "To the safe",
            amount_minor,
            Command::SafeDrop {
                cash_box: None,
                amount_minor,
            },
        ),
        Wish::Report => report(session),
        Wish::Close(amount, note) => close(session, amount, note),
        Wish::Stock(words) => stock(session, &words),
        Wish::Count(words, quantity) => count(session, &words, quantity),
        Wish::Waste(words, quantity, reason) => waste(session, &words, quantity, reason),
        Wish::Sync => Ok(super::near::text(&session.shop.till().spread()?)),
        Wish::Today => crate::report::today(session.shop),
        _ => session.look(),
    }
}

fn empty() -> Failure {
    Failure::invalid("The cart is empty. Type goods, like: 2 croissant")
}

fn charge(session: &mut Session<'_>, pay: Pay) -> Result<String, Failure> {
    let view = session
        .view()?
        .filter(|view| view.line_count > 0)
        .ok_or_else(empty)?;
    let (tender, amount_minor, given_minor) = match pay {
        // With nothing left to pay there is nothing to ask.
        Pay::Ask if view.totals.open_minor != 0 => return ask(session, &view),
        Pay::Ask | Pay::Exact => (CASH, None, None),
        Pay::Given(_) if view.cash_due_minor < 0 => {
            let due = view.currency.format(-view.cash_due_minor);
            return Err(Failure::invalid(format!(
                "Money goes to the customer here: give {due} back with = exact."
            )));
        }
        Pay::Given(given) => (CASH, None, Some(given)),
        Pay::Tender(name, amount) => {
            let tender = tender_by_name(session, &name)?;
            match (tender.id == CASH, amount) {
                (true, Some(given)) => (CASH, None, Some(given)),
                _ => (tender.id, amount, None),
            }
        }
    };
    take(session, &view, tender, amount_minor, given_minor)
}

/// Shows what is due, and in which ways it can be paid.
fn ask(session: &Session<'_>, view: &CartView) -> Result<String, Failure> {
    let mut out = session.draw(view)?;
    let tenders = session.shop.tenders()?;
    let names: Vec<String> = tenders
        .iter()
        .filter(|kind| kind.id != CASH)
        .map(|kind| word(&kind.name))
        .collect();
    out.push_str(&format!(
        "Other ways: = {}. A part of it: = card 5\n",
        names.join("   = ")
    ));
    Ok(out)
}

fn word(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_lowercase()
}

fn tender_by_name(session: &Session<'_>, name: &str) -> Result<TenderKind, Failure> {
    let tenders = session.shop.tenders()?;
    let found = tenders
        .iter()
        .find(|kind| !kind.archived && kind.name.to_lowercase().starts_with(name));
    found.cloned().ok_or_else(|| {
        let names: Vec<String> = tenders
            .iter()
            .filter(|kind| !kind.archived)
            .map(|kind| word(&kind.name))
            .collect();
        Failure::invalid(format!(
            "There is no tender {name}. This shop takes: {}.",
            names.join(", ")
        ))
    })
}

fn take(
    session: &mut Session<'_>,
    view: &CartView,
    tender: TenderId,
    amount_minor: Option<i64>,
    given_minor: Option<i64>,
) -> Result<String, Failure> {
    let command = Command::Tender {
        cart: view.cart,
        tender,
        amount_minor,
        given_minor,
        reference: None,
    };
    match session.send(command)? {
        View::Sale(sale) => {
            session.forget(None);
            let denominations = session.shop.settings()?.denominations.clone();
            Ok(done(&sale, &denominations))
        }
        View::Cart(after) => {
            let money = |minor| after.currency.format(minor);
            let paid = after
                .payments
                .last()
                .map(|payment| payment.amount_minor)
                .unwrap_or_default();
            Ok(format!(
                "{} taken. {} left to pay.\n{}",
                money(paid),
                money(after.totals.open_minor),
                session.draw(&after)?
            ))
        }
        _ => session.look(),
    }
}

/// Says what to do with the money, and which receipt it is.
fn done(sale: &Sale, denominations: &[i64]) -> String {
    let money = |minor: i64| sale.currency.format(minor);
    let change: i64 = sale.payments.iter().map(|payment| payment.change_minor).sum();
    let out_of_box: i64 = sale
        .payments
        .iter()
        .map(|payment| payment.moved_minor().min(0))
        .sum();
    let give = if change > 0 { change } else { -out_of_box };
    let first = match (change > 0, out_of_box < 0) {
        (true, _) => format!("Paid. Give {} back.", money(give)),
        (false, true) => format!("Give {} back.", money(give)),
        (false, false) => "Paid.".into(),
    };
    let cash = sale.payments.iter().any(|payment| payment.tender == CASH);
    let pieces = if give > 0 && cash {
        pieces(give, denominations, &money)
    } else {
        String::new()
    };
    format!(
        "{first}{pieces}\nReceipt {}: {} {}. Type receipt to see it.\n",
        sale.number,
        money(sale.total_minor),
        sale.currency
    )
}

/// Says in which notes and coins money goes back, few pieces first.
fn pieces(give: i64, denominations: &[i64], money: &dyn Fn(i64) -> String) -> String {
    let parts: Vec<String> = make_change(give, denominations)
        .into_iter()
        .map(|(value, count)| {
            if count == 1 {
                money(value)
            } else {
                format!("{count} x {}", money(value))
            }
        })
        .collect();
    if parts.len() < 2 {
        String::new()
    } else {
        format!("  ({})", parts.join(" + "))
    }
}

fn void(session: &mut Session<'_>, reason: Option<String>) -> Result<String, Failure> {
    let cart = session.cart.ok_or_else(empty)?;
    session.send(Command::VoidCart { cart, reason })?;
    session.forget(None);
    Ok("The cart is given up. It stays in the records.\n".into())
}

fn park(session: &mut Session<'_>, name: Option<String>) -> Result<String, Failure> {
    let view = session
        .view()?
        .filter(|view| view.line_count > 0)
        .ok_or_else(empty)?;
    session.send(Command::Park {
        cart: view.cart,
        name: name.clone(),
    })?;
    session.forget(None);
    let name = name.map(|name| format!(" as {name}")).unwrap_or_default();
    Ok(format!(
        "Put aside{name}. Type carts to see it, resume to go on with it.\n"
    ))
}

fn carts(session: &Session<'_>) -> Result<String, Failure> {
    let carts = session.shop.open_carts()?;
    if carts.is_empty() {
        return Ok("No open carts.\n".into());
    }
    let mut out = String::new();
    for (at, view) in carts.iter().enumerate() {
        let here = if session.cart == Some(view.cart) {
            "  (this one)"
        } else {
            ""
        };
        let name = view.name.clone().unwrap_or_else(|| "no name".into());
        let first = view
            .lines
            .first()
            .map(|line| line.name.clone())
            .unwrap_or_default();
        out.push_str(&format!(
            "{:>3}  {:<20} {:>3} lines {:>10}  {}{here}\n",
            at + 1,
            screen::fit(&name, 20),
            view.line_count,
            view.currency.format(view.totals.total_minor),
            screen::fit(&first, 24),
        ));
    }
    Ok(out + "Type resume and the number to go on with one.\n")
}

fn resume(session: &mut Session<'_>, number: usize) -> Result<String, Failure> {
    let carts = session.shop.open_carts()?;
    let missing = || Failure::invalid(format!("There is no cart {number}. Type carts to see them."));
    let view = carts.get(number.saturating_sub(1)).ok_or_else(missing)?;
    // What lies in the present cart is put aside, never lost.
    if let Some(here) = session
        .view()?
        .filter(|here| here.cart != view.cart && here.line_count > 0)
    {
        session.send(Command::Park {
            cart: here.cart,
            name: None,
        })?;
    }
    if view.parked {
        session.send(Command::Resume { cart: view.cart })?;
    }
    session.forget(Some(view.cart));
    session.look()
}

fn refund(
    session: &mut Session<'_>,
    number: &str,
    line: Option<usize>,
    quantity: Option<Quantity>,
) -> Result<String, Failure> {
    let sale = session.shop.sale_named(number)?;
    let lines = match line {
        None => Vec::new(),
        Some(number) => {
            let mut top = sale.lines.iter().filter(|line| line.parent.is_none());
            let missing = || Failure::invalid(format!("Receipt {} has no line {number}.", sale.number));
            let line = top.nth(number.saturating_sub(1)).ok_or_else(missing)?;
            vec![ReturnDraft {
                line: line.id,
                quantity,
                resaleable: None,
            }]
        }
    };
    let cart = session.cart_id()?;
    session.tap(Command::AddReturns {
        cart,
        sale: sale.id,
        lines,
        reason: None,
    })
}

fn receipt(session: &Session<'_>, number: Option<String>) -> Result<String, Failure> {
    let sale = match number {
        Some(number) => session.shop.sale_named(&number.to_uppercase())?,
        None => session
            .shop
            .last_sale()?
            .ok_or_else(|| Failure::invalid("Nothing was sold yet."))?,
    };
    paper::receipt(session.shop, &sale, false).map(|document| paper::text(&document, paper::WIDTH))
}

fn fix(session: &Session<'_>, number: &str, tender: &str) -> Result<String, Failure> {
    let sale = session.shop.sale_named(number)?;
    let tender = tender_by_name(session, &tender.to_lowercase())?;
    let wrong = sale
        .payments
        .iter()
        .rev()
        .find(|payment| payment.tender != tender.id);
    let payment =
        wrong.ok_or_else(|| Failure::invalid(format!("{number} was paid by {} already.", tender.name)))?;
    let (old, amount) = (payment.name.clone(), sale.currency.format(payment.amount_minor));
    let reason = "wrong tender noted at the till".into();
    session.send(Command::CorrectTender {
        sale: sale.id,
        payment: payment.id,
        tender: tender.id,
        reason,
    })?;
    Ok(format!(
        "{number}: {amount} is {} now, not {old}. The receipt keeps its number.\n",
        tender.name
    ))
}

fn open(session: &Session<'_>, amount: i64) -> Result<String, Failure> {
    session.send(Command::OpenShift {
        cash_box: None,
        float: CashCount::amount(amount),
    })?;
    Ok(format!(
        "Open, with {} in the box.\n",
        session.shop.settings()?.currency.format(amount)
    ))
}

fn cash(session: &Session<'_>, what: &str, amount: i64, command: Command) -> Result<String, Failure> {
    let currency = session.shop.settings()?.currency;
    let expected = match session.send(command)? {
        View::Shift(shift) => format!(
            " In the box now: {}.",
            currency.format(shift.totals.expected_minor)
        ),
        _ => String::new(),
    };
    Ok(format!("{what}: {}.{expected}\n", currency.format(amount)))
}

fn report(session: &Session<'_>) -> Result<String, Failure> {
    match paper::x_report(session.shop)? {
        Some(document) => Ok(paper::text(&document, paper::WIDTH)),
        None => Ok("No shift is open. It opens with the first sale, or with: open 100\n".into()),
    }
}

fn close(session: &Session<'_>, amount: i64, note: Option<String>) -> Result<String, Failure> {
    let command = Command::CloseShift {
        cash_box: None,
        counted: CashCount::amount(amount),
        blind: false,
        note,
    };
    match session.send(command)? {
        View::Closed(report) => {
            let document = paper::z_report(session.shop, &report)?;
            Ok(format!(
                "{}{}",
                paper::text(&document, paper::WIDTH),
                difference(&report)
            ))
        }
        _ => Ok("Closed.\n".into()),
    }
}

/// Says how the count differs, money first.
pub(super) fn difference(report: &ZReport) -> String {
    let money = report.currency.format(report.difference_minor.saturating_abs());
    match report.difference_minor {
        0 => "Closed. The cash is right.\n".into(),
        more if more > 0 => format!("Closed. {money} more in the box than expected.\n"),
        _ => format!("Closed. {money} less in the box than expected.\n"),
    }
}

fn stock(session: &Session<'_>, words: &str) -> Result<String, Failure> {
    if words.is_empty() {
        return Ok("Stock of what? Type stock and words, like: stock bread\n".into());
    }
    let items = session.shop.find(words, STOCK_LINES)?;
    if items.is_empty() {
        return Ok(format!("Nothing here is called {}.\n", screen::fit(words, 40)));
    }
    let mut out = String::new();
    for item in items {
        let left = match item.trade.tracked {
            true => screen::amount_of(session.shop.on_hand(&item.id)?, &item.trade.unit),
            false => "not counted".into(),
        };
        out.push_str(&format!(
            "{left:>14}  {:<12} {}\n",
            screen::fit(&item.face.sku, 12),
            screen::fit(&item.face.name, 40)
        ));
    }
    Ok(out)
}

fn count(session: &Session<'_>, words: &str, counted: Quantity) -> Result<String, Failure> {
    let item = crate::stock::one(session.shop, words)?;
    let known = session.shop.on_hand(&item.id)?;
    let lines = vec![CountLine {
        item: ItemRef::Id(item.id),
        counted,
    }];
    session.send(Command::CountStock {
        location: None,
        lines,
    })?;
    let unit = &item.trade.unit;
    let (counted, known) = (screen::amount_of(counted, unit), screen::amount_of(known, unit));
    Ok(format!(
        "{}: {counted} counted, {known} were expected.\n",
        item.face.name
    ))
}

fn waste(session: &Session<'_>, words: &str, quantity: Quantity, reason: String) -> Result<String, Failure> {
    let item = crate::stock::one(session.shop, words)?;
    let lines = vec![MovementLine {
        item: ItemRef::Id(item.id),
        quantity,
    }];
    let movement = MovementKind::Waste;
    session.send(Command::MoveStock {
        location: None,
        movement,
        lines,
        reason: Some(reason),
    })?;
    let left = screen::amount_of(session.shop.on_hand(&item.id)?, &item.trade.unit);
    Ok(format!("{}: {left} left.\n", item.face.name))
}
