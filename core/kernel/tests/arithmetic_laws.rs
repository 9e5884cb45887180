//! Random shops against a second pricing written for the test alone: plain reduced fractions, no shortcuts.

// The helpers of a test are tests too; a wrong literal here should stop them.
#![allow(clippy::unwrap_used)]

use barrow_kernel::log::id::TaxId;
use barrow_kernel::money::Currency;
use barrow_kernel::price::{Discount, LineInput, PricePolicy, Priced, exact_line, price};
use barrow_kernel::quantity::{Quantity, Rate, UnitPrice};
use barrow_kernel::rounding::Rounding;
use barrow_kernel::tax::{Tax, TaxClass, TaxKind, TaxPolicy, adapt_price};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// A reduced fraction; `None` when it does not fit, and then the case is not judged.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Frac(i128, i128);

impl Frac {
    fn new(num: i128, den: i128) -> Option<Self> {
        let (mut a, mut b) = (num.unsigned_abs(), den.unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let common = a.max(1) as i128 * den.signum();
        Some(Self(num / common, den / common))
    }
    fn int(value: i64) -> Self {
        Self(value.into(), 1)
    }
    fn of(value: Decimal) -> Self {
        Self::new(value.mantissa(), 10_i128.pow(value.scale())).unwrap()
    }
    fn add(self, other: Self) -> Option<Self> {
        let num = self
            .0
            .checked_mul(other.1)?
            .checked_add(other.0.checked_mul(self.1)?)?;
        Self::new(num, self.1.checked_mul(other.1)?)
    }
    fn mul(self, other: Self) -> Option<Self> {
        let (a, b) = (Self::new(self.0, other.1)?, Self::new(other.0, self.1)?);
        Self::new(a.0.checked_mul(b.0)?, a.1.checked_mul(b.1)?)
    }
    fn neg(self) -> Self {
        Self(-self.0, self.1)
    }
    fn floor(self) -> i128 {
        self.0.div_euclid(self.1)
    }
    fn less(self, other: Self) -> Option<bool> {
        Some(self.add(other.neg())?.0 < 0)
    }

    /// Rounds the size by asking which of its two neighbours the mode wants.
    fn round(self, mode: Rounding) -> Option<i64> {
        let size = Self(self.0.abs(), self.1);
        let low = size.floor();
        let twice = size.add(Self(-low, 1))?.mul(Self(2, 1))?;
        let up = match (twice.0, mode) {
            (0, _) => false,
            (_, Rounding::Up | Rounding::Ceiling) => true,
            (_, Rounding::Down | Rounding::Floor) => false,
            _ if twice == Self(1, 1) => match mode {
                Rounding::HalfAwayFromZero | Rounding::HalfUp => true,
                Rounding::HalfToEven => low % 2 == 1,
                _ => false,
            },
            _ => twice.floor() >= 1,
        };
        let rounded = low + i128::from(up);
        i64::try_from(if self.0 < 0 { -rounded } else { rounded }).ok()
    }
}

/// Largest remainder by sorting everything; negative shares are cut towards zero.
fn shared(total: i64, exact: &[Frac]) -> Option<Vec<i64>> {
    let mut parts: Vec<i64> = exact.iter().map(|share| (share.0 / share.1) as i64).collect();
    let missing = total - parts.iter().sum::<i64>();
    let mut lost: Vec<(usize, Frac)> = Vec::new();
    for (n, share) in exact.iter().enumerate() {
        let rest = share.add(Frac::int(-parts[n]))?;
        let rest = if missing < 0 { rest.neg() } else { rest };
        let mut place = lost.len();
        while place > 0 && lost[place - 1].1.less(rest)? {
            place -= 1;
        }
        lost.insert(place, (n, rest));
    }
    for (n, _) in lost.iter().take(missing.unsigned_abs() as usize) {
        parts[*n] += missing.signum();
    }
    Some(parts)
}

/// Opens groups and sorts.
fn flat(taxes: &[Tax]) -> Vec<&Tax> {
    let mut level: Vec<&Tax> = taxes.iter().collect();
    level.sort_by_key(|tax| tax.sequence);
    level
        .into_iter()
        .flat_map(|tax| {
            if let TaxKind::Group(inner) = &tax.kind {
                flat(inner)
            } else {
                vec![tax]
            }
        })
        .collect()
}

fn kind(tax: &Tax) -> u8 {
    match tax.kind {
        TaxKind::Percent(_) => 0,
        TaxKind::Fixed(_) => 1,
        TaxKind::Division(_) => 2,
        TaxKind::Group(_) => 3,
    }
}

fn joins(a: &Tax, b: &Tax) -> bool {
    a.include_base_amount && b.is_base_affected
}

/// Whether the batch that the later tax opens also holds the earlier one.
fn same_batch(taxes: &[&Tax], i: usize, j: usize) -> bool {
    if i == j {
        return true;
    }
    let (i, j) = (i.min(j), i.max(j));
    let alike = |a: &Tax, b: &Tax| {
        kind(a) == kind(b)
            && a.price_include == b.price_include
            && a.include_base_amount == b.include_base_amount
            && !joins(a, b)
    };
    // The next link of the chain that leads from i towards j.
    let link = if alike(taxes[i], taxes[i + 1]) {
        i + 1
    } else {
        let in_price = |tax: &Tax| tax.price_include && kind(tax) != 1;
        let next = (i + 1..taxes.len()).find(|n| in_price(taxes[*n]));
        match next {
            Some(n)
                if in_price(taxes[i])
                    && alike(taxes[i], taxes[n])
                    && !(i + 1..n).any(|m| joins(taxes[m], taxes[n])) =>
            {
                n
            }
            _ => return false,
        }
    };
    link <= j && same_batch(taxes, link, j)
}

/// Amounts and bases of a line, in the order of the taxes; rounded one by one when a mode is given.
fn line_taxes(
    taxes: &[&Tax],
    net: Frac,
    quantity: Frac,
    minor: Frac,
    mode: Option<Rounding>,
) -> Option<Vec<(Frac, Frac)>> {
    let count = taxes.len();
    let mut amounts: Vec<Option<Frac>> = vec![None; count];
    let (mut for_amount, mut for_base) = (vec![net; count], vec![net; count]);
    type Takes = Box<dyn Fn(&Tax) -> bool>;
    let passes: [(bool, Takes); 3] = [
        (true, Box::new(|tax| kind(tax) == 1)),
        (true, Box::new(|tax| kind(tax) != 1 && tax.price_include)),
        (false, Box::new(|tax| kind(tax) != 1 && !tax.price_include)),
    ];
    for (backwards, takes) in passes {
        let order: Vec<usize> = if backwards {
            (0..count).rev().collect()
        } else {
            (0..count).collect()
        };
        for i in order.into_iter().filter(|i| takes(taxes[*i])) {
            let batch: Vec<usize> = (0..count).filter(|j| same_batch(taxes, i, *j)).collect();
            let hundredth = |rate: Rate| Frac::of(rate.decimal()).mul(Frac(1, 100));
            let mut rates = Frac(0, 1);
            for j in &batch {
                rates = rates.add(taxes[*j].rate().map_or(Some(Frac(0, 1)), hundredth)?)?;
            }
            let over = |den: Frac| if den.0 == 0 { None } else { Frac::new(den.1, den.0) };
            let amount = match &taxes[i].kind {
                TaxKind::Fixed(levy) => Frac::of(levy.decimal()).mul(quantity)?.mul(minor)?,
                TaxKind::Percent(rate) if taxes[i].price_include => {
                    let base = for_amount[i].mul(over(Frac(1, 1).add(rates)?)?)?;
                    base.mul(hundredth(*rate)?)?
                }
                TaxKind::Division(rate) if !taxes[i].price_include => {
                    let price = for_amount[i].mul(over(Frac(1, 1).add(rates.neg())?)?)?;
                    price.mul(hundredth(*rate)?)?
                }
                TaxKind::Percent(rate) | TaxKind::Division(rate) => for_amount[i].mul(hundredth(*rate)?)?,
                TaxKind::Group(_) => return None,
            };
            let amount = match mode {
                Some(mode) => Frac::int(amount.round(mode)?),
                None => amount,
            };
            amounts[i] = Some(amount);
            for j in (0..count).filter(|j| !batch.contains(j)) {
                let sign = match (taxes[i].price_include, j > i, joins(taxes[i], taxes[j])) {
                    (true, false, _) | (true, true, false) => amount.neg(),
                    (false, true, true) => amount,
                    _ => continue,
                };
                for_base[j] = for_base[j].add(sign)?;
                if amounts[j].is_none() {
                    for_amount[j] = for_amount[j].add(sign)?;
                }
            }
        }
    }
    (0..count)
        .map(|i| {
            let mut base = for_base[i];
            for j in (0..count).filter(|j| taxes[i].price_include && same_batch(taxes, i, *j)) {
                base = base.add(amounts[j]?.neg())?;
            }
            Some((base, amounts[i]?))
        })
        .collect()
}

/// One line as the oracle sees it: net, and each tax with base and amount.
type Judged = Vec<(i64, Vec<(i64, i64)>)>;

fn oracle(
    currency: Currency,
    policy: &PricePolicy,
    lines: &[LineInput<'_>],
    cart: &[Discount],
) -> Option<Judged> {
    let minor = Frac(10_i128.pow(currency.digits.into()), 1);
    let keep = |amount: i64, rate: Rate| {
        let kept = Frac(100, 1)
            .add(Frac::of(rate.decimal()).neg())?
            .mul(Frac(1, 100))?;
        Frac::int(amount).mul(kept)?.round(policy.rounding)
    };
    let towards = |net: i64, amount: i64| net.signum() * (net.abs() - amount).max(0);
    let mut nets = Vec::new();
    for line in lines {
        let exact = Frac::of(line.unit_price.decimal())
            .mul(Frac::of(line.quantity.decimal()))?
            .mul(minor)?;
        let mut net = exact.round(policy.rounding)?;
        for discount in line.discounts.iter().filter(|_| line.discountable) {
            if let Discount::Percent(rate) = discount {
                net = keep(net, *rate)?;
            }
        }
        nets.push(net);
    }
    let reached = |nets: &[i64]| -> Vec<i64> {
        nets.iter()
            .zip(lines)
            .map(|(net, line)| if line.discountable { *net } else { 0 })
            .collect()
    };
    for discount in cart {
        let Discount::Percent(rate) = discount else {
            continue;
        };
        let open = reached(&nets);
        let sum: i64 = open.iter().sum();
        let off = sum - keep(sum, *rate)?;
        let mixed = open.iter().any(|net| *net < 0) && open.iter().any(|net| *net > 0);
        let factor = if mixed {
            Frac::of(rate.decimal()).mul(Frac(1, 100))?
        } else if sum == 0 {
            continue;
        } else {
            Frac::new(off.into(), sum.into())?
        };
        let exact: Option<Vec<Frac>> = open.iter().map(|net| Frac::int(*net).mul(factor)).collect();
        nets.iter_mut()
            .zip(shared(off, &exact?)?)
            .for_each(|(net, part)| *net -= part);
    }
    for (net, line) in nets.iter_mut().zip(lines).filter(|(_, line)| line.discountable) {
        for discount in line.discounts {
            if let Discount::Amount(amount) = discount {
                *net = towards(*net, *amount);
            }
        }
    }
    for discount in cart {
        let Discount::Amount(amount) = discount else {
            continue;
        };
        let open = reached(&nets);
        let sum: i64 = open.iter().sum();
        let off = sum - towards(sum, *amount);
        let along: Vec<i64> = open
            .iter()
            .map(|net| if net.signum() == sum.signum() { *net } else { 0 })
            .collect();
        let weight: i64 = along.iter().sum();
        if off == 0 {
            continue;
        }
        let exact: Option<Vec<Frac>> = along
            .iter()
            .map(|net| Frac::int(*net).mul(Frac::new(off.into(), weight.into())?))
            .collect();
        nets.iter_mut()
            .zip(shared(off, &exact?)?)
            .for_each(|(net, part)| *net -= part);
    }
    let mode = (policy.tax_policy == TaxPolicy::PerLine).then_some(policy.tax_rounding);
    let mut each = Vec::new();
    for (line, net) in lines.iter().zip(&nets) {
        let quantity = Frac::of(line.quantity.decimal());
        let quantity = if line.unit_price < UnitPrice::ZERO {
            quantity.neg()
        } else {
            quantity
        };
        each.push(line_taxes(
            &flat(line.taxes),
            Frac::int(*net),
            quantity,
            minor,
            mode,
        )?);
    }
    let mut whole: Vec<Vec<i64>> = each.iter().map(|taxes| vec![0; taxes.len()]).collect();
    if mode.is_some() {
        for (line, taxes) in whole.iter_mut().zip(&each) {
            *line = taxes.iter().map(|(_, amount)| amount.floor() as i64).collect();
        }
    } else {
        let ids: std::collections::BTreeSet<TaxId> = lines
            .iter()
            .flat_map(|line| flat(line.taxes))
            .map(|tax| tax.id)
            .collect();
        for id in ids {
            let mut owners = Vec::new();
            for (n, line) in lines.iter().enumerate() {
                owners.extend(
                    flat(line.taxes)
                        .iter()
                        .enumerate()
                        .filter(|(_, tax)| tax.id == id)
                        .map(|(step, _)| (n, step)),
                );
            }
            let exact: Vec<Frac> = owners.iter().map(|(n, step)| each[*n][*step].1).collect();
            let total = exact
                .iter()
                .try_fold(Frac(0, 1), |sum, part| sum.add(*part))?
                .round(policy.tax_rounding)?;
            for ((n, step), part) in owners.into_iter().zip(shared(total, &exact)?) {
                whole[n][step] = part;
            }
        }
    }
    let mut judged = Vec::new();
    for ((line, net), amounts) in lines.iter().zip(nets).zip(whole) {
        let taxes = flat(line.taxes);
        let bases = (0..taxes.len()).map(|i| {
            let others = (0..taxes.len()).map(|j| match (same_batch(&taxes, i, j), taxes[j].price_include) {
                (true, inside) if inside => -amounts[j],
                (true, _) => 0,
                (false, true) if j > i || !joins(taxes[j], taxes[i]) => -amounts[j],
                (false, false) if j < i && joins(taxes[j], taxes[i]) => amounts[j],
                _ => 0,
            });
            net + others.sum::<i64>()
        });
        let bases: Vec<i64> = bases.collect();
        judged.push((net, bases.into_iter().zip(amounts).collect()));
    }
    Some(judged)
}

/// A shop's tax, from small numbers: kind, rate in hundredths, flags, place.
fn tax_of((id, (kind, cents, flags, sequence)): (usize, (u8, i64, u8, i32))) -> Tax {
    let rate = Rate::try_from(Decimal::new(cents, 2)).unwrap();
    Tax {
        id: TaxId::from_number(id as u128 + 1),
        name: format!("T{id}"),
        kind: match kind {
            0..=5 => TaxKind::Percent(rate),
            6 | 7 => TaxKind::Fixed(UnitPrice::try_from(Decimal::new(cents, 3)).unwrap()),
            _ => TaxKind::Division(Rate::try_from(Decimal::new(cents / 4, 2)).unwrap()),
        },
        price_include: flags & 1 != 0,
        include_base_amount: flags & 2 != 0,
        is_base_affected: flags & 12 != 0,
        sequence,
        group: String::new(),
        class: TaxClass::Taxed,
    }
}

fn modes() -> impl Strategy<Value = Rounding> {
    use Rounding::*;
    prop::sample::select(vec![
        HalfAwayFromZero,
        HalfAwayFromZero,
        HalfToEven,
        HalfUp,
        HalfDown,
        Up,
        Down,
        Ceiling,
        Floor,
    ])
}

fn discounts() -> impl Strategy<Value = Vec<Discount>> {
    let percent =
        (0..=10_000_i64).prop_map(|cents| Discount::Percent(Rate::try_from(Decimal::new(cents, 2)).unwrap()));
    let round =
        (0..=20_i64).prop_map(|fives| Discount::Percent(Rate::try_from(Decimal::from(fives * 5)).unwrap()));
    let amount = (0..2_000_i64).prop_map(Discount::Amount);
    prop::collection::vec(prop_oneof![percent, round, amount], 0..3)
}

/// Quantity and price in small parts, discounts, which taxes, discountable.
type Row = (
    i64,
    u32,
    i64,
    u32,
    Vec<Discount>,
    Vec<prop::sample::Index>,
    bool,
    bool,
);

#[derive(Clone, Debug)]
struct Shop {
    currency: Currency,
    policy: PricePolicy,
    taxes: Vec<Vec<Tax>>,
    rows: Vec<Row>,
    cart: Vec<Discount>,
}

fn shops(returns: bool) -> impl Strategy<Value = Shop> {
    let taxes = prop::collection::vec(
        (
            0..10_u8,
            prop_oneof![0..3_000_i64, Just(2_000), Just(500)],
            0..16_u8,
            0..3_i32,
        ),
        1..5,
    );
    let least = if returns { -400 } else { 1 };
    let row = (
        (least..400_i64, 0..3_u32, 0..30_000_i64, 1..4_u32),
        discounts(),
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.2),
    );
    let row = row.prop_map(|((q, qs, p, ps), d, t, open, nested)| (q, qs, p, ps, d, t, open, nested));
    let codes = prop::sample::select(vec!["EUR", "JPY", "KWD", "CLF"]);
    let policy = (prop::bool::ANY, modes(), modes());
    (
        codes,
        policy,
        taxes,
        prop::collection::vec(row, 1..8),
        discounts(),
    )
        .prop_map(|(code, (document, rounding, tax_rounding), taxes, rows, cart)| {
            let own: Vec<Tax> = taxes.into_iter().enumerate().map(tax_of).collect();
            let taxes = rows
                .iter()
                .map(|row| line_tax_list(&own, &row.5, row.7))
                .collect();
            let tax_policy = if document {
                TaxPolicy::PerDocument
            } else {
                TaxPolicy::PerLine
            };
            let policy = PricePolicy {
                tax_policy,
                rounding,
                tax_rounding,
            };
            Shop {
                currency: Currency::iso(code).unwrap(),
                policy,
                taxes,
                rows,
                cart,
            }
        })
}

/// Picks some taxes of the shop, each once, or all of them as one group.
fn line_tax_list(own: &[Tax], picks: &[prop::sample::Index], nested: bool) -> Vec<Tax> {
    let mut chosen: Vec<usize> = picks.iter().map(|pick| pick.index(own.len())).collect();
    chosen.sort_unstable();
    chosen.dedup();
    let taxes: Vec<Tax> = chosen.into_iter().map(|n| own[n].clone()).collect();
    if !nested {
        return taxes;
    }
    vec![Tax {
        kind: TaxKind::Group(taxes),
        ..tax_of((99, (0, 0, 0, 1)))
    }]
}

fn inputs(shop: &Shop) -> Vec<LineInput<'_>> {
    let each = shop.rows.iter().zip(&shop.taxes);
    each.map(
        |((q, qs, p, ps, discounts, _, discountable, _), taxes)| LineInput {
            quantity: Quantity::try_from(Decimal::new(*q, *qs)).unwrap(),
            unit_price: UnitPrice::try_from(Decimal::new(*p, *ps)).unwrap(),
            amount_minor: None,
            offer_minor: 0,
            discounts,
            taxes,
            discountable: *discountable,
        },
    )
    .collect()
}

