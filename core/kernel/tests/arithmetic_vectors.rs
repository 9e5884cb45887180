//! Worked figures that other systems publish as facts: tax chains, allocation, cash rounding, currencies.

// The helpers of a test are tests too; a wrong literal here should stop them.
#![allow(clippy::unwrap_used)]

use barrow_kernel::allocate::allocate;
use barrow_kernel::cash::{CashRounding, RefundRounding, cash_due, make_change};
use barrow_kernel::log::id::TaxId;
use barrow_kernel::money::Currency;
use barrow_kernel::price::{
    Discount, LineInput, PriceError, PricePolicy, Priced, exact_line, exact_lines, price,
};
use barrow_kernel::quantity::{Quantity, UnitPrice};
use barrow_kernel::rounding::Rounding;
use barrow_kernel::tax::{Tax, TaxClass, TaxKind, TaxPolicy, adapt_price};
use rust_decimal::Decimal;

fn currency(code: &str) -> Currency {
    code.parse().unwrap()
}

fn tax(kind: TaxKind) -> Tax {
    Tax {
        id: TaxId::from_number(1),
        name: String::new(),
        kind,
        price_include: false,
        include_base_amount: false,
        is_base_affected: true,
        sequence: 0,
        group: String::new(),
        class: TaxClass::Taxed,
    }
}

fn percent(rate: &str) -> Tax {
    tax(TaxKind::Percent(rate.parse().unwrap()))
}

fn fixed(levy: &str) -> Tax {
    tax(TaxKind::Fixed(levy.parse().unwrap()))
}

fn division(rate: &str) -> Tax {
    tax(TaxKind::Division(rate.parse().unwrap()))
}

fn group(children: &[&Tax]) -> Tax {
    tax(TaxKind::Group(
        children.iter().map(|tax| (*tax).clone()).collect(),
    ))
}

/// Short ways to set the flags of a tax.
trait Flags {
    fn incl(self) -> Self;
    fn joins(self) -> Self;
    fn alone(self) -> Self;
    fn at(self, sequence: i32) -> Self;
}

impl Flags for Tax {
    fn incl(self) -> Self {
        Self {
            price_include: true,
            ..self
        }
    }
    fn joins(self) -> Self {
        Self {
            include_base_amount: true,
            ..self
        }
    }
    fn alone(self) -> Self {
        Self {
            is_base_affected: false,
            ..self
        }
    }
    fn at(self, sequence: i32) -> Self {
        Self { sequence, ..self }
    }
}

/// Numbers the taxes so that each has its own total.
fn numbered(taxes: &[&Tax]) -> Vec<Tax> {
    let own = |(n, tax): (usize, &&Tax)| Tax {
        id: TaxId::from_number(n as u128 + 1),
        ..(*tax).clone()
    };
    taxes.iter().enumerate().map(own).collect()
}

fn line<'a>(quantity: &str, unit_price: &str, taxes: &'a [Tax]) -> LineInput<'a> {
    LineInput {
        quantity: quantity.parse().unwrap(),
        unit_price: unit_price.parse().unwrap(),
        amount_minor: None,
        offer_minor: 0,
        discounts: &[],
        taxes,
        discountable: true,
    }
}

const PER_LINE: PricePolicy = PricePolicy {
    tax_policy: TaxPolicy::PerLine,
    rounding: Rounding::HalfAwayFromZero,
    tax_rounding: Rounding::HalfAwayFromZero,
};
const PER_DOCUMENT: PricePolicy = PricePolicy {
    tax_policy: TaxPolicy::PerDocument,
    ..PER_LINE
};

/// Base, total and (base, amount) of each tax, as text.
type Expected<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// Checks one line rounded per line, and its mirror image.
#[track_caller]
fn rounded(code: &str, taxes: &[&Tax], quantity: &str, unit_price: &str, expected: Expected<'_>) {
    let taxes = numbered(taxes);
    let currency = currency(code);
    let line = line(quantity, unit_price, &taxes);
    let (base, total, each) = expected;
    for sign in [1, -1] {
        let line = LineInput {
            quantity: if sign < 0 {
                line.quantity.negated()
            } else {
                line.quantity
            },
            ..line
        };
        let priced = price(currency, &PER_LINE, &[line], &[]).unwrap();
        let text = |minor: i64| currency.format(minor * sign);
        let got: Vec<_> = priced.lines[0]
            .taxes
            .iter()
            .map(|tax| (text(tax.base_minor), text(tax.amount_minor)))
            .collect();
        let want: Vec<_> = each
            .iter()
            .map(|(base, amount)| (base.to_string(), amount.to_string()))
            .collect();
        assert_eq!(got, want, "taxes");
        assert_eq!(
            (
                text(priced.base_minor).as_str(),
                text(priced.total_minor).as_str()
            ),
            (base, total)
        );
        assert_eq!(priced.base_minor + priced.tax_minor, priced.total_minor);
    }
}

