//! Whole documents, compared character by character with files that a person has looked at.
//! `BARROW_GOLDEN=write` writes the files anew: look at the difference before you keep it.

#![allow(clippy::unwrap_used, reason = "a test that cannot be built has failed")]

mod common;

use barrow_kernel::cart::{AppliedOffer, Measure};
use barrow_kernel::log::id::{CashBoxId, SaleId, ShiftId, TenderId};
use barrow_kernel::log::stream::{OpHash, StreamId, StreamRange};
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, Unit};
use barrow_kernel::sale::{ReceiptNumber, Sale, TenderCorrection};
use barrow_kernel::shift::{CashCount, CashPieces, Shift, ShiftOpening, ShiftTotals, TenderTotal, ZReport};
use barrow_kernel::tax::TaxClass;
use barrow_receipt::{
    DEFAULT_WIDTH, Document, NARROW_WIDTH, QuoteOptions, ReceiptOptions, ReportOptions, ShiftReport, XReport,
    cart_quote, receipt, shift_report, to_text,
};
use common::{Basket, NOW_MS, cash, off, pay, percent, shop, tax};

fn check(name: &str, document: &Document, width: usize) {
    let path = format!("{}/tests/golden/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = to_text(document, width);
    if std::env::var("BARROW_GOLDEN").is_ok_and(|mode| mode == "write") {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    assert!(
        text == golden,
        "{name} differs from its golden file; it is now:\n{text}"
    );
}

fn plain(sale: &Sale, language: &str) -> Document {
    receipt(
        sale,
        &shop(sale.currency.code_str(), language),
        &ReceiptOptions::default(),
    )
}

fn vat() -> barrow_kernel::tax::Tax {
    tax(1, "VAT 20 %", "20")
}

#[test]
fn plain_sale() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[vat()]);
    basket.add("Honey, 500 g", "6.50", "1");
    basket.add("Candle", "1.39", "2");
    basket.cart.note = Some("Collected by Ben".into());
    check(
        "plain",
        &plain(&basket.sale(vec![cash(928, 0, 2_000)]), "en"),
        DEFAULT_WIDTH,
    );
}

#[test]
fn weighed_goods() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[tax(2, "Reduced", "7")]);
    basket.weighed("Apples, Elstar", "3.49", "1.234", Some("0.006"));
    let saffron = basket.weighed("Tea, loose", "0.0189", "250", None);
    saffron.goods.unit = Unit::Gram;
    saffron.goods.price_per = Quantity::from(100);
    let cheese = basket.weighed("Cheese from the counter", "18.90", "0.312", None);
    cheese.measure = Measure::Amount;
    cheese.amount_minor = Some(589);
    let herbs = basket.add("Parsley", "1.20", "3");
    herbs.goods.unit = Unit::Own("bunch".into());
    check("weighed", &plain(&basket.sale(vec![]), "en"), DEFAULT_WIDTH);
}

#[test]
fn deposits() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[vat()]);
    let cola = basket.add("Cola 0.5 l", "1.50", "2").id;
    basket.add("Napkins", "0.80", "1");
    basket.deposit("Deposit 0.25", "0.25", "2", Some(cola));
    let back = basket.deposit("Empty bottle", "0.25", "-4", None);
    back.note = Some("own brand".into());
    check(
        "deposits",
        &plain(&basket.sale(vec![cash(330, 0, 330)]), "en"),
        DEFAULT_WIDTH,
    );
}

#[test]
fn discounts_on_lines() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[vat()]);
    let bread = basket.add("Bread", "4.00", "2");
    bread.discounts = vec![percent("10", Some("yesterday's")), off(50, None)];
    let jam = basket.add("Jam", "4.20", "1");
    jam.list_price = Some("4.90".parse().unwrap());
    jam.price_reason = Some("haggled".into());
    let soap = basket.add("Soap", "3.00", "3");
    soap.offers = vec![AppliedOffer {
        offer: "3 for 2".into(),
        version: 1,
        amount_minor: 300,
    }];
    soap.note = Some("gift wrapped".into());
    check(
        "discount-lines",
        &plain(&basket.sale(vec![]), "en"),
        DEFAULT_WIDTH,
    );
}

