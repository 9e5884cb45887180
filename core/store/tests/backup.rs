//! Backups: there and back with both secrets, nothing of one device inside, and every kind of damage told.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use barrow_log::key::OrganisationKey;
use barrow_store::DATABASE_FILE;
use barrow_store::backup::{BackupError, Restored, Secret, backup, restore};
use barrow_store::work::{Cancel, Cancelled, Work};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};

const CREATED_MS: i64 = 1_789_000_000_123;
const PASSPHRASE: &str = "Crème brûlée, twice";
const PUBLIC: &str = "what every device may know";
const PRIVATE: &str = "what only this device may know";

fn key(seed: u8) -> OrganisationKey {
    OrganisationKey::from_seed([seed; 32])
}

/// Makes a store's folder whose database is open in another connection, with rows still in the write-ahead log.
fn store(folder: &Path, rows: usize) -> Connection {
    let conn = Connection::open(folder.join(DATABASE_FILE)).unwrap();
    conn.pragma_update(None, "journal_mode", "wal").unwrap();
    conn.execute_batch(include_str!("../sql/schema_1.sql")).unwrap();
    let known: i64 = conn
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'search_state'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    if known == 0 {
        conn.execute_batch(include_str!("../sql/search.sql")).unwrap();
    }
    let mut noise: u64 = 88_172_645_463_325_252;
    for _ in 0..rows {
        let bytes: Vec<u8> = (0..1000)
            .map(|_| {
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                noise as u8
            })
            .collect();
        conn.execute(
            "INSERT INTO register VALUES (1, ?1, ?2, x'00')",
            (noise.to_le_bytes(), bytes),
        )
        .unwrap();
    }
    conn.execute(
        "INSERT INTO register VALUES (2, x'00', CAST(?1 AS BLOB), x'00')",
        [PUBLIC],
    )
    .unwrap();
    // Long enough for pages of its own.
    conn.execute(
        "INSERT INTO local_meta VALUES ('secret', CAST(?1 AS BLOB))",
        [PRIVATE.repeat(1000)],
    )
    .unwrap();
    conn.execute("INSERT INTO local_meta VALUES (?1, x'00')", [PRIVATE])
        .unwrap();
    conn
}

fn seal(folder: &Path, target: &Path, secret: &Secret<'_>) -> Result<PathBuf, BackupError> {
    let mut byte = 0u8;
    let mut random = |bytes: &mut [u8]| {
        for to in bytes {
            byte = byte.wrapping_add(31);
            *to = byte;
        }
    };
    backup(
        folder,
        target,
        &key(1),
        secret,
        CREATED_MS,
        &mut random,
        &mut Work::new(&mut |_, _| {}),
    )
}