/// Checks the unrounded figures of one line, shown to six places.
#[track_caller]
fn exact(taxes: &[&Tax], quantity: &str, unit_price: &str, expected: Expected<'_>) {
    let taxes = numbered(taxes);
    let got = exact_line(
        currency("EUR"),
        &PER_DOCUMENT,
        &line(quantity, unit_price, &taxes),
    )
    .unwrap();
    let same = |got: Decimal, want: &str| {
        let away = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
        assert_eq!(
            got.round_dp_with_strategy(6, away),
            want.parse::<Decimal>().unwrap()
        );
    };
    let (base, total, each) = expected;
    assert_eq!(got.taxes.len(), each.len());
    for (tax, (base, amount)) in got.taxes.iter().zip(each) {
        same(tax.base, base);
        same(tax.amount, amount);
    }
    same(got.base, base);
    same(got.total, total);
}

#[test]
fn taxes_follow_their_sequence_and_groups_open() {
    let (levy, ten) = (fixed("10").at(2), percent("10").at(3));
    let bundle = group(&[&levy, &ten]).at(4);
    let chain = [("200.00", "22.22"), ("200.00", "10.00"), ("200.00", "20.00")];
    rounded(
        "EUR",
        &[&bundle, &division("10").at(1)],
        "1",
        "200",
        ("200.00", "252.22", &chain),
    );
    let (none, eight) = (percent("0").incl(), percent("8").incl());
    let (a, b) = (group(&[&none]).at(5), group(&[&eight]).at(6));
    let shared = [("115.19", "0.00"), ("115.19", "9.21")];
    rounded("EUR", &[&a, &b], "1", "124.40", ("115.19", "124.40", &shared));
    rounded("EUR", &[&b, &a], "8", "15.55", ("115.19", "124.40", &shared));
    let joining = fixed("10").joins();
    let inner = group(&[&joining, &percent("10").at(1)]);
    let nested = group(&[&inner, &inner]);
    let chain = [
        ("200.00", "10.00"),
        ("210.00", "21.00"),
        ("210.00", "10.00"),
        ("220.00", "22.00"),
    ];
    rounded("EUR", &[&nested], "1", "200", ("200.00", "263.00", &chain));
}

#[test]
fn included_percents_are_taken_out() {
    for (code, rate, unit_price, base, amount) in [
        ("EUR", "12", "52.50", "46.87", "5.63"),
        ("EUR", "21", "11.90", "9.83", "2.07"),
        ("EUR", "21", "2.80", "2.31", "0.49"),
        ("EUR", "21", "7.00", "5.79", "1.21"),
        ("XYZ:6", "21", "7.000000", "5.785124", "1.214876"),
        ("XYZ:6", "20", "399.999999", "333.333332", "66.666667"),
        ("CLP", "19", "27000", "22689", "4311"),
        ("CLP", "19", "10920", "9176", "1744"),
        ("KWD", "5", "1.000", "0.952", "0.048"),
        ("CLF", "19", "1.0000", "0.8403", "0.1597"),
        ("JPY", "8", "108", "100", "8"),
        ("JPY", "10", "999", "908", "91"),
    ] {
        rounded(
            code,
            &[&percent(rate).incl()],
            "1",
            unit_price,
            (base, unit_price, &[(base, amount)]),
        );
    }
    rounded(
        "CLP",
        &[&percent("19")],
        "1",
        "22689",
        ("22689", "27000", &[("22689", "4311")]),
    );
    rounded(
        "CLP",
        &[&percent("19")],
        "1",
        "9176",
        ("9176", "10919", &[("9176", "1743")]),
    );
    let ten = percent("10").incl();
    let two = [("83.34", "8.33"), ("83.34", "8.33")];
    rounded("EUR", &[&ten, &ten], "1", "100", ("83.34", "100.00", &two));
    let (eight, none) = (percent("8").incl(), percent("0").incl());
    rounded(
        "EUR",
        &[&eight, &none],
        "1",
        "124.40",
        ("115.19", "124.40", &[("115.19", "9.21"), ("115.19", "0.00")]),
    );
}