fn judged(priced: &Priced) -> Judged {
    let taxes = |line: &barrow_kernel::price::PricedLine| {
        line.taxes
            .iter()
            .map(|tax| (tax.base_minor, tax.amount_minor))
            .collect()
    };
    priced
        .lines
        .iter()
        .map(|line| (line.net_minor, taxes(line)))
        .collect()
}

fn check_sums(priced: &Priced) -> Result<(), TestCaseError> {
    let sum = |f: fn(&barrow_kernel::price::PricedLine) -> i64| priced.lines.iter().map(f).sum::<i64>();
    prop_assert_eq!(sum(|line| line.base_minor), priced.base_minor);
    prop_assert_eq!(sum(|line| line.tax_minor), priced.tax_minor);
    prop_assert_eq!(sum(|line| line.total_minor), priced.total_minor);
    prop_assert_eq!(priced.base_minor + priced.tax_minor, priced.total_minor);
    prop_assert_eq!(
        priced.taxes.iter().map(|tax| tax.amount_minor).sum::<i64>(),
        priced.tax_minor
    );
    for line in &priced.lines {
        let off = line.offer_minor
            + line.line_percent_minor
            + line.cart_percent_minor
            + line.line_amount_minor
            + line.cart_amount_minor;
        prop_assert_eq!(line.extended_minor - off, line.net_minor);
        prop_assert!(line.net_minor.abs() <= line.extended_minor.abs());
        prop_assert!(
            line.net_minor.signum() * line.extended_minor.signum() >= 0,
            "never past zero"
        );
    }
    Ok(())
}

