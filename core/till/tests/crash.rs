//! Cuts the power at every write and sync of a market day, on the real road: till, actor, store, SQLite. What was
//! answered as durable must be there, once; what was not may be sent again; the rest of the day then goes as if
//! nothing had happened.
//!
//! `BARROW_SEED=n` plays the one cut that a failure named; `scripts/crash` is the long form.
#![allow(clippy::unwrap_used)]

mod market;

use barrow_faultfs::{Chance, Change, Geometry, Image, Platter, Trace};
use barrow_kernel::sale::Sale;
use barrow_store::query::{Balance, PAGE_MAX, StockLevel};
use barrow_store::verify::{self, VerifyOptions};
use barrow_store::{Reader, StoreError, Synchronous};
use barrow_till::Till;
use barrow_till::error::TillError;
use barrow_till::outcome::View;
use market::stall::{Put, Stall, Told};
use market::{Act, market_day};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// Rounds of the day: each kind of command at least once, several checkpoints, three openings of the till.
const ROUNDS: usize = 4;
/// Random tears at each crash point.
const TEARS: u64 = 10;
/// Gives the time of the plain test run; what does not fit is said, and left to `scripts/crash`.
const TIME: Duration = Duration::from_secs(70);
/// Ends the search for what a planted mistake breaks: it must be found early.
const CUTS_TO_CATCH: usize = 4_000;
/// Sends the rest of the day after one cut in so many.
const REST_EVERY: u64 = 10;
/// Cuts the power during the recovery too after one cut in so many.
const AGAIN_EVERY: u64 = 7;
/// Makes one number of a tear and a crash point: the seed of the cut.
const POINTS: u64 = 1_000_000;
/// Visits so many points on one way through the day.
const BATCH: usize = 200;
/// Random tears at each crash point of the founding.
const FOUNDING_TEARS: u64 = 2;
/// Counts the acts up to the first sale.
const FIRST_SALE: usize = 10;
/// Gives the seed of the till's keys.
const KEYS: u64 = 7;

/// A day without faults.
struct Day {
    acts: Vec<Act>,
    geometry: Geometry,
    trace: Trace,
    told: Told,
    puts: Vec<Put>,
    /// Gives the change after which the shop was founded.
    founded: usize,
    end: Books,
}

/// What the shop's books say.
#[derive(Debug, PartialEq)]
struct Books {
    sales: Vec<Sale>,
    state: barrow_kernel::state::State,
    ledger: Vec<Balance>,
    stock: Vec<StockLevel>,
}

/// What a cut showed to be wrong.
#[derive(Debug)]
enum Wrong {
    /// Something that was said to be durable is not there, or not as it was.
    Lost(#[allow(dead_code, reason = "printed")] String),
    /// The database or the log is damaged, or does not open.
    Damaged(#[allow(dead_code, reason = "printed")] String),
}

/// What was checked.
#[derive(Debug, Default)]
struct Tally {
    points: usize,
    cuts: usize,
    sales: usize,
    taps_gone: usize,
    rests: usize,
    twice: usize,
}

fn play(geometry: Geometry, synchronous: Synchronous) -> Day {
    let mut stall = Stall::new(geometry, KEYS);
    stall.options.synchronous = synchronous;
    let acts = market_day(ROUNDS);
    let till = stall.found().unwrap();
    let founded = stall.disk.position();
    let mut told = Told::default();
    let till = stall.play(till, &acts, &mut told).unwrap();
    till.flush().unwrap();
    let end = books(&till).unwrap();
    drop(till);
    let (trace, puts) = (stall.disk.trace(), stall.puts());
    Day {
        acts,
        geometry,
        trace,
        told,
        puts,
        founded,
        end,
    }
}

/// Opens the till on what a cut left, and checks everything that must hold.
struct Judge<'a> {
    day: &'a Day,
    stall: Stall,
}

impl<'a> Judge<'a> {
    fn new(day: &'a Day) -> Self {
        Self {
            day,
            stall: Stall::new(day.geometry, KEYS + 1),
        }
    }