#[test]
fn a_discount_on_the_whole() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[vat()]);
    basket.add("Bread", "4.00", "2");
    basket.add("Jam", "4.20", "1");
    basket.cart.discounts = vec![percent("5", Some("regulars"))];
    check("discount-cart", &plain(&basket.sale(vec![]), "en"), DEFAULT_WIDTH);
}

#[test]
fn discounts_on_lines_and_on_the_whole() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[vat()]);
    basket.add("Bread", "4.00", "2").discounts = vec![percent("10", Some("yesterday's"))];
    basket.add("Jam", "4.20", "1");
    basket.cart.discounts = vec![percent("5", Some("regulars"))];
    check(
        "discount-mixed",
        &plain(&basket.sale(vec![]), "en"),
        DEFAULT_WIDTH,
    );
}

#[test]
fn refund() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[vat()]);
    basket.returned("Bread", "4.00", "-2", [-800, -720, -120], "mouldy");
    let sale = basket.sale(vec![pay("Cash", -720)]);
    check("refund-unknown-origin", &plain(&sale, "en"), DEFAULT_WIDTH);
    let options = ReceiptOptions {
        origins: [(
            SaleId::from_number(99),
            ReceiptNumber {
                series: "B".into(),
                number: 4,
            },
        )]
        .into(),
        ..ReceiptOptions::default()
    };
    check(
        "refund",
        &receipt(&sale, &shop("EUR", "en"), &options),
        DEFAULT_WIDTH,
    );
}

#[test]
fn exchange() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[vat()]);
    basket.returned("Scarf, red", "24.00", "-1", [-2_400, -2_400, -400], "");
    basket.add("Scarf, blue", "26.00", "1");
    check(
        "exchange",
        &plain(&basket.sale(vec![cash(200, 0, 500)]), "en"),
        DEFAULT_WIDTH,
    );
}

#[test]
fn split_tender_with_cash_rounding() {
    let mut basket = Basket::new("CHF");
    basket.taxed(&[tax(3, "MWST", "8.1")]);
    basket.add("Fondue", "15.72", "1");
    let mut card = pay("Card", 68);
    card.reference = Some("slip 4711".into());
    let sale = basket.sale(vec![card, cash(1_504, 1, 2_000)]);
    check("split-rounding", &plain(&sale, "de-CH"), DEFAULT_WIDTH);
}

#[test]
fn currencies_without_and_with_three_digits() {
    let mut yen = Basket::new("JPY");
    yen.taxed(&[tax(4, "消費税", "8")]);
    yen.add("おにぎり 鮭", "150", "3");
    check(
        "zero-digits",
        &plain(&yen.sale(vec![cash(450, 0, 1_000)]), "en"),
        NARROW_WIDTH,
    );
    let mut dinar = Basket::new("KWD");
    dinar.add("Dates, 1 kg box", "2.375", "2");
    check(
        "three-digits",
        &plain(&dinar.sale(vec![cash(4_750, 0, 5_000)]), "en"),
        DEFAULT_WIDTH,
    );
}

#[test]
fn german_on_narrow_paper() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[tax(5, "MwSt", "7")]);
    basket.weighed("Äpfel Elstar aus dem Alten Land", "3.49", "1.234", Some("0.006"));
    basket.taxed(&[tax(6, "MwSt", "19")]);
    basket.add("Apfelsaft 1 l", "2.49", "2").discounts = vec![percent("12.5", Some("Flasche beschädigt"))];
    let options = ReceiptOptions {
        copy: true,
        ..ReceiptOptions::default()
    };
    let total = basket.total();
    let sale = basket.sale(vec![cash(total, 0, 1_000)]);
    check(
        "german",
        &receipt(&sale, &shop("EUR", "de"), &options),
        NARROW_WIDTH,
    );
}

#[test]
fn arabic() {
    let mut basket = Basket::new("AED");
    basket.taxed(&[tax(7, "ضريبة القيمة المضافة", "5")]);
    basket.add("قهوة عربية", "12.50", "2");
    basket.add("تمر المدينة", "30.00", "1");
    let mut shop = shop("AED", "ar");
    shop.name = "سوق المزارع".into();
    let sale = basket.sale(vec![cash(5_500, 0, 10_000)]);
    check(
        "arabic",
        &receipt(&sale, &shop, &ReceiptOptions::default()),
        DEFAULT_WIDTH,
    );
}

