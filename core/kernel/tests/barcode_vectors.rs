//! Codes as they are printed, scanned and mistyped, and what each must mean.
//!
//! The numbers come from the GS1 General Specifications and its public test material, from the national rules for
//! scale labels, and from Barrow's sample stall.

use barrow_kernel::barcode::{
    BadCode, Circulation, Code, EmbeddedRule, EmbeddedValue, GtinForm, MAX_CODE_BYTES, Meaning, Symbology,
    ai_table, builtin_rules, check_digit, compress_upc_a, element_string, expand_upc_e, read, to_uri,
    variable_measure_digit,
};
use proptest::prelude::*;

const YEAR: i32 = 2026;

fn scan(code: &str) -> Code {
    read(code, None, &[], YEAR).unwrap_or_else(|e| panic!("{code}: {e}"))
}

fn scan_in(country: &str, code: &str) -> Code {
    read(code, None, &builtin_rules(country), YEAR).unwrap_or_else(|e| panic!("{code}: {e}"))
}

fn fault(code: &str) -> BadCode {
    match read(code, None, &[], YEAR) {
        Ok(code) => panic!("read as {code:?}"),
        Err(e) => e,
    }
}

/// Item digits and measure, as text.
fn embedded(code: &Code) -> Option<(String, String)> {
    let Meaning::Embedded { item_code, value, .. } = &code.meaning else {
        return None;
    };
    let value = match value {
        EmbeddedValue::Weight { quantity, unit } => format!("{quantity} {unit}"),
        EmbeddedValue::Price { minor } => format!("{minor} minor"),
        EmbeddedValue::Count { quantity } => format!("{quantity} pieces"),
    };
    Some((item_code.clone(), value))
}

fn pairs(code: &Code) -> Vec<(String, String)> {
    code.elements()
        .iter()
        .map(|e| (e.ai.clone(), e.value.clone()))
        .collect()
}

fn bracketed(code: &Code) -> String {
    match &code.meaning {
        Meaning::Gs1 { bracketed, .. } | Meaning::DigitalLink { bracketed, .. } => bracketed.clone(),
        other => panic!("{} is {other:?}", code.raw),
    }
}

#[test]
fn check_digits() {
    for number in [
        "4006381333931",
        "96385074",
        "036000291452",
        "10614141000415",
        "9506000134352",
        "376104250021234569",
    ] {
        let (payload, last) = number.split_at(number.len() - 1);
        assert_eq!(
            check_digit(payload).map(|d| d.to_string()).as_deref(),
            Some(last),
            "{number}"
        );
    }
    assert_eq!(check_digit(""), None);
    assert_eq!(check_digit("12a"), None);
    // General Specifications 7.9.3 and 7.9.4.
    assert_eq!(variable_measure_digit("2875"), Some(9));
    assert_eq!(variable_measure_digit("14685"), Some(6));
    assert_eq!(variable_measure_digit("123"), None);
}

#[test]
fn trade_items_in_all_their_forms() {
    let code = scan("4006381333931");
    assert_eq!(code.keys, ["4006381333931", "04006381333931"]);
    let code = scan("036000291452");
    assert_eq!(code.keys, ["036000291452", "0036000291452", "00036000291452"]);
    assert!(matches!(
        code.meaning,
        Meaning::Gtin {
            form: GtinForm::UpcA,
            check_digit_ok: true,
            ..
        }
    ));
    let code = scan("96385074");
    assert_eq!(
        code.keys,
        ["96385074", "0000096385074", "00000096385074", "000096385074"]
    );
    let code = scan("04252614");
    assert!(
        matches!(&code.meaning, Meaning::Gtin { form: GtinForm::UpcE, gtin14, .. } if gtin14 == "00042100005264")
    );
    assert!(code.keys.contains(&"042100005264".to_owned()), "{:?}", code.keys);
    let code = scan("042100005264");
    assert!(code.keys.contains(&"04252614".to_owned()), "{:?}", code.keys);
    let code = scan("10614141000415");
    assert_eq!(code.keys, ["10614141000415"]);
    // A scanner that names the symbol, and one that adds a line end.
    let code = read("]E00036000291452\r\n", None, &[], YEAR).unwrap();
    assert_eq!(code.keys[0], "0036000291452");
    assert_eq!(code.symbology, Some(Symbology::Ean13));
    let code = read("]E496385074", None, &[], YEAR).unwrap();
    assert!(matches!(
        code.meaning,
        Meaning::Gtin {
            form: GtinForm::Ean8,
            ..
        }
    ));
    assert!(
        read("]E39771473968013123", None, &[], YEAR).is_err(),
        "an add-on has two or five digits"
    );
    let code = read("]E3978020137962452499", None, &[], YEAR).unwrap();
    assert!(
        matches!(&code.meaning, Meaning::Gtin { add_on: Some(a), circulation: Circulation::Publication, .. } if a == "52499")
    );
}

