//! Builds documents for tests: a cart made by hand, priced by the kernel, closed as a sale.
#![allow(dead_code, reason = "each test file uses its own part of the builder")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be built has failed")]

use barrow_kernel::cart::{
    Cart, FrozenAmounts, GivenDiscount, Goods, Line, LineId, Measure, Return, ReturnOf, TaxAmount, TaxSet,
    Terms, Weighing,
};
use barrow_kernel::catalogue::{ItemKind, Oversell, Shop, TenderClass};
use barrow_kernel::log::id::{
    CartId, CashBoxId, ItemId, LocationId, PaymentId, SaleId, ShiftId, TaxId, TenderId,
};
use barrow_kernel::log::stream::StreamId;
use barrow_kernel::money::Currency;
use barrow_kernel::price::{Discount, PricedLine};
use barrow_kernel::quantity::{Quantity, Unit};
use barrow_kernel::rounding::Rounding;
use barrow_kernel::sale::{ReceiptNumber, Sale, SaleKind, SaleLine};
use barrow_kernel::tax::{Tax, TaxClass, TaxKind, TaxPolicy};
use barrow_kernel::tender::Payment;
use barrow_kernel::view::{CartView, LineView, Totals, piece_count, price_cart};

/// 2026-11-22 13:32 UTC.
pub const NOW_MS: i64 = 1_795_354_320_000;

pub fn shop(currency: &str, language: &str) -> Shop {
    Shop {
        name: "Miller's Farm".into(),
        country: "IE".into(),
        currency: Currency::iso(currency).unwrap(),
        prices_include_tax: true,
        tax_policy: TaxPolicy::PerLine,
        rounding: Rounding::HalfAwayFromZero,
        tax_rounding: Rounding::HalfAwayFromZero,
        cash_rounding: None,
        denominations: Vec::new(),
        utc_offset_minutes: 60,
        language: language.into(),
        header: vec!["Market Square 3, Cork".into(), "VAT IE1234567T".into()],
        footer: vec!["Thank you. See you on Saturday.".into()],
        deposit_returns: 0,
        oversell: Oversell::Warn,
        tax_mappings: Vec::new(),
        embedded_rules: Vec::new(),
    }
}

pub fn tax(number: u128, name: &str, percent: &str) -> Tax {
    Tax {
        id: TaxId::from_number(number),
        name: name.into(),
        kind: TaxKind::Percent(percent.parse().unwrap()),
        price_include: true,
        include_base_amount: false,
        is_base_affected: true,
        sequence: 0,
        group: name.into(),
        class: TaxClass::Taxed,
    }
}

pub fn percent(rate: &str, reason: Option<&str>) -> GivenDiscount {
    GivenDiscount {
        discount: Discount::Percent(rate.parse().unwrap()),
        reason: reason.map(Into::into),
    }
}

pub fn off(minor: i64, reason: Option<&str>) -> GivenDiscount {
    GivenDiscount {
        discount: Discount::Amount(minor),
        reason: reason.map(Into::into),
    }
}

pub fn pay(name: &str, amount_minor: i64) -> Payment {
    Payment {
        tender: TenderId::from_number(1),
        name: name.into(),
        class: if name == "Cash" {
            TenderClass::Cash
        } else {
            TenderClass::Custom
        },
        id: PaymentId::from_number(1),
        amount_minor,
        rounding_minor: 0,
        given_minor: None,
        change_minor: 0,
        reference: None,
        at_ms: NOW_MS,
        postings: Vec::new(),
        shift: ShiftId::from_number(1),
    }
}

pub fn cash(amount_minor: i64, rounding_minor: i64, given_minor: i64) -> Payment {
    Payment {
        rounding_minor,
        given_minor: Some(given_minor),
        change_minor: given_minor - amount_minor - rounding_minor,
        ..pay("Cash", amount_minor)
    }
}

pub struct Basket {
    pub cart: Cart,
}

