//! SQLite itself on the disk that fails: the harness must pass what is durable and catch what is not.

#![allow(clippy::unwrap_used)]

use barrow_faultfs::{Chance, FaultFs, Faults, Geometry, Image, Operation, Platter, Trace};
use rusqlite::{Connection, ErrorCode, OpenFlags};

const ROWS: i64 = 40;
/// Checkpoints every few commits, so that crashes fall into checkpoints too.
const CHECKPOINT_PAGES: i64 = 8;
const TEARS: u64 = 10;

fn open(disk: &FaultFs) -> rusqlite::Result<Connection> {
    Connection::open_with_flags_and_vfs("/shop.db", OpenFlags::default(), disk.name())
}

fn prepare(connection: &Connection, synchronous: &str) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};
         PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};
         CREATE TABLE IF NOT EXISTS sale (id INTEGER PRIMARY KEY, text TEXT) STRICT;"
    ))
}

fn sell(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection
        .execute("INSERT INTO sale VALUES (?1, printf('%.*c', 900, 'x'))", [id])
        .map(drop)
}

/// Sells, and notes after which change each sale was acknowledged.
fn run(disk: &FaultFs, synchronous: &str) -> Vec<(i64, usize)> {
    let connection = open(disk).unwrap();
    prepare(&connection, synchronous).unwrap();
    let acknowledge = |id| {
        sell(&connection, id).unwrap();
        (id, disk.position())
    };
    (0..ROWS).map(acknowledge).collect()
}

/// Reopens a disk after a power cut: the sales there, or why it can't be read.
fn recover(disk: &FaultFs, image: Image) -> Result<Vec<i64>, String> {
    disk.load(image);
    let connection = open(disk).map_err(|fault| fault.to_string())?;
    let text = |sql| connection.query_row(sql, [], |row| row.get::<_, String>(0));
    let health = text("PRAGMA integrity_check").map_err(|fault| fault.to_string())?;
    if health != "ok" {
        return Err(health);
    }
    let Ok(mut sales) = connection.prepare("SELECT id FROM sale ORDER BY id") else {
        return Ok(Vec::new());
    };
    let ids = sales.query_map([], |row| row.get(0)).and_then(Iterator::collect);
    ids.map_err(|fault| fault.to_string())
}

/// Cuts the power at every change; counts runs, lost sales and broken files.
/// SQLite must meet the geometry that it wrote with: the size of a sector is part of a rollback journal's form.
fn cut_everywhere(
    geometry: Geometry,
    trace: &Trace,
    acknowledged: &[(i64, usize)],
    seed: u64,
) -> (usize, usize, usize) {
    let disk = FaultFs::new(geometry);
    let mut platter = Platter::new(trace);
    let (mut runs, mut lost, mut broken) = (0, 0, 0);
    let mut chance = Chance::new(seed);
    for point in 0..=trace.changes.len() {
        for _ in 0..TEARS {
            runs += 1;
            let expected = acknowledged.iter().filter(|(_, at)| *at <= point).count();
            match recover(&disk, platter.cut(chance.draw())) {
                Ok(sales) => lost += expected.saturating_sub(sales.len()),
                Err(_) => broken += 1,
            }
        }
        if let Some(change) = trace.changes.get(point) {
            platter.apply(change);
        }
    }
    (runs, lost, broken)
}

#[test]
fn synchronous_full_loses_nothing_at_any_change() {
    for powersafe_overwrite in [false, true] {
        let geometry = Geometry {
            powersafe_overwrite,
            ..Geometry::default()
        };
        let disk = FaultFs::new(geometry);
        let acknowledged = run(&disk, "FULL");
        let (runs, lost, broken) = cut_everywhere(geometry, &disk.trace(), &acknowledged, 1);
        println!(
            "FULL, {:?} writes/syncs/others: {runs} runs, {lost} lost, {broken} broken",
            disk.trace().counts()
        );
        assert_eq!((lost, broken), (0, 0));
    }
}