    /// Judges one cut.
    fn judge(&self, platter: &Platter, seed: u64, tally: &mut Tally) -> Result<(), Wrong> {
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
    fn put(&self, image: Image, keys: &[Put]) {
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
    fn keys_at(&self, point: usize, seed: u64) -> Vec<Put> {
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

fn suffix(name: &str) -> &str {
    name.rsplit_once(".db").map_or("", |(_, suffix)| suffix)
}

fn lost(hour: usize, what: &str) -> Wrong {
    Wrong::Lost(format!("command {hour}: {what}"))
}

fn damaged(when: &str, fault: TillError) -> Wrong {
    assert_ne!(fault, TillError::Closed, "the till's actor panicked: {when}");
    Wrong::Damaged(format!("{when}: {fault}"))
}

fn books(till: &Till) -> Result<Books, TillError> {
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

fn verify(till: &Till) -> Result<(), String> {
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

/// Orders crash points so that each kind of change comes early: one of each kind, a second of each, and so on.
fn points(day: &Day) -> Vec<usize> {
    let mut points: Vec<usize> = (day.founded..=day.trace.changes.len()).collect();
    Chance::new(1).shuffle(&mut points);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut rank = |point: usize| {
        let count = seen.entry(kind(day.trace.changes.get(point))).or_default();
        *count += 1;
        *count
    };
    let mut ranked: Vec<(usize, usize)> = points.iter().map(|point| (rank(*point), *point)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, point)| point).collect()
}

/// Names a kind of change: what is done, to which file.
fn kind(change: Option<&Change>) -> String {
    match change {
        None => "end".into(),
        Some(Change::Create { name, .. } | Change::Delete { name }) => suffix(name).into(),
        Some(Change::Write { inode, .. }) => format!("write {inode}"),
        Some(Change::Truncate { inode, .. }) => format!("truncate {inode}"),
        Some(Change::Sync { inode }) => format!("sync {inode}"),
        Some(Change::SyncNames) => "names".into(),
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Cuts at the points given until the time is over; every cut must hold.
fn cut_all(day: &Day, points: &[usize], tears: u64, deadline: Option<Instant>) -> Tally {
    let judge = Judge::new(day);
    let mut tally = Tally::default();
    for batch in points.chunks(BATCH) {
        let cut = sweep(day, batch, |platter, point| {
            if deadline.is_some_and(is_past) {
                return ControlFlow::Break(());
            }
            tally.points += 1;
            for tear in 0..tears {
                let seed = tear * POINTS + point as u64;
                if let Err(wrong) = judge.judge(platter, seed, &mut tally) {
                    panic!("BARROW_SEED={seed} (change {point}, tear {tear}): {wrong:?}");
                }
            }
            ControlFlow::Continue(())
        });
        if cut.is_break() {
            break;
        }
    }
    tally
}

/// Leads a disk through the day and stops at each of the points.
fn sweep<B>(
    day: &Day,
    points: &[usize],
    mut at: impl FnMut(&Platter, usize) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut platter = Platter::new(&day.trace);
    let wanted: BTreeSet<usize> = points.iter().copied().collect();
    for point in 0..=day.trace.changes.len() {
        if wanted.contains(&point) {
            at(&platter, point)?;
        }
        if let Some(change) = day.trace.changes.get(point) {
            platter.apply(change);
        }
    }
    ControlFlow::Continue(())
}

#[allow(clippy::disallowed_methods, reason = "a test that stops in time")]
fn now() -> Instant {
    Instant::now()
}

fn is_past(deadline: Instant) -> bool {
    now() > deadline
}

fn tell(name: &str, day: &Day, all: usize, tally: &Tally, took: Duration) {
    let (writes, syncs, others) = day.trace.counts();
    println!(
        "{name}: {writes} writes, {syncs} syncs, {others} other changes; {} of {all} crash points, {} cuts, {} days \
         played on, {} cut again while opening; {} sales checked, 0 lost, 0 corrupt, at most {} taps gone; {:.1} s",
        tally.points,
        tally.cuts,
        tally.rests,
        tally.twice,
        tally.sales,
        tally.taps_gone,
        took.as_secs_f32()
    );
    if tally.points < all {
        println!(
            "{name}: scripts/crash cuts at the {} points that did not fit into the time",
            all - tally.points
        );
    }
}

#[test]
fn a_power_cut_at_any_write_or_sync_loses_no_sale() {
    let start = now();
    let geometry = Geometry::default();
    let day = play(geometry, Synchronous::Full);
    let all = points(&day);
    if let Some(seed) = number("BARROW_SEED") {
        let point = (seed % POINTS) as usize;
        let judge = Judge::new(&day);
        let judged = sweep(&day, &[point], |platter, _| {
            ControlFlow::Break(judge.judge(platter, seed, &mut Tally::default()))
        });
        assert!(
            matches!(judged, ControlFlow::Break(Ok(()))),
            "BARROW_SEED={seed}: {judged:?}"
        );
        return;
    }
    let tears = number("BARROW_TEARS").unwrap_or(TEARS);
    let time = number("BARROW_MINUTES").map_or(Some(TIME), |minutes| match minutes {
        0 => None,
        minutes => Some(Duration::from_secs(60 * minutes)),
    });
    let tally = cut_all(&day, &all, tears, time.map(|time| start + time));
    tell("power cuts", &day, all.len(), &tally, start.elapsed());
    assert!(tally.points > 0 && tally.sales > 0);
}

#[test]
fn a_power_cut_while_founding_leaves_a_shop_or_a_place_for_one() {
    let day = play(Geometry::default(), Synchronous::Full);
    let judge = Judge::new(&day);
    let all: Vec<usize> = (0..=day.founded).collect();
    let (mut again, mut there) = (0, 0);
    let cut = sweep(&day, &all, |platter, point| {
        for tear in 0..FOUNDING_TEARS {
            let seed = tear * POINTS + point as u64;
            judge.put(platter.cut(seed), &judge.keys_at(point, seed));
            let till = match judge.stall.found() {
                Ok(till) if point < day.founded => {
                    again += 1;
                    till
                }
                Ok(_) => panic!("change {point}, tear {tear}: a shop that was founded is gone"),
                Err(first) => {
                    there += 1;
                    let opened = judge.stall.open();
                    opened
                        .unwrap_or_else(|fault| panic!("change {point}, tear {tear}: {first} Then: {fault}"))
                }
            };
            let told = judge
                .stall
                .play(till, &day.acts[..FIRST_SALE], &mut Told::default());
            let till = told.unwrap_or_else(|fault| panic!("change {point}, tear {tear}: {fault}"));
            let number = books(&till).unwrap().sales[0].number.to_string();
            assert_eq!(
                number, "A-1",
                "change {point}, tear {tear}: a crash is no restore"
            );
            assert_eq!(verify(&till), Ok(()), "change {point}, tear {tear}");
        }
        ControlFlow::<()>::Continue(())
    });
    assert!(cut.is_continue() && again > 0 && there > 0);
    println!(
        "founding: {} crash points, founded again after {again} cuts, opened after {there}",
        all.len()
    );
}

/// Counts cuts until one shows a mistake.
fn caught(day: &Day) -> Option<(usize, Wrong)> {
    let judge = Judge::new(day);
    let mut tally = Tally::default();
    for tear in 0..TEARS {
        let found = sweep(day, &points(day), |platter, point| {
            let seed = tear * POINTS + point as u64;
            match judge.judge(platter, seed, &mut tally) {
                Err(wrong @ Wrong::Lost(_)) => ControlFlow::Break((tally.cuts, wrong)),
                _ if tally.cuts > CUTS_TO_CATCH => ControlFlow::Break((0, Wrong::Lost(String::new()))),
                _ => ControlFlow::Continue(()),
            }
        });
        if let ControlFlow::Break((cuts, wrong)) = found {
            return (cuts > 0).then_some((cuts, wrong));
        }
    }
    None
}

#[test]
fn synchronous_normal_is_caught() {
    let found = caught(&play(Geometry::default(), Synchronous::Normal));
    println!("synchronous=NORMAL: {found:?}");
    assert!(found.is_some(), "NORMAL loses sales and was not caught");
}

#[test]
fn a_disk_that_ignores_syncs_is_caught() {
    let mut day = play(Geometry::default(), Synchronous::Full);
    day.trace = std::mem::take(&mut day.trace).without_syncs();
    let found = caught(&day);
    println!("a disk that ignores syncs: {found:?}");
    assert!(found.is_some(), "a lying disk loses sales and was not caught");
}