#[test]
fn french_and_spanish() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[tax(8, "TVA", "5.5")]);
    basket.add("Crème brûlée", "4.50", "2");
    check(
        "french",
        &plain(&basket.sale(vec![cash(900, 0, 1_000)]), "fr"),
        DEFAULT_WIDTH,
    );
    check(
        "spanish",
        &plain(&basket.sale(vec![cash(900, 0, 1_000)]), "es"),
        DEFAULT_WIDTH,
    );
}

#[test]
fn chinese_names() {
    let mut basket = Basket::new("CNY");
    basket.taxed(&[vat()]);
    basket.add("西湖龙井明前特级茶叶礼盒装传统手工炒制二百五十克", "328.00", "1");
    basket.weighed("苹果（红富士）", "12.80", "1.5", None);
    check("chinese", &plain(&basket.sale(vec![]), "en"), NARROW_WIDTH);
}

#[test]
fn a_name_of_500_characters() {
    let mut basket = Basket::new("EUR");
    basket.taxed(&[vat()]);
    let words = "Bouquet of the season with everything that stood in the garden this morning ".repeat(7);
    basket.add(&words.chars().take(500).collect::<String>(), "12.00", "1");
    basket.add(&"x".repeat(500), "1.00", "2");
    check("long-name", &plain(&basket.sale(vec![]), "en"), DEFAULT_WIDTH);
}

#[test]
fn as_many_lines_as_the_longest_invoice_of_the_real_year() {
    let mut basket = Basket::new("GBP");
    basket.taxed(&[vat()]);
    for number in 1..=1_114 {
        basket.add(
            &format!("Article {number}"),
            "0.85",
            &(number % 3 + 1).to_string(),
        );
    }
    check("1114-lines", &plain(&basket.sale(vec![]), "en"), DEFAULT_WIDTH);
}

#[test]
fn tax_on_top_and_every_class() {
    let mut basket = Basket::new("USD");
    let mut sales_tax = tax(9, "Sales tax", "8.25");
    sales_tax.price_include = false;
    basket.taxed(&[sales_tax]);
    basket.add("Mug", "10.00", "1");
    for (number, class, name) in [
        (10, TaxClass::ZeroRated, "Bread"),
        (11, TaxClass::Exempt, "Stamps"),
        (12, TaxClass::ReverseCharge, "Consulting"),
        (13, TaxClass::OutsideScope, "Donation"),
    ] {
        let mut other = tax(number, name, "0");
        other.class = class;
        basket.taxed(&[other]);
        basket.add(name, "5.00", "1");
    }
    basket.cart.discounts = vec![off(300, Some("voucher"))];
    let document = plain(&basket.sale(vec![]), "en");
    check("tax-on-top", &document, DEFAULT_WIDTH);
    check("tax-on-top-narrow", &document, 24);
}

#[test]
fn practice_and_copy() {
    let mut basket = Basket::new("EUR");
    basket.add("Try me", "1.00", "1");
    let options = ReceiptOptions {
        copy: true,
        practice: true,
        ..ReceiptOptions::default()
    };
    check(
        "practice-copy",
        &receipt(&basket.sale(vec![]), &shop("EUR", "en"), &options),
        NARROW_WIDTH,
    );
}

fn totals() -> ShiftTotals {
    let mut sold = Basket::new("EUR");
    sold.taxed(&[vat()]);
    sold.add("Everything", "1204.60", "1");
    let tender = |number, name: &str, payment: barrow_kernel::tender::Payment, count| TenderTotal {
        tender: TenderId::from_number(number),
        name: name.into(),
        class: payment.class,
        amount_minor: payment.amount_minor,
        count,
    };
    ShiftTotals {
        sales: 84,
        refunds: 2,
        sales_minor: 122_380,
        refunds_minor: -1_920,
        voids: 3,
        discounts_minor: 1_250,
        rounding_minor: 4,
        taxes: sold.sale(vec![]).taxes,
        tenders: vec![
            tender(1, "Cash", pay("Cash", 70_464), 61),
            tender(2, "Card", pay("Card", 50_000), 27),
        ],
        paid_in_minor: 1_000,
        paid_out_minor: 2_500,
        dropped_minor: 40_000,
        first_receipt: Some(ReceiptNumber {
            series: "A".into(),
            number: 101,
        }),
        last_receipt: Some(ReceiptNumber {
            series: "A".into(),
            number: 186,
        }),
        expected_minor: 20_000 + 70_464 + 1_000 - 2_500 - 40_000,
    }
}