#[test]
fn unrounded_figures_are_exact() {
    let eight = [("115.185185", "9.214815"), ("115.185185", "0")];
    exact(
        &[&percent("8").incl(), &percent("0").incl()],
        "1",
        "124.40",
        ("115.185185", "124.4", &eight),
    );
    for (rate, unit_price, base, amount) in [
        ("5", "5", "4.761905", "0.238095"),
        ("5", "10", "9.52381", "0.47619"),
        ("5", "50", "47.619048", "2.380952"),
        ("12", "52.50", "46.875", "5.625"),
        ("19", "27000", "22689.07563", "4310.92437"),
        ("19", "10920", "9176.470588", "1743.529412"),
        ("21", "11.90", "9.834711", "2.065289"),
        ("21", "2.80", "2.31405", "0.48595"),
    ] {
        exact(
            &[&percent(rate).incl()],
            "1",
            unit_price,
            (base, unit_price, &[(base, amount)]),
        );
    }
    exact(
        &[&percent("19")],
        "1",
        "22689",
        ("22689", "26999.91", &[("22689", "4310.91")]),
    );
    let mixed = [("2180.094787", "327.014218"), ("2180.094787", "119.905213")];
    exact(
        &[&percent("15"), &percent("5.5").incl()],
        "1",
        "2300",
        ("2180.094787", "2627.014218", &mixed),
    );
    // Beyond the cent: the unit price itself is not rounded either.
    let tiny = [("333.333333", "66.666667")];
    exact(
        &[&percent("20").incl()],
        "1",
        "399.999999",
        ("333.333333", "399.999999", &tiny),
    );
}

#[test]
fn mixed_and_withheld_percents() {
    let mixed = [("2180.09", "327.01"), ("2180.09", "119.91")];
    rounded(
        "EUR",
        &[&percent("15"), &percent("5.5").incl()],
        "1",
        "2300",
        ("2180.09", "2627.01", &mixed),
    );
    let chain = [("50.00", "-10.00"), ("50.00", "2.00"), ("52.00", "11.44")];
    rounded(
        "EUR",
        &[&percent("-20"), &percent("4").joins(), &percent("22")],
        "1",
        "50",
        ("50.00", "53.44", &chain),
    );
    let ten = percent("10");
    let (first, on_top, inside) = (ten.clone().incl().joins(), ten.clone(), ten.incl());
    let bases = [
        ("100.00", "10.00"),
        ("110.00", "11.00"),
        ("110.00", "11.00"),
        ("110.00", "11.00"),
        ("110.00", "11.00"),
    ];
    let chain = [&first, &on_top, &inside, &on_top, &inside];
    rounded("EUR", &chain, "1", "132", ("100.00", "154.00", &bases));
    rounded(
        "EUR",
        &[&percent("-100").incl()],
        "1",
        "10",
        ("10.00", "10.00", &[("10.00", "0.00")]),
    );
}

#[test]
fn a_tax_may_join_the_base_of_later_ones() {
    let (six, three) = (percent("6"), percent("3"));
    let joining = six.clone().joins();
    for (taxes, unit_price, base, total, each) in [
        (
            [&six, &six, &three],
            "100",
            "100",
            "115",
            [("100", "6"), ("100", "6"), ("100", "3")],
        ),
        (
            [&joining, &six, &three],
            "100",
            "100",
            "115.54",
            [("100", "6"), ("106", "6.36"), ("106", "3.18")],
        ),
        (
            [&joining, &six.clone().alone(), &three],
            "100",
            "100",
            "115.18",
            [("100", "6"), ("100", "6"), ("106", "3.18")],
        ),
        (
            [&joining, &joining, &three],
            "100",
            "100",
            "115.7308",
            [("100", "6"), ("106", "6.36"), ("112.36", "3.3708")],
        ),
        (
            [&joining, &joining.clone().alone(), &three],
            "100",
            "100",
            "115.36",
            [("100", "6"), ("100", "6"), ("112", "3.36")],
        ),
        (
            [&joining.clone().incl(), &joining.clone().alone().incl(), &three],
            "112",
            "100",
            "115.36",
            [("100", "6"), ("100", "6"), ("112", "3.36")],
        ),
        (
            [&joining.clone().incl(), &six.clone().alone(), &three],
            "106",
            "100",
            "115.18",
            [("100", "6"), ("100", "6"), ("106", "3.18")],
        ),
        (
            [&joining.clone().incl(), &six, &three],
            "106",
            "100",
            "115.54",
            [("100", "6"), ("106", "6.36"), ("106", "3.18")],
        ),
        (
            [&six.clone().incl(), &six, &three],
            "106",
            "100",
            "115",
            [("100", "6"), ("100", "6"), ("100", "3")],
        ),
    ] {
        exact(&taxes, "1", unit_price, (base, total, &each));
    }
    let (a, b) = (joining.clone().incl(), joining.alone().incl());
    exact(
        &[&a, &b],
        "1",
        "17.79",
        ("15.883929", "17.79", &[("15.883929", "0.953036"); 2]),
    );
    rounded(
        "EUR",
        &[&a, &b],
        "1",
        "17.79",
        ("15.89", "17.79", &[("15.89", "0.95"); 2]),
    );
    exact(
        &[&a.alone(), &b],
        "1",
        "200",
        ("178.571429", "200", &[("178.571429", "10.714286"); 2]),
    );
}

