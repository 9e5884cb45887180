//! The last step of pricing: taxes of each line, and their totals.

use super::{LineInput, LineTax, PriceError, PricePolicy, PricedLine, TaxTotal};
use crate::allocate::round_parts;
use crate::money::Currency;
use crate::rounding::{Ratio, RoundingError, round_sum_mirrored};
use crate::tax::plan::{Levied, Plan, Reading};
use crate::tax::{MAX_TAXES, Tax, TaxPolicy};

/// The tax lists of a document, each compiled once, and the taxes in them.
struct Book<'a> {
    entries: Vec<Entry<'a>>,
    /// The entry used last: neighbours mostly have the same taxes.
    last: usize,
    totals: Vec<Total<'a>>,
}

/// One list of taxes.
struct Entry<'a> {
    taxes: &'a [Tax],
    plan: Plan<'a>,
    /// For each tax of the plan, its place among the totals.
    totals: Vec<usize>,
}

/// One tax of the document while it is summed.
struct Total<'a> {
    tax: &'a Tax,
    base: i128,
    amount: i128,
}

/// The exact amounts of one tax on all lines.
#[derive(Default)]
struct Shares {
    /// Line and place within its taxes.
    owners: Vec<(usize, usize)>,
    exact: Vec<Ratio>,
}

impl<'a> Book<'a> {
    /// Finds the place of a compiled list, compiling it when it is new.
    fn place(&mut self, taxes: &'a [Tax]) -> Result<usize, crate::tax::TaxError> {
        let holds = |entry: &Entry<'a>| std::ptr::eq(entry.taxes, taxes) || entry.taxes == taxes;
        if !self.entries.get(self.last).is_some_and(holds) {
            self.last = match self.entries.iter().position(holds) {
                Some(known) => known,
                None => self.compile(taxes)?,
            };
        }
        Ok(self.last)
    }

    fn compile(&mut self, taxes: &'a [Tax]) -> Result<usize, crate::tax::TaxError> {
        let plan = Plan::compile(taxes, Reading::AsWritten)?;
        let mut places = Vec::with_capacity(plan.len());
        for tax in plan.steps() {
            let known = self
                .totals
                .iter()
                .position(|total| std::ptr::eq(total.tax, tax) || same(total.tax, tax));
            places.push(known.unwrap_or(self.totals.len()));
            if known.is_none() {
                self.totals.push(Total {
                    tax,
                    base: 0,
                    amount: 0,
                });
            }
        }
        self.entries.push(Entry {
            taxes,
            plan,
            totals: places,
        });
        Ok(self.entries.len() - 1)
    }
}

/// Tells whether two taxes are one on a report: place and flags may differ, what is printed may not.
fn same(a: &Tax, b: &Tax) -> bool {
    a.id == b.id && a.class == b.class && a.kind == b.kind && a.group == b.group && a.name == b.name
}

/// Computes the taxes of all lines and fills in their bases and totals.
pub(super) fn apply(
    currency: Currency,
    policy: &PricePolicy,
    lines: &[LineInput<'_>],
    priced: &mut [PricedLine],
) -> Result<Vec<TaxTotal>, PriceError> {
    let mut book = Book {
        entries: Vec::new(),
        last: 0,
        totals: Vec::new(),
    };
    match policy.tax_policy {
        TaxPolicy::PerLine => per_line(currency, policy, lines, priced, &mut book)?,
        TaxPolicy::PerDocument => per_document(currency, policy, lines, priced, &mut book)?,
    }
    let narrow = |sum: i128| i64::try_from(sum).map_err(|_| PriceError::overflow());
    let total = |total: Total<'_>| {
        Ok(TaxTotal {
            tax: total.tax.id,
            name: total.tax.name.clone(),
            group: total.tax.group.clone(),
            class: total.tax.class,
            rate: total.tax.rate(),
            base_minor: narrow(total.base)?,
            amount_minor: narrow(total.amount)?,
        })
    };
    book.totals.into_iter().map(total).collect()
}