fn open(file: &Path, secret: &Secret<'_>, folder: &Path) -> Result<Restored, BackupError> {
    restore(file, secret, folder, &mut Work::new(&mut |_, _| {}))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn holds(path: &Path, needle: &[u8]) -> bool {
    fs::read(path)
        .unwrap()
        .windows(needle.len())
        .any(|window| window == needle)
}

#[test]
fn both_secrets_open_what_they_sealed() {
    let words = key(1);
    let decomposed = "Cre\u{300}me bru\u{302}le\u{301}e, twice";
    for (seals, opens) in [
        (Secret::Passphrase(PASSPHRASE), Secret::Passphrase(decomposed)),
        (Secret::Words(&words), Secret::Words(&words)),
    ] {
        let (here, usb, there) = (
            tempfile::tempdir().unwrap(),
            tempfile::tempdir().unwrap(),
            tempfile::tempdir().unwrap(),
        );
        let _open = store(here.path(), 300);
        let file = seal(here.path(), usb.path(), &seals).unwrap();
        assert_eq!(names(usb.path()), ["barrow-2026-09-10-002640.barrow-backup"]);
        assert!(
            !names(here.path()).iter().any(|name| name.ends_with("part")),
            "{:?}",
            names(here.path())
        );
        assert!(!holds(&file, PUBLIC.as_bytes()), "the file is sealed");
        assert!(!holds(&file, &[1; 32]), "the key is sealed");
        let new = there.path().join("new");
        let restored = open(&file, &opens, &new).unwrap();
        assert_eq!(*restored.organisation_key.seed(), [1; 32]);
        assert_eq!(
            (restored.created_ms, restored.organisation),
            (CREATED_MS, key(1).organisation())
        );
        assert_eq!(names(&new), [DATABASE_FILE]);
        // The very bytes of what was unsealed: what all may know is there, what is this device's is not, nor any key.
        assert!(holds(&restored.database, PUBLIC.as_bytes()));
        assert!(!holds(&restored.database, &PRIVATE.as_bytes()[..16]));
        assert!(!holds(&restored.database, &[1; 32]));
        let conn = Connection::open(&restored.database).unwrap();
        let count = |table: &str| -> i64 {
            conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
                .unwrap()
        };
        assert_eq!((count("register"), count("local_meta")), (301, 0));
        assert!(barrow_store::search::is_outdated(&conn).unwrap());
        assert_eq!(open(&file, &opens, &new).unwrap_err(), BackupError::Exists);
    }
}

#[test]
fn nothing_is_overwritten() {
    let (here, usb) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let _open = store(here.path(), 1);
    let words = key(1);
    let first = seal(here.path(), usb.path(), &Secret::Words(&words)).unwrap();
    let before = fs::read(&first).unwrap();
    let second = seal(here.path(), usb.path(), &Secret::Words(&words)).unwrap();
    assert_ne!(first, second);
    assert_eq!(fs::read(&first).unwrap(), before);
    assert_eq!(names(usb.path()).len(), 2);
}

#[test]
fn a_wrong_secret_is_told_and_leaves_nothing() {
    let (here, usb) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let _open = store(here.path(), 1);
    let (words, others) = (key(1), key(2));
    let by_words = seal(here.path(), usb.path(), &Secret::Words(&words)).unwrap();
    let by_phrase = seal(here.path(), usb.path(), &Secret::Passphrase(PASSPHRASE)).unwrap();
    let new = usb.path().join("new");
    for (file, secret, error) in [
        (&by_words, Secret::Words(&others), BackupError::WrongWords),
        (&by_words, Secret::Passphrase(PASSPHRASE), BackupError::NeedsWords),
        (&by_phrase, Secret::Words(&words), BackupError::NeedsPassphrase),
        (
            &by_phrase,
            Secret::Passphrase("creme brulee, twice"),
            BackupError::WrongPassphrase,
        ),
    ] {
        assert_eq!(open(file, &secret, &new).unwrap_err(), error);
        assert!(!new.exists());
    }
    assert_eq!(
        seal(here.path(), usb.path(), &Secret::Passphrase("too short")).unwrap_err(),
        BackupError::Passphrase
    );
    assert_eq!(names(usb.path()).len(), 2);
}

/// Makes a small backup of more than one chunk, sealed to words, and returns its bytes.
fn sealed(rows: usize) -> Vec<u8> {
    let (here, usb) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let _open = store(here.path(), rows);
    fs::read(seal(here.path(), usb.path(), &Secret::Words(&key(1))).unwrap()).unwrap()
}

fn opened(bytes: &[u8]) -> Result<Restored, BackupError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.barrow-backup");
    fs::write(&file, bytes).unwrap();
    let new = folder.path().join("new");
    let result = open(&file, &Secret::Words(&key(1)), &new);
    assert!(result.is_ok() || !new.join(DATABASE_FILE).exists());
    assert!(result.is_ok() || !new.exists() || names(&new).is_empty());
    result
}