#[test]
fn upc_e_both_ways() {
    // Each line of the expansion table, number systems 0 and 1.
    let table = [
        ("01234505", "012000003455"),
        ("01234514", "012100003454"),
        ("01234523", "012200003453"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234558", "012345000058"),
        ("01234565", "012345000065"),
        ("01234572", "012345000072"),
        ("01234589", "012345000089"),
        ("01234596", "012345000096"),
        ("17834508", "178000003458"),
    ];
    for (short, long) in table {
        let expanded = expand_upc_e(short).unwrap_or_else(|e| panic!("{short}: {e}"));
        assert_eq!(expanded, long);
        assert_eq!(compress_upc_a(long).as_deref(), Some(short));
    }
    assert_eq!(expand_upc_e("425261").unwrap(), "042100005264");
    assert_eq!(expand_upc_e("0425261").unwrap(), "042100005264");
    assert!(matches!(
        expand_upc_e("24252614"),
        Err(BadCode::NumberSystem { found: '2' })
    ));
    assert!(matches!(
        expand_upc_e("04252613"),
        Err(BadCode::CheckDigit { .. })
    ));
    assert!(matches!(expand_upc_e("04252"), Err(BadCode::Length { .. })));
    assert!(matches!(
        expand_upc_e("04252x14"),
        Err(BadCode::Character { position: 6, .. })
    ));
    assert_eq!(compress_upc_a("036000291452"), None);
    assert_eq!(compress_upc_a("212345000058"), None);
}

#[test]
fn wrong_check_digits_name_the_right_one() {
    let known = read("4006381333932", Some(Symbology::Ean13), &[], YEAR).unwrap_err();
    let right = BadCode::CheckDigit {
        field: "EAN-13".into(),
        expected: "1".into(),
        found: "2".into(),
    };
    assert_eq!(known, right);
    assert!(known.to_string().contains("should be 1"), "{known}");
    let unknown = scan("4006381333932");
    assert_eq!(unknown.keys[0], "4006381333932");
    assert!(matches!(unknown.complaint(), Some(BadCode::CheckDigit { expected, .. }) if expected == "1"));
    assert_eq!(scan("4006381333931").complaint(), None);
    assert!(matches!(
        read("10614141000416", Some(Symbology::Itf14), &[], YEAR),
        Err(BadCode::CheckDigit { .. })
    ));
    assert!(matches!(
        read("]E0400638133393", None, &[], YEAR),
        Err(BadCode::CheckDigit { .. })
    ));
    assert!(matches!(fault("(01)09506000134353"), BadCode::CheckDigit { expected, .. } if expected == "2"));
}

#[test]
fn text_stays_text() {
    for text in [
        "HELLO-42",
        "https://example.com/hello",
        "12345",
        "123456789012345678901",
        "]",
        "]%0X",
        "(hi)",
        "^TESTING",
    ] {
        let code = scan(text);
        assert_eq!(
            (&code.meaning, &code.keys[0]),
            (&Meaning::Text, &text.to_owned()),
            "{text}"
        );
    }
    let code = read("]C0ABC-123", None, &[], YEAR).unwrap();
    assert_eq!(
        (code.keys[0].as_str(), code.symbology),
        ("ABC-123", Some(Symbology::Code128))
    );
    let code = read("]A012345678", None, &[], YEAR).unwrap();
    assert_eq!(code.meaning, Meaning::Text);
    let code = read("]Q1(01)hello^", None, &[], YEAR).unwrap();
    assert_eq!(code.meaning, Meaning::Text);
    assert_eq!(
        scan("HtTps://example.com/01/09506000134352").meaning,
        Meaning::Text
    );
    assert_eq!(
        scan("https://example.com/01/09506000134352/").meaning,
        Meaning::Text
    );
    // A short number may be a price look-up code; as a UPC-E it has more keys.
    assert_eq!(scan("425261").keys[0], "425261");
    assert!(scan("425261").keys.contains(&"042100005264".to_owned()));
    assert_eq!(fault(""), BadCode::Empty);
    assert_eq!(fault(" \r\n"), BadCode::Empty);
    assert_eq!(fault("]C1"), BadCode::Empty);
    assert!(matches!(
        fault(&"9".repeat(MAX_CODE_BYTES + 1)),
        BadCode::TooLong { .. }
    ));
}

#[test]
fn restricted_numbers_without_a_rule_say_where_they_mean_something() {
    let circulation = |code: &str| match scan(code).meaning {
        Meaning::Gtin { circulation, .. } => circulation,
        other => panic!("{other:?}"),
    };
    let with_check = |payload: &str| format!("{payload}{}", check_digit(payload).unwrap());
    assert_eq!(circulation("2801011012345"), Circulation::Region);
    assert_eq!(circulation(&with_check("020000000000")), Circulation::Region);
    assert_eq!(circulation(&with_check("040000000000")), Circulation::Company);
    assert_eq!(circulation(&with_check("05000000000")), Circulation::World);
    assert_eq!(circulation(&with_check("50000000000")), Circulation::Coupon);
    assert_eq!(circulation(&with_check("990000000000")), Circulation::Coupon);
    assert_eq!(circulation(&with_check("978020137962")), Circulation::Publication);
    assert_eq!(
        circulation(&with_check("952000000000")),
        Circulation::Demonstration
    );
    assert_eq!(circulation(&with_check("2000000")), Circulation::Company);
    assert_eq!(circulation("96385074"), Circulation::World);
    // Any code whose rule is not chosen stays a number.
    assert!(embedded(&scan_in("FI", "2801011012345")).is_none());
}

#[test]
fn scale_labels_of_the_sample_stall() {
    let labels = [
        ("2801011012345", "0101", "1.234 kg"),
        ("2801021009809", "0102", "0.98 kg"),
        ("2801039015151", "0103", "1.515 kg"),
        ("2801043006121", "0104", "0.612 kg"),
        ("2801088007404", "0108", "0.74 kg"),
        ("2801093011052", "0109", "1.105 kg"),
        ("2802013024800", "0201", "2.48 kg"),
        ("2802047008654", "0204", "0.865 kg"),
        ("2802074013300", "0207", "1.33 kg"),
        ("2802098004551", "0209", "0.455 kg"),
        ("2802109003108", "0210", "0.31 kg"),
        ("2802111018756", "0211", "1.875 kg"),
        ("2803078002864", "0307", "0.286 kg"),
        ("2803129004205", "0312", "0.42 kg"),
    ];
    for (label, plu, weight) in labels {
        let code = scan_in("DE", label);
        assert_eq!(
            embedded(&code),
            Some((plu.to_owned(), weight.to_owned())),
            "{label}"
        );
        // The exact number is tried in the catalogue first.
        assert_eq!(code.keys[0], label);
    }
}

#[test]
fn national_rules() {
    let with_check = |payload: &str| format!("{payload}{}", check_digit(payload).unwrap());
    let cases = [
        ("DK", "210123004567", "0123", "4567 minor"),
        ("DK", "270123401234", "01234", "1.234 kg"),
        ("DK", "280123001234", "0123", "1.234 kg"),
        ("FI", "231234560789", "123456", "0.789 kg"),
        ("FI", "241234560789", "123456", "7.89 kg"),
        ("FI", "251234560789", "123456", "78.9 kg"),
        ("LV", "241234560789", "123456", "7.89 kg"),
        ("LT", "251234560789", "123456", "78.9 kg"),
        ("EE", "231234560789", "123456", "0.789 kg"),
        ("SE", "201234561234", "123456", "1234 minor"),
        ("SE", "211234561234", "123456", "12340 minor"),
        ("SE", "221234561234", "123456", "123400 minor"),
        ("SE", "231234561234", "123456", "1.234 kg"),
        ("NO", "201234561234", "123456", "1234 minor"),
        ("NO", "251234561234", "123456", "123.4 kg"),
        ("GB", "201234592875", "12345", "2875 minor"),
        ("DE", "220123614685", "0123", "14685 minor"),
        ("DE", "250123614685", "0123", "14685 pieces"),
        ("DE", "290123614685", "0123", "14.685 kg"),
        ("US", "021234592875", "12345", "2875 minor"),
    ];
    for (country, payload, item, value) in cases {
        let code = scan_in(country, &with_check(payload));
        assert_eq!(
            embedded(&code),
            Some((item.to_owned(), value.to_owned())),
            "{country} {payload}"
        );
    }
    // As a UPC-A too.
    assert!(embedded(&scan_in("US", &with_check("21234592875"))).is_some());
    // Prefixes without a rule, and a wrong inner check digit.
    assert!(embedded(&scan_in("DE", &with_check("270123614685"))).is_none());
    let code = scan_in("GB", &with_check("201234582875"));
    let Meaning::Gtin {
        refused: Some(refused),
        ..
    } = &code.meaning
    else {
        panic!("{code:?}")
    };
    assert_eq!((refused.expected, refused.found), (9, 8));
    // A wrong outer check digit embeds nothing.
    assert!(embedded(&scan_in("DE", "2801011012346")).is_none());
    // The key under which shops file such an item: all zeros, check digits made right.
    let Meaning::Embedded { item_keys, .. } = scan_in("GB", &with_check("201234592875")).meaning else {
        panic!()
    };
    assert_eq!(item_keys, ["2012345000001", "2012345", "12345"]);
}

#[test]
fn own_rules() {
    let rule = EmbeddedRule::parse("27IIIWWWWWXXC:2:kg").unwrap();
    let payload = "270011234599";
    let code = format!("{payload}{}", check_digit(payload).unwrap());
    let code = read(&code, None, &[rule], YEAR).unwrap();
    assert_eq!(embedded(&code), Some(("001".to_owned(), "123.45 kg".to_owned())));
    let short = EmbeddedRule::parse("2iiippppc").map(|r| r.pattern);
    assert!(short.is_err(), "nine signs");
    assert_eq!(EmbeddedRule::parse("2IIIPPPC").unwrap().decimals, 2);
    for bad in [
        "",
        "28IIIIVWWWWW",
        "28IIIIVWWWWWCC",
        "28IIIIVWWPPPC",
        "28IIIIVVWWWWC",
        "IIIIIIVWWWWWC",
        "28IIII?WWWWWC",
        "28IIIIWWWWWWC:9",
        "28IIIIVWWWWWC:x",
        "280000VWWWWWC",
        "22IIIIVPPPPPC:3:2",
        "28IIIVWWWWWWC",
        "28IIIIVWWWWWC:3:kg:4",
    ] {
        assert!(EmbeddedRule::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn element_strings_as_scanned() {
    let wanted = vec![
        ("01".to_owned(), "09506000134352".to_owned()),
        ("17".to_owned(), "201225".to_owned()),
        ("10".to_owned(), "ABC123".to_owned()),
        ("21".to_owned(), "7".to_owned()),
    ];
    for text in [
        "]C101095060001343521720122510ABC123\u{1D}217",
        "]d201095060001343521720122510ABC123\u{1D}217",
        "]Q301095060001343521720122510ABC123\u{1D}217",
        "]e001095060001343521720122510ABC123\u{1D}217",
        "]C101095060001343521720122510ABC123\u{1D}\u{1D}217",
        "]J1\u{1D}01095060001343521720122510ABC123\u{1D}217\u{1D}",
        "\u{1D}01095060001343521720122510ABC123\u{1D}217",
        "01095060001343521720122510ABC123\u{1D}217",
        "01095060001343521720122510ABC123<GS>217",
        "01095060001343521720122510ABC123{GS}217",
        "01095060001343521720122510ABC123\\x1D217",
        "^01095060001343521720122510ABC123^217",
        "(01)09506000134352(17)201225(10)ABC123(21)7",
        "(01) 09506000134352 (17) 201225 (10) ABC123 (21) 7",
        "https://id.gs1.org/01/09506000134352/10/ABC123/21/7?17=201225",
    ] {
        let mut found = pairs(&scan(text));
        found.sort();
        let mut wanted = wanted.clone();
        wanted.sort();
        assert_eq!(found, wanted, "{text}");
        assert_eq!(
            scan(text).keys[..2],
            ["09506000134352", "9506000134352"],
            "{text}"
        );
    }
    // Without any mark it is believed when all of it is right.
    assert_eq!(
        bracketed(&scan("010950600013435217201225")),
        "(01)09506000134352(17)201225"
    );
    assert_eq!(scan("010950600013435317201225").meaning, Meaning::Text);
    assert_eq!(bracketed(&scan("00376104250021234569")), "(00)376104250021234569");
}

#[test]
fn values_are_understood() {
    let json = |text: &str| serde_json::to_value(scan(text)).unwrap()["meaning"]["elements"].clone();
    let of = |text: &str, i: usize| json(text)[i]["data"].clone();
    let gtin = "(01)99506000134355";
    assert_eq!(
        of(&format!("{gtin}(3103)001234"), 1),
        serde_json::json!({"kind":"measure","value":"1.234","unit":"kg"})
    );
    assert_eq!(of(&format!("{gtin}(3202)001234"), 1)["unit"], "lb");
    assert_eq!(of(&format!("{gtin}(3370)000012"), 1)["unit"], "kg/m²");
    assert_eq!(
        of(&format!("{gtin}(3922)1299"), 1),
        serde_json::json!({"kind":"amount","currency":"","value":"12.99"})
    );
    assert_eq!(of(&format!("{gtin}(30)1(3932)9781299"), 2)["currency"], "978");
    assert_eq!(of("(02)09506000134352(37)12", 1)["value"], "12");
    assert_eq!(
        of("(01)09506000134352(17)260200", 1),
        serde_json::json!({"kind":"date","year":2026,"month":2,"day":null,"iso":"2026-02-28"})
    );
    assert_eq!(of("(01)09506000134352(15)280229", 1)["iso"], "2028-02-29");
    assert_eq!(
        of("(01)09506000134352(7003)2612311830", 1)["iso"],
        "2026-12-31T18:30"
    );
    assert_eq!(of("(01)09506000134352(8008)26123118", 1)["iso"], "2026-12-31T18");
    assert_eq!(of("(01)09506000134352(7007)260101260131", 1)["to"], "2026-01-31");
    assert_eq!(
        of("(00)376104250021234569(4331)001850-", 1),
        serde_json::json!({"kind":"measure","value":"-18.50","unit":"°C"})
    );
    let code = scan("(01)99506000134355(3103)001234");
    assert!(matches!(code.measure(), Some(EmbeddedValue::Weight { .. })));
    assert_eq!(scan("(01)99506000134355(3922)1299").price_minor(2), Some(1299));
    assert_eq!(scan("(01)99506000134355(3923)1299").price_minor(2), None);
    assert_eq!(
        scan("(01)09506000134352(17)260200").sell_until(),
        Some("2026-02-28")
    );
}

#[test]
fn the_century_window() {
    let year = |yy: &str, today: i32| {
        let code = read(&format!("(01)09506000134352(17){yy}0101"), None, &[], today).unwrap();
        code.sell_until().unwrap()[..4].parse::<i32>().unwrap()
    };
    // General Specifications 7.12, by examples on both edges.
    assert_eq!(year("76", 2026), 2076);
    assert_eq!(year("77", 2026), 1977);
    assert_eq!(year("00", 2026), 2000);
    assert_eq!(year("00", 2050), 2100);
    assert_eq!(year("00", 2049), 2000);
    assert_eq!(year("49", 2099), 2149);
    assert_eq!(year("50", 2099), 2050);
}

#[test]
fn broken_element_strings_say_why() {
    let kind = |text: &str| {
        serde_json::to_value(fault(text)).unwrap()["kind"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let cases = [
        ("]C1019506000134352", "length"),
        ("]C10109506000134353", "check_digit"),
        ("]C1010950600013435x", "character"),
        ("]C101095060001343521799", "length"),
        ("(01)09506000134352(17)261301", "value"),
        ("(01)09506000134352(17)260230", "value"),
        ("(01)09506000134352(7006)260200", "value"),
        ("(01)09506000134352(10)ABC def", "character"),
        ("(01)09506000134352(10)ÄBC", "character"),
        ("(01)09506000134352(10)", "empty_value"),
        ("(01)09506000134352(10", "brackets"),
        ("(01)09506000134352(04)1", "unknown_ai"),
        ("]C10409506000134352", "unknown_ai"),
        ("]C110123456789012345678901", "missing_separator"),
        ("(01)09506000134352(10)A(10)B", "repeated"),
        ("(01)09506000134352(02)09506000134352(37)1", "excluded"),
        ("(01)09506000134352(37)1", "excluded"),
        ("(01)99506000134355(3103)001234(3104)001234", "excluded"),
        ("(8018)950600013400000005(8017)950600013400000005", "check_digit"),
        ("(01)09506000134352(422)999", "value"),
        ("(8020)A(3910)0001", "value"),
        ("(8006)095060001343520301", "value"),
        ("(8007)DE89370400440532013001", "value"),
        ("(8010)ABCDE", "value"),
        ("(00)376104250021234569(8030)AB=C", "value"),
        ("(8013)1987654Ad4X4bL5ttr2310cX", "check_digit"),
        ("(253)9506000134352A(8030)AAAA", "value_or_ok"),
    ];
    for (text, expected) in cases {
        if expected == "value_or_ok" {
            scan(text);
        } else {
            assert_eq!(kind(text), expected, "{text}: {}", fault(text));
        }
    }
    assert_eq!(
        bracketed(&scan("(8013)1987654Ad4X4bL5ttr2310c2K")),
        "(8013)1987654Ad4X4bL5ttr2310c2K"
    );
    assert_eq!(
        bracketed(&scan("(8007)DE89370400440532013000")),
        "(8007)DE89370400440532013000"
    );
    assert_eq!(kind("(253)9506000134352(8030)AAAA"), "value");
    // An escaped bracket reads back.
    assert_eq!(
        bracketed(&scan("(01)09506000134352(10)A\\(1)")),
        "(01)09506000134352(10)A\\(1)"
    );
}

#[test]
fn what_another_symbol_may_complete_is_a_note() {
    let notes = |text: &str| match scan(text).meaning {
        Meaning::Gs1 { notes, .. } => notes,
        other => panic!("{other:?}"),
    };
    assert_eq!(notes("(01)09506000134352(10)A").len(), 0);
    assert_eq!(notes("(10)A(17)261231").len(), 2);
    assert_eq!(notes("(02)09506000134352(37)4(00)376104250021234569").len(), 0);
    assert_eq!(notes("(02)09506000134352").len(), 1);
    assert_eq!(notes("(01)99506000134355(3922)1299(3103)000100").len(), 0);
    assert_eq!(notes("(01)99506000134355(3922)1299").len(), 1);
}

#[test]
fn the_identifier_table_holds_together() {
    let table = ai_table();
    assert!(table.len() > 200);
    for entry in &table {
        let (least, most) = entry.lengths();
        assert!(least >= 1 && most >= least && most <= 90, "{}", entry.first);
        assert!(entry.first.len() == entry.last.len() && entry.first <= entry.last);
        assert!(!entry.title.is_empty());
        // General Specifications 7.8.5: which two first digits have a length of their own, identifier included.
        let predefined = match &entry.first[..2] {
            "00" => 20,
            "01" | "02" | "03" => 16,
            "11" | "12" | "13" | "15" | "16" | "17" => 8,
            "20" => 4,
            "31" | "32" | "33" | "34" | "35" | "36" => 10,
            "41" => 16,
            _ => 0,
        };
        assert_eq!(entry.fixed, predefined > 0, "{}", entry.first);
        if entry.fixed {
            assert_eq!(
                (entry.first.len() + most, least),
                (predefined, most),
                "{}",
                entry.first
            );
        }
    }
    // No identifier is the beginning of another, so a scanned text can be cut in one way only.
    for a in &table {
        assert!(
            table
                .iter()
                .all(|b| a.first == b.first || !b.first.starts_with(a.first)),
            "{}",
            a.first
        );
    }
}

#[test]
fn digital_links() {
    let code =
        scan("https://brand.example:8443/some/path/01/09506000134352/10/ABC%2F1?17=261231&linkType=all#top");
    let Meaning::DigitalLink {
        domain,
        canonical,
        other,
        bracketed,
        ..
    } = &code.meaning
    else {
        panic!()
    };
    assert_eq!(domain, "brand.example:8443");
    assert_eq!(
        canonical,
        "https://id.gs1.org/01/09506000134352/10/ABC%2F1?17=261231"
    );
    assert_eq!(other, &["linkType=all"]);
    assert_eq!(bracketed, "(01)09506000134352(10)ABC/1(17)261231");
    assert_eq!(
        element_string(code.elements()),
        "010950600013435210ABC/1\u{1D}17261231"
    );
    assert_eq!(
        to_uri(code.elements(), "https://id.gs1.org/").as_ref(),
        Some(canonical)
    );
    for good in [
        "HTTPS://ID.GS1.ORG/00/376104250021234569",
        "http://a.example/414/9506000134352/254/32a%2Fb",
        "https://a.example/01/09506000134352/22/2A/10/B/21/C",
        "https://a.example/01/09506000134352/235/TP1",
        "https://a.example/gtin/09506000134352/lot/B",
        "https://a.example/01/9506000134352",
        "https://a.example/01/96385074",
        "https://a.example/8004/95060001343520?8008=26123118",
    ] {
        assert!(
            matches!(scan(good).meaning, Meaning::DigitalLink { .. }),
            "{good}"
        );
    }
    for bad in [
        "https://id.gs1.org/01/09506000134353",
        "https://id.gs1.org/01/950600013435",
        "https://id.gs1.org/hello",
        "https://id.gs1.org/01/09506000134352/21/C/10/B",
        "https://id.gs1.org/01/09506000134352/10/B/235/C",
        "https://id.gs1.org/01/09506000134352?10=B",
        "https://id.gs1.org/01/09506000134352?04=B",
        "https://id.gs1.org/01/09506000134352?17=261231&17=261231",
        "https://id.gs1.org/01/09506000134352?17=",
        "https://id.gs1.org/01/09506000134352?22=A",
        "https://id.gs1.org/01/09506000134352/10/A%20B",
        "https://id.gs1.org/01/09506000134352/10/%FF",
        "https:///01/09506000134352",
        "https://a_b.example/01/09506000134352",
    ] {
        let e = fault(bad);
        assert!(!e.to_string().is_empty(), "{bad}");
    }
    // A web page is no Digital Link because a date stands in its path.
    assert_eq!(scan("https://news.example/2026/01/15").meaning, Meaning::Text);
    assert_eq!(scan("https://news.example/01/15").meaning, Meaning::Text);
}

#[test]
fn a_code_prints_as_json_and_reads_back() {
    let codes = [
        "4006381333931",
        "2801011012345",
        "(01)09506000134352(17)261200(3103)000001",
        "hello",
        "https://id.gs1.org/01/09506000134352?17=261231",
    ];
    for text in codes {
        let code = scan_in("DE", text);
        let json = serde_json::to_string(&code).unwrap();
        assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), code);
    }
}

fn symbologies() -> impl Strategy<Value = Option<Symbology>> {
    prop_oneof![
        Just(None),
        Just(Some(Symbology::Ean13)),
        Just(Some(Symbology::UpcE)),
        Just(Some(Symbology::Itf14)),
        Just(Some(Symbology::Itf)),
        Just(Some(Symbology::Code128)),
        Just(Some(Symbology::Gs1128)),
        Just(Some(Symbology::Qr)),
    ]
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), hint in symbologies(), year in any::<i32>()) {
        let _ = read(&text, hint, &builtin_rules("DE"), year);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), hint in symbologies()) {
        let _ = read(&String::from_utf8_lossy(&bytes), hint, &builtin_rules("DK"), YEAR);
    }

    #[test]
    fn anything_like_a_code_is_read_or_refused(
        text in "(\\]C1|\\]d2|\\(01\\)|https://id\\.gs1\\.org/|\\^)?[0-9A-Za-z()%/?&=\u{1D}äß€.-]{0,60}",
        hint in symbologies(),
    ) {
        if let Ok(code) = read(&text, hint, &builtin_rules("SE"), YEAR) {
            prop_assert!(!code.keys.is_empty());
            let mut keys = code.keys.clone();
            keys.sort();
            keys.dedup();
            prop_assert_eq!(keys.len(), code.keys.len());
        }
    }

    #[test]
    fn any_rule_is_read_or_refused(text in any::<String>(), pattern in "[0-9]{1,3}[IVWPNXC0-9]{4,12}(:[0-9])?", code in "[0-9]{13}") {
        let _ = EmbeddedRule::parse(&text);
        if let Ok(rule) = EmbeddedRule::parse(&pattern) {
            let payload = &code[..12];
            let code = format!("{payload}{}", check_digit(payload).unwrap());
            prop_assert!(read(&code, None, &[rule], YEAR).is_ok());
        }
    }

    #[test]
    fn upc_e_goes_there_and_back(payload in "[01][0-9]{6}") {
        let upc_a = expand_upc_e(&payload).unwrap();
        // Some short forms are not the shortest way to write their number, but all name the same number.
        let short = compress_upc_a(&upc_a).unwrap();
        prop_assert_eq!(expand_upc_e(&short).unwrap(), upc_a);
    }

    #[test]
    fn one_wrong_digit_is_always_found(payload in "[0-9]{12}", at in 0usize..13, add in 1u8..10) {
        let right = format!("{payload}{}", check_digit(&payload).unwrap());
        let mut bytes = right.clone().into_bytes();
        bytes[at] = (bytes[at] - b'0' + add) % 10 + b'0';
        let wrong = String::from_utf8(bytes).unwrap();
        prop_assert!(read(&wrong, Some(Symbology::Ean13), &[], YEAR).is_err());
        prop_assert!(read(&right, Some(Symbology::Ean13), &[], YEAR).is_ok());
    }

    #[test]
    fn elements_survive_every_way_of_writing_them(lot in "[0-9A-Za-z!%&'*+,./:;<=>?_-]{1,20}", serial in "[0-9A-Z(]{1,20}") {
        prop_assume!(!lot.to_ascii_uppercase().contains("<GS>"));
        let text = format!("]C101095060001343521726123110{lot}\u{1D}21{serial}");
        let code = read(&text, None, &[], YEAR).unwrap();
        let typed = read(&bracketed(&code), None, &[], YEAR).unwrap();
        prop_assert_eq!(pairs(&code), pairs(&typed));
        let link = read(&to_uri(code.elements(), "https://id.gs1.org").unwrap(), None, &[], YEAR).unwrap();
        let mut there = pairs(&link);
        there.sort();
        let mut here = pairs(&code);
        here.sort();
        prop_assert_eq!(here, there);
        let again = read(&format!("]d2{}", element_string(code.elements())), None, &[], YEAR).unwrap();
        prop_assert_eq!(pairs(&again), pairs(&code));
    }
}
