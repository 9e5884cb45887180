//! Completing a cart: its lines, number and postings become a sale, and what must be true of it is checked.

use super::refund::check_returns;
use super::{ReceiptNumber, Sale, SaleKind, SaleLine, summary};
use crate::cart::{Cart, Line, TaxAmount};
use crate::catalogue::ItemKind;
use crate::context::{Context, World};
use crate::event::Event;
use crate::ledger::{Account, Entry, Posting};
use crate::limits;
use crate::price::{Priced, PricedLine, TaxTotal};
use crate::rejection::Rejection;
use crate::shift;
use crate::state::{SeriesCounter, State};
use crate::tender::{self, Payment};
use barrow_log::id::SaleId;

/// Completes a cart with its last payment. `before` holds the events that this command has made so far.
pub(crate) fn complete(
    state: &State,
    world: &dyn World,
    context: &Context,
    cart: &Cart,
    priced: &Priced,
    last: Payment,
    before: &[Event],
) -> Result<Sale, Rejection> {
    check_returns(state, world, cart)?;
    let shop = world.shop()?;
    let mut payments = cart.payments.clone();
    payments.push(last);
    let counter = state.series(&context.series);
    let lines: Vec<SaleLine> = cart
        .live_lines()
        .zip(&priced.lines)
        .map(|(line, priced)| sale_line(line, priced))
        .collect();
    let taxes = sold_taxes(&lines, &priced.taxes);
    let (number, perpetual_minor) = next_number(counter, priced.total_minor)?;
    let mut sale = Sale {
        id: SaleId(context.command.0),
        cart: cart.id,
        number: ReceiptNumber {
            series: context.series.clone(),
            number,
        },
        kind: kind_of(&lines),
        at_ms: context.now_ms,
        utc_offset_minutes: shop.utc_offset_minutes,
        book: context.book,
        till: context.till.clone(),
        who: context.who.clone(),
        location: cart.location,
        cash_box: context.cash_box,
        shift: shift::current(state, context.cash_box, before)?,
        currency: cart.terms.currency,
        lines,
        taxes,
        base_minor: priced.base_minor,
        tax_minor: priced.tax_minor,
        total_minor: priced.total_minor,
        rounding_minor: payments
            .iter()
            .fold(0, |sum, payment| sum.saturating_add(payment.rounding_minor)),
        payments,
        discounts: cart.discounts.clone(),
        note: cart.note.clone(),
        tax_mapping: cart.tax_mapping.clone(),
        perpetual_minor,
        postings: Vec::new(),
        customer: None,
        cash_rounding: cart.terms.cash_rounding,
    };
    sale.postings = postings(&sale)?;
    check(&sale);
    Ok(sale)
}

/// Returns the next receipt number of a series, and its perpetual total with this document.
fn next_number(counter: SeriesCounter, total_minor: i64) -> Result<(u64, i64), Rejection> {
    let number = counter.last_number.checked_add(1);
    let perpetual = counter.perpetual_minor.checked_add(total_minor);
    let perpetual = perpetual.filter(|sum| (-limits::SUM_MINOR..=limits::SUM_MINOR).contains(sum));
    number.zip(perpetual).ok_or_else(|| {
        Rejection::not_now(
            "series",
            "This receipt series is full. Enrol the till with a new one.",
        )
    })
}

fn kind_of(lines: &[SaleLine]) -> SaleKind {
    // An empty bottle given back with the shopping is still a sale.
    let goods = || lines.iter().filter(|line| line.goods.kind != ItemKind::Deposit);
    let out = goods().any(|line| !line.quantity.is_negative());
    let back = goods().any(|line| line.quantity.is_negative());
    match (out, back) {
        (true, true) => SaleKind::Exchange,
        (false, true) => SaleKind::Refund,
        (true, false) => SaleKind::Sale,
        (false, false) if lines.iter().all(|line| line.quantity.is_negative()) => SaleKind::Refund,
        (false, false) => SaleKind::Sale,
    }
}

