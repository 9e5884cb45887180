//! What must hold after a power cut: what was answered is there, once, the books verify, and the day can go on.

use crate::market::stall::{Put, Stall, Told};
use crate::{AGAIN_EVERY, Day, KEYS, POINTS, REST_EVERY};
use barrow_faultfs::{Chance, Image, Platter, Trace};
use barrow_kernel::sale::Sale;
use barrow_kernel::state::State;
use barrow_store::query::{Balance, PAGE_MAX, StockLevel};
use barrow_store::verify::{self, VerifyOptions};
use barrow_store::{Reader, StoreError};
use barrow_till::Till;
use barrow_till::error::TillError;
use barrow_till::outcome::View;
use std::collections::{BTreeMap, BTreeSet};

/// What the shop's books say.
#[derive(Debug, PartialEq)]
pub struct Books {
    pub sales: Vec<Sale>,
    pub state: State,
    pub ledger: Vec<Balance>,
    pub stock: Vec<StockLevel>,
}

/// What a cut showed to be wrong.
#[derive(Debug)]
pub enum Wrong {
    /// Something that was said to be durable is not there, or not as it was.
    Lost(#[allow(dead_code, reason = "printed")] String),
    /// The database or the log is damaged, or does not open.
    Damaged(#[allow(dead_code, reason = "printed")] String),
}

/// What was checked.
#[derive(Debug, Default)]
pub struct Tally {
    pub points: usize,
    pub cuts: usize,
    pub sales: usize,
    pub taps_gone: usize,
    pub rests: usize,
    pub twice: usize,
}

/// Opens the till on what a cut left, and checks everything that must hold.
pub struct Judge<'a> {
    pub day: &'a Day,
    pub stall: Stall,
}

impl<'a> Judge<'a> {
    pub fn new(day: &'a Day) -> Self {
        Self {
            day,
            stall: Stall::new(day.geometry, KEYS + 1),
        }
    }

    /// Judges one cut.
    pub fn judge(&self, platter: &Platter, seed: u64, tally: &mut Tally) -> Result<(), Wrong> {
        let point = (seed % POINTS) as usize;
        let keys = self.keys_at(point, seed);
        self.put(platter.cut(seed), &keys);
        let till = self.stall.open().map_err(|fault| damaged("open", fault))?;
        let opening = self.stall.disk.trace();
        self.check(&till, point, tally)?;
        tally.cuts += 1;
        if (seed / POINTS).is_multiple_of(REST_EVERY) {
            tally.rests += 1;
            self.rest_of_the_day(till, point)?;
        } else {
            drop(till);
        }
        self.stall
            .disk
            .check(&self.stall.database())
            .map_err(Wrong::Damaged)?;
        if (seed / POINTS + seed).is_multiple_of(AGAIN_EVERY) {
            tally.twice += 1;
            self.cut_again(&opening, &keys, point, seed, tally)?;
        }
        Ok(())
    }

    /// Puts the stall back to a moment.
    pub fn put(&self, image: Image, keys: &[Put]) {
        // The day was recorded in another folder.
        let name = |old: &String| format!("{}{}", self.stall.database(), suffix(old));
        self.stall.disk.load(
            image
                .iter()
                .map(|(old, bytes)| (name(old), bytes.clone()))
                .collect(),
        );
        self.stall.set_keys(keys);
    }

    /// Returns the secrets put before a moment; one that was put at it may have come or not.
    pub fn keys_at(&self, point: usize, seed: u64) -> Vec<Put> {
        let late = Chance::new(seed).coin();
        let there = |put: &&Put| put.0 < point || put.0 == point && late;
        self.day.puts.iter().filter(there).cloned().collect()
    }

    /// Checks that all that was durable is there, once, and as it was.
    fn check(&self, till: &Till, point: usize, tally: &mut Tally) -> Result<(), Wrong> {
        let before = till
            .read(Reader::counts)
            .map_err(|fault| damaged("read", fault))?;
        let safe = self.day.told.safe_at(point);
        let answered = self
            .day
            .told
            .answers
            .iter()
            .take_while(|answer| answer.at <= point)
            .count();
        let sent = &self.day.told.answers[..safe];
        let repeats = sent
            .iter()
            .map(|answer| till.submit(answer.id, answer.command.clone()));
        let repeats: Vec<_> = repeats
            .collect::<Result<_, _>>()
            .map_err(|fault| damaged("repeat", fault))?;
        for (answer, repeat) in sent.iter().zip(repeats) {
            let again = repeat
                .wait()
                .map_err(|fault| lost(answer.hour, &fault.to_string()))?;
            let same_sale = match (&answer.outcome.view, &again.view) {
                (View::Sale(first), View::Sale(second)) => {
                    tally.sales += 1;
                    first == second
                }
                (View::Sale(_), _) => false,
                _ => true,
            };
            if !same_sale
                || again.revision != answer.outcome.revision
                || again.durable != answer.outcome.durable
            {
                return Err(lost(
                    answer.hour,
                    &format!("{:?} is now {again:?}", answer.outcome),
                ));
            }
        }
        let after = till
            .read(Reader::counts)
            .map_err(|fault| damaged("read", fault))?;
        if before != after {
            return Err(Wrong::Lost(format!("repeats changed {before:?} to {after:?}")));
        }
        gapless(till)?;
        tally.taps_gone = tally.taps_gone.max(answered - safe.min(answered));
        verify(till).map_err(Wrong::Damaged)
    }

