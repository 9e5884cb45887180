//! Goods as files: what goes out comes in again, every wrong row is told, and nothing is half loaded.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_kernel::context::{Catalogue, Stock};
use barrow_kernel::quantity::Quantity;
use barrow_kernel::tax::TaxPolicy;
use barrow_store::Options;
use barrow_store::work::Work;
use barrow_till::Till;
use barrow_till::error::TillError;
use barrow_till::goods::import::{ImportReport, Mode, PROBLEMS_TOLD, import};
use barrow_till::goods::{export::export, sample};
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::Setup;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn till(setup: &Setup) -> (TempDir, Till) {
    let folder = tempfile::tempdir().unwrap();
    let ports = Ports {
        clock: Box::new(FixedClock::at(1_777_674_600_000)),
        chance: Box::new(SeededChance::new(7)),
        keys: Box::new(MemoryKeyStore::default()),
    };
    let till = Till::found(&folder.path().join("shop"), setup, ports, &Options::default()).unwrap();
    (folder, till)
}

fn sample_till() -> (TempDir, Till) {
    let (folder, till) = till(&sample::setup());
    assert_eq!(sample::load(&till).unwrap(), 60);
    (folder, till)
}

fn load(till: &Till, text: &str, try_only: bool) -> ImportReport {
    let mode = Mode {
        dry_run: try_only,
        keep_going: false,
    };
    import(till, text.as_bytes(), mode, &mut Work::new(&mut |_, _| {})).unwrap()
}

fn write(till: &Till, folder: &Path) -> Result<Vec<PathBuf>, TillError> {
    export(&till.own_reader()?, folder, &mut Work::new(&mut |_, _| {}))
}

fn count(till: &Till) -> usize {
    let mut count = 0;
    till.each_item(|_| {
        count += 1;
        Ok::<(), TillError>(())
    })
    .unwrap();
    count
}

#[test]
fn the_sample_stall_comes_with_its_stock_and_its_rounding() {
    let (_folder, till) = sample_till();
    assert_eq!(count(&till), 60);
    let shop = till.read(|reader| reader.shop()).unwrap();
    assert_eq!(shop.tax_policy, TaxPolicy::PerDocument);
    let here = till.installation().location;
    let mut stocked = 0;
    till.read(|reader| {
        let all = reader.items_by_number(0, 100)?;
        for listed in all {
            let there = reader.on_hand(&listed.item.id, &here).unwrap();
            stocked += usize::from(there > Quantity::ZERO);
        }
        Ok::<(), barrow_store::StoreError>(())
    })
    .unwrap();
    assert!(stocked > 30, "{stocked}");
    // Loading it again finds everything as it was, and books no stock twice.
    assert_eq!(sample::load(&till).unwrap(), 60);
    assert_eq!(count(&till), 60);
}

#[test]
fn an_export_is_five_files_that_change_nothing_when_they_come_back() {
    let (folder, till) = sample_till();
    let place = folder.path().join("out");
    let files = write(&till, &place).unwrap();
    let names: Vec<_> = files
        .iter()
        .map(|file| file.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "items.csv",
            "taxes.csv",
            "barcodes.csv",
            "sales.csv",
            "sale-lines.csv"
        ]
    );
    let goods = std::fs::read_to_string(&files[0]).unwrap();
    let report = load(&till, &goods, false);
    assert_eq!((report.rows, report.unchanged, report.loaded), (60, 60, true));
    // A folder with files of ours is left alone.
    let told = write(&till, &place).unwrap_err().to_string();
    assert!(told.contains("items.csv is there already"), "{told}");
}

#[test]
fn a_folder_that_is_none_is_told() {
    let (folder, till) = sample_till();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let told = write(&till, Path::new(&file)).unwrap_err().to_string();
    assert!(told.contains("can't be written"), "{told}");
}

#[test]
fn one_wrong_row_and_nothing_is_loaded() {
    let (_folder, till) = till(&sample::setup());
    let text = "sku,name,price,tax\nTEA,Tea,3.50,reduced\nMINT,Mint,x,reduced\nBARE,Bare,1.00,luxury\n";
    let report = load(&till, text, false);
    assert_eq!(
        (report.rows, report.added, report.problem_count, report.loaded),
        (3, 1, 2, false)
    );
    let places: Vec<_> = report
        .problems
        .iter()
        .map(|problem| (problem.line, problem.column.as_str()))
        .collect();
    assert_eq!(places, [(3, "price"), (4, "tax")]);
    assert_eq!(count(&till), 0);
    let right = "sku,name,price,tax,stock_start\nTEA,Tea,3.50,reduced,12\n";
    assert!(!load(&till, right, true).loaded);
    assert_eq!(count(&till), 0, "a trial changes nothing");
    assert_eq!(load(&till, right, false).added, 1);
    assert_eq!(count(&till), 1);
}

#[test]
fn a_file_that_is_no_csv_is_a_problem_and_not_an_error() {
    let (_folder, till) = till(&sample::setup());
    for (bytes, says) in [
        (&b""[..], "empty"),
        (b"PK\x03\x04", "spreadsheet"),
        (b"name,price\nTea,1\n", "no column sku"),
        (b"\xff\xfes\0", "UTF-16"),
    ] {
        let report = import(&till, bytes, Mode::default(), &mut Work::new(&mut |_, _| {})).unwrap();
        assert_eq!((report.rows, report.problem_count, report.loaded), (0, 1, false));
        let problem = &report.problems[0];
        assert!(problem.line == 1 && problem.text.contains(says), "{problem}");
    }
}

#[test]
fn problems_are_told_up_to_a_limit_and_counted_all() {
    let (_folder, till) = till(&sample::setup());
    let mut text = String::from("sku,name,price\n");
    for row in 0..PROBLEMS_TOLD + 50 {
        text.push_str(&format!("S{row},Tea,dear\n"));
    }
    let report = load(&till, &text, false);
    assert_eq!(report.problems.len(), PROBLEMS_TOLD);
    assert_eq!(report.problem_count, PROBLEMS_TOLD as u64 + 50);
}

#[test]
fn progress_never_goes_back_and_never_beyond_the_whole() {
    let (_folder, till) = till(&sample::setup());
    let mut text = String::from("sku,name,price\n");
    for row in 0..500 {
        text.push_str(&format!("S{row},Tea {row},1.00\n"));
    }
    let mut told = Vec::new();
    let mut tell = |done, whole| told.push((done, whole));
    let report = import(&till, text.as_bytes(), Mode::default(), &mut Work::new(&mut tell)).unwrap();
    assert_eq!(report.added, 500);
    assert!(told.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    assert!(told.iter().all(|(done, whole)| done <= whole));
}