/// One unit of something at a price in cents.
fn plain_line(cents: i64, taxes: &[Tax]) -> LineInput<'_> {
    LineInput {
        quantity: Quantity::ONE,
        unit_price: UnitPrice::try_from(Decimal::new(cents, 2)).unwrap(),
        amount_minor: None,
        offer_minor: 0,
        discounts: &[],
        taxes,
        discountable: true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_carts_agree_with_the_oracle(shop in prop_oneof![shops(false), shops(true)]) {
        let lines = inputs(&shop);
        let priced = price(shop.currency, &shop.policy, &lines, &shop.cart);
        let priced = priced.map_err(|error| TestCaseError::fail(error.to_string()))?;
        check_sums(&priced)?;
        if let Some(expected) = oracle(shop.currency, &shop.policy, &lines, &shop.cart) {
            prop_assert_eq!(judged(&priced), expected);
        }
        let back: Vec<LineInput<'_>> = lines.iter().map(|line| LineInput { quantity: line.quantity.negated(), ..*line }).collect();
        let back = price(shop.currency, &shop.policy, &back, &shop.cart).unwrap();
        let turned: Judged = judged(&back).into_iter().map(|(net, taxes)| (-net, taxes.into_iter().map(|(b, a)| (-b, -a)).collect())).collect();
        prop_assert_eq!(turned, judged(&priced), "a refund of everything mirrors the sale");
    }

    #[test]
    fn a_cart_percent_is_hit_exactly(shop in shops(true), cents in 0..=10_000_i64) {
        let rate = Rate::try_from(Decimal::new(cents, 2)).unwrap();
        let lines: Vec<LineInput<'_>> = inputs(&shop).into_iter().map(|line| LineInput { discounts: &[], discountable: true, ..line }).collect();
        let full = price(shop.currency, &shop.policy, &lines, &[]).unwrap();
        let cut = price(shop.currency, &shop.policy, &lines, &[Discount::Percent(rate)]).unwrap();
        let sum = |priced: &Priced| priced.lines.iter().map(|line| line.net_minor).sum::<i64>();
        let expected = Frac::new(i128::from(sum(&full)) * i128::from(10_000 - cents), 10_000).and_then(|f| f.round(shop.policy.rounding)).unwrap();
        prop_assert_eq!(sum(&cut), expected);
    }

    #[test]
    fn an_amount_is_its_rate_of_its_base(
        rates in prop::collection::vec((0..6_000_i64, any::<bool>(), any::<bool>()), 1..6),
        inside_join in any::<bool>(),
        cents in -100_000..100_000_i64,
    ) {
        // Included taxes come first and all join, or none: any other mixture has no single base to speak of.
        let taxes: Vec<Tax> = rates.iter().enumerate().map(|(n, (rate, inside, join))| {
            let join = if *inside { inside_join } else { *join };
            let place = n as i32 + if *inside { 0 } else { 100 };
            tax_of((n, (0, *rate, u8::from(*inside) | u8::from(join) << 1 | 4, place)))
        }).collect();
        let line = plain_line(cents, &taxes);
        let exact = exact_line(Currency::iso("EUR").unwrap(), &PricePolicy::default(), &line).unwrap();
        prop_assert!((exact.base + exact.tax - exact.total).abs() <= Decimal::new(2, 18));
        for (step, tax) in exact.taxes.iter().enumerate() {
            let tax_rate = taxes.iter().find(|own| own.id == tax.tax).and_then(Tax::rate).unwrap();
            let expected = tax.base * tax_rate.decimal() / Decimal::ONE_HUNDRED;
            prop_assert!((expected - tax.amount).abs() < Decimal::new(1, 12), "tax {}: {} of {}", step, tax.amount, tax.base);
        }
    }

    #[test]
    fn a_price_with_its_taxes_put_in_has_the_same_base(
        rates in prop::collection::vec(0..6_000_i64, 1..5),
        join in any::<bool>(),
        cents in -100_000..100_000_i64,
    ) {
        let flags = |inside: u8| move |(n, rate): (usize, &i64)| {
            tax_of((n, (0, *rate, inside | u8::from(join) << 1 | 4, n as i32)))
        };
        let on_top: Vec<Tax> = rates.iter().enumerate().map(flags(0)).collect();
        let inside: Vec<Tax> = rates.iter().enumerate().map(flags(1)).collect();
        let line = plain_line(cents, &on_top);
        let gross = adapt_price(line.unit_price, &[], &inside, 8, Rounding::HalfToEven).unwrap();
        let euro = Currency::iso("EUR").unwrap();
        let net = exact_line(euro, &PricePolicy::default(), &line).unwrap();
        let back = exact_line(euro, &PricePolicy::default(), &LineInput { unit_price: gross, taxes: &inside, ..line }).unwrap();
        prop_assert!((net.base - back.base).abs() <= Decimal::new(1, 7));
        prop_assert!((net.total - back.total).abs() <= Decimal::new(1, 7));
        let again = adapt_price(gross, &inside, &on_top, 4, Rounding::HalfToEven).unwrap();
        prop_assert_eq!(again, line.unit_price);
    }

    #[test]
    fn whatever_the_numbers_nothing_panics(
        figures in prop::collection::vec((any::<i64>(), any::<i64>(), any::<i64>(), any::<i64>(), any::<bool>()), 0..5),
        rates in prop::collection::vec((0..3_u8, -1_000_000_000..=1_000_000_000_i64, 0..16_u8), 0..6),
        amount in any::<i64>(),
        mode in modes(),
        document in any::<bool>(),
    ) {
        let taxes: Vec<Tax> = rates.iter().enumerate().map(|(n, (kind, millionths, flags))| {
            let rate = Rate::try_from(Decimal::new(*millionths, 6)).unwrap();
            let kind = match kind { 0 => TaxKind::Percent(rate), 1 => TaxKind::Division(rate), _ => TaxKind::Fixed(UnitPrice::try_from(Decimal::new(*millionths, 0)).unwrap()) };
            Tax { kind, ..tax_of((n, (0, 0, *flags, 0))) }
        }).collect();
        let lines: Vec<LineInput<'_>> = figures.iter().map(|(q, p, a, o, given)| LineInput {
            quantity: Quantity::try_from(Decimal::new(q % 100_000_000_000_000, 5)).unwrap(),
            unit_price: UnitPrice::try_from(Decimal::new(p % 9_000_000_000_000_000_000, 8)).unwrap(),
            amount_minor: given.then_some(*a),
            offer_minor: if *o % 2 == 0 { *o } else { 0 },
            discounts: &[],
            taxes: &taxes,
            discountable: true,
        }).collect();
        let tax_policy = if document { TaxPolicy::PerDocument } else { TaxPolicy::PerLine };
        let policy = PricePolicy { tax_policy, rounding: mode, tax_rounding: mode };
        let cart = [Discount::Percent(Rate::try_from(Decimal::new(333, 1)).unwrap()), Discount::Amount(amount)];
        if let Ok(priced) = price(Currency::iso("EUR").unwrap(), &policy, &lines, &cart) {
            prop_assert_eq!(i128::from(priced.base_minor) + i128::from(priced.tax_minor), i128::from(priced.total_minor));
        }
    }
}
