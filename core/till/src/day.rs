//! A day's trade: takings, by tender, item and hour, against the last day before it that had any.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::context::Catalogue;
use barrow_kernel::money::Currency;
use barrow_kernel::sale::{Sale, SaleKind};
use barrow_kernel::view;
use barrow_store::Reader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Lists this many items, the best first.
const BEST_ITEMS: usize = 10;
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

/// What came in by one tender or item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRow {
    /// Names the tender or item.
    pub name: String,
    /// Counts payments, or pieces that were sold and stayed sold.
    pub count: u32,
    /// Gives the amount in minor units.
    pub amount_minor: i64,
    /// Gives its share of the day's total in thousandths; 0 when it is not above zero.
    pub share_permille: u32,
}

/// What came in within one hour of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourRow {
    /// Gives the hour of the day, 0 to 23.
    pub hour: u8,
    /// Gives the amount in minor units.
    pub amount_minor: i64,
    /// Gives the amount in thousandths of the best hour of both days.
    pub permille_of_best: u32,
    /// Gives the same hour of the last time, in thousandths of the best hour of both days.
    pub last_time_permille: u32,
}

/// The last day before with sales.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastTime {
    /// Counts the days since 1970, in the shop's time.
    pub day: i64,
    /// Gives its total in minor units.
    pub total_minor: i64,
    /// Counts its sales and exchanges.
    pub sales: u32,
    /// Gives the total of the day that is looked at less this one's, in minor units.
    pub difference_minor: i64,
}

/// A day's trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReport {
    /// Counts the days since 1970, in the shop's time.
    pub day: i64,
    /// Gives the currency of every amount.
    pub currency: Currency,
    /// Counts sales and exchanges.
    pub sales: u32,
    /// Counts refunds.
    pub refunds: u32,
    /// Gives the sum of all totals in minor units.
    pub total_minor: i64,
    /// Gives the tax in it, in minor units.
    pub tax_minor: i64,
    /// Lists what came in by tender, the most first.
    pub tenders: Vec<DayRow>,
    /// Lists the best items, at most ten.
    pub items: Vec<DayRow>,
    /// Lists every hour from the first to the last one in which either day had sales.
    pub hours: Vec<HourRow>,
    /// Gives the best hour of the day; `None` when nothing was taken.
    pub best_hour: Option<u8>,
    /// Tells of the last day before with sales; `None` when there was none.
    pub last_time: Option<LastTime>,
}

/// Sums of one day while they are added up.
#[derive(Default)]
struct Sums {
    sales: u32,
    refunds: u32,
    total_minor: i64,
    tax_minor: i64,
    tenders: BTreeMap<String, (i64, i64)>,
    items: BTreeMap<String, (i64, i64)>,
    hours: BTreeMap<u8, i64>,
}

impl Sums {
    /// Reads and adds up the sales of a day.
    fn of(reader: &Reader, day: i64, offset_ms: i64) -> Result<Self, TillError> {
        let mut sums = Self::default();
        let from = day.saturating_mul(DAY_MS).saturating_sub(offset_ms);
        reader.sales_between(from, from.saturating_add(DAY_MS), |sale| {
            sums.add(&sale);
            true
        })?;
        Ok(sums)
    }

    fn add(&mut self, sale: &Sale) {
        match sale.kind {
            SaleKind::Refund => self.refunds += 1,
            SaleKind::Sale | SaleKind::Exchange => self.sales += 1,
        }
        self.total_minor = self.total_minor.saturating_add(sale.total_minor);
        self.tax_minor = self.tax_minor.saturating_add(sale.tax_minor);
        let hour = hour_of(sale.at_ms, i64::from(sale.utc_offset_minutes) * MINUTE_MS);
        let taken = self.hours.entry(hour).or_default();
        *taken = taken.saturating_add(sale.total_minor);
        for payment in &sale.payments {
            add(&mut self.tenders, &payment.name, 1, payment.moved_minor());
        }
        for line in &sale.lines {
            let pieces = view::pieces(line.goods.kind, &line.goods.unit, line.quantity);
            let sign = if line.quantity.is_negative() { -1 } else { 1 };
            add(
                &mut self.items,
                &line.goods.name,
                sign * i64::from(pieces),
                line.total_minor,
            );
        }
    }

