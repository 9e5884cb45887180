//! `barrow quote` as an outsider drives it: by its schemas.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use support::{Schema, barrow, check_with_python, read, schema_folder};

#[track_caller]
fn quote(request: &Value) -> Value {
    let run = barrow(&["quote", "--json"], request.to_string().as_bytes());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    run.json()
}

#[track_caller]
fn refused(request: &Value, field: &str, words: &str) {
    let run = barrow(&["quote", "--json"], request.to_string().as_bytes());
    assert_eq!((run.code, run.err.as_str()), (1, ""), "{}", run.out);
    let error = &run.json()["error"];
    assert_eq!(error["code"], "invalid");
    assert_eq!(error["field"].as_str().unwrap_or_default(), field, "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
    assert!(
        message.ends_with('.') && message.starts_with(|c: char| !c.is_lowercase()),
        "{message}"
    );
}

/// Prices lines of one currency and one list of taxes.
fn basket(currency: &str, taxes: &Value, lines: &[(&str, &str)]) -> Value {
    let ids: Vec<&str> = taxes
        .as_array()
        .unwrap()
        .iter()
        .map(|tax| tax["id"].as_str().unwrap())
        .collect();
    let line =
        |(quantity, price): &(&str, &str)| json!({"quantity": quantity, "unit_price": price, "taxes": ids});
    json!({"currency": currency, "taxes": taxes, "lines": lines.iter().map(line).collect::<Vec<_>>()})
}

fn percent(rate: &str, included: bool) -> Value {
    json!([{"id": "t", "kind": "percent", "rate": rate, "price_include": included}])
}

#[test]
fn examples_give_their_results_and_cover_every_field() {
    let (mut asked, mut told) = (Schema::open("quote-1"), Schema::open("quote-result-1"));
    let (mut requests, mut results) = (Vec::new(), Vec::new());
    let folder = schema_folder().join("examples");
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".request.json") else {
            continue;
        };
        let path = folder.join(&name);
        let run = barrow(&["quote", "--json", path.to_str().unwrap()], b"");
        let result = run.json();
        assert_eq!(
            result,
            read(&folder.join(format!("{stem}.result.json"))),
            "{name}"
        );
        let request = read(&path);
        told.check(&result);
        if stem == "refused" {
            assert!(
                !asked.accepts(&request),
                "the schema refuses what the program refuses"
            );
        } else {
            asked.check(&request);
            requests.push(request);
        }
        results.push(result);
    }
    assert!(requests.len() >= 8, "the examples are there");
    assert_eq!(asked.unmet(), [""; 0], "fields of requests that no example has");
    assert_eq!(told.unmet(), [""; 0], "fields of results that no example has");
    check_with_python("quote-1", &requests);
    check_with_python("quote-result-1", &results);
}

#[test]
fn the_program_knows_the_fields_of_the_schema_and_no_others() {
    let schema = Schema::open("quote-1");
    let line = |fields: Value| json!({"currency": "EUR", "lines": [fields]});
    let tender = |fields: Value| json!({"currency": "EUR", "lines": [], "tenders": [fields]});
    let entry = |list: &str, fields: Value| json!({ list: [fields] });
    let odd = || json!({"odd": 1});
    for (pointer, request) in [
        ("/$defs/basket", json!({"lines": [], "odd": 1})),
        ("/$defs/line", line(odd())),
        ("/$defs/tax", json!({"lines": [], "taxes": [odd()]})),
        ("/$defs/cash_rule", json!({"lines": [], "cash_rounding": odd()})),
        (
            "/$defs/basket/properties/switch",
            json!({"lines": [], "switch": odd()}),
        ),
        (
            "/$defs/tender/oneOf/0/properties/cash",
            tender(json!({"cash": odd()})),
        ),
        (
            "/$defs/tender/oneOf/1/properties/custom",
            tender(json!({"custom": odd()})),
        ),
        ("/$defs/arithmetic", json!({"allocate": [], "odd": 1})),
        (
            "/$defs/arithmetic/properties/allocate/items",
            entry("allocate", odd()),
        ),
        ("/$defs/arithmetic/properties/round/items", entry("round", odd())),
        ("/$defs/arithmetic/properties/cash/items", entry("cash", odd())),
        ("/$defs/arithmetic/properties/adapt/items", entry("adapt", odd())),
        (
            "/$defs/arithmetic/properties/money/items/oneOf/0/properties/parse",
            entry("money", json!({"parse": odd()})),
        ),
        ("/$defs/amount", entry("money", json!({"format": odd()}))),
    ] {
        let run = barrow(&["quote", "--json"], request.to_string().as_bytes());
        let error = run.json()["error"].clone();
        assert!(error["field"].as_str().unwrap().ends_with("odd"), "{error}");
        let words = error["message"].as_str().unwrap().split('`');
        let known: BTreeSet<String> = words.skip(3).step_by(2).map(str::to_owned).collect();
        assert_eq!(known, schema.names(pointer), "{pointer}");
    }
}