#[test]
fn synchronous_normal_and_a_disk_that_lies_are_caught() {
    let disk = FaultFs::new(Geometry::default());
    let acknowledged = run(&disk, "NORMAL");
    let (runs, lost, _) = cut_everywhere(Geometry::default(), &disk.trace(), &acknowledged, 2);
    println!("NORMAL: {lost} sales lost in {runs} runs");
    assert!(lost > 0, "NORMAL loses sales and was not caught");
    let disk = FaultFs::new(Geometry::default());
    let acknowledged = run(&disk, "FULL");
    let (runs, lost, broken) = cut_everywhere(
        Geometry::default(),
        &disk.trace().without_syncs(),
        &acknowledged,
        3,
    );
    println!("no syncs: {lost} sales lost, {broken} files broken in {runs} runs");
    assert!(lost > 0 && broken > 0, "a disk that ignores syncs was not caught");
}

#[test]
fn a_live_crash_stops_where_the_trace_says() {
    let whole = FaultFs::new(Geometry::default());
    run(&whole, "FULL");
    let length = whole.trace().changes.len();
    for at in (0..length).step_by(17) {
        let disk = FaultFs::new(Geometry::default());
        disk.set_faults(Faults {
            crash_at: Some(at),
            ..Faults::default()
        });
        let fault = open(&disk).and_then(|connection| {
            prepare(&connection, "FULL")?;
            (0..ROWS).try_for_each(|id| sell(&connection, id))
        });
        assert_eq!(
            disk.position(),
            at,
            "change {at} of {length} did not stop the run: {fault:?}"
        );
        assert_eq!(disk.open_files(), 0, "closing works without power");
    }
}

#[test]
fn several_connections_share_one_database() {
    let disk = FaultFs::new(Geometry::default());
    let writer = open(&disk).unwrap();
    prepare(&writer, "FULL").unwrap();
    let reader = open(&disk).unwrap();
    let count = |connection: &Connection| {
        connection
            .query_row("SELECT count(*) FROM sale", [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    writer
        .execute_batch("BEGIN IMMEDIATE; INSERT INTO sale VALUES (1, 'x')")
        .unwrap();
    assert_eq!((count(&writer), count(&reader)), (1, 0));
    let other = open(&disk).unwrap();
    other.busy_timeout(std::time::Duration::ZERO).unwrap();
    let busy = sell(&other, 2).unwrap_err();
    assert_eq!(busy.sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
    writer.execute_batch("COMMIT").unwrap();
    assert_eq!(count(&reader), 1);
    let (mine, theirs) = (writer, std::thread::spawn(move || count(&reader)));
    (2..200).for_each(|id| sell(&mine, id).unwrap());
    assert!(theirs.join().unwrap() >= 1);
    assert_eq!(count(&mine), 199);
}

#[test]
fn a_full_disk_and_a_failed_call_leave_the_last_commit() {
    let disk = FaultFs::new(Geometry::default());
    let connection = open(&disk).unwrap();
    prepare(&connection, "FULL").unwrap();
    let sell = |id| sell(&connection, id);
    let full: usize = disk.image().values().map(Vec::len).sum::<usize>() + 20_000;
    disk.set_faults(Faults {
        capacity: Some(Box::new(move || full as u64)),
        ..Faults::default()
    });
    let sold = (0..1000).take_while(|id| sell(*id).is_ok()).count() as i64;
    assert!(sold > 0 && sold < 1000);
    assert_eq!(
        sell(sold).unwrap_err().sqlite_error_code(),
        Some(ErrorCode::DiskFull)
    );
    disk.set_faults(Faults::default());
    sell(sold).unwrap();
    for operation in [Operation::Write, Operation::Sync] {
        disk.set_faults(Faults {
            error_after: Some((operation, 0)),
            ..Faults::default()
        });
        assert_eq!(
            sell(2000).unwrap_err().sqlite_error_code(),
            Some(ErrorCode::SystemIoFailure)
        );
    }
    sell(2001).unwrap();
    let ids: i64 = connection
        .query_row("SELECT count(*) FROM sale", [], |row| row.get(0))
        .unwrap();
    assert_eq!(ids, sold + 2);
}