fn range() -> StreamRange {
    StreamRange {
        stream: StreamId([0xa7; 16]),
        first: 412,
        last: 655,
        hash: OpHash([0x3f; 32]),
    }
}

#[test]
fn an_x_report() {
    let shift = Shift {
        id: ShiftId::from_number(1),
        opening: ShiftOpening {
            shift: ShiftId::from_number(1),
            cash_box: CashBoxId::from_number(1),
            currency: Currency::iso("EUR").unwrap(),
            float_minor: 20_000,
            counted: CashCount::amount(20_000),
            at_ms: NOW_MS - 25_200_000,
            who: Some("Ann".into()),
            book: StreamId([0xa7; 16]),
            first_seq: 412,
            by_itself: false,
            postings: Vec::new(),
        },
        // One figure more than the steps give: the paper must not hide it.
        totals: ShiftTotals {
            expected_minor: totals().expected_minor + 150,
            ..totals()
        },
        corrections: vec![TenderCorrection {
            sale: SaleId::from_number(5),
            old: pay("Card", 1_200),
            new: pay("Cash", 1_200),
            reason: "wrong key".into(),
            at_ms: NOW_MS,
            cash_box: CashBoxId::from_number(1),
            currency: Currency::iso("EUR").unwrap(),
            postings: Vec::new(),
        }],
    };
    let ranges = [range()];
    let x = XReport {
        shift: &shift,
        at_ms: NOW_MS,
        till: "Till 1",
        who: Some("Ben"),
        ranges: &ranges,
    };
    let options = ReportOptions {
        cash_box: Some("Apron".into()),
        ..ReportOptions::default()
    };
    check(
        "x-report",
        &shift_report(&ShiftReport::X(x), &shop("EUR", "en"), &options),
        DEFAULT_WIDTH,
    );
}

#[test]
fn a_z_report() {
    let z = ZReport {
        shift: ShiftId::from_number(1),
        cash_box: CashBoxId::from_number(1),
        number: 12,
        currency: Currency::iso("EUR").unwrap(),
        opened_ms: NOW_MS - 25_200_000,
        closed_ms: NOW_MS,
        float_minor: 20_000,
        totals: totals(),
        counted: CashCount {
            amount_minor: None,
            pieces: vec![
                CashPieces {
                    value_minor: 5_000,
                    count: 9,
                },
                CashPieces {
                    value_minor: 2_000,
                    count: 2,
                },
                CashPieces {
                    value_minor: 1_000,
                    count: 0,
                },
                CashPieces {
                    value_minor: 1,
                    count: 174,
                },
            ],
        },
        counted_minor: 49_174,
        difference_minor: 210,
        blind: true,
        note: Some("Somebody didn't take the change".into()),
        who: Some("Ann".into()),
        till: "Till 1".into(),
        ranges: vec![
            range(),
            StreamRange {
                stream: StreamId([0x0b; 16]),
                ..range()
            },
        ],
        open_carts: 1,
        postings: Vec::new(),
    };
    let options = ReportOptions {
        cash_box: Some("Tin".into()),
        ..ReportOptions::default()
    };
    let report = ShiftReport::Z(&z);
    check(
        "z-report",
        &shift_report(&report, &shop("EUR", "en"), &options),
        DEFAULT_WIDTH,
    );
    check(
        "z-report-german",
        &shift_report(&report, &shop("EUR", "de"), &options),
        NARROW_WIDTH,
    );
}

#[test]
fn a_quote() {
    let mut basket = Basket::new("CHF");
    basket.taxed(&[tax(3, "MWST", "8.1")]);
    let cola = basket.add("Cola 0.5 l", "1.52", "12").id;
    basket.deposit("Deposit", "0.30", "12", Some(cola));
    basket.cart.name = Some("Village fête".into());
    basket.cart.payments = vec![pay("Card", 1_000)];
    let mut view = basket.view();
    view.cash_due_minor = 1_185;
    let options = QuoteOptions {
        at_ms: Some(NOW_MS),
        ..QuoteOptions::default()
    };
    let shop = shop("CHF", "en");
    check("quote", &cart_quote(&view, &shop, &options), DEFAULT_WIDTH);
    view.line_count = 150;
    check("quote-page", &cart_quote(&view, &shop, &options), DEFAULT_WIDTH);
}