/// Rounds each tax of each line.
fn per_line<'a>(
    currency: Currency,
    policy: &PricePolicy,
    lines: &[LineInput<'a>],
    priced: &mut [PricedLine],
    book: &mut Book<'a>,
) -> Result<(), PriceError> {
    let mut amounts = [0_i64; MAX_TAXES];
    for (position, (line, priced)) in lines.iter().zip(priced).enumerate() {
        let place = book.place(line.taxes).map_err(|source| PriceError::Tax {
            line: position,
            source,
        })?;
        let entry = &book.entries[place];
        let levied = levied(line, currency);
        entry
            .plan
            .amounts_rounded(priced.net_minor, &levied, policy.tax_rounding, &mut amounts)
            .and_then(|()| settle(priced, entry, &amounts[..entry.plan.len()], &mut book.totals))
            .map_err(PriceError::at(position))?;
    }
    Ok(())
}

/// Rounds each tax of the document once and allocates it to the lines by their exact amounts.
fn per_document<'a>(
    currency: Currency,
    policy: &PricePolicy,
    lines: &[LineInput<'a>],
    priced: &mut [PricedLine],
    book: &mut Book<'a>,
) -> Result<(), PriceError> {
    let mut places = Vec::with_capacity(lines.len());
    let mut shares: Vec<Shares> = Vec::new();
    for (position, (line, priced)) in lines.iter().zip(&*priced).enumerate() {
        let place = book.place(line.taxes).map_err(|source| PriceError::Tax {
            line: position,
            source,
        })?;
        let entry = &book.entries[place];
        let net = Ratio::whole(priced.net_minor);
        let exact = entry
            .plan
            .amounts_exact(net, line.quantity, negative_price(line), currency.digits)
            .map_err(PriceError::at(position))?;
        shares.resize_with(book.totals.len().max(shares.len()), Default::default);
        for (step, (amount, total)) in exact.into_iter().zip(&entry.totals).enumerate() {
            shares[*total].owners.push((position, step));
            shares[*total].exact.push(amount);
        }
        places.push(place);
    }
    let mut amounts: Vec<Vec<i64>> = places
        .iter()
        .map(|place| vec![0; book.entries[*place].plan.len()])
        .collect();
    for Shares { owners, exact } in &shares {
        let rounded = round_sum_mirrored(exact, policy.tax_rounding)?;
        let rounded = i64::try_from(rounded).map_err(|_| PriceError::overflow())?;
        for ((line, step), part) in owners.iter().zip(round_parts(rounded, exact)?) {
            amounts[*line][*step] = part;
        }
    }
    for (position, ((priced, place), amounts)) in priced.iter_mut().zip(places).zip(&amounts).enumerate() {
        settle(priced, &book.entries[place], amounts, &mut book.totals).map_err(PriceError::at(position))?;
    }
    Ok(())
}

/// Tells whether the price of a line is below zero, which turns the sign of its levies.
pub(super) fn negative_price(line: &LineInput<'_>) -> bool {
    line.unit_price < crate::quantity::UnitPrice::ZERO
}

fn levied(line: &LineInput<'_>, currency: Currency) -> Levied {
    Levied::new(line.quantity, negative_price(line), currency.digits)
}

/// Fills in a line from the whole amounts of its taxes, and adds them to the totals.
fn settle(
    priced: &mut PricedLine,
    entry: &Entry<'_>,
    amounts: &[i64],
    totals: &mut [Total<'_>],
) -> Result<(), RoundingError> {
    let (mut inside, mut all) = (0_i128, 0_i128);
    let mut taxes = Vec::with_capacity(amounts.len());
    for (step, (&amount_minor, &total)) in amounts.iter().zip(&entry.totals).enumerate() {
        let base_minor = entry.plan.base_of(step, priced.net_minor, amounts)?;
        all += i128::from(amount_minor);
        if entry.plan.is_included(step) {
            inside += i128::from(amount_minor);
        }
        let total = &mut totals[total];
        total.base += i128::from(base_minor);
        total.amount += i128::from(amount_minor);
        taxes.push(LineTax {
            tax: total.tax.id,
            base_minor,
            amount_minor,
            rate: total.tax.rate(),
        });
    }
    let narrow = |sum: i128| i64::try_from(sum).map_err(|_| RoundingError::Overflow);
    let base = i128::from(priced.net_minor) - inside;
    priced.base_minor = narrow(base)?;
    priced.tax_minor = narrow(all)?;
    priced.total_minor = narrow(base + all)?;
    priced.taxes = taxes;
    Ok(())
}