    /// Sends what was not answered as durable, and all that came after: the day must end as it did.
    fn rest_of_the_day(&self, till: Till, point: usize) -> Result<(), Wrong> {
        let mut told = Told::default();
        told.answers = self.day.told.answers[..self.day.told.safe_at(point)].to_vec();
        let till = self.stall.play(till, &self.day.acts, &mut told);
        let till = till.map_err(|fault| damaged("the rest of the day", fault))?;
        till.flush().map_err(|fault| damaged("the last flush", fault))?;
        let end = books(&till).map_err(|fault| damaged("read", fault))?;
        if end != self.day.end {
            return Err(Wrong::Lost(difference(&self.day.end, &end)));
        }
        verify(&till).map_err(Wrong::Damaged)
    }

    /// Cuts the power during the opening after the first cut.
    fn cut_again(
        &self,
        opening: &Trace,
        keys: &[Put],
        point: usize,
        seed: u64,
        tally: &mut Tally,
    ) -> Result<(), Wrong> {
        let mut chance = Chance::new(!seed);
        let mut platter = Platter::new(opening);
        let until = chance.below(opening.changes.len() + 1);
        opening.changes[..until]
            .iter()
            .for_each(|change| platter.apply(change));
        self.put(platter.cut(chance.draw()), keys);
        let till = self
            .stall
            .open()
            .map_err(|fault| damaged("the second opening", fault))?;
        self.check(&till, point, tally)
    }
}

pub fn suffix(name: &str) -> &str {
    name.rsplit_once(".db").map_or("", |(_, suffix)| suffix)
}

fn lost(hour: usize, what: &str) -> Wrong {
    Wrong::Lost(format!("command {hour}: {what}"))
}

pub fn damaged(when: &str, fault: TillError) -> Wrong {
    assert_ne!(fault, TillError::Closed, "the till's actor panicked: {when}");
    Wrong::Damaged(format!("{when}: {fault}"))
}

pub fn books(till: &Till) -> Result<Books, TillError> {
    let location = till.installation().location;
    let mut sales = Vec::new();
    let (ledger, stock) = till.read(|reader| {
        reader.sales_between(i64::MIN, i64::MAX, |sale| {
            sales.push(sale);
            true
        })?;
        Ok::<_, StoreError>((reader.balances()?, reader.stock(&location, 0, PAGE_MAX)?))
    })?;
    Ok(Books {
        sales,
        state: till.snapshot()?,
        ledger,
        stock,
    })
}

pub fn verify(till: &Till) -> Result<(), String> {
    let report = till.read(|reader| verify::verify(reader, &VerifyOptions::default(), |_| {}));
    let report = report.map_err(|fault| fault.to_string())?;
    if report.is_good() {
        Ok(())
    } else {
        Err(format!("{:?}", report.problems))
    }
}

/// Receipt numbers of each series run from 1 without a gap.
fn gapless(till: &Till) -> Result<(), Wrong> {
    let sales = till
        .read(|reader| reader.sales(None, PAGE_MAX))
        .map_err(|fault| damaged("read", fault))?;
    let mut numbers: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for sale in &sales {
        if !numbers
            .entry(sale.number.series.clone())
            .or_default()
            .insert(sale.number.number)
        {
            return Err(Wrong::Lost(format!("receipt {} is there twice", sale.number)));
        }
    }
    match numbers
        .values()
        .all(|series| series.iter().copied().eq(1..=series.len() as u64))
    {
        true => Ok(()),
        false => Err(Wrong::Lost(format!("receipt numbers have gaps: {numbers:?}"))),
    }
}

fn difference(expected: &Books, found: &Books) -> String {
    let first = expected
        .sales
        .iter()
        .zip(&found.sales)
        .find(|(one, other)| one != other);
    format!(
        "the day ended otherwise: {} sales for {}, first other {first:?}, state {}, ledger {}, stock {}",
        found.sales.len(),
        expected.sales.len(),
        found.state == expected.state,
        found.ledger == expected.ledger,
        found.stock == expected.stock
    )
}
