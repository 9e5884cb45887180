//! The packs, one row a country, in the order of their codes. Examples as of 2026, to be checked by an adviser.

use super::{NEAREST, ReceiptDuty};
use crate::rounding::Rounding;
use crate::tax::TaxPolicy;

/// Class, name on the receipt, rate in percent, examples.
pub(super) type TaxRow = (&'static str, &'static str, &'static str, &'static str);

/// One country. Lists in a text are parted by `|`.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) currency: &'static str,
    pub(super) taxes: &'static [TaxRow],
    pub(super) prices_include_tax: bool,
    pub(super) tax_policy: TaxPolicy,
    /// The step in minor units and whether shops are free to use it.
    pub(super) cash_step: Option<(i64, bool)>,
    pub(super) cash_mode: Rounding,
    /// Whether a customer may insist on the exact amount.
    pub(super) cash_exact: bool,
    pub(super) denominations: &'static [i64],
    pub(super) receipt_duty: ReceiptDuty,
    pub(super) receipt_note: &'static str,
    pub(super) retention_years: u32,
    pub(super) languages: &'static str,
    pub(super) price_display: &'static str,
    pub(super) legal_lines: &'static str,
    pub(super) min_ages: &'static [(&'static str, u8)],
    pub(super) status: &'static str,
}

// The 500 euro note is no longer issued.
const EURO: &[i64] = &[20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];
const FIVE_CENTS: Option<(i64, bool)> = Some((5, false));
const FIVE_CENTS_IF_SHOP_LIKES: Option<(i64, bool)> = Some((5, true));

const NONE: TaxRow = ("none", "No tax", "0", "gift cards, deposits held, tips");
const EXEMPT: TaxRow = (
    "exempt",
    "Exempt",
    "0",
    "a small trader's scheme, exempt goods and services",
);
const AGE_18: &[(&str, u8)] = &[("alcohol", 18), ("tobacco", 18)];
const AGE_16_18: &[(&str, u8)] = &[("beer and wine", 16), ("spirits", 18), ("tobacco", 18)];

const NO_FISCAL_LAW: &str = "No law asks for a certified till here, as far as Barrow knows. Ask an adviser which records you must keep.";

/// What most rows share.
const BASE: Row = Row {
    code: "",
    name: "",
    currency: "EUR",
    taxes: &[],
    prices_include_tax: true,
    tax_policy: TaxPolicy::PerLine,
    cash_step: None,
    cash_mode: NEAREST,
    cash_exact: false,
    denominations: EURO,
    receipt_duty: ReceiptDuty::OnRequest,
    receipt_note: "A customer who asks gets a receipt.",
    retention_years: 10,
    languages: "en",
    price_display: "kg|100 g|l",
    legal_lines: "",
    min_ages: AGE_18,
    status: NO_FISCAL_LAW,
};