impl Basket {
    pub fn new(currency: &str) -> Self {
        Self {
            cart: Cart {
                id: CartId::from_number(7),
                terms: Terms {
                    currency: Currency::iso(currency).unwrap(),
                    tax_policy: TaxPolicy::PerLine,
                    rounding: Rounding::HalfAwayFromZero,
                    tax_rounding: Rounding::HalfAwayFromZero,
                    cash_rounding: None,
                },
                location: LocationId::from_number(1),
                opened_ms: NOW_MS,
                name: None,
                parked: false,
                tax_mapping: None,
                tax_sets: vec![TaxSet::default()],
                lines: Vec::new(),
                discounts: Vec::new(),
                payments: Vec::new(),
                note: None,
                next_line: 0,
                last_touched: None,
            },
        }
    }

    /// Adds taxes that the following lines bear.
    pub fn taxed(&mut self, taxes: &[Tax]) -> &mut Self {
        self.cart.tax_sets.push(TaxSet {
            taxes: taxes.to_vec(),
        });
        self
    }

    pub fn add(&mut self, name: &str, price: &str, quantity: &str) -> &mut Line {
        let number = self.cart.lines.len();
        self.cart.lines.push(Line {
            goods: Goods {
                item: ItemId::from_number(number as u128),
                sku: format!("SKU-{number}"),
                name: name.into(),
                kind: ItemKind::Plain,
                unit: Unit::Each,
                price_per: Quantity::ONE,
                tracked: true,
                category: String::new(),
            },
            unit_price: price.parse().unwrap(),
            tax_set: (self.cart.tax_sets.len() - 1) as u16,
            id: LineId(number as u32 + 1),
            quantity: quantity.parse().unwrap(),
            parent: None,
            measure: Measure::Quantity,
            amount_minor: None,
            weighing: None,
            list_price: None,
            price_reason: None,
            offers: Vec::new(),
            discounts: Vec::new(),
            note: None,
            returns: None,
            voided: false,
        });
        self.cart.lines.last_mut().unwrap()
    }

    pub fn weighed(&mut self, name: &str, price: &str, net: &str, tare: Option<&str>) -> &mut Line {
        let line = self.add(name, price, net);
        line.goods.kind = ItemKind::Weighed;
        line.goods.unit = Unit::Kilogram;
        line.weighing = tare.map(|tare| {
            let tare: Quantity = tare.parse().unwrap();
            Weighing {
                gross: line.quantity.checked_add(tare).unwrap(),
                tare,
            }
        });
        line
    }

    pub fn deposit(&mut self, name: &str, price: &str, quantity: &str, parent: Option<LineId>) -> &mut Line {
        let line = self.add(name, price, quantity);
        line.goods.kind = ItemKind::Deposit;
        line.parent = parent;
        line
    }

    /// Adds goods that come back at what they were sold for, with one included tax.
    pub fn returned(&mut self, name: &str, price: &str, quantity: &str, amounts: [i64; 3], reason: &str) {
        let tax = self
            .cart
            .tax_sets
            .last()
            .and_then(|set| set.taxes.first())
            .cloned();
        let line = self.add(name, price, quantity);
        let [extended_minor, total_minor, tax_minor] = amounts;
        line.returns = Some(Return {
            of: Some(ReturnOf {
                sale: SaleId::from_number(99),
                line: LineId(1),
            }),
            resaleable: true,
            reason: (!reason.is_empty()).then(|| reason.into()),
            approval: None,
            frozen: Some(FrozenAmounts {
                extended_minor,
                discount_minor: extended_minor - total_minor,
                base_minor: total_minor - tax_minor,
                total_minor,
                taxes: tax
                    .map(|tax| TaxAmount {
                        tax: tax.id,
                        rate: tax.rate(),
                        base_minor: total_minor - tax_minor,
                        amount_minor: tax_minor,
                    })
                    .into_iter()
                    .collect(),
            }),
        });
    }

    pub fn total(&self) -> i64 {
        price_cart(&self.cart).unwrap().total_minor
    }

