//! Shops for tests: a currency, a policy, goods by number, and the usual taxes, tenders and places.

use super::{BOX, CARD, CASH, PITCH, SPARE_BOX, VAN};
use barrow_kernel::cash::{CashRounding, RefundRounding};
use barrow_kernel::catalogue::{
    CashBox, Face, ItemDraft, ItemKind, Location, Oversell, Price, Shop, TaxMapping, TaxSwap, TenderClass,
    TenderKind, Trade,
};
use barrow_kernel::command::Command;
use barrow_kernel::log::id::{ItemId, TaxId};
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, Unit};
use barrow_kernel::rounding::Rounding;
use barrow_kernel::tax::{Tax, TaxClass, TaxKind, TaxPolicy};

/// Builds the name of an item of tests.
pub fn item(number: u128) -> ItemId {
    ItemId::from_number(0x1000 + number)
}

/// Builds the name of a tax of tests.
pub fn tax_id(number: u128) -> TaxId {
    TaxId::from_number(0x2000 + number)
}

/// Reads a quantity.
pub fn qty(text: &str) -> Quantity {
    text.parse().expect("a quantity")
}

/// Builds a percent tax that the price includes.
pub fn vat(number: u128, rate: &str) -> Tax {
    Tax {
        id: tax_id(number),
        name: format!("VAT {rate} %"),
        kind: TaxKind::Percent(rate.parse().expect("a rate")),
        price_include: true,
        include_base_amount: false,
        is_base_affected: true,
        sequence: 0,
        group: format!("group {number}"),
        class: TaxClass::Taxed,
    }
}

/// Builds a percent tax that comes on top of the price.
pub fn on_top(number: u128, rate: &str) -> Tax {
    Tax {
        price_include: false,
        ..vat(number, rate)
    }
}

/// An item of tests: its number gives id and SKU.
#[derive(Clone, Debug)]
pub struct Goods {
    pub draft: ItemDraft,
}

impl Goods {
    /// Builds a plain item with tax 1.
    pub fn new(number: u128, price: &str, currency: Currency) -> Self {
        let face = Face {
            sku: format!("SKU-{number}"),
            name: format!("Item {number}"),
            ..Face::default()
        };
        let price = Price {
            unit_price: price.parse().expect("a price"),
            currency,
            taxes: vec![tax_id(1)],
        };
        Self {
            draft: ItemDraft {
                id: item(number),
                face: Some(face),
                price: Some(price),
                trade: Some(Trade::default()),
                archived: None,
                sold_out: None,
                add_codes: Vec::new(),
                remove_codes: Vec::new(),
            },
        }
    }

    fn trade(&mut self) -> &mut Trade {
        self.draft.trade.get_or_insert_default()
    }

    pub fn kind(mut self, kind: ItemKind) -> Self {
        self.trade().kind = kind;
        self
    }

    pub fn weighed(self, unit: Unit, price_per: &str) -> Self {
        let mut goods = self.kind(ItemKind::Weighed);
        goods.trade().unit = unit;
        goods.trade().price_per = qty(price_per);
        goods
    }

    pub fn tare(mut self, tare: &str) -> Self {
        self.trade().tare = Some(qty(tare));
        self
    }

    pub fn brings(mut self, deposit: u128) -> Self {
        self.trade().deposits.push(item(deposit));
        self
    }

    pub fn taxes(mut self, taxes: &[u128]) -> Self {
        let price = self.draft.price.as_mut().expect("goods have a price");
        price.taxes = taxes.iter().map(|number| tax_id(*number)).collect();
        self
    }

    pub fn code(mut self, code: &str) -> Self {
        self.draft.add_codes.push(code.into());
        self
    }

    pub fn plu(mut self, plu: &str) -> Self {
        self.trade().plu = plu.into();
        self
    }
}

/// A shop of tests: settings, taxes and goods.
#[derive(Clone, Debug)]
pub struct Setup {
    pub shop: Shop,
    pub taxes: Vec<Tax>,
    pub goods: Vec<Goods>,
}

