//! CSV: what is exported can be imported and changes nothing; every bad row is told with its line.

#[path = "common/stall.rs"]
mod stall;

use stall::Stall;

#[test]
fn an_export_imported_again_changes_nothing() {
    let stall = Stall::sample();
    for what in ["items", "taxes", "barcodes"] {
        let file = stall
            .root
            .path()
            .join(format!("{what}.csv"))
            .display()
            .to_string();
        stall.run(&["export", what, &file]).ends(0, "rows in");
        let told = stall
            .run(&["import", what, &file, "--json"])
            .ends(0, "\"loaded\":true");
        let report = &told.json()[0];
        assert_eq!(
            (&report["new"], &report["changed"]),
            (&0.into(), &0.into()),
            "{what}: {report}"
        );
        let rows = report["rows"].as_u64().unwrap();
        assert_eq!(report["unchanged"], rows);
        assert_eq!(rows, if what == "taxes" { 5 } else { 60 });
        stall.run(&["export", what, &file]).ends(1, "there already");
    }
    // Columns that Barrow does not read are there as they came.
    let items = stall.run(&["export", "items"]).out;
    assert!(items.contains("size=S|M|L|XL;colour=plum|cream|leaf"), "{items}");
    assert!(items.contains("happy hour 17:00-18:00: 3.80"));
    stall.run(&["verify"]).ends(0, "as it must be");
}

#[test]
fn an_export_fills_an_empty_shop_alike() {
    let (from, to) = (Stall::sample(), Stall::empty());
    to.run(&["init", "--name", "Other", "--country", "DE"])
        .ends(0, "Other is ready");
    let items = from.run(&["export", "items"]).out;
    to.fed(&["import", "items", "-"], &items).ends(0, "60 new");
    assert_eq!(to.run(&["export", "items"]).out, items);
}

#[test]
fn files_come_with_marks_semicolons_quotes_and_commas() {
    let stall = Stall::sample();
    let text = "\u{feff}SKU;Name;Price;Tax;Barcode;Shelf\r\nTEA;\"Tea; \"\"green\"\"\";3,50;reduced;4006381333931;left\r\n";
    let file = stall.file("tea.csv", text);
    stall
        .run(&["import", "items", &file, "--dry-run"])
        .ends(0, "1 new")
        .ends(0, "Nothing was changed");
    stall.run(&["search", "TEA"]).ends(5, "Nothing here is called");
    stall.run(&["import", "items", &file]).ends(0, "1 new");
    stall
        .run(&["search", "green"])
        .ends(0, "Tea; \"green\"")
        .ends(0, "3.50");
    stall.run(&["import", "items", &file]).ends(0, "1 as they were");
    let changed = stall.file("tea2.csv", "sku,price\nTEA,3.80\n");
    stall.run(&["import", "items", &changed]).ends(0, "1 changed");
    let told = stall.run(&["search", "4006381333931", "--json"]).ends(0, "Tea");
    let item = &told.json()[0][0]["item"];
    assert_eq!(item["price"]["unit_price"], "3.8");
    assert_eq!(item["face"]["extras"][0]["value"], "left");
}

#[test]
fn every_bad_row_is_told_and_nothing_is_loaded() {
    let stall = Stall::sample();
    let text = "sku,name,price,tax,barcodes,kind,deposits\n\
        A1,Fine,1.00,reduced,,,\n\
        A2,No price,,reduced,,,\n\
        A3,Bad price,1.2.3,reduced,,,\n\
        A4,Thousand,\"1,250\",reduced,,,\n\
        A5,No such tax,1.00,luxury,,,\n\
        A1,Twice,1.00,reduced,,,\n\
        A6,Code taken,1.00,reduced,2710000000013,,\n\
        A7,Kind,1.00,reduced,,thing,\n\
        A8,Deposit,1.00,reduced,,,NOPE\n\
        A9,Too,many,fields,here,,,,\n\
        ,No SKU,1.00,reduced,,,\n\
        A10,,1.00,reduced,,,\n\
        A11,Huge,99999999999999,reduced,,,\n";
    let file = stall.file("bad.csv", text);
    let told = stall
        .run(&["import", "items", &file])
        .ends(1, "Nothing was loaded");
    for (line, says) in [
        (3, "price: it is empty"),
        (4, "price"),
        (5, "1.250 or 1250"),
        (6, "no tax luxury"),
        (7, "A1 stands on line 2"),
        (8, "Apples, Elstar"),
        (9, "thing"),
        (10, "no deposit NOPE"),
        (11, "fields"),
        (12, "sku"),
        (13, "name"),
        (14, "price"),
    ] {
        let row = told
            .out
            .lines()
            .find(|row| row.starts_with(&format!("line {line}")));
        assert!(
            row.is_some_and(|row| row.contains(says)),
            "line {line} should say {says:?}:\n{}",
            told.out
        );
    }
    stall.run(&["search", "A1"]).ends(5, "");
    stall
        .run(&["import", "items", &file, "--keep-going"])
        .ends(1, "1 new")
        .ends(1, "12 left out");
    stall.run(&["search", "A1"]).ends(0, "Fine");
    stall.run(&["verify"]).ends(0, "as it must be");
}

#[test]
fn what_is_no_table_of_goods_is_told() {
    let stall = Stall::sample();
    let told = |name: &str, text: &[u8], says: &str| {
        let file = stall.file(name, text);
        stall.run(&["import", "items", &file]).ends(1, says);
    };
    told("empty.csv", b"", "empty");
    told("other.csv", b"when,what\nx,y\n", "no column sku");
    told("excel.csv", b"PK\x03\x04", "spreadsheet");
    told("twice.csv", b"sku,ean,barcode\n", "mean the same");
    told("latin.csv", b"sku,name,price\nT,Caf\xe9,1.00\n", "UTF-8");
    stall
        .run(&["import", "items", "nowhere.csv"])
        .ends(5, "no file nowhere.csv");
    stall
        .run(&["import", "taxes", &stall.file("t.csv", "name,rate\nVAT,x\n")])
        .ends(1, "line 2, rate");
    stall
        .run(&[
            "import",
            "barcodes",
            &stall.file("b.csv", "sku,barcode\nNOPE,123\n"),
        ])
        .ends(1, "no item NOPE");
}

#[test]
fn taxes_and_barcodes_come_in_and_go() {
    let stall = Stall::sample();
    let taxes = stall.file("taxes.csv", "name,rate,group\n12 % city,12,city\n");
    stall.run(&["import", "taxes", &taxes]).ends(0, "1 new");
    stall
        .run(&["export", "taxes"])
        .ends(0, "12 % city,percent,12,yes,city");
    let codes = stall.file("codes.csv", "sku,barcode\nLA-ROLL,4006381333931\n");
    stall.run(&["import", "barcodes", &codes]).ends(0, "1 new");
    stall.run(&["search", "4006381333931"]).ends(0, "Cheese roll");
    let away = stall.file("away.csv", "sku,barcode,remove\nLA-ROLL,4006381333931,yes\n");
    stall.run(&["import", "barcodes", &away]).ends(0, "1 changed");
    stall.run(&["search", "4006381333931"]).ends(5, "");
}
