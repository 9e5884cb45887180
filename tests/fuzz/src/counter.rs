//! What is read at the counter: scans, labels of scales, files of goods, bodies of ops.

use crate::seeds::texts;
use barrow_kernel::barcode::{self, EmbeddedRule};
use barrow_kernel::event::Body;
use barrow_store::Options;
use barrow_store::work::Work;
use barrow_till::Till;
use barrow_till::goods::import::{self, Mode};
use barrow_till::goods::sample;
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};

/// Reads a body; what was read is written and read again, and must be the same.
pub(crate) fn body(bytes: &[u8]) {
    if let Ok(body) = Body::from_bytes(bytes) {
        let _ = body.stream_kind();
        assert_eq!(Body::from_bytes(&body.to_bytes()).unwrap(), body);
    }
}

pub(crate) fn codes() -> Vec<Vec<u8>> {
    texts(&[
        "4006381333931",
        "]E04006381333931",
        "96385074",
        "01234565",
        "2812345012340",
        "]C10109501101530003\u{1d}3103000123\u{1d}15991231",
        "(01)09501101530003(3103)000123(10)LOT-7",
        "https://id.gs1.org/01/09501101530003/10/ABC?3103=000189&17=251231",
        "]d2010950110153000310AB\u{1d}21123",
        "]Q3https://example.com/01/9501101530003",
        "00012345678905|]e0lot",
        "FNC1010950110153000317251231",
        "stall-7",
    ])
}

pub(crate) fn code(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let rules: Vec<EmbeddedRule> = ["DE", "US", "FR"]
        .iter()
        .flat_map(|country| barcode::builtin_rules(country))
        .collect();
    for hint in [
        None,
        Some(barcode::Symbology::Ean13),
        Some(barcode::Symbology::Gs1128),
    ] {
        let Ok(code) = barcode::read(&text, hint, &rules, 2026) else {
            continue;
        };
        let _ = (
            code.complaint(),
            code.measure(),
            code.price_minor(2),
            code.sell_until(),
        );
        let elements = code.elements();
        let _ = barcode::to_uri(elements, "https://example.com");
        let _ = barcode::element_string(elements);
    }
    let _ = barcode::plain(&text);
}

pub(crate) fn rules() -> Vec<Vec<u8>> {
    texts(&[
        "28IIIIVWWWWWC:2:kg",
        "02IIIIIVPPPPC",
        "29IIIIINNNNNC:0:pc",
        "2PPPP",
    ])
}

pub(crate) fn rule(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(rule) = EmbeddedRule::parse(&text) {
        assert_eq!(rule.check(), Ok(()));
        let _ = barcode::read("2812345012340", None, &[rule], 2026);
    }
}

thread_local! {
    /// A shop with goods: an import is held against what is there.
    static SHOP: (tempfile::TempDir, Till) = {
        let folder = tempfile::tempdir().unwrap();
        let ports = Ports {
            clock: Box::new(FixedClock::at(1_780_000_000_000)),
            chance: Box::new(SeededChance::new(1)),
            keys: Box::new(MemoryKeyStore::default()),
        };
        let till = Till::found(folder.path(), &sample::setup(), ports, &Options::default()).unwrap();
        sample::load(&till).unwrap();
        (folder, till)
    };
}

pub(crate) fn sheets() -> Vec<Vec<u8>> {
    let file = |name: &str| {
        let path = format!("{}/../../core/till/data/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).unwrap_or_default()
    };
    let mut sheets = texts(&[
        "name,price\nLoaf,3.50\nRoll,\"0,45\"\n",
        "sku;name;price;tax;barcodes\nL;Loaf;3,50;standard;4006381333931|96385074\n",
        "\u{feff}sku\tname\tprice\tarchived\nL\t\"a\nb\"\t1\tyes\n",
    ]);
    let head: Vec<u8> = file("items.csv").into_iter().take(2_000).collect();
    sheets.push(head);
    sheets
}

pub(crate) fn csv(bytes: &[u8]) {
    let mode = Mode {
        dry_run: true,
        keep_going: true,
    };
    SHOP.with(|(_, till)| {
        let report = import::import(till, bytes, mode, &mut Work::new(&mut |_, _| {})).unwrap();
        assert!(report.problems.len() <= import::PROBLEMS_TOLD);
        assert!(!report.loaded, "a dry run loads nothing");
    });
}
