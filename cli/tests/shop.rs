//! Founding, looking, checking, saving and bringing back a shop; and what happens when a folder can't be used.

#[path = "common/stall.rs"]
mod stall;

use stall::Stall;
use std::process::Stdio;

#[test]
fn a_shop_is_founded_once_and_tells_its_words() {
    let stall = Stall::empty();
    stall.run(&["init"]).ends(2, "--name");
    stall
        .run(&["init", "--name", "Rosa", "--country", "Deutschland"])
        .ends(1, "two letters");
    stall
        .run(&["init", "--name", "Rosa", "--country", "ZZ"])
        .ends(1, "currency");
    stall
        .run(&["init", "--name", "Rosa", "--country", "DE", "--currency", "EURO"])
        .ends(1, "currency");
    stall
        .run(&["init", "--name", &"x".repeat(501), "--country", "DE"])
        .ends(1, "500");
    stall
        .run(&["init", "--name", "Rosa", "--country", "DE", "--utc-offset", "7"])
        .ends(1, "+01:00");
    let told = stall.run(&[
        "init",
        "--name",
        "Rosa",
        "--country",
        "de",
        "--utc-offset",
        "+02:00",
        "--json",
    ]);
    let founded = &told.ends(0, "").json()[0];
    assert_eq!(founded["recovery_words"].as_array().unwrap().len(), 24);
    assert_eq!(founded["currency"], "EUR");
    stall
        .run(&["init", "--name", "Rosa", "--country", "DE"])
        .ends(1, "nothing was changed");
    stall.run(&["--json", "stock"]).ends(0, "[]");
}

#[test]
fn what_is_not_there_is_said() {
    let stall = Stall::empty();
    for args in [
        &["till"][..],
        &["stock"],
        &["verify"],
        &["report"],
        &["receipt"],
        &["export", "items"],
        &["backup", "x", "--words"],
    ] {
        stall.run(args).ends(4, "barrow init");
    }
    let stall = Stall::sample();
    stall.run(&["receipt"]).ends(5, "Nothing was sold yet");
    stall.run(&["receipt", "A-1"]).ends(5, "no receipt A-1");
    stall.run(&["receipt", "seventeen"]).ends(1, "like A-17");
    stall.run(&["report", "--from", "1.5.2026"]).ends(1, "2026-05-01");
    stall
        .run(&["report", "--from", "2026-05-02", "--to", "2026-05-01"])
        .ends(1, "before");
    stall.run(&["report"]).ends(0, "Nothing was sold");
    stall
        .run(&["stock", "count", "NOPE", "3"])
        .ends(5, "Nothing here is called NOPE");
    stall
        .run(&["stock", "count", "LA-ROLL", "many"])
        .ends(1, "any: a quantity");
    stall
        .run(&["stock", "waste", "LA-ROLL", "1", "--reason", ""])
        .ends(1, "eason is missing");
    stall
        .run(&["stock", "count", "DP-CUP", "1"])
        .ends(1, "No stock is kept");
    stall
        .run(&["--json", "receipt", "A-9"])
        .ends(5, "\"code\":\"not_found\"");
}