/// All packs. A test holds that each can be built and that the codes are in order.
pub(super) const ROWS: &[Row] = &[
    Row {
        code: "AE",
        name: "United Arab Emirates",
        currency: "AED",
        taxes: &[
            ("standard", "VAT 5 %", "5", "most goods"),
            ("zero", "VAT 0 %", "0", "exports, some health and education"),
            EXEMPT,
            NONE,
        ],
        // 25 fils is the smallest coin in use; rounding to it is the shops' practice.
        cash_step: Some((25, true)),
        denominations: &[
            100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100, 50, 25,
        ],
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "A registered seller issues a (simplified) tax invoice for every sale.",
        retention_years: 5,
        languages: "ar|en",
        price_display: "kg|l",
        legal_lines: "Tax Invoice|TRN: ",
        min_ages: &[("alcohol", 21), ("tobacco", 18)],
        status: "No certified till is asked for today; electronic invoicing is being phased in from 2026, first between businesses.",
        ..BASE
    },
    Row {
        code: "AT",
        name: "Austria",
        taxes: &[
            ("standard", "20 % USt", "20", "most goods, drinks"),
            (
                "reduced",
                "10 % USt",
                "10",
                "food, books; a lower rate for basic food is announced for July 2026",
            ),
            ("reduced_2", "13 % USt", "13", "cut flowers, wine from the grower"),
            EXEMPT,
            NONE,
        ],
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "Every customer must be handed a receipt and take it along.",
        retention_years: 7,
        languages: "de",
        min_ages: AGE_16_18,
        status: "Above a small turnover a till with a signature unit is required (RKSV), with a data log and monthly zero receipts. Barrow has no signature unit and is not certified.",
        ..BASE
    },
    Row {
        code: "AU",
        name: "Australia",
        currency: "AUD",
        taxes: &[
            ("standard", "GST 10 %", "10", "most goods"),
            ("zero", "GST free", "0", "basic food"),
            NONE,
        ],
        // 1 and 2 cent coins were withdrawn in 1992; the Royal Australian Mint recommends the nearest 5 cents.
        cash_step: FIVE_CENTS_IF_SHOP_LIKES,
        denominations: &[10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5],
        receipt_note: "A proof of transaction is owed from 75 dollars (without GST), and below when the customer asks.",
        retention_years: 5,
        languages: "en-AU",
        legal_lines: "Tax Invoice|ABN: ",
        ..BASE
    },
    Row {
        code: "BE",
        name: "Belgium",
        taxes: &[
            ("standard", "21 %", "21", "most goods, drinks with alcohol"),
            ("reduced", "6 %", "6", "food, books"),
            ("reduced_2", "12 %", "12", "meals"),
            EXEMPT,
            NONE,
        ],
        // Book VI Code of Economic Law art. VI.7/1: cash totals to the nearest 5 cents, duty since 1 December 2019.
        cash_step: FIVE_CENTS,
        languages: "nl|fr|de",
        min_ages: AGE_16_18,
        status: "Places that serve meals need a registered cash register system (GKS/SCE) above a threshold. Barrow is not one.",
        ..BASE
    },
    Row {
        code: "CA",
        name: "Canada",
        currency: "CAD",
        taxes: &[
            (
                "standard",
                "GST 5 %",
                "5",
                "most goods; add the tax of your province, or HST instead",
            ),
            ("zero", "Zero-rated", "0", "basic groceries"),
            EXEMPT,
            NONE,
        ],
        prices_include_tax: false,
        tax_policy: TaxPolicy::PerDocument,
        // The cent is no longer distributed since 4 February 2013; the government's guideline is the nearest 5 cents
        // on the total in cash, after tax.
        cash_step: FIVE_CENTS_IF_SHOP_LIKES,
        denominations: &[10_000, 5_000, 2_000, 1_000, 500, 200, 100, 25, 10, 5],
        retention_years: 6,
        languages: "en-CA|fr-CA",
        price_display: "kg|lb|100 g",
        min_ages: &[("alcohol", 19), ("tobacco", 19), ("cannabis", 19)],
        status: "No federal law asks for a certified till. Quebec asks restaurants, bars and passenger transport for a certified sales recording system. Barrow is not one.",
        ..BASE
    },
    Row {
        code: "CH",
        name: "Switzerland",
        currency: "CHF",
        taxes: &[
            ("standard", "8.1 % MWST", "8.1", "most goods, alcohol"),
            ("reduced", "2.6 % MWST", "2.6", "food, books"),
            ("reduced_2", "3.8 % MWST", "3.8", "lodging"),
            EXEMPT,
            NONE,
        ],
        // The 5 centime piece is the smallest coin (Currency Ordinance); cash totals follow it by custom.
        cash_step: FIVE_CENTS,
        denominations: &[
            100_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5,
        ],
        languages: "de-CH|fr-CH|it-CH|rm",
        min_ages: AGE_16_18,
        ..BASE
    },
    Row {
        code: "DE",
        name: "Germany",
        taxes: &[
            ("standard", "19 % MwSt", "19", "most goods, drinks"),
            ("reduced", "7 % MwSt", "7", "food, books, meals since 2026"),
            ("zero", "0 % MwSt", "0", "solar panels"),
            EXEMPT,
            NONE,
        ],
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "Whoever records sales electronically must hand every customer a receipt, on paper or, if they agree, electronically.",
        languages: "de",
        min_ages: AGE_16_18,
        status: "An electronic till needs a certified technical security device (TSE) and must be registered with the tax office. Barrow has none yet and is not certified: use it only where that duty does not apply, or as a price list.",
        ..BASE
    },
    Row {
        code: "DK",
        name: "Denmark",
        currency: "DKK",
        taxes: &[("standard", "25 % moms", "25", "all goods"), EXEMPT, NONE],
        // Payment Act: cash totals to the nearest 50 øre, 25 to 74 øre become 50 (the 25 øre coin ended in 2008).
        cash_step: Some((50, false)),
        denominations: &[50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50],
        receipt_duty: ReceiptDuty::Offer,
        receipt_note: "Every customer must be offered a receipt.",
        retention_years: 5,
        languages: "da",
        min_ages: &[
            ("alcohol up to 6 %", 16),
            ("alcohol above 6 %", 18),
            ("tobacco", 18),
        ],
        status: "Some trades may be ordered to use a digital sales registration system. Barrow is not one.",
        ..BASE
    },
    Row {
        code: "EE",
        name: "Estonia",
        taxes: &[
            ("standard", "KM 24 %", "24", "most goods, food"),
            ("reduced", "KM 9 %", "9", "books, medicines, newspapers"),
            ("reduced_2", "KM 13 %", "13", "lodging"),
            EXEMPT,
            NONE,
        ],
        // Eesti Pank: the basket in cash to the nearest 5 cents, refunds in cash too, since 1 January 2025.
        cash_step: FIVE_CENTS,
        retention_years: 7,
        languages: "et|ru|en",
        ..BASE
    },
    Row {
        code: "ES",
        name: "Spain",
        taxes: &[
            ("standard", "IVA 21 %", "21", "most goods"),
            ("reduced", "IVA 10 %", "10", "food, meals"),
            (
                "super_reduced",
                "IVA 4 %",
                "4",
                "bread, milk, fruit, vegetables, books",
            ),
            EXEMPT,
            NONE,
        ],
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "A (simplified) invoice is owed for every sale.",
        retention_years: 6,
        languages: "es|ca|eu|gl",
        legal_lines: "Factura simplificada|NIF: ",
        status: "Till software must follow Veri*factu from 2027, and TicketBAI in the Basque provinces already. Barrow follows neither yet. The Canary Islands, Ceuta and Melilla have taxes of their own.",
        ..BASE
    },
    Row {
        code: "FI",
        name: "Finland",
        taxes: &[
            ("standard", "ALV 25,5 %", "25.5", "most goods"),
            ("reduced", "ALV 13,5 %", "13.5", "food, meals, books"),
            ("reduced_2", "ALV 10 %", "10", "newspapers, public broadcasting"),
            EXEMPT,
            NONE,
        ],
        // Act 890/2000 on rounding in payments in euro: cash totals to the nearest 5 cents; 1 and 2 cent coins are
        // not issued.
        cash_step: FIVE_CENTS,
        denominations: &[20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5],
        receipt_duty: ReceiptDuty::Offer,
        receipt_note: "Every customer who pays in cash must be offered a receipt; sales at open-air markets are exempt.",
        retention_years: 6,
        languages: "fi|sv",
        min_ages: &[
            ("alcohol up to 22 %", 18),
            ("stronger alcohol", 20),
            ("tobacco", 18),
        ],
        ..BASE
    },
    Row {
        code: "FR",
        name: "France",
        taxes: &[
            ("standard", "TVA 20 %", "20", "most goods, alcohol"),
            ("reduced", "TVA 5,5 %", "5.5", "food, books"),
            ("reduced_2", "TVA 10 %", "10", "meals and food to eat at once"),
            ("super_reduced", "TVA 2,1 %", "2.1", "newspapers, some medicines"),
            EXEMPT,
            NONE,
        ],
        receipt_note: "Since August 2023 a paper receipt is printed only when the customer asks; a note is owed for services from 25 euro.",
        languages: "fr",
        status: "Sellers who are registered for VAT need till software with an attestation or a certificate (NF525, LNE) that records can't be altered. Barrow has neither yet.",
        ..BASE
    },
    Row {
        code: "GB",
        name: "United Kingdom",
        currency: "GBP",
        taxes: &[
            ("standard", "VAT 20 %", "20", "most goods, hot food, sweets"),
            ("reduced", "VAT 5 %", "5", "domestic energy, child seats"),
            ("zero", "VAT 0 %", "0", "most food, books, children's clothes"),
            EXEMPT,
            NONE,
        ],
        denominations: &[5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
        receipt_note: "A registered seller gives a VAT receipt to a customer who asks.",
        retention_years: 6,
        languages: "en-GB|cy",
        legal_lines: "VAT No: ",
        min_ages: &[
            ("alcohol", 18),
            ("tobacco and vapes", 18),
            ("knives", 18),
            ("fireworks", 18),
        ],
        ..BASE
    },
    Row {
        code: "IE",
        name: "Ireland",
        taxes: &[
            ("standard", "VAT 23 %", "23", "most goods, alcohol"),
            (
                "reduced",
                "VAT 13.5 %",
                "13.5",
                "meals until June 2026, some services",
            ),
            ("reduced_2", "VAT 9 %", "9", "newspapers, meals from July 2026"),
            ("zero", "VAT 0 %", "0", "most food, books, children's clothes"),
            EXEMPT,
            NONE,
        ],
        // Central Bank of Ireland, 28 October 2015: the total in cash to the nearest 5 cents, voluntary; a
        // customer who asks gets the exact change.
        cash_step: FIVE_CENTS_IF_SHOP_LIKES,
        cash_exact: true,
        retention_years: 6,
        languages: "en-IE|ga",
        ..BASE
    },
    Row {
        code: "IN",
        name: "India",
        currency: "INR",
        taxes: &[
            (
                "standard",
                "GST 18 %",
                "18",
                "most goods; half is CGST, half SGST",
            ),
            ("reduced", "GST 5 %", "5", "food in packets, medicines"),
            ("luxury", "GST 40 %", "40", "sugary drinks, tobacco, luxury goods"),
            ("zero", "GST 0 %", "0", "fresh food, books"),
            EXEMPT,
            NONE,
        ],
        // Coins below one rupee are not in use; bills in cash are rounded by custom.
        cash_step: Some((100, true)),
        denominations: &[50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100],
        receipt_duty: ReceiptDuty::Offer,
        receipt_note: "A bill is owed from 200 rupees, and below when the customer asks.",
        retention_years: 6,
        languages: "en-IN|hi|bn|ta|te|mr",
        legal_lines: "GSTIN: ",
        min_ages: &[("alcohol (25 in some states)", 21), ("tobacco", 18)],
        ..BASE
    },
    Row {
        code: "IT",
        name: "Italy",
        taxes: &[
            ("standard", "IVA 22 %", "22", "most goods"),
            ("reduced", "IVA 10 %", "10", "much food, meals"),
            ("reduced_2", "IVA 5 %", "5", "herbs, truffles"),
            (
                "super_reduced",
                "IVA 4 %",
                "4",
                "bread, milk, fruit, vegetables, books",
            ),
            EXEMPT,
            NONE,
        ],
        // Decree-law 50/2017 art. 13-quater: a total paid wholly in cash to the nearest 5 cents, since 2018.
        cash_step: FIVE_CENTS,
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "A commercial document is owed for every sale.",
        languages: "it|de",
        legal_lines: "Documento commerciale di vendita o prestazione|P. IVA: ",
        status: "Sales must be sent to the revenue agency daily by a telematic recorder or its online procedure, which from 2026 is linked with the card terminal. Barrow is not such a recorder.",
        ..BASE
    },
    Row {
        code: "JP",
        name: "Japan",
        currency: "JPY",
        taxes: &[
            ("standard", "消費税 10 %", "10", "most goods, meals, alcohol"),
            (
                "reduced",
                "消費税 8 %",
                "8",
                "food and drinks to take away, newspapers",
            ),
            EXEMPT,
            NONE,
        ],
        // A qualified invoice has one rounding per rate (Consumption Tax Act); most shops drop fractions.
        tax_policy: TaxPolicy::PerDocument,
        denominations: &[10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1],
        receipt_note: "A customer who pays may ask for a receipt (Civil Code art. 486).",
        retention_years: 7,
        languages: "ja",
        price_display: "100 g|kg",
        legal_lines: "登録番号: T",
        min_ages: &[("alcohol", 20), ("tobacco", 20)],
        ..BASE
    },
    Row {
        code: "KW",
        name: "Kuwait",
        currency: "KWD",
        taxes: &[("none", "No tax", "0", "everything: there is no VAT")],
        // 5 fils is the smallest coin.
        cash_step: Some((5, true)),
        denominations: &[20_000, 10_000, 5_000, 1_000, 500, 250, 100, 50, 20, 10, 5],
        languages: "ar|en",
        price_display: "kg|l",
        min_ages: &[("tobacco", 18)],
        ..BASE
    },
    Row {
        code: "LT",
        name: "Lithuania",
        taxes: &[
            ("standard", "PVM 21 %", "21", "most goods, food"),
            ("reduced", "PVM 12 %", "12", "lodging, culture, since 2026"),
            ("reduced_2", "PVM 5 %", "5", "books, medicines"),
            EXEMPT,
            NONE,
        ],
        // Law on rounding of cash payments: the basket to the nearest 5 cents, since 1 May 2025.
        cash_step: FIVE_CENTS,
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "Every customer must be handed a receipt.",
        languages: "lt",
        min_ages: &[("alcohol", 20), ("tobacco", 20)],
        status: "A registered cash register or virtual till that sends its data to the tax office (i.EKA) is required. Barrow is not one.",
        ..BASE
    },
    Row {
        code: "LV",
        name: "Latvia",
        taxes: &[
            ("standard", "PVN 21 %", "21", "most goods, food"),
            (
                "reduced",
                "PVN 12 %",
                "12",
                "medicines; some basic food for a time from July 2026",
            ),
            ("reduced_2", "PVN 5 %", "5", "local fruit and vegetables, books"),
            EXEMPT,
            NONE,
        ],
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "Every customer must be handed a receipt.",
        languages: "lv|ru",
        min_ages: &[("alcohol", 20), ("tobacco", 20)],
        status: "A cash register that is registered with the revenue service is required. Barrow is not one. Rounding of cash is proposed and not yet law.",
        ..BASE
    },
    Row {
        code: "MX",
        name: "Mexico",
        currency: "MXN",
        taxes: &[
            ("standard", "IVA 16 %", "16", "most goods; 8 % near the borders"),
            ("zero", "IVA 0 %", "0", "food, medicines, books"),
            EXEMPT,
            NONE,
        ],
        // Ley Monetaria art. 3: payments in cash to the nearest 5 centavos.
        cash_step: FIVE_CENTS,
        denominations: &[
            100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5,
        ],
        receipt_note: "A customer who asks gets a receipt, and a CFDI invoice by its details.",
        retention_years: 5,
        languages: "es-MX",
        legal_lines: "RFC: ",
        status: "Invoices (CFDI) are stamped by an authorised provider; sales to the public are stamped in sum. Barrow does neither.",
        ..BASE
    },
    Row {
        code: "NL",
        name: "Netherlands",
        taxes: &[
            ("standard", "21 % btw", "21", "most goods, alcohol"),
            ("reduced", "9 % btw", "9", "food, books, meals"),
            ("zero", "0 % btw", "0", "exports"),
            EXEMPT,
            NONE,
        ],
        // De Nederlandsche Bank: shops may round cash totals to the nearest 5 cents, since 2004, if they say so.
        cash_step: FIVE_CENTS_IF_SHOP_LIKES,
        retention_years: 7,
        languages: "nl",
        ..BASE
    },
    Row {
        code: "NO",
        name: "Norway",
        currency: "NOK",
        taxes: &[
            ("standard", "25 % mva", "25", "most goods, meals"),
            ("reduced", "15 % mva", "15", "food"),
            ("reduced_2", "12 % mva", "12", "transport, lodging, cinema"),
            ("zero", "0 % mva", "0", "books, newspapers"),
            EXEMPT,
            NONE,
        ],
        // The 50 øre coin ended on 1 May 2012; cash totals go to the nearest krone.
        cash_step: Some((100, false)),
        denominations: &[100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100],
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "A receipt must be made for every cash sale and offered.",
        retention_years: 5,
        languages: "nb|nn",
        min_ages: &[("beer and wine", 18), ("spirits", 20), ("tobacco", 18)],
        status: "A cash register system needs its maker's product declaration (Cash Register Systems Act). Barrow has none.",
        ..BASE
    },
    Row {
        code: "NZ",
        name: "New Zealand",
        currency: "NZD",
        taxes: &[
            ("standard", "GST 15 %", "15", "all goods"),
            ("zero", "GST 0 %", "0", "exports"),
            EXEMPT,
            NONE,
        ],
        // The 5 cent coin ended on 31 October 2006. The Reserve Bank leaves the rule to the shops; most round 5 down.
        cash_step: Some((10, true)),
        cash_mode: Rounding::HalfDown,
        denominations: &[10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10],
        retention_years: 7,
        languages: "en-NZ|mi",
        legal_lines: "GST No: ",
        ..BASE
    },
    Row {
        code: "PL",
        name: "Poland",
        currency: "PLN",
        taxes: &[
            ("standard", "PTU A 23 %", "23", "most goods"),
            ("reduced", "PTU B 8 %", "8", "meals, medicines"),
            ("reduced_2", "PTU C 5 %", "5", "food, books"),
            ("zero", "PTU D 0 %", "0", "exports"),
            EXEMPT,
            NONE,
        ],
        denominations: &[
            50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1,
        ],
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "Every customer must be handed the fiscal receipt.",
        retention_years: 5,
        languages: "pl",
        legal_lines: "NIP: ",
        status: "Sales to consumers need a fiscal cash register that is online with the tax office, above a small turnover. Barrow is not one.",
        ..BASE
    },
    Row {
        code: "SE",
        name: "Sweden",
        currency: "SEK",
        taxes: &[
            ("standard", "Moms 25 %", "25", "most goods, alcohol"),
            (
                "reduced",
                "Moms 6 %",
                "6",
                "food from April 2026 to December 2027 (12 % before and after), books",
            ),
            ("reduced_2", "Moms 12 %", "12", "meals, lodging"),
            EXEMPT,
            NONE,
        ],
        // Act 1970:1029: cash totals to the nearest krona, since the 50 öre coin ended on 30 September 2010.
        cash_step: Some((100, false)),
        denominations: &[
            100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100,
        ],
        receipt_duty: ReceiptDuty::Always,
        receipt_note: "Every customer must be offered a receipt, on paper or electronically.",
        retention_years: 7,
        languages: "sv",
        min_ages: &[
            ("beer up to 3.5 %", 18),
            ("alcohol by licence", 18),
            ("tobacco", 18),
        ],
        status: "Above a small turnover a certified cash register with a control unit is required, at markets too. Barrow is not one.",
        ..BASE
    },
    Row {
        code: "US",
        name: "United States",
        currency: "USD",
        taxes: &[
            (
                "standard",
                "Sales tax",
                "0",
                "enter the rate of your state, county and city",
            ),
            EXEMPT,
            NONE,
        ],
        prices_include_tax: false,
        tax_policy: TaxPolicy::PerDocument,
        // The cent is no longer struck for circulation since November 2025 and stays legal tender; no federal law
        // on rounding yet, states are setting their own.
        cash_step: FIVE_CENTS_IF_SHOP_LIKES,
        cash_exact: true,
        denominations: &[10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25, 10, 5, 1],
        retention_years: 7,
        languages: "en-US|es-US",
        price_display: "lb|oz|each",
        min_ages: &[("alcohol", 21), ("tobacco and vapes", 21)],
        ..BASE
    },
    Row {
        code: "ZA",
        name: "South Africa",
        currency: "ZAR",
        taxes: &[
            ("standard", "VAT 15 %", "15", "most goods"),
            ("zero", "VAT 0 %", "0", "basic food"),
            EXEMPT,
            NONE,
        ],
        // The 5 cent coin is not struck since 2012; shops round cash down to 10 cents, in favour of the customer.
        cash_step: Some((10, true)),
        cash_mode: Rounding::Down,
        denominations: &[20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10],
        receipt_duty: ReceiptDuty::Offer,
        receipt_note: "A registered seller owes a tax invoice from 50 rand.",
        retention_years: 5,
        languages: "en-ZA|af|zu|xh",
        legal_lines: "Tax Invoice|VAT No: ",
        ..BASE
    },
];