    /// Closes the cart; the last payment takes what the others leave, when none is given.
    pub fn sale(&self, payments: Vec<Payment>) -> Sale {
        let priced = price_cart(&self.cart).unwrap();
        let payments = if payments.is_empty() {
            vec![pay("Card", priced.total_minor)]
        } else {
            payments
        };
        let back = self
            .cart
            .lines
            .iter()
            .filter(|line| line.quantity.is_negative() && line.goods.kind != ItemKind::Deposit)
            .count();
        assert_eq!(
            payments.iter().map(|payment| payment.amount_minor).sum::<i64>(),
            priced.total_minor
        );
        Sale {
            id: SaleId::from_number(1),
            cart: self.cart.id,
            number: ReceiptNumber {
                series: "A".into(),
                number: 17,
            },
            kind: match back {
                0 => SaleKind::Sale,
                n if n == self.cart.lines.len() => SaleKind::Refund,
                _ => SaleKind::Exchange,
            },
            at_ms: NOW_MS,
            utc_offset_minutes: 60,
            book: StreamId([7; 16]),
            till: "Till 1".into(),
            who: Some("Ann".into()),
            location: self.cart.location,
            cash_box: CashBoxId::from_number(1),
            shift: ShiftId::from_number(1),
            currency: self.cart.terms.currency,
            lines: self.cart.lines.iter().zip(&priced.lines).map(sale_line).collect(),
            taxes: priced.taxes,
            base_minor: priced.base_minor,
            tax_minor: priced.tax_minor,
            total_minor: priced.total_minor,
            rounding_minor: payments.iter().map(|payment| payment.rounding_minor).sum(),
            payments,
            discounts: self.cart.discounts.clone(),
            note: self.cart.note.clone(),
            tax_mapping: None,
            perpetual_minor: 0,
            postings: Vec::new(),
            customer: None,
            cash_rounding: None,
        }
    }

    pub fn view(&self) -> CartView {
        let priced = price_cart(&self.cart).unwrap();
        let totals = Totals::of(&self.cart, &priced);
        CartView {
            cart: self.cart.id,
            currency: self.cart.terms.currency,
            name: self.cart.name.clone(),
            parked: self.cart.parked,
            tax_mapping: None,
            line_count: self.cart.lines.len() as u32,
            first_line: 0,
            lines: self.cart.lines.iter().zip(&priced.lines).map(line_view).collect(),
            taxes: priced.taxes,
            cash_due_minor: totals.open_minor,
            totals,
            discounts: self.cart.discounts.clone(),
            payments: self.cart.payments.clone(),
            note: self.cart.note.clone(),
            piece_count: piece_count(&self.cart),
            last_line: None,
        }
    }
}

fn sale_line((line, priced): (&Line, &PricedLine)) -> SaleLine {
    SaleLine {
        goods: line.goods.clone(),
        unit_price: line.unit_price,
        id: line.id,
        quantity: line.quantity,
        extended_minor: priced.extended_minor,
        base_minor: priced.base_minor,
        total_minor: priced.total_minor,
        taxes: priced
            .taxes
            .iter()
            .map(|tax| TaxAmount {
                tax: tax.tax,
                rate: tax.rate,
                base_minor: tax.base_minor,
                amount_minor: tax.amount_minor,
            })
            .collect(),
        discount_minor: priced.extended_minor - priced.net_minor,
        parent: line.parent,
        measure: line.measure,
        weighing: line.weighing.clone(),
        list_price: line.list_price,
        price_reason: line.price_reason.clone(),
        offers: line.offers.clone(),
        discounts: line.discounts.clone(),
        note: line.note.clone(),
        returns: line.returns.clone(),
    }
}

fn line_view((line, priced): (&Line, &PricedLine)) -> LineView {
    LineView {
        id: line.id,
        parent: line.parent,
        item: line.goods.item,
        sku: line.goods.sku.clone(),
        name: line.goods.name.clone(),
        kind: line.goods.kind,
        quantity: line.quantity,
        unit: line.goods.unit.clone(),
        unit_price: line.unit_price,
        price_per: line.goods.price_per,
        list_price: line.list_price,
        newer_price: None,
        weighing: line.weighing.clone(),
        derived: line.measure == Measure::Amount,
        extended_minor: priced.extended_minor,
        discount_minor: priced.extended_minor - priced.net_minor,
        base_minor: priced.base_minor,
        tax_minor: priced.tax_minor,
        total_minor: priced.total_minor,
        taxes: priced.taxes.clone(),
        discounts: line.discounts.clone(),
        price_reason: line.price_reason.clone(),
        note: line.note.clone(),
        returned: line.returns.is_some(),
        short_of: None,
    }
}