#[test]
fn two_processes_do_not_share_a_store() {
    let stall = Stall::sample();
    let mut first = stall
        .command(&["till"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // An answer shows that the first one has the store.
    use std::io::{BufRead, BufReader, Write};
    let mut input = first.stdin.take().unwrap();
    writeln!(input, r#"{{"query":{{"tenders":{{}}}}}}"#).unwrap();
    let mut line = String::new();
    BufReader::new(first.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.contains("Cash"), "{line}");
    let told = stall.run(&["stock"]);
    assert_eq!(told.code, 4, "{told:?}");
    assert!(told.err.contains("open") || told.err.contains("use"), "{told:?}");
    drop(input);
    first.wait().unwrap();
    stall.run(&["stock"]).ends(0, "LA-ROLL");
}

#[cfg(unix)]
#[test]
fn a_folder_that_can_not_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let stall = Stall::empty();
    let locked = stall.root.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(locked.join("probe"), "").is_ok() {
        println!("skipped: this user may write everywhere");
        return;
    }
    let folder = locked.join("shop").display().to_string();
    let told = stall.run(&["--folder", &folder, "init", "--name", "Rosa", "--country", "DE"]);
    assert_eq!(told.code, 4, "{told:?}");
}

#[test]
fn a_file_in_the_way_is_told() {
    let stall = Stall::empty();
    let file = stall.file("taken", "not a folder");
    stall
        .run(&["--folder", &file, "init", "--name", "Rosa", "--country", "DE"])
        .ends(4, "");
    let broken = Stall::empty();
    std::fs::create_dir(broken.folder()).unwrap();
    std::fs::write(
        broken.folder().join("barrow.db"),
        "this is no database, it only looks like one",
    )
    .unwrap();
    let told = broken.run(&["stock"]);
    assert_eq!(told.code, 4, "{told:?}");
}

#[test]
fn a_backup_comes_back_on_another_device_and_sells_under_a_new_series() {
    let stall = Stall::sample();
    stall.typed(&["2 croissant", "= exact"]).ends(0, "Receipt A-1");
    let secret = stall.file("secret", "correct horse battery\n");
    let copies = stall.root.path().join("copies").display().to_string();
    stall.run(&["backup", &copies]).ends(2, "--passphrase-file");
    stall
        .run(&[
            "backup",
            &copies,
            "--passphrase-file",
            &stall.file("short", "abc"),
        ])
        .ends(1, "characters");
    let made = stall
        .run(&["backup", &copies, "--passphrase-file", &secret, "--json"])
        .ends(0, "file");
    let file = made.json()[0]["file"].as_str().unwrap().to_owned();

    let other = Stall::empty();
    let into = other.folder().display().to_string();
    let wrong = other.file("wrong", "incorrect horse battery\n");
    other
        .run(&["restore", &file, "--into", &into, "--passphrase-file", &wrong])
        .ends(1, "not the passphrase");
    let secret = other.file("secret", "correct horse battery\n");
    other
        .run(&[
            "restore",
            "nowhere",
            "--into",
            &into,
            "--passphrase-file",
            &secret,
        ])
        .ends(5, "nowhere");
    let back = other.run(&["restore", &file, "--into", &into, "--passphrase-file", &secret]);
    back.ends(0, "1 sales").ends(0, "new series");
    other
        .run(&["restore", &file, "--into", &into, "--passphrase-file", &secret])
        .ends(1, "already");
    other
        .typed(&["croissant", "= exact", "refund A-1 1 1", "= exact"])
        .ends(0, "Receipt B-1")
        .ends(0, "Receipt B-2");
    other
        .run(&["verify", "--all-signatures"])
        .ends(0, "as it must be");
    other.run(&["stock"]).ends(0, "68");
}

#[test]
fn a_backup_opens_with_the_words_that_init_showed() {
    let stall = Stall::empty();
    let told = stall.run(&["init", "--name", "Rosa", "--country", "CH", "--json"]);
    let words: Vec<String> = told.json()[0]["recovery_words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap().to_owned())
        .collect();
    let copies = stall.root.path().join("copies").display().to_string();
    let made = stall
        .run(&["backup", &copies, "--words", "--json"])
        .ends(0, "file");
    let file = made.json()[0]["file"].as_str().unwrap().to_owned();
    let other = Stall::empty();
    let into = other.folder().display().to_string();
    other
        .fed(
            &["restore", &file, "--into", &into, "--words-file", "-"],
            "one two three",
        )
        .ends(1, "words-file");
    let text = words.join(" ");
    other
        .fed(&["restore", &file, "--into", &into, "--words-file", "-"], &text)
        .ends(0, "Rosa is back");
}

#[test]
fn the_demonstration_shows_every_part() {
    let stall = Stall::empty();
    let told = stall.run(&["demo"]).ends(0, "Paid. Give 7.69 back.");
    for part in [
        "== Receipt A-1 ==",
        "== Stock of what moved ==",
        "== Takings ==",
        "== Z report ==",
        "== Verify ==",
        "An open cart is as you left it",
        "Everything is as it must be.",
        "█",
    ] {
        assert!(told.out.contains(part), "wanted {part:?} in:\n{}", told.out);
    }
    assert!(!told.out.contains("can't"), "{}", told.out);
    let kept = stall.root.path().join("kept").display().to_string();
    let day = stall.run(&["demo", "--into", &kept, "--json"]).ends(0, "receipt");
    assert_eq!(day.json()[0]["verify"]["good"], true);
    assert_eq!(day.json()[0]["difference_minor"], 0);
    stall
        .run(&["--folder", &kept, "report", "--by", "item"])
        .ends(0, "Barrow tee");
    stall
        .run(&["demo", "--into", &kept])
        .ends(1, "nothing was changed");
}

#[test]
fn sales_are_exported_for_an_accountant() {
    let stall = Stall::sample();
    stall.typed(&[
        "2 croissant",
        "DR-JUICEB",
        "= card 1",
        "= exact",
        "refund A-1 1 1",
        "= exact",
    ]);
    let sales = stall.run(&["export", "sales"]).ends(0, "number,date,time");
    let rows: Vec<&str> = sales.out.lines().collect();
    assert_eq!(rows.len(), 3);
    assert!(
        rows[1].contains(",6.85,EUR,0.00,") && rows[1].contains("Card terminal 1.00 + Cash 5.85"),
        "{}",
        rows[1]
    );
    assert!(
        rows[2].contains("refund") && rows[2].contains("-1.90"),
        "{}",
        rows[2]
    );
    let lines = stall.run(&["export", "sales", "--lines", "--from", "today"]).out;
    assert_eq!(lines.lines().count(), 5, "{lines}");
    assert!(
        lines.contains("LA-CROISS,Butter croissant,Larder,2,each,1.90,0.00,"),
        "{lines}"
    );
    stall
        .run(&["export", "sales", "--to", "yesterday"])
        .ends(0, "number");
}
