//! Single steps of the arithmetic, for suites that test one rule at a time.

use super::answer::Steps;
use super::basket::own_denominations;
use super::request::{Adaption, Allocation, Amount, Arithmetic, Cash, MoneyStep, Round};
use super::taxes::Taxes;
use super::value::Object;
use crate::output::Failure;
use barrow_kernel::allocate::{allocate, allocate_by};
use barrow_kernel::cash::{cash_due, cash_due_exact, change_suggestions};
use barrow_kernel::money::{Money, MoneyError};
use barrow_kernel::quantity::UNIT_PRICE_PLACES;
use barrow_kernel::rounding::{round_decimal, round_to_step};
use barrow_kernel::tax::adapt_price;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

/// Most entries of one list: a suite that has more sends more documents.
const MAX_ENTRIES: usize = 10_000;
/// Most weights of one allocation: as many as a document has lines.
const MAX_WEIGHTS: usize = 10_000;
/// Most decimals to round to: with more no amount but zero would fit 64 bits.
const MAX_DIGITS: u8 = 18;

/// Answers each entry of each list; one that is refused says why in its place.
pub fn answer(asked: &Arithmetic) -> Result<Steps, Failure> {
    let taxes = Taxes::new(&asked.taxes, None)?;
    let mut steps = Steps::default();
    let refused = &mut steps.refused;
    steps.allocate = each("allocate", asked.allocate.as_deref(), refused, |entry, _| {
        allocation(entry)
    })?;
    steps.round = each("round", asked.round.as_deref(), refused, |entry, _| round(entry))?;
    steps.cash = each("cash", asked.cash.as_deref(), refused, cash)?;
    steps.money = each("money", asked.money.as_deref(), refused, |entry, _| money(entry))?;
    steps.adapt = each("adapt", asked.adapt.as_deref(), refused, |entry, field| {
        adapt(entry, &taxes, field)
    })?;
    Ok(steps)
}

fn each<T>(
    list: &str,
    entries: Option<&[Object<T>]>,
    refused: &mut usize,
    step: impl Fn(&T, &str) -> Result<Value, Failure>,
) -> Result<Option<Vec<Value>>, Failure> {
    let Some(entries) = entries else { return Ok(None) };
    if entries.len() > MAX_ENTRIES {
        let message = format!("A list has at most {MAX_ENTRIES} entries: send the rest in another document.");
        return Err(Failure::field(list, message));
    }
    let mut answers = Vec::with_capacity(entries.len());
    for (place, entry) in entries.iter().enumerate() {
        let answer = step(entry, &format!("{list}[{place}]"));
        answers.push(answer.unwrap_or_else(|failure| {
            *refused += 1;
            json!({ "error": failure.body() })
        }));
    }
    Ok(Some(answers))
}

/// Makes a plain refusal of any fault of the kernel.
fn refuse(fault: impl std::fmt::Display) -> Failure {
    Failure::invalid(fault.to_string())
}

fn allocation(entry: &Allocation) -> Result<Value, Failure> {
    if entry.weights.len() > MAX_WEIGHTS {
        return Err(refuse(format!(
            "an amount is split over at most {MAX_WEIGHTS} weights"
        )));
    }
    let weights: Vec<Decimal> = entry.weights.iter().map(|weight| weight.0).collect();
    let whole = |weight: &Decimal| weight.is_integer().then(|| weight.to_i64()).flatten();
    let whole: Option<Vec<i64>> = weights.iter().map(whole).collect();
    let parts = match whole {
        Some(whole) => allocate(entry.total.0, &whole),
        None => allocate_by(entry.total.0, &weights),
    };
    Ok(json!({ "parts": parts.map_err(refuse)? }))
}

fn round(entry: &Round) -> Result<Value, Failure> {
    match (entry.digits, entry.step_minor) {
        (Some(digits), None) if digits <= MAX_DIGITS => {
            let minor = round_decimal(entry.value.0, digits, entry.mode).map_err(refuse)?;
            let value = Decimal::new(minor, u32::from(digits));
            Ok(json!({ "minor": minor, "value": value.to_string() }))
        }
        (Some(_), None) => Err(refuse(format!("\"digits\" is 0 to {MAX_DIGITS}"))),
        (None, Some(step)) => {
            let minor = round_to_step(entry.value.0, step.0, entry.mode).map_err(refuse)?;
            Ok(json!({ "minor": minor }))
        }
        _ => Err(refuse("give either \"digits\" or \"step_minor\"")),
    }
}

fn cash(entry: &Cash, field: &str) -> Result<Value, Failure> {
    let rule = entry.rule.rule(&format!("{field}.rule"))?;
    let due = match (entry.amount_minor, entry.amount, entry.currency) {
        (Some(minor), None, None) => cash_due(minor.0, &rule),
        (None, Some(exact), Some(currency)) => cash_due_exact(exact.0, currency, &rule),
        _ => {
            return Err(refuse(
                "give either \"amount_minor\" alone or \"amount\" together with \"currency\"",
            ));
        }
    };
    let due = due.map_err(refuse)?;
    let mut answer = json!({
        "exact_minor": due.exact_minor,
        "rounded_minor": due.rounded_minor,
        "difference_minor": due.difference_minor,
    });
    if let Some(own) = &entry.denominations {
        let pieces = own_denominations(own, &format!("{field}.denominations"))?;
        answer["suggestions_minor"] = change_suggestions(due.rounded_minor, &pieces).into();
    }
    Ok(answer)
}

fn money(entry: &MoneyStep) -> Result<Value, Failure> {
    let sum = |amounts: &[Object<Amount>], step: fn(Money, Money) -> Result<Money, MoneyError>| {
        let mut amounts = amounts
            .iter()
            .map(|amount| Money::new(amount.minor.0, amount.currency));
        let first = amounts
            .next()
            .ok_or_else(|| refuse("there is no amount in the list"))?;
        let sum = amounts.try_fold(first, step).map_err(refuse)?;
        Ok(json!({ "minor": sum.minor, "currency": sum.currency, "text": sum.to_string() }))
    };
    match entry {
        MoneyStep::Parse(written) => {
            let minor = written.currency.parse(&written.text).map_err(refuse)?;
            Ok(json!({ "minor": minor, "currency": written.currency }))
        }
        MoneyStep::Format(amount) => Ok(json!({ "text": amount.currency.format(amount.minor.0) })),
        MoneyStep::Add(amounts) => sum(amounts, Money::checked_add),
        MoneyStep::Subtract(amounts) => sum(amounts, Money::checked_sub),
        MoneyStep::Currency(currency) => Ok(json!({
            "currency": currency,
            "digits": currency.digits,
            "minor_per_major": currency.minor_per_major(),
        })),
    }
}

fn adapt(entry: &Adaption, taxes: &Taxes, field: &str) -> Result<Value, Failure> {
    if u32::from(entry.places) > UNIT_PRICE_PLACES {
        return Err(refuse(format!("\"places\" is 0 to {UNIT_PRICE_PLACES}")));
    }
    let from = taxes.find(&entry.from, &format!("{field}.from"))?;
    let to = taxes.find(&entry.to, &format!("{field}.to"))?;
    let adapted = adapt_price(entry.unit_price, &from, &to, entry.places, entry.rounding).map_err(refuse)?;
    Ok(json!({ "unit_price": adapted }))
}