fn sale_line(line: &Line, priced: &PricedLine) -> SaleLine {
    SaleLine {
        goods: line.goods.clone(),
        unit_price: line.unit_price,
        id: line.id,
        quantity: line.quantity,
        extended_minor: priced.extended_minor,
        base_minor: priced.base_minor,
        total_minor: priced.total_minor,
        taxes: priced
            .taxes
            .iter()
            .map(|tax| TaxAmount {
                tax: tax.tax,
                base_minor: tax.base_minor,
                amount_minor: tax.amount_minor,
                rate: tax.rate,
            })
            .collect(),
        discount_minor: priced.extended_minor - priced.net_minor,
        parent: line.parent,
        measure: line.measure,
        weighing: line.weighing.clone(),
        list_price: line.list_price,
        price_reason: line.price_reason.clone(),
        offers: line.offers.clone(),
        discounts: line.discounts.clone(),
        note: line.note.clone(),
        returns: line.returns.clone(),
    }
}

/// Sums up the taxes in the order in which pricing lists them: one row for each tax and rate that a line bears.
///
/// Two versions of a tax with one rate share a row under the first one's name, so that a line finds its row again.
fn sold_taxes(lines: &[SaleLine], totals: &[TaxTotal]) -> Vec<TaxTotal> {
    let mut taxes: Vec<TaxTotal> = Vec::with_capacity(totals.len());
    for total in totals {
        let known = taxes
            .iter_mut()
            .find(|known| known.tax == total.tax && known.rate == total.rate);
        match known {
            Some(known) => {
                known.base_minor += total.base_minor;
                known.amount_minor += total.amount_minor;
            }
            None => taxes.push(total.clone()),
        }
    }
    // Rows of goods that cost nothing say nothing; a row that sums to zero in an exchange does.
    taxes.retain(|total| {
        lines.iter().flat_map(|line| &line.taxes).any(|tax| {
            (tax.tax, tax.rate) == (total.tax, total.rate) && (tax.base_minor, tax.amount_minor) != (0, 0)
        })
    });
    taxes
}

/// Names the report group of goods that bear no tax at all.
pub const NO_TAX_GROUP: &str = "no tax";

/// Returns the report group that a line's income is booked under.
fn sales_group(sale: &Sale, line: &SaleLine) -> String {
    match line.taxes.first().and_then(|tax| summary(sale, tax)) {
        Some(total) => total.group.clone(),
        None => NO_TAX_GROUP.into(),
    }
}

/// Works out the double entry of a sale.
fn postings(sale: &Sale) -> Result<Vec<Posting>, Rejection> {
    let mut entry = Entry::default();
    let (last, earlier) = sale
        .payments
        .split_last()
        .map_or((None, &[][..]), |(last, earlier)| (Some(last), earlier));
    if let Some(last) = last {
        entry.debit(
            tender::account(last.class, last.tender, sale.cash_box),
            last.moved_minor(),
        );
        entry.credit(Account::Rounding, last.rounding_minor);
    }
    // Earlier payments were booked when they were taken; here they leave the liability.
    for payment in earlier {
        entry.debit(Account::PartPayments, payment.amount_minor);
    }
    for line in &sale.lines {
        let account = match line.goods.kind {
            ItemKind::Deposit => Account::Deposits,
            ItemKind::GiftCard => Account::GiftCards,
            _ => Account::Sales(sales_group(sale, line)),
        };
        entry.credit(account, line.base_minor);
        for tax in &line.taxes {
            entry.credit(Account::Tax(tax.tax), tax.amount_minor);
        }
    }
    entry.close()
}

/// Asserts what must be true of every sale.
fn check(sale: &Sale) {
    // Summed wide: on the way an amount of a hostile device may leave the bounds that the whole keeps.
    let sum = |value: fn(&SaleLine) -> i64| sale.lines.iter().map(value).map(i128::from).sum::<i128>();
    assert_eq!(
        sum(|line| line.total_minor),
        i128::from(sale.total_minor),
        "lines sum to the total"
    );
    assert_eq!(
        sum(|line| line.base_minor),
        i128::from(sale.base_minor),
        "bases sum to the base"
    );
    assert_eq!(
        i128::from(sale.base_minor) + i128::from(sale.tax_minor),
        i128::from(sale.total_minor),
        "base + tax = total"
    );
    let paid = sale
        .payments
        .iter()
        .map(|payment| i128::from(payment.amount_minor));
    assert_eq!(
        paid.sum::<i128>(),
        i128::from(sale.total_minor),
        "payments sum to the total"
    );
}