#[test]
fn divisions_share_the_price() {
    let rates = ["5", "3", "0.65", "9", "15"];
    let on_top: Vec<Tax> = rates.iter().map(|rate| division(rate)).collect();
    let inside: Vec<Tax> = rates.iter().map(|rate| division(rate).incl()).collect();
    let (on_top, inside): (Vec<&Tax>, Vec<&Tax>) = (on_top.iter().collect(), inside.iter().collect());
    let amounts =
        ["2.400148", "1.440089", "0.312019", "4.320267", "7.200445"].map(|amount| ("32.33", amount));
    exact(&on_top, "1", "32.33", ("32.33", "48.00297", &amounts));
    let amounts = ["2.4", "1.44", "0.312", "4.32", "7.2"].map(|amount| ("32.328", amount));
    exact(&inside, "1", "48", ("32.328", "48", &amounts));
    let amounts = ["2.40", "1.44", "0.31", "4.32", "7.20"].map(|amount| ("32.33", amount));
    rounded("BRL", &on_top, "1", "32.33", ("32.33", "48.00", &amounts));
    rounded("BRL", &inside, "1", "48", ("32.33", "48.00", &amounts));
    rounded(
        "EUR",
        &[&division("100").incl()],
        "1",
        "100",
        ("0.00", "100.00", &[("0.00", "100.00")]),
    );
    rounded(
        "EUR",
        &[&division("10").incl().joins()],
        "1",
        "200",
        ("180.00", "200.00", &[("180.00", "20.00")]),
    );
    rounded(
        "EUR",
        &[&division("10")],
        "1",
        "180",
        ("180.00", "200.00", &[("180.00", "20.00")]),
    );
}

#[test]
fn levies_count_units() {
    let (one, vat, two) = (fixed("1"), percent("21"), fixed("2"));
    let (one_in, vat_in) = (one.clone().incl(), vat.clone().incl());
    for (taxes, quantity, unit_price, base, total, each) in [
        (
            [&one, &vat, &two],
            "5",
            "20",
            "100",
            "136",
            [("100", "5"), ("100", "21"), ("100", "10")],
        ),
        (
            [&one.clone().joins(), &vat, &two],
            "5",
            "19",
            "95",
            "131",
            [("95", "5"), ("100", "21"), ("100", "10")],
        ),
        (
            [&one.clone().joins(), &vat_in, &two],
            "1",
            "120",
            "99",
            "123",
            [("99", "1"), ("100", "21"), ("100", "2")],
        ),
        (
            [&one.clone().joins(), &vat_in.clone().joins(), &two],
            "1",
            "120",
            "99",
            "123",
            [("99", "1"), ("100", "21"), ("121", "2")],
        ),
        (
            [&one, &vat_in.clone().joins(), &two],
            "1",
            "121",
            "100",
            "124",
            [("100", "1"), ("100", "21"), ("121", "2")],
        ),
        (
            [&one, &vat.clone().joins(), &two],
            "1",
            "100",
            "100",
            "124",
            [("100", "1"), ("100", "21"), ("121", "2")],
        ),
        (
            [&one_in, &vat_in.clone().joins(), &two],
            "1",
            "122",
            "100",
            "124",
            [("100", "1"), ("100", "21"), ("121", "2")],
        ),
        (
            [&one_in, &vat_in, &two],
            "1",
            "122",
            "100",
            "124",
            [("100", "1"), ("100", "21"), ("100", "2")],
        ),
        (
            [&one_in.clone().joins(), &vat_in.clone().joins(), &two],
            "1",
            "121",
            "99",
            "123",
            [("99", "1"), ("100", "21"), ("121", "2")],
        ),
    ] {
        exact(&taxes, quantity, unit_price, (base, total, &each));
    }
    for (quantity, unit_price, base, total, levy) in [
        ("-2", "-10", "20", "22", "2"),
        ("2", "-10", "-20", "-22", "-2"),
        ("-1", "0", "0", "-1", "-1"),
        ("1", "0", "0", "1", "1"),
        ("0.5", "10", "5", "5.5", "0.5"),
    ] {
        exact(&[&one], quantity, unit_price, (base, total, &[(base, levy)]));
    }
    let cent = fixed("0.05").incl().joins();
    rounded("EUR", &[&cent], "1", "0", ("-0.05", "0.00", &[("-0.05", "0.05")]));
    rounded(
        "EUR",
        &[&fixed("10").incl()],
        "2",
        "100",
        ("180.00", "200.00", &[("180.00", "20.00")]),
    );
}