#[test]
fn every_flipped_bit_is_found() {
    let bytes = sealed(0);
    opened(&bytes).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let error = opened(&changed).unwrap_err();
        let expected = match at {
            0..8 => BackupError::NotABackup,
            8..10 => continue,
            _ if at >= bytes.len() - 16 => BackupError::Truncated,
            _ => BackupError::Changed,
        };
        assert_eq!(error, expected, "byte {at} of {}", bytes.len());
    }
    let mut newer = bytes;
    newer[8] = 2;
    assert_eq!(opened(&newer).unwrap_err(), BackupError::Newer { found: 2 });
}

#[test]
fn a_file_that_was_cut_is_told() {
    let bytes = sealed(200);
    assert!(bytes.len() > 3 * 65_536, "more than one chunk");
    opened(&bytes).unwrap();
    for length in [
        10,
        50,
        118,
        119,
        160,
        200,
        65_536,
        bytes.len() - 17,
        bytes.len() - 16,
        bytes.len() - 1,
    ] {
        assert_eq!(
            opened(&bytes[..length]).unwrap_err(),
            BackupError::Truncated,
            "{length}"
        );
    }
    assert_eq!(opened(&bytes[..5]).unwrap_err(), BackupError::NotABackup);
    assert_eq!(opened(&[]).unwrap_err(), BackupError::NotABackup);
}

#[test]
fn chunks_cannot_be_left_out_moved_or_repeated() {
    const CHUNK: usize = 65_536 + 17;
    let bytes = sealed(200);
    let body = bytes.len() - 16;
    let (head, rest) = bytes[..body].split_at(118 + 57);
    let chunks: Vec<&[u8]> = rest.chunks(CHUNK).collect();
    let build = |order: &[usize]| {
        let mut made = head.to_vec();
        for at in order {
            made.extend_from_slice(chunks[*at]);
        }
        let length = made.len() as u64;
        made.extend_from_slice(b"BARROWND");
        made.extend_from_slice(&length.to_le_bytes());
        made
    };
    let whole: Vec<usize> = (0..chunks.len()).collect();
    assert_eq!(build(&whole), bytes);
    let last = chunks.len() - 1;
    let mut swapped = whole.clone();
    swapped.swap(0, 1);
    let mut repeated = whole.clone();
    repeated.push(last);
    for order in [&whole[..last], &whole[1..], &swapped, &repeated] {
        assert_eq!(
            opened(&build(order)).unwrap_err(),
            BackupError::Changed,
            "{order:?}"
        );
    }
}

#[test]
fn places_that_cannot_be_used_are_told() {
    let (here, usb) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let words = key(1);
    let secret = Secret::Words(&words);
    assert!(matches!(
        seal(here.path(), usb.path(), &secret),
        Err(BackupError::Missing(_))
    ));
    let _open = store(here.path(), 1);
    assert!(matches!(
        seal(here.path(), &usb.path().join("gone"), &secret),
        Err(BackupError::Missing(_))
    ));
    assert!(matches!(
        open(&usb.path().join("no"), &secret, here.path()),
        Err(BackupError::Missing(_))
    ));
    assert_eq!(names(usb.path()), [] as [&str; 0]);
}

#[test]
fn a_backup_that_is_given_up_ends_within_the_copy_and_leaves_nothing() {
    let (here, usb) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let _open = store(here.path(), 3_000);
    let before = names(here.path());
    let cancel = Cancel::default();
    cancel.cancel();
    let mut told = 0;
    let mut tell = |_, _| told += 1;
    let ended = backup(
        here.path(),
        usb.path(),
        &key(1),
        &Secret::Words(&key(1)),
        CREATED_MS,
        &mut |bytes: &mut [u8]| bytes.fill(7),
        &mut Work::until(&mut tell, &cancel),
    );
    assert_eq!(ended, Err(BackupError::Cancelled(Cancelled)));
    assert_eq!((names(here.path()), names(usb.path()).len()), (before, 0));
    assert_eq!(told, 0, "it ended before anything was sealed");
}
