//! Papers as printers get them: receipts in ten scripts on both widths, short, long, refund, quote, codes. Each is read
//! back strictly; `scripts/lanes/35-paper` shows them to judges that others made.
//!
//! BARROW_FONTS names a folder of fonts, and BARROW_PAPERS one that bytes and pictures are written to.

#![allow(clippy::unwrap_used, reason = "a test that cannot be built has failed")]

mod common;
#[path = "common/decode.rs"]
mod decode;

use barrow_receipt::{Code, Document, Profile, QuoteOptions, ReceiptOptions, Symbol, cart_quote, receipt};
use common::{Basket, cash, percent, shop, tax};

/// Names of a shop, its street and goods, in the language of its receipts.
const SCRIPTS: &[(&str, &str, &str, [&str; 5])] = &[
    (
        "german",
        "de",
        "Hofladen Müller",
        [
            "Honig 500 g",
            "Äpfel, rot",
            "Weißbrot",
            "Käse für Gäste",
            "Pfand 8¢",
        ],
    ),
    (
        "french",
        "fr",
        "Boulangerie Éloïse",
        [
            "Crème brûlée",
            "Pâté en croûte",
            "Thé glacé à l’œuf",
            "Noël",
            "Café à 2 €",
        ],
    ),
    (
        "polish",
        "en",
        "Sklep Żabka Łódź",
        ["Żurek", "Chleb łódzki", "Gęś", "Śliwki", "Ćwikła"],
    ),
    (
        "russian",
        "en",
        "Лавка «Ягода»",
        [
            "Мёд цветочный",
            "Пирожки с капустой",
            "Квас",
            "Хлеб ржаной",
            "Сыр",
        ],
    ),
    (
        "greek",
        "en",
        "Παντοπωλείο",
        ["Ελιές Καλαμών", "Φέτα", "Μέλι θυμαρίσιο", "Ψωμί", "Κρασί"],
    ),
    (
        "arabic",
        "ar",
        "مخبز الحي القديم",
        [
            "خبز عربي طازج",
            "قهوة بالهيل",
            "تمر سكري",
            "زيت زيتون بكر",
            "شاي بالنعناع",
        ],
    ),
    (
        "hebrew",
        "he",
        "מאפיית השכונה",
        ["לחם שאור", "קפה שחור", "תמרים", "שמן זית", "תה נענע"],
    ),
    (
        "hindi",
        "hi",
        "श्री कृष्ण मिष्ठान्न",
        ["गुलाब जामुन", "मसाला चाय", "हल्दी पाउडर", "क्षीर", "समोसा"],
    ),
    (
        "bengali",
        "bn",
        "মিষ্টান্ন ভাণ্ডার",
        ["রসগোল্লা", "চা", "সন্দেশ", "দই", "লুচি"],
    ),
    (
        "thai",
        "th",
        "ตลาดน้ำอัมพวา",
        ["ผัดไทยกุ้งสด", "น้ำมะพร้าว", "ข้าวเหนียวมะม่วง", "ต้มยำกุ้ง", "ชาเย็น"],
    ),
    (
        "japanese",
        "ja",
        "朝市の八百屋",
        ["龍井茶 50グラム", "玄米ご飯", "りんご", "サーモン弁当", "豆腐"],
    ),
    (
        "korean",
        "ko",
        "전통 시장",
        ["김치 1kg", "불고기 도시락", "인삼차", "떡볶이", "막걸리"],
    ),
    (
        "emoji",
        "en",
        "Stall 🐝 7",
        ["Honey 🍯 large", "Apple 🍎", "Tea", "Bread 🥖", "Candle 🕯"],
    ),
];

/// The codes of a paper, as a scanner reads them.
type Codes = Vec<&'static str>;

fn script_receipt(language: &str, name: &str, goods: &[&str; 5]) -> Document {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[tax(1, "VAT 20 %", "20")]);
    for (at, name) in goods.iter().enumerate() {
        basket.add(
            name,
            ["6.50", "1.39", "12.00", "0.95", "1234.50"][at],
            ["1", "2", "1", "12", "1"][at],
        );
    }
    let mut shop = shop("EUR", language);
    shop.name = name.to_owned();
    let options = ReceiptOptions {
        code: Some(Code::new(Symbol::Qr, "https://barrow.example/r/#A-17").unwrap()),
        ..ReceiptOptions::default()
    };
    receipt(&basket.sale(vec![]), &shop, &options)
}