#[test]
fn the_buyer_owes_a_reverse_charge() {
    let owed = Tax {
        class: TaxClass::ReverseCharge,
        ..percent("21")
    };
    rounded(
        "EUR",
        &[&owed],
        "1",
        "100",
        ("100.00", "100.00", &[("100.00", "0.00")]),
    );
    rounded(
        "EUR",
        &[&owed.incl()],
        "1",
        "100",
        ("100.00", "100.00", &[("100.00", "0.00")]),
    );
}

#[test]
fn one_rounding_for_each_rate_of_a_japanese_invoice() {
    let taxes = numbered(&[&percent("8"), &percent("10")]);
    let down = PricePolicy {
        tax_rounding: Rounding::Down,
        ..PER_DOCUMENT
    };
    let lines = [
        line("1", "101", &taxes[..1]),
        line("3", "99", &taxes[..1]),
        line("7", "13", &taxes[1..]),
    ];
    let priced = price(currency("JPY"), &down, &lines, &[]).unwrap();
    let totals: Vec<_> = priced
        .taxes
        .iter()
        .map(|tax| (tax.base_minor, tax.amount_minor))
        .collect();
    // 8 % of 398 is 31.84, 10 % of 91 is 9.1; by line it would have been 8 + 23 and 9.
    assert_eq!(totals, [(398, 31), (91, 9)]);
    assert_eq!(
        (priced.base_minor, priced.tax_minor, priced.total_minor),
        (489, 40, 529)
    );
    let back = mirrored(&lines, |lines| price(currency("JPY"), &down, lines, &[]).unwrap());
    assert_eq!(
        (back.base_minor, back.tax_minor, back.total_minor),
        (-489, -40, -529)
    );

    let inside = numbered(&[&percent("10").incl()]);
    let lines = [
        line("1", "105", &inside),
        line("1", "105", &inside),
        line("1", "105", &inside),
    ];
    let priced = price(currency("JPY"), &PER_DOCUMENT, &lines, &[]).unwrap();
    // 315 / 11 = 28.6, once; a line alone has 9.5.
    assert_eq!((priced.tax_minor, priced.total_minor), (29, 315));
    assert_eq!(
        priced.lines.iter().map(|line| line.tax_minor).collect::<Vec<_>>(),
        [10, 10, 9]
    );
}

fn mirrored(lines: &[LineInput<'_>], f: impl Fn(&[LineInput<'_>]) -> Priced) -> Priced {
    let back: Vec<_> = lines
        .iter()
        .map(|line| LineInput {
            quantity: line.quantity.negated(),
            ..*line
        })
        .collect();
    f(&back)
}

#[test]
fn documents_rounded_globally() {
    let vat = numbered(&[&percent("19")]);
    let lines = [line("1", "22689", &vat), line("1", "9176", &vat)];
    let by_line = price(currency("CLP"), &PER_LINE, &lines, &[]).unwrap();
    let once = price(currency("CLP"), &PER_DOCUMENT, &lines, &[]).unwrap();
    assert_eq!((by_line.tax_minor, once.tax_minor), (4_311 + 1_743, 6_054));
    let vat = numbered(&[&percent("21").incl()]);
    let lines = [line("1", "11.90", &vat), line("1", "2.80", &vat)];
    let by_line = price(currency("EUR"), &PER_LINE, &lines, &[]).unwrap();
    let once = price(currency("EUR"), &PER_DOCUMENT, &lines, &[]).unwrap();
    assert_eq!((by_line.tax_minor, once.tax_minor), (256, 255));
    assert_eq!(once.base_minor, 1_215);
}