    fn best(&self) -> i64 {
        self.hours.values().copied().max().unwrap_or(0)
    }
}

fn add(sums: &mut BTreeMap<String, (i64, i64)>, name: &str, count: i64, amount_minor: i64) {
    let (counted, sum) = sums.entry(name.to_owned()).or_default();
    *counted = counted.saturating_add(count);
    *sum = sum.saturating_add(amount_minor);
}

fn hour_of(at_ms: i64, offset_ms: i64) -> u8 {
    let of_day = at_ms.saturating_add(offset_ms).rem_euclid(DAY_MS);
    u8::try_from(of_day / HOUR_MS).unwrap_or(0)
}

/// Gives a part in thousandths of a whole; 0 unless both are above zero.
fn permille(part: i64, whole: i64) -> u32 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    u32::try_from(i128::from(part) * 1_000 / i128::from(whole)).unwrap_or(u32::MAX)
}

/// Lists sums, the most first.
fn rows(sums: &BTreeMap<String, (i64, i64)>, total_minor: i64) -> Vec<DayRow> {
    let row = |(name, (count, amount_minor)): (&String, &(i64, i64))| DayRow {
        name: name.clone(),
        count: u32::try_from(*count).unwrap_or(if *count < 0 { 0 } else { u32::MAX }),
        amount_minor: *amount_minor,
        share_permille: permille(*amount_minor, total_minor),
    };
    let mut rows: Vec<DayRow> = sums.iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.amount_minor));
    rows
}

fn hours(today: &Sums, last: &Sums) -> Vec<HourRow> {
    let best = today.best().max(last.best());
    let seen = today.hours.keys().chain(last.hours.keys());
    let (Some(first), Some(end)) = (seen.clone().min(), seen.max()) else {
        return Vec::new();
    };
    (*first..=*end)
        .map(|hour| {
            let taken = |sums: &Sums| sums.hours.get(&hour).copied().unwrap_or(0);
            HourRow {
                hour,
                amount_minor: taken(today),
                permille_of_best: permille(taken(today), best),
                last_time_permille: permille(taken(last), best),
            }
        })
        .collect()
}

impl Till {
    /// Adds up a day's trade: a day since 1970 in the shop's time, the present one when absent.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn today(&self, day: Option<i64>) -> Result<DayReport, TillError> {
        let now_ms = self.now_ms();
        let reader = self.own_reader()?;
        let shop = reader.shop()?;
        let offset_ms = i64::from(shop.utc_offset_minutes) * MINUTE_MS;
        let day = day.unwrap_or_else(|| now_ms.saturating_add(offset_ms).div_euclid(DAY_MS));
        let today = Sums::of(&reader, day, offset_ms)?;
        let start_ms = day.saturating_mul(DAY_MS).saturating_sub(offset_ms);
        let before = reader.sales(Some((start_ms, barrow_log::id::SaleId::from_bytes([0; 16]))), 1)?;
        let last_day = before
            .first()
            .map(|sale| sale.at_ms.saturating_add(offset_ms).div_euclid(DAY_MS));
        let last = match last_day {
            Some(day) => Sums::of(&reader, day, offset_ms)?,
            None => Sums::default(),
        };
        let mut items = rows(&today.items, today.total_minor);
        items.truncate(BEST_ITEMS);
        let best = today
            .hours
            .iter()
            .max_by_key(|(hour, taken)| (**taken, std::cmp::Reverse(**hour)));
        Ok(DayReport {
            day,
            currency: shop.currency,
            sales: today.sales,
            refunds: today.refunds,
            total_minor: today.total_minor,
            tax_minor: today.tax_minor,
            tenders: rows(&today.tenders, today.total_minor),
            items,
            hours: hours(&today, &last),
            best_hour: best.filter(|(_, taken)| **taken > 0).map(|(hour, _)| *hour),
            last_time: last_day.map(|day| LastTime {
                day,
                total_minor: last.total_minor,
                sales: last.sales,
                difference_minor: today.total_minor.saturating_sub(last.total_minor),
            }),
        })
    }
}