#[test]
fn taxes_are_those_of_published_tables() {
    for (currency, rate, price, base, tax, exact) in [
        ("EUR", "12", "52.50", 4687, 563, "46.875"),
        ("EUR", "21", "11.90", 983, 207, "9.834710743801652893"),
        ("JPY", "10", "999", 908, 91, "908.181818181818181818"),
        ("KWD", "5", "1.000", 952, 48, "0.952380952380952381"),
        ("CLF", "19", "1.0000", 8403, 1597, "0.840336134453781513"),
        (
            "XYZ:6",
            "20",
            "399.999999",
            333_333_332,
            66_666_667,
            "333.3333325",
        ),
    ] {
        for sign in [1, -1] {
            let quantity = sign.to_string();
            let got = quote(&basket(currency, &percent(rate, true), &[(&quantity, price)]));
            assert_eq!(got["base_minor"], base * sign, "{currency} {price}");
            assert_eq!(got["tax_minor"], tax * sign, "{currency} {price}");
            let shown = got["lines"][0]["base_exact"]
                .as_str()
                .unwrap()
                .trim_start_matches('-')
                .to_owned();
            assert_eq!(shown, exact, "{currency} {price}");
        }
    }
    let mixed = json!([{"id": "on", "kind": "percent", "rate": "15"},
        {"id": "in", "kind": "percent", "rate": "5.5", "price_include": true}]);
    let got = quote(&basket("EUR", &mixed, &[("1", "2300")]));
    assert_eq!(
        (&got["base_minor"], &got["total_minor"]),
        (&json!(218_009), &json!(262_701))
    );
    assert_eq!(
        got["lines"][0]["taxes"][0]["amount_exact"],
        "327.014218009478672986"
    );
}

#[test]
fn every_kind_of_tax_has_its_formula() {
    let of = |tax: Value, quantity: &str, price: &str| {
        let got = quote(&basket("EUR", &json!([tax]), &[(quantity, price)]));
        (
            got["base_minor"].as_i64().unwrap(),
            got["tax_minor"].as_i64().unwrap(),
        )
    };
    assert_eq!(
        of(json!({"id": "a", "kind": "division", "rate": 10}), "1", "200"),
        (20_000, 2_222)
    );
    let inside = json!({"id": "a", "kind": "division", "rate": 10, "price_include": true});
    assert_eq!(of(inside, "1", "200"), (18_000, 2_000));
    assert_eq!(
        of(json!({"id": "a", "kind": "fixed", "amount": "0.05"}), "-3", "1"),
        (-300, -15)
    );
    let owed =
        json!({"id": "a", "kind": "percent", "rate": 20, "price_include": true, "class": "reverse_charge"});
    assert_eq!(of(owed, "1", "100"), (10_000, 0));
    let chain = json!([{"id": "six", "kind": "percent", "rate": 6, "include_base_amount": true},
        {"id": "alone", "kind": "percent", "rate": 6, "is_base_affected": false},
        {"id": "three", "kind": "percent", "rate": 3}]);
    assert_eq!(
        quote(&basket("EUR", &chain, &[("1", "100")]))["total_minor"],
        11_518
    );
}