#[test]
fn a_tie_of_thirds_and_sixths_is_a_tie() {
    // Two included taxes whose amounts are 1/3 and 1/6 of a cent short of a half: 50 % and 25 % of 3 and 5 cents.
    let taxes = numbered(&[&percent("50").incl()]);
    let lines = [
        line("1", "0.01", &taxes),
        line("1", "0.01", &taxes),
        line("2.5", "0.01", &taxes),
    ];
    // 1/3 + 1/3 + 1 (from 2.5 cents rounded to 3) = 5/3.
    let priced = price(currency("EUR"), &PER_DOCUMENT, &lines, &[]).unwrap();
    assert_eq!(priced.tax_minor, 2);
    // One id at two rates is two totals; one id in two chains is one total: 1/3 + 1/6 = 1/2 rounds away from zero.
    let third = numbered(&[&percent("50").incl()]);
    let sixth = numbered(&[&percent("50").incl(), &percent("150").incl()]);
    let lines = [line("1", "0.01", &third), line("1", "0.01", &sixth)];
    let priced = price(currency("EUR"), &PER_DOCUMENT, &lines, &[]).unwrap();
    // 50 / 150 = 1/3 and 50 / 300 = 1/6.
    assert_eq!(priced.taxes[0].amount_minor, 1);
    let even = PricePolicy {
        tax_rounding: Rounding::HalfToEven,
        ..PER_DOCUMENT
    };
    assert_eq!(
        price(currency("EUR"), &even, &lines, &[]).unwrap().taxes[0].amount_minor,
        0
    );
}

#[test]
fn prices_move_between_tax_sets() {
    let adapt = |amount: &str, from: &[&Tax], to: &[&Tax]| {
        let unit: UnitPrice = amount.parse().unwrap();
        adapt_price(unit, &numbered(from), &numbered(to), 2, Rounding::default())
            .unwrap()
            .to_string()
    };
    let (levy_in, levy) = (fixed("10").incl(), fixed("10"));
    let (from_in, to_in) = (percent("21").incl(), percent("6").incl());
    let (from, to) = (percent("15"), percent("21"));
    assert_eq!(adapt("121", &[&from_in], &[&to_in]), "106");
    assert_eq!(adapt("100", &[&from], &[&to_in]), "100");
    assert_eq!(adapt("121", &[&from_in], &[&to]), "100");
    assert_eq!(adapt("100", &[&from], &[&to]), "100");
    assert_eq!(adapt("100", &[&levy_in, &from], &[&levy_in, &to_in]), "100");
    assert_eq!(adapt("100", &[&levy, &from_in], &[&levy, &to]), "100");
    assert_eq!(adapt("131", &[&levy_in, &from_in], &[&to_in]), "106");
    assert_eq!(
        adapt("9.99", &[&percent("19").incl()], &[&percent("7").incl()]),
        "8.98"
    );
    assert_eq!(adapt("9.99", &[&percent("19").incl()], &[]), "8.39");
    assert_eq!(adapt("-121", &[&from_in], &[&to_in]), "-106");
}

#[test]
fn discounts_come_in_their_order() {
    let taxes = numbered(&[&percent("20").incl()]);
    let ten = Discount::Percent("10".parse().unwrap());
    let own = [ten, Discount::Amount(50)];
    let lines = [
        LineInput {
            discounts: &own,
            ..line("1", "10.00", &taxes)
        },
        line("2", "5.05", &taxes),
    ];
    let cart = [Discount::Percent("5".parse().unwrap()), Discount::Amount(100)];
    let priced = price(currency("EUR"), &PER_LINE, &lines, &cart).unwrap();
    // 10.00 - 1.00 = 9.00 and 10.10; 5 % of 19.10 leaves 18.145 = 18.15, so 0.95 off: 0.45 and 0.50; then 0.50 off
    // the first (8.05) and 1.00 over 8.05 and 9.60.
    let first = &priced.lines[0];
    assert_eq!(
        (
            first.extended_minor,
            first.line_percent_minor,
            first.cart_percent_minor
        ),
        (1_000, 100, 45)
    );
    assert_eq!(
        (first.line_amount_minor, first.cart_amount_minor, first.net_minor),
        (50, 46, 759)
    );
    let second = &priced.lines[1];
    assert_eq!(
        (
            second.cart_percent_minor,
            second.cart_amount_minor,
            second.net_minor
        ),
        (50, 54, 906)
    );
    assert_eq!((priced.total_minor, priced.discount_minor), (1_665, 345));
}

