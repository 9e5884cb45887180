//! Cuts the power at every write and sync of a market day, on the real road: till, actor, store, SQLite. What was
//! answered as durable must be there, once; what was not may be sent again; the rest of the day then goes as if
//! nothing had happened.
//!
//! `BARROW_SEED=n` plays the one cut that a failure named; `scripts/crash` is the long form.
#![allow(clippy::unwrap_used)]

mod judge;
#[path = "../market/mod.rs"]
mod market;

use barrow_faultfs::{Chance, Change, Geometry, Platter, Trace};
use barrow_store::{Reader, Synchronous};
use barrow_till::outcome::View;
use judge::{Books, Judge, Tally, books, damaged, suffix, verify};
use market::stall::{Put, Stall, Told};
use market::{Act, market_day};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

/// Rounds of the day: each kind of command at least once, several checkpoints, three openings of the till.
const ROUNDS: usize = 4;
/// Random tears at each crash point.
const TEARS: u64 = 10;
/// Gives the time of the plain test run; what does not fit is said, and left to `scripts/crash`.
const TIME: Duration = Duration::from_secs(70);
/// Cuts a day with a planted mistake at so many points; it loses sales at enough of them.
const PLANTED_POINTS: usize = 200;
/// Sends the rest of the day after one cut in so many.
const REST_EVERY: u64 = 10;
/// Cuts the power during the recovery too after one cut in so many.
const AGAIN_EVERY: u64 = 7;
/// Makes one number of a tear and a crash point: the seed of the cut.
const POINTS: u64 = 1_000_000;
/// Numbers the tears of a disk that promises never to harm the neighbours of a write, as SQLite takes real ones to be.
const POWERSAFE: u64 = 1_000_000;
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
fn cut_all(day: &Day, points: &[usize], tears: Range<u64>, deadline: Option<Instant>) -> Tally {
    let judge = Judge::new(day);
    let mut tally = Tally::default();
    for batch in points.chunks(BATCH) {
        let cut = sweep(day, batch, |platter, point| {
            if deadline.is_some_and(is_past) {
                return ControlFlow::Break(());
            }
            tally.points += 1;
            for tear in tears.clone() {
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
    if let Some(seed) = number("BARROW_SEED") {
        return play_again(seed);
    }
    let tears = number("BARROW_TEARS").unwrap_or(TEARS);
    match number("BARROW_MINUTES") {
        None => cut_day("power cuts", false, tears, Some(TIME)),
        Some(minutes) => {
            // Half of the time for each kind of disk; 0 is no limit.
            let time = (minutes > 0).then(|| Duration::from_secs(30 * minutes));
            cut_day("power cuts", false, tears, time);
            cut_day("power cuts, powersafe overwrite", true, tears, time);
        }
    }
}

fn geometry(powersafe_overwrite: bool) -> Geometry {
    Geometry {
        powersafe_overwrite,
        ..Geometry::default()
    }
}

fn cut_day(name: &str, powersafe: bool, tears: u64, time: Option<Duration>) {
    let start = now();
    let day = play(geometry(powersafe), Synchronous::Full);
    let all = points(&day);
    let first = if powersafe { POWERSAFE } else { 0 };
    let tally = cut_all(&day, &all, first..first + tears, time.map(|time| start + time));
    tell(name, &day, all.len(), &tally, start.elapsed());
    assert!(tally.points > 0 && tally.sales > 0);
}

/// Plays the one cut that a failure named.
fn play_again(seed: u64) {
    let day = play(geometry(seed / POINTS >= POWERSAFE), Synchronous::Full);
    let judge = Judge::new(&day);
    let point = (seed % POINTS) as usize;
    let judged = sweep(&day, &[point], |platter, _| {
        ControlFlow::Break(judge.judge(platter, seed, &mut Tally::default()))
    });
    assert!(
        matches!(judged, ControlFlow::Break(Ok(()))),
        "BARROW_SEED={seed}: {judged:?}"
    );
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

/// Counts the sales that a planted mistake loses, over cuts all through the day.
fn lost_sales(name: &str, day: &Day) -> usize {
    let judge = Judge::new(day);
    let (mut cuts, mut gone, mut unreadable) = (0, 0, 0);
    let some = &points(day)[..PLANTED_POINTS];
    let swept = sweep(day, some, |platter, point| {
        let seed = point as u64;
        judge.put(platter.cut(seed), &judge.keys_at(point, seed));
        let told = &day.told.answers[..day.told.safe_at(point)];
        let expected = told
            .iter()
            .filter(|answer| matches!(answer.outcome.view, View::Sale(_)))
            .count();
        let opened = judge.stall.open().map_err(|fault| damaged("open", fault));
        cuts += 1;
        match opened.ok().and_then(|till| till.read(Reader::counts).ok()) {
            Some(found) => gone += expected.saturating_sub(found.sales as usize),
            None => unreadable += 1,
        }
        ControlFlow::<()>::Continue(())
    });
    assert!(swept.is_continue());
    println!("{name}: {gone} sales lost and {unreadable} shops unreadable in {cuts} cuts");
    gone
}

#[test]
fn synchronous_normal_is_caught() {
    let day = play(Geometry::default(), Synchronous::Normal);
    assert!(
        lost_sales("synchronous=NORMAL", &day) > 0,
        "NORMAL loses sales and was not caught"
    );
}

#[test]
fn a_disk_that_ignores_syncs_is_caught() {
    let mut day = play(Geometry::default(), Synchronous::Full);
    day.trace = std::mem::take(&mut day.trace).without_syncs();
    assert!(
        lost_sales("no syncs", &day) > 0,
        "a lying disk loses sales and was not caught"
    );
}