impl Setup {
    /// Builds a shop that includes tax in its prices, rounds tax on each line and has no rule for cash.
    pub fn new(currency: &str) -> Self {
        let shop = Shop {
            name: "Test stall".into(),
            country: "DE".into(),
            currency: currency.parse().expect("a currency"),
            prices_include_tax: true,
            tax_policy: TaxPolicy::PerLine,
            rounding: Rounding::HalfAwayFromZero,
            tax_rounding: Rounding::HalfAwayFromZero,
            cash_rounding: None,
            denominations: vec![500, 200, 100, 50],
            utc_offset_minutes: 60,
            language: "en".into(),
            header: Vec::new(),
            footer: Vec::new(),
            deposit_returns: 20,
            oversell: Oversell::Warn,
            tax_mappings: Vec::new(),
            embedded_rules: vec!["DE".into()],
        };
        Self {
            shop,
            taxes: vec![vat(1, "20"), vat(2, "7"), vat(3, "19"), vat(4, "0")],
            goods: Vec::new(),
        }
    }

    pub fn per_document(mut self) -> Self {
        self.shop.tax_policy = TaxPolicy::PerDocument;
        self
    }

    /// Rounds cash to a step in minor units, payouts like payments.
    pub fn cash_step(mut self, step_minor: i64) -> Self {
        self.shop.cash_rounding = Some(CashRounding {
            step_minor,
            mode: Rounding::HalfAwayFromZero,
            refunds: RefundRounding::Mirror,
            never_to_zero: false,
            allow_exact: false,
            voluntary: false,
        });
        self
    }

    pub fn with(mut self, change: impl FnOnce(&mut Shop)) -> Self {
        change(&mut self.shop);
        self
    }

    pub fn tax(mut self, tax: Tax) -> Self {
        self.taxes.retain(|known| known.id != tax.id);
        self.taxes.push(tax);
        self
    }

    /// Adds a named switch of one tax to others.
    pub fn mapping(mut self, name: &str, from: u128, to: &[u128]) -> Self {
        self.shop.tax_mappings.push(TaxMapping {
            name: name.into(),
            swaps: vec![TaxSwap {
                from: tax_id(from),
                to: to.iter().map(|number| tax_id(*number)).collect(),
            }],
        });
        self
    }

    /// Adds goods, changed from a plain item with tax 1.
    pub fn goods(mut self, number: u128, price: &str, change: impl FnOnce(Goods) -> Goods) -> Self {
        self.goods
            .push(change(Goods::new(number, price, self.shop.currency)));
        self
    }

    pub fn plain(self, number: u128, price: &str) -> Self {
        self.goods(number, price, |goods| goods)
    }

    /// Lists the commands that make the shop.
    pub fn commands(&self) -> Vec<Command> {
        let tender = |id, name: &str, class| TenderKind {
            id,
            name: name.into(),
            class,
            archived: false,
        };
        let location = |id, name: &str| Location {
            id,
            name: name.into(),
        };
        let cash_box = |id, name: &str| CashBox {
            id,
            name: name.into(),
        };
        let mut commands = vec![
            Command::PutShop {
                shop: self.shop.clone(),
            },
            Command::PutTaxes {
                taxes: self.taxes.clone(),
            },
            Command::PutTenders {
                tenders: vec![
                    tender(CASH, "Cash", TenderClass::Cash),
                    tender(CARD, "Card", TenderClass::Custom),
                ],
            },
            Command::PutPlaces {
                locations: vec![location(PITCH, "Pitch"), location(VAN, "Van")],
                cash_boxes: vec![cash_box(BOX, "Tin"), cash_box(SPARE_BOX, "Apron")],
            },
        ];
        for goods in self.goods.chunks(100) {
            commands.push(Command::PutItems {
                items: goods.iter().map(|goods| goods.draft.clone()).collect(),
            });
        }
        commands
    }
}