#[test]
fn no_discount_passes_zero_and_deposits_stay_whole() {
    let big = [Discount::Amount(5_000)];
    let deposit = LineInput {
        discountable: false,
        ..line("1", "0.25", &[])
    };
    let goods = LineInput {
        discounts: &big,
        ..line("1", "3.00", &[])
    };
    let priced = price(
        currency("EUR"),
        &PER_LINE,
        &[goods, deposit],
        &[Discount::Amount(900)],
    )
    .unwrap();
    assert_eq!(
        (
            priced.lines[0].net_minor,
            priced.lines[1].net_minor,
            priced.total_minor
        ),
        (0, 25, 25)
    );
    let back = LineInput {
        quantity: Quantity::from(-1),
        ..goods
    };
    let priced = price(currency("EUR"), &PER_LINE, &[back], &[]).unwrap();
    assert_eq!(
        (priced.lines[0].line_amount_minor, priced.lines[0].net_minor),
        (-300, 0)
    );
    let half = [Discount::Percent("50".parse().unwrap())];
    let priced = price(currency("EUR"), &PER_LINE, &[deposit], &half).unwrap();
    assert_eq!(priced.total_minor, 25);
    let levy = numbered(&[&fixed("0.10")]);
    let all = [Discount::Percent("100".parse().unwrap())];
    let priced = price(currency("EUR"), &PER_LINE, &[line("3", "1", &levy)], &all).unwrap();
    assert_eq!((priced.base_minor, priced.tax_minor), (0, 30));
}

#[test]
fn goods_that_come_back_carry_their_own_percent() {
    let lines = [
        line("1", "10.05", &[]),
        line("-1", "3.33", &[]),
        line("-1", "6.72", &[]),
    ];
    let ten = [Discount::Percent("10".parse().unwrap())];
    let priced = price(currency("EUR"), &PER_LINE, &lines, &ten).unwrap();
    assert_eq!(
        priced.total_minor, 0,
        "10 % of nothing is nothing, and still each line has its 10 %"
    );
    let off: Vec<_> = priced.lines.iter().map(|line| line.cart_percent_minor).collect();
    assert_eq!(off, [100, -33, -67]);
    let lines = [line("1", "10.00", &[]), line("-1", "4.00", &[])];
    let priced = price(currency("EUR"), &PER_LINE, &lines, &[Discount::Amount(900)]).unwrap();
    assert_eq!(
        (
            priced.total_minor,
            priced.lines[0].net_minor,
            priced.lines[1].net_minor
        ),
        (0, 400, -400)
    );
}

#[test]
fn a_scale_states_the_amount_and_offers_come_first() {
    let scale = LineInput {
        amount_minor: Some(499),
        ..line("0.312", "15.99", &[])
    };
    let offer = LineInput {
        offer_minor: 250,
        ..line("3", "1.25", &[])
    };
    let ten = [Discount::Percent("10".parse().unwrap())];
    let priced = price(
        currency("EUR"),
        &PER_LINE,
        &[
            scale,
            LineInput {
                discounts: &ten,
                ..offer
            },
        ],
        &[],
    )
    .unwrap();
    assert_eq!(
        (
            priced.lines[0].net_minor,
            priced.lines[1].offer_minor,
            priced.lines[1].net_minor
        ),
        (499, 250, 113)
    );
    let raise = LineInput {
        offer_minor: -1,
        ..line("1", "1", &[])
    };
    assert_eq!(
        price(currency("EUR"), &PER_LINE, &[raise], &[]),
        Err(PriceError::Offer { line: 0 })
    );
}

#[test]
fn bad_input_is_named() {
    let euro = currency("EUR");
    let too_much = [Discount::Percent("100.5".parse().unwrap())];
    assert_eq!(
        price(euro, &PER_LINE, &[], &too_much),
        Err(PriceError::Discount { line: None })
    );
    let raise = [Discount::Amount(-1)];
    let lines = [LineInput {
        discounts: &raise,
        ..line("1", "1", &[])
    }];
    assert_eq!(
        price(euro, &PER_LINE, &lines, &[]),
        Err(PriceError::Discount { line: Some(0) })
    );
    let huge = [line("1000000000", "90000000000", &[])];
    assert!(matches!(
        price(euro, &PER_LINE, &huge, &[]),
        Err(PriceError::Rounding { line: Some(0), .. })
    ));
    let whole = PricePolicy {
        rounding: Rounding::Exact,
        ..PER_LINE
    };
    assert!(price(euro, &whole, &[line("1", "0.005", &[])], &[]).is_err());
    assert!(price(euro, &whole, &[line("2", "0.005", &[])], &[]).is_ok());
    let wide = Currency {
        code: *b"XYZ",
        digits: 200,
    };
    assert_eq!(price(wide, &PER_LINE, &[], &[]), Err(PriceError::Currency));
    let extremes = [i64::MIN, i64::MAX, i64::MIN + 1];
    let taxes = numbered(&[
        &percent("1000"),
        &percent("1000").incl(),
        &division("-1000"),
        &fixed("-90000000000").joins(),
    ]);
    for amount in extremes {
        for offer in extremes {
            let line = LineInput {
                amount_minor: Some(amount),
                offer_minor: offer,
                ..line("1", "1", &taxes)
            };
            for policy in [PER_LINE, PER_DOCUMENT] {
                let _ = price(
                    euro,
                    &policy,
                    &[line; 3],
                    &[Discount::Amount(i64::MAX), too_much[0]],
                );
                let _ = price(euro, &policy, &[line; 3], &[Discount::Amount(i64::MAX)]);
                let _ = exact_lines(
                    euro,
                    &policy,
                    &[line; 3],
                    &[Discount::Percent("50".parse().unwrap())],
                );
            }
        }
    }
}

