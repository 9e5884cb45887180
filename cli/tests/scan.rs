//! `barrow scan` as an outsider drives it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use serde_json::{Value, json};
use support::{Schema, barrow, check_with_python, read, schema_folder};

#[track_caller]
fn scan(args: &[&str]) -> (i32, Value) {
    let all: Vec<&str> = ["scan", "--json"].iter().chain(args).copied().collect();
    let run = barrow(&all, b"");
    assert_eq!(run.err, "");
    (run.code, run.json())
}

#[test]
fn examples_give_their_results_and_cover_every_field() {
    let mut schema = Schema::open("scan-1");
    let mut results = Vec::new();
    let examples = read(&schema_folder().join("examples/scan.json"));
    for example in examples.as_array().unwrap() {
        let args: Vec<&str> = example["args"]
            .as_array()
            .unwrap()
            .iter()
            .map(|arg| arg.as_str().unwrap())
            .collect();
        let (code, result) = scan(&args);
        assert_eq!(result, example["result"], "{args:?}");
        assert_eq!(code, i32::from(result.get("error").is_some()), "{args:?}");
        results.push(result);
    }
    assert!(results.len() >= 25, "the examples are there");
    let long = "x".repeat(4_297);
    let many: String = (0..70).map(|n| format!("10A{n}\u{1d}")).collect();
    let many = format!("]d2{many}");
    for code in [long.as_str(), &many] {
        results.push(scan(&[code]).1);
    }
    results.iter().for_each(|result| schema.check(result));
    assert_eq!(schema.unmet(), [""; 0], "fields that no example has");
    check_with_python("scan-1", &results);
}

#[test]
fn numbers_of_public_tables_are_read() {
    for (args, gtin, form) in [
        (&["4006381333931"][..], "04006381333931", "ean13"),
        (&["036000291452"], "00036000291452", "upc_a"),
        (&["96385074"], "00000096385074", "ean8"),
        (&["04252614"], "00042100005264", "upc_e"),
        (
            &["--symbology", "itf14", "10012345678902"],
            "10012345678902",
            "gtin14",
        ),
    ] {
        let (code, got) = scan(args);
        assert_eq!(code, 0, "{got}");
        assert_eq!(
            (&got["meaning"]["gtin14"], &got["meaning"]["form"]),
            (&json!(gtin), &json!(form))
        );
    }
}

#[test]
fn a_scale_label_needs_its_country_or_a_rule() {
    let label = "2812347012503";
    assert_eq!(scan(&[label]).1["meaning"]["kind"], "gtin");
    for how in [["--country", "de"], ["--rule", "28IIIIVWWWWWC"]] {
        let (code, got) = scan(&[how[0], how[1], label]);
        let meaning = &got["meaning"];
        assert_eq!(
            (code, &meaning["kind"], &meaning["item_code"]),
            (0, &json!("embedded"), &json!("1234"))
        );
        assert_eq!(
            meaning["value"],
            json!({"kind": "weight", "quantity": "1.25", "unit": "kg"})
        );
    }
    let (_, got) = scan(&["--rule", "28IIIIXWWWWWC:2:g", "--country", "DE", label]);
    assert_eq!(
        got["meaning"]["value"]["unit"], "g",
        "the shop's own rule goes first"
    );
}

#[test]
fn element_strings_tell_weight_price_and_date() {
    let code = "]C10104006381333931310300125017260100\u{1d}39221250";
    let (_, got) = scan(&["--country", "CH", "--year", "2026", code]);
    assert_eq!(got["measure"]["quantity"], "1.25");
    assert_eq!(
        (&got["price_minor"], &got["sell_until"]),
        (&json!(1250), &json!("2026-01-31"))
    );
    let (_, written) = scan(&["--year", "1951", "<GS>0104006381333931<GS>17260101"]);
    assert_eq!(written["meaning"]["elements"][1]["data"]["year"], 1926);
}

#[test]
fn a_bad_code_says_what_it_should_be() {
    let (code, got) = scan(&["4006381333932"]);
    assert_eq!(
        (code, &got["fault"]["expected"], &got["fault"]["found"]),
        (1, &json!("1"), &json!("2"))
    );
    assert_eq!(got["meaning"]["expected_check_digit"], 1);
    let run = barrow(&["scan", "4006381333932", "x-17"], b"");
    assert_eq!(run.code, 1, "one of several is bad");
    assert!(
        run.err.contains("should be 1 and is 2") && run.out.contains("plain text"),
        "{}{}",
        run.err,
        run.out
    );
    for args in [
        &["scan"][..],
        &["scan", "x", "--country", "ZZ"],
        &["scan", "x", "--rule", "28IIX"],
        &["scan", "x", "--symbology", "ean14"],
        &["scan", "x", "--year", "26"],
        &["scan", "x", "--lines"],
    ] {
        let run = barrow(args, b"");
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.starts_with("error: "), "{}", run.err);
    }
}

#[test]
fn a_code_a_line_and_a_result_a_line() {
    let mut input = b"4006381333931\r\n\n(01)04006381333931(10)ABC\n]C110AB\x1d0104006381333931\n\xff\xfe\n4006381333932\n".to_vec();
    input.extend(vec![b'9'; 10_000]);
    input.extend(b"\nx-17");
    let run = barrow(&["scan", "--lines", "--country", "DE"], &input);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let mut schema = Schema::open("scan-1");
    let mut told = Vec::new();
    for line in run.out.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        schema.check(&answer);
        let kind = answer["meaning"]["kind"].as_str().unwrap_or("none").to_owned();
        told.push((kind, answer.get("error").is_some()));
    }
    let want = [
        ("gtin", false),
        ("none", true),
        ("gs1", false),
        ("gs1", false),
        ("none", true),
        ("gtin", true),
        ("none", true),
        ("text", false),
    ];
    assert_eq!(told, want.map(|(kind, bad)| (kind.to_owned(), bad)));
}