fn papers() -> Vec<(String, Document, Codes)> {
    let link = "https://barrow.example/r/#A-17";
    let mut papers: Vec<(String, Document, Codes)> = SCRIPTS
        .iter()
        .map(|(id, language, name, goods)| {
            (
                (*id).to_owned(),
                script_receipt(language, name, goods),
                vec![link],
            )
        })
        .collect();
    let mut basket = Basket::new("EUR");
    basket.add("Tea", "1.20", "1");
    let short = receipt(
        &basket.sale(vec![cash(120, 0, 500)]),
        &shop("EUR", "en"),
        &ReceiptOptions::default(),
    );
    papers.push(("short".into(), short, vec![]));
    basket.cart.name = Some("Table 4".into());
    let quote = cart_quote(&basket.view(), &shop("EUR", "en"), &QuoteOptions::default());
    papers.push(("quote".into(), quote, vec![]));
    let mut long = Basket::new("EUR");
    long.taxed(&[tax(1, "VAT 20 %", "20")]);
    for line in 0..120 {
        long.add(
            &format!("Goods number {line} with a name that takes a line of its own"),
            "10.99",
            "3",
        );
    }
    long.cart.discounts = vec![percent("5", Some("regulars"))];
    let options = ReceiptOptions {
        copy: true,
        practice: true,
        ..ReceiptOptions::default()
    };
    papers.push((
        "long".into(),
        receipt(&long.sale(vec![]), &shop("EUR", "en"), &options),
        vec![],
    ));
    let mut back = Basket::new("EUR");
    back.taxed(&[tax(1, "VAT 20 %", "20")]);
    back.add("Candle", "1.39", "-2").returns = None;
    papers.push((
        "refund".into(),
        receipt(&back.sale(vec![]), &shop("EUR", "en"), &ReceiptOptions::default()),
        vec![],
    ));
    let mut codes = script_receipt("en", "Codes", &["A", "B", "C", "D", "E"]);
    for (symbol, content) in [
        (Symbol::Ean13, "4006381333931"),
        (Symbol::Ean8, "96385074"),
        (Symbol::UpcA, "036000291452"),
        (Symbol::Code128, "A-17{x}"),
        (Symbol::Code128, "TOO-WIDE-FOR-BARS-58MM"),
    ] {
        codes
            .blocks
            .push(barrow_receipt::Block::Code(Code::new(symbol, content).unwrap()));
    }
    papers.push((
        "codes".into(),
        codes,
        vec![
            link,
            "4006381333931",
            "96385074",
            "036000291452",
            "A-17{x}",
            "TOO-WIDE-FOR-BARS-58MM",
        ],
    ));
    papers
}

/// Returns the plain printers of both widths; what they must be told first is Barrow's own test.
fn printers() -> [(&'static str, Profile); 2] {
    ["58mm", "80mm"].map(|id| {
        let mut profile = Profile::known(id).unwrap();
        profile.double_byte = false;
        (id, profile)
    })
}

#[cfg(feature = "raster")]
fn fonts(language: &str) -> Option<barrow_receipt::Fonts> {
    let folder = std::env::var_os("BARROW_FONTS")?;
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let files = files.into_iter().map(|file| std::fs::read(file).unwrap());
    Some(barrow_receipt::Fonts::new(files, language).unwrap())
}

#[test]
fn every_paper_is_read_back() {
    for (id, document, codes) in papers() {
        for (width, profile) in printers() {
            let bytes: Vec<u8> = barrow_receipt::escpos(&document, &profile, None)
                .flatten()
                .collect();
            let printed =
                decode::decode(&bytes, &profile).unwrap_or_else(|fault| panic!("{id} {width}: {fault}"));
            let read: Vec<&str> = printed
                .iter()
                .filter_map(|printed| match printed {
                    decode::Printed::Code(_, content) => Some(content.as_str()),
                    _ => None,
                })
                .collect();
            assert_eq!(read, codes, "{id} {width}");
        }
    }
}

#[cfg(feature = "raster")]
#[test]
fn papers_are_written_for_other_judges() {
    let Some(folder) = std::env::var_os("BARROW_PAPERS").map(std::path::PathBuf::from) else {
        return;
    };
    for (id, document, codes) in papers() {
        let mut fonts = fonts(document.language.as_str()).expect("BARROW_FONTS names a folder");
        for (width, profile) in printers() {
            let bytes: Vec<u8> = barrow_receipt::escpos(&document, &profile, Some(&mut fonts))
                .flatten()
                .collect();
            decode::decode(&bytes, &profile).unwrap_or_else(|fault| panic!("{id} {width}: {fault}"));
            std::fs::write(folder.join(format!("{id}-{width}.bin")), &bytes).unwrap();
            std::fs::write(folder.join(format!("{id}-{width}.codes")), codes.join("\n")).unwrap();
            let png =
                barrow_receipt::to_png(&document, profile.dots, profile.columns, profile.dpi, &mut fonts)
                    .unwrap();
            std::fs::write(folder.join(format!("{id}-{width}.png")), png).unwrap();
        }
    }
}