#[test]
fn allocation_is_that_of_the_money_libraries() {
    for (total, ratios, parts) in [
        (1_003, &[50, 50][..], &[502, 501][..]),
        (100, &[1, 3], &[25, 75]),
        (100, &[100, 0], &[100, 0]),
        (10_000, &[50, 50, 0], &[5_000, 5_000, 0]),
        (5, &[50, 50], &[3, 2]),
        (-1_003, &[50, 50], &[-502, -501]),
        (101, &[1, 1, 1], &[34, 34, 33]),
        (5, &[3, 7], &[2, 3]),
        (1, &[1, 1, 1], &[1, 0, 0]),
        (2, &[10, 10, 80], &[0, 0, 2]),
        (0, &[1, 2], &[0, 0]),
        (
            10_000_000_000_000_000,
            &[1, 1, 1],
            &[
                3_333_333_333_333_334,
                3_333_333_333_333_333,
                3_333_333_333_333_333,
            ],
        ),
    ] {
        assert_eq!(allocate(total, ratios).unwrap(), parts, "{total} by {ratios:?}");
    }
}

fn rule(step_minor: i64) -> CashRounding {
    CashRounding {
        step_minor,
        mode: Rounding::HalfAwayFromZero,
        refunds: RefundRounding::Mirror,
        never_to_zero: false,
        allow_exact: false,
        voluntary: false,
    }
}

#[test]
fn cash_of_many_countries() {
    let down = |step| CashRounding {
        mode: Rounding::HalfDown,
        ..rule(step)
    };
    let swiss = [
        (1_001, 1_000),
        (1_002, 1_000),
        (1_003, 1_005),
        (1_007, 1_005),
        (1_008, 1_010),
        (3, 5),
        (2, 0),
    ];
    // CH, FI, NL, BE, IE, AU, CA: 0.05. NZ: 0.10, five may go either way. SE, NO, IS, JP: whole. DK: 0.50.
    let tables: &[(CashRounding, &[(i64, i64)])] = &[
        (rule(5), &swiss),
        (rule(10), &[(104, 100), (105, 110), (106, 110), (4, 0), (5, 10)]),
        (down(10), &[(104, 100), (105, 100), (106, 110)]),
        (
            rule(100),
            &[
                (149, 100),
                (150, 200),
                (199, 200),
                (1_049, 1_000),
                (1_050, 1_100),
                (49, 0),
            ],
        ),
        (
            rule(50),
            &[(124, 100), (125, 150), (174, 150), (175, 200), (24, 0), (25, 50)],
        ),
        (rule(1), &[(7, 7), (999, 999)]),
        (rule(25), &[(12, 0), (13, 25), (112, 100), (113, 125)]),
        (rule(1_000), &[(12_499, 12_000), (12_500, 13_000)]),
    ];
    for (rule, figures) in tables {
        for (exact, rounded) in *figures {
            let due = cash_due(*exact, rule).unwrap();
            assert_eq!(
                (due.rounded_minor, due.difference_minor),
                (*rounded, rounded - exact),
                "{exact} by {rule:?}"
            );
            assert_eq!(cash_due(-exact, rule).unwrap().rounded_minor, -rounded);
        }
    }
    assert_eq!(cash_due(928, &rule(5)).unwrap().rounded_minor, 930);
    let due = cash_due(1_572 - 68, &rule(5)).unwrap();
    assert_eq!((due.rounded_minor, due.rounded_minor + 68), (1_505, 1_573));
    assert_eq!(
        make_change(385, &[5, 10, 20, 50, 100, 200, 500]),
        [(200, 1), (100, 1), (50, 1), (20, 1), (10, 1), (5, 1)]
    );
}