#[test]
fn where_tax_is_rounded_is_the_policy_of_the_document() {
    let lines = [("1", "55"); 3];
    let mut asked = basket("JPY", &percent("8", false), &lines);
    assert_eq!(quote(&asked)["tax_minor"], 12);
    asked["tax_policy"] = json!("per_document");
    let got = quote(&asked);
    assert_eq!(got["tax_minor"], 13);
    let parts = got["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["tax_minor"].as_i64().unwrap());
    assert_eq!(parts.collect::<Vec<_>>(), [5, 4, 4]);
    for (mode, tax) in [("up", 14), ("floor", 13), ("half_to_even", 13)] {
        asked["tax_rounding"] = json!(mode);
        assert_eq!(quote(&asked)["tax_minor"], tax, "{mode}");
    }
}

#[test]
fn discounts_come_in_their_order() {
    let got = quote(&json!({"currency": "EUR",
        "lines": [
            {"unit_price": "10.00", "discounts": [{"amount_minor": 100}, {"percent": 10}, {"percent": "5"}]},
            {"unit_price": "5.00", "offer_minor": 25},
            {"unit_price": "0.25", "deposit": true},
            {"unit_price": "1.00", "discountable": false}],
        "discounts": [{"amount_minor": 50}, {"percent": "10"}]}));
    let step = |line: usize, name: &str| got["lines"][line][name].as_i64().unwrap();
    // 10.00 less 10 % is 9.00, less 5 % is 8.55; with 4.75 that is 13.30, less 10 % is 11.97.
    assert_eq!(step(0, "line_percent_minor"), 145);
    assert_eq!(step(0, "cart_percent_minor") + step(1, "cart_percent_minor"), 133);
    assert_eq!(step(0, "line_amount_minor"), 100);
    assert_eq!(step(0, "cart_amount_minor") + step(1, "cart_amount_minor"), 50);
    assert_eq!(step(1, "offer_minor"), 25);
    assert_eq!((step(2, "net_minor"), step(3, "net_minor")), (25, 100));
    assert_eq!(got["total_minor"], 1_197 - 100 - 50 + 125);
    assert_eq!(got["discount_minor"], 145 + 133 + 100 + 50 + 25);
}

#[test]
fn tenders_are_taken_in_order_and_nothing_is_lost() {
    let pay = |total: &str, tenders: Value| {
        let got = quote(&json!({"country": "CH", "lines": [{"unit_price": total}], "tenders": tenders}));
        let paid: i64 = got["payments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["amount_minor"].as_i64().unwrap())
            .sum();
        assert_eq!(
            paid + got["open_minor"].as_i64().unwrap(),
            got["total_minor"].as_i64().unwrap()
        );
        got
    };
    let got = pay("15.72", json!([{"custom": {"name": "Card", "amount_minor": 68}}]));
    assert_eq!(
        got["open_cash_due"],
        json!({"exact_minor": 1504, "rounded_minor": 1505, "difference_minor": 1})
    );
    let got = pay("9.28", json!([{"cash": {"given_minor": 2000}}]));
    assert_eq!(
        (&got["change_minor"], &got["payments"][0]["rounding_minor"]),
        (&json!(1070), &json!(2))
    );
    let pieces = json!([{"denomination_minor": 1000, "count": 1}, {"denomination_minor": 50, "count": 1}, {"denomination_minor": 20, "count": 1}]);
    assert_eq!(got["change_pieces"], pieces);
    let got = pay("9.28", json!([{"cash": {"given_minor": 500}}]));
    assert_eq!(
        (&got["open_minor"], &got["suggestions_minor"][0]),
        (&json!(428), &json!(430))
    );
    let asked =
        |tenders: Value| json!({"country": "CH", "lines": [{"unit_price": "9.28"}], "tenders": tenders});
    refused(
        &asked(json!([{"cash": {}}, {"cash": {}}])),
        "tenders[1]",
        "paid already",
    );
    refused(
        &asked(json!([{"custom": {"name": "Card", "amount_minor": 929}}])),
        "tenders[0]",
        "open balance is 928",
    );
    refused(
        &asked(json!([{"cash": {"given_minor": i64::MIN}}])),
        "tenders[0]",
        "too large",
    );
}

#[test]
fn prices_move_between_taxes() {
    let taxes = json!([{"id": "a", "kind": "percent", "rate": 21, "price_include": true},
        {"id": "b", "kind": "percent", "rate": 7, "price_include": true}, {"id": "c", "kind": "percent", "rate": 7}]);
    let got = quote(&json!({"taxes": taxes, "adapt": [
        {"unit_price": "121", "from": ["a"], "to": ["b"]},
        {"unit_price": "121", "from": ["c"], "to": ["b"]},
        {"unit_price": "1", "from": ["a"], "to": [], "places": 8}]}));
    let prices: Vec<&str> = got["adapt"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["unit_price"].as_str().unwrap())
        .collect();
    assert_eq!(prices, ["107", "121", "0.82644628"]);
    let got = quote(
        &json!({"currency": "EUR", "taxes": taxes, "switch": {"from": ["a"], "to": ["b"]},
        "lines": [{"unit_price": "121", "taxes": ["a"]}, {"unit_price": "121", "taxes": ["c"]}]}),
    );
    assert_eq!(
        (&got["lines"][0]["total_minor"], &got["lines"][1]["net_minor"]),
        (&json!(10_700), &json!(12_100))
    );
}

#[test]
fn every_mode_rounds_as_it_is_named() {
    let modes = [
        "half_away_from_zero",
        "half_to_even",
        "half_up",
        "half_down",
        "up",
        "down",
        "ceiling",
        "floor",
    ];
    for (value, minors) in [
        ("2.5", [3, 2, 3, 2, 3, 2, 3, 2]),
        ("-2.5", [-3, -2, -2, -3, -3, -2, -2, -3]),
    ] {
        let entry = |mode: &&str| json!({"value": value, "digits": 0, "mode": mode});
        let got = quote(&json!({"round": modes.iter().map(entry).collect::<Vec<_>>()}));
        let got: Vec<i64> = got["round"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["minor"].as_i64().unwrap())
            .collect();
        assert_eq!(got, minors, "{value}");
    }
    let run = barrow(
        &["quote"],
        br#"{"round":[{"value":"2.5","digits":0,"mode":"exact"},{"value":2,"digits":0,"mode":"exact"}]}"#,
    );
    assert_eq!(run.code, 1, "an entry was refused");
    assert_eq!(run.json()["round"][1]["minor"], 2, "and the others were answered");
    assert!(
        run.json()["round"][0]["error"]["message"]
            .as_str()
            .unwrap()
            .contains("not a whole number")
    );
}

#[test]
fn refusals_name_the_field_and_what_is_allowed() {
    let line = |fields: Value| json!({"currency": "EUR", "lines": [fields]});
    let tax = |fields: Value| json!({"currency": "EUR", "lines": [], "taxes": [fields]});
    for (request, field, words) in [
        (
            line(json!({"unit_price": "1", "quantitty": 1})),
            "lines[0].quantitty",
            "Unknown field",
        ),
        (
            line(json!({"unit_price": 1.5})),
            "lines[0].unit_price",
            "decimals as text",
        ),
        (
            line(json!({"unit_price": "1,5"})),
            "lines[0].unit_price",
            "plain decimal number",
        ),
        (
            line(json!({"unit_price": "1", "quantity": "1e3"})),
            "lines[0].quantity",
            "plain decimal number",
        ),
        (
            line(json!({"unit_price": "1", "quantity": "0.123456"})),
            "lines[0].quantity",
            "at most 5 decimals",
        ),
        (
            line(json!({"amount_minor": 1.0})),
            "lines[0].amount_minor",
            "minor units",
        ),
        (
            line(json!({"amount_minor": "1"})),
            "lines[0].amount_minor",
            "minor units",
        ),
        (
            line(json!({"amount_minor": u64::MAX})),
            "lines[0].amount_minor",
            "too large",
        ),
        (line(json!({})), "lines[0].unit_price", "has a unit price"),
        (
            line(json!({"unit_price": "1", "name": null})),
            "lines[0].name",
            "null",
        ),
        (line(json!(["a"])), "lines[0]", "named fields"),
        (
            line(json!({"unit_price": "1", "taxes": ["x"]})),
            "lines[0].taxes[0]",
            "no tax \"x\"",
        ),
        (
            line(json!({"unit_price": "1", "discounts": [{"percent": 101}]})),
            "lines[0].discounts",
            "0 to 100",
        ),
        (
            line(json!({"unit_price": "1", "discounts": [{"amount_minor": -1}]})),
            "lines[0].discounts",
            "zero or more",
        ),
        (
            line(json!({"unit_price": "1", "discounts": [{"percent": 1, "amount_minor": 1}]})),
            "lines[0].discounts[0]",
            "one field",
        ),
        (
            line(json!({"unit_price": "1", "offer_minor": -1})),
            "lines[0].offer_minor",
            "sign of its line",
        ),
        (
            line(json!({"unit_price": "1", "deposit": true, "discountable": true})),
            "lines[0].discountable",
            "deposit",
        ),
        (
            line(json!({"unit_price": 90_000_000_000_u64, "quantity": 1_000_000_000})),
            "lines[0]",
            "too large",
        ),
        (
            line(json!({"unit_price": "1", "name": "x".repeat(501)})),
            "lines[0].name",
            "500",
        ),
        (
            tax(json!({"id": "a", "kind": "percent"})),
            "taxes[0].rate",
            "\"rate\"",
        ),
        (
            tax(json!({"id": "a", "kind": "fixed", "amount": 1, "rate": 1})),
            "taxes[0].rate",
            "\"amount\"",
        ),
        (
            tax(json!({"id": "a", "kind": "group", "children": ["a"]})),
            "taxes[0].children",
            "circle",
        ),
        (
            tax(json!({"id": "a", "kind": "group", "children": ["b"]})),
            "taxes[0].children[0]",
            "no tax \"b\"",
        ),
        (
            tax(json!({"id": "", "kind": "percent", "rate": 1})),
            "taxes[0].id",
            "at least one",
        ),
        (
            tax(json!({"id": "a", "kind": "percent", "rate": 1001})),
            "taxes[0].rate",
            "at most 1000",
        ),
        (json!({"lines": []}), "currency", "Name a currency"),
        (
            json!({"currency": "eur", "lines": []}),
            "currency",
            "not a currency",
        ),
        (json!({"country": "XX", "lines": []}), "country", "AT"),
        (json!({"currency": "EUR"}), "", "lines"),
        (
            json!({"currency": "EUR", "lines": [], "cash_rounding": {"step_minor": 0}}),
            "cash_rounding.step_minor",
            "1 minor unit",
        ),
        (
            json!({"currency": "EUR", "lines": [], "denominations": [0]}),
            "denominations[0]",
            "1 minor unit",
        ),
        (
            json!({"currency": "EUR", "lines": [], "version": 2}),
            "version",
            "version 1",
        ),
        (
            json!({"currency": "EUR", "lines": [], "id": [1]}),
            "id",
            "whole number",
        ),
        (
            json!({"currency": "EUR", "lines": [], "round": []}),
            "currency",
            "Unknown field",
        ),
        (json!([]), "", "named fields"),
    ] {
        refused(&request, field, words);
    }
    let two = json!({"id": "a", "kind": "percent", "rate": 1});
    refused(
        &json!({"currency": "EUR", "lines": [], "taxes": [two, two]}),
        "taxes[1].id",
        "taken",
    );
    for bytes in [
        &b""[..],
        b"{",
        b"nonsense",
        b"{} x",
        b"{\"id\":1,\"id\":2}",
        b"\xff",
        &[b'['; 200_000],
    ] {
        let run = barrow(&["quote"], bytes);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
        assert!(
            run.err.trim_end().ends_with('.') && run.err.lines().count() == 1,
            "{}",
            run.err
        );
    }
}

#[test]
fn people_get_a_table() {
    let run = barrow(
        &["quote"],
        br#"{"country":"CH","lines":[{"name":"Bread\u001b[2J","unit_price":"9.28","taxes":["reduced"]}]}"#,
    );
    assert_eq!(run.code, 0);
    assert!(
        run.out.contains("Total in cash") && run.out.contains("9.30"),
        "{}",
        run.out
    );
    assert!(!run.out.contains('\u{1b}'), "nothing steers the terminal");
    let run = barrow(&["quote", "no-such-file.json"], b"");
    assert_eq!((run.code, run.out.as_str()), (5, ""));
    let run = barrow(&["quote", "--no-such-flag", "--json"], b"");
    assert_eq!(
        (run.code, run.json()["error"]["code"].as_str()),
        (2, Some("usage"))
    );
}

#[test]
fn thousands_of_documents_go_through_one_process() {
    let mut input = String::new();
    for n in 0..3_000 {
        match n % 3 {
            0 => {
                input += &format!(
                    "{{\"id\":{n},\"currency\":\"EUR\",\"exact\":false,\"lines\":[{{\"unit_price\":\"{n}\"}}]}}\n"
                )
            }
            1 => input += &format!("{{\"id\":{n},\"currency\":\"EUR\",\"lines\":[{{}}]}}\r\n"),
            _ => input += "\n",
        }
    }
    let run = barrow(&["quote", "--lines"], input.as_bytes());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let answers: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 3_000);
    for (n, answer) in answers.iter().enumerate() {
        match n % 3 {
            0 => assert_eq!(
                (&answer["id"], &answer["total_minor"]),
                (&json!(n), &json!(n * 100))
            ),
            1 => assert_eq!(
                (&answer["id"], &answer["error"]["field"]),
                (&json!(n), &json!("lines[0].unit_price"))
            ),
            _ => assert!(answer["error"]["message"].is_string() && answer.get("id").is_none()),
        }
    }
}

#[test]
fn an_answer_does_not_wait_for_the_next_question() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_barrow"))
        .args(["quote", "--lines"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ask = child.stdin.take().unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap());
    for n in 0..3 {
        writeln!(
            ask,
            "{{\"id\":{n},\"allocate\":[{{\"total\":5,\"weights\":[3,7]}}]}}"
        )
        .unwrap();
        let mut line = String::new();
        told.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (&answer["id"], &answer["allocate"][0]["parts"]),
            (&json!(n), &json!([2, 3]))
        );
    }
    drop(ask);
    assert!(child.wait().unwrap().success());
}
