//! The year's invoices through the kernel alone: decide and apply, with a catalogue in memory and no disk.

use crate::Measured;
use crate::sale::Ids;
use crate::stats::{now, round3, us_since};
use barrow_kernel::cart::LineId;
use barrow_kernel::catalogue::{
    CashBox, Face, Item, ItemWrites, Location, Oversell, Price, Shop, TenderClass, TenderKind, Trade,
};
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::context::{Catalogue, Context, History, Permission, Stock};
use barrow_kernel::decide::decide;
use barrow_kernel::event::Event;
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, UnitPrice};
use barrow_kernel::rejection::Rejection;
use barrow_kernel::rounding::Rounding;
use barrow_kernel::sale::Sale;
use barrow_kernel::state::{State, apply};
use barrow_kernel::tax::{Tax, TaxPolicy};
use barrow_log::id::{CashBoxId, ItemId, LocationId, SaleId, TaxId, TenderId};
use barrow_log::stream::StreamId;
use serde_json::{Value, json};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::sync::Arc;

const CASH: TenderId = TenderId::from_number(1);
const BOX: CashBoxId = CashBoxId::from_number(1);
const PLACE: LocationId = LocationId::from_number(1);

/// A catalogue in memory; nothing is known of stock and history.
struct Table {
    shop: Arc<Shop>,
    items: Items,
    cash: Arc<TenderKind>,
    cash_box: Arc<CashBox>,
    place: Arc<Location>,
}

type Read<T> = Result<T, Rejection>;

impl Catalogue for Table {
    fn shop_if_set(&self) -> Read<Option<Arc<Shop>>> {
        Ok(Some(Arc::clone(&self.shop)))
    }
    fn item(&self, id: &ItemId) -> Read<Option<Arc<Item>>> {
        Ok(self.items.get(id).cloned())
    }
    fn item_by_sku(&self, _: &str) -> Read<Option<Arc<Item>>> {
        Ok(None)
    }
    fn items_by_code(&self, _: &str) -> Read<Vec<Arc<Item>>> {
        Ok(Vec::new())
    }
    fn item_by_plu(&self, _: &str) -> Read<Option<Arc<Item>>> {
        Ok(None)
    }
    fn tax(&self, _: &TaxId) -> Read<Option<Arc<Tax>>> {
        Ok(None)
    }
    fn tender(&self, id: &TenderId) -> Read<Option<Arc<TenderKind>>> {
        Ok((*id == CASH).then(|| Arc::clone(&self.cash)))
    }
    fn cash_box(&self, _: &CashBoxId) -> Read<Option<Arc<CashBox>>> {
        Ok(Some(Arc::clone(&self.cash_box)))
    }
    fn location(&self, _: &LocationId) -> Read<Option<Arc<Location>>> {
        Ok(Some(Arc::clone(&self.place)))
    }
}

impl Stock for Table {
    fn on_hand(&self, _: &ItemId, _: &LocationId) -> Read<Quantity> {
        Ok(Quantity::ZERO)
    }
}

impl History for Table {
    fn sale(&self, _: &SaleId) -> Read<Option<Arc<Sale>>> {
        Ok(None)
    }
    fn returned(&self, _: &SaleId, _: LineId) -> Read<Quantity> {
        Ok(Quantity::ZERO)
    }
    fn has_sales(&self) -> Read<bool> {
        Ok(false)
    }
}

/// One invoice: item, quantity and price in minor units of each line.
type Invoice = Vec<(ItemId, i32, i64)>;

/// The catalogue.
type Items = BTreeMap<ItemId, Arc<Item>>;

/// Reads the peers' `sales.jsonl`; invoices with goods that come back are left out.
fn invoices(path: &str) -> Result<(Vec<Invoice>, Items), Box<dyn std::error::Error>> {
    let currency = Currency::iso("GBP")?;
    let (mut ids, mut items, mut invoices) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let sale: Value = serde_json::from_str(&line?)?;
        let mut invoice = Vec::new();
        for line in sale["lines"].as_array().ok_or("a sale without lines")? {
            let (Some(sku), Some(quantity), Some(minor)) =
                (line["sku"].as_str(), line["qty"].as_i64(), line["price"].as_i64())
            else {
                return Err("a line without SKU, quantity or price".into());
            };
            let next = ids.len() as u128 + 1;
            let id = *ids
                .entry(sku.to_string())
                .or_insert_with(|| ItemId::from_number(next));
            if let Entry::Vacant(place) = items.entry(id) {
                place.insert(Arc::new(item(id, sku, minor.max(0), currency)?));
            }
            invoice.push((id, i32::try_from(quantity)?, minor));
        }
        if invoice
            .iter()
            .all(|(_, quantity, minor)| *quantity > 0 && *minor >= 0)
        {
            invoices.push(invoice);
        }
    }
    Ok((invoices, items))
}

fn item(id: ItemId, sku: &str, minor: i64, currency: Currency) -> Result<Item, Box<dyn std::error::Error>> {
    Ok(Item {
        id,
        face: Face {
            sku: sku.into(),
            name: format!("Item {sku}"),
            ..Face::default()
        },
        price: Price {
            unit_price: UnitPrice::of_minor(minor, 2)?,
            currency,
            taxes: Vec::new(),
        },
        trade: Trade::default(),
        archived: false,
        sold_out: false,
        codes: Vec::new(),
        writes: ItemWrites::default(),
    })
}

fn shop(currency: Currency) -> Shop {
    Shop {
        name: "Bench".into(),
        country: "GB".into(),
        currency,
        prices_include_tax: true,
        tax_policy: TaxPolicy::PerLine,
        rounding: Rounding::HalfAwayFromZero,
        tax_rounding: Rounding::HalfAwayFromZero,
        cash_rounding: None,
        denominations: Vec::new(),
        utc_offset_minutes: 0,
        language: "en".into(),
        header: Vec::new(),
        footer: Vec::new(),
        deposit_returns: 0,
        oversell: Oversell::Warn,
        tax_mappings: Vec::new(),
        embedded_rules: Vec::new(),
    }
}

/// Decides and applies one command.
fn step(state: &mut State, table: &Table, context: &Context, command: &Command) -> Result<i64, Rejection> {
    let events = decide(state, table, command, context)?;
    let mut total = 0;
    for event in &events {
        apply(state, event);
        if let Event::SaleCompleted { sale } = event {
            total += sale.total_minor;
        }
    }
    Ok(total)
}

/// Sells the year; the input is the peers' `sales.jsonl`.
pub fn measure(inputs: &[String]) -> Measured {
    let [sales, ..] = inputs else {
        return Err("kernel needs sales.jsonl".into());
    };
    let (invoices, items) = invoices(sales)?;
    let table = Table {
        shop: Arc::new(shop(Currency::iso("GBP")?)),
        items,
        cash: Arc::new(TenderKind {
            id: CASH,
            name: "Cash".into(),
            class: TenderClass::Cash,
            archived: false,
        }),
        cash_box: Arc::new(CashBox {
            id: BOX,
            name: "Box".into(),
        }),
        place: Arc::new(Location {
            id: PLACE,
            name: "Shop".into(),
        }),
    };
    let mut ids = Ids::new();
    let mut context = Context {
        now_ms: 1_291_190_000_000,
        command: ids.command(),
        who: None,
        till: "Till 1".into(),
        location: PLACE,
        cash_box: BOX,
        series: "A".into(),
        book: StreamId([1; 16]),
        book_head: None,
        permissions: BTreeSet::from([Permission::Sell]),
    };
    let (mut state, mut total, mut lines) = (State::default(), 0_i64, 0);
    let start = now();
    for invoice in &invoices {
        let cart = ids.cart();
        let drafts: Result<Vec<LineDraft>, Box<dyn std::error::Error>> = invoice.iter().map(draft).collect();
        context.command = ids.command();
        step(
            &mut state,
            &table,
            &context,
            &Command::AddLines {
                cart,
                lines: drafts?,
                approval: None,
            },
        )?;
        let pay = Command::Tender {
            cart,
            tender: CASH,
            amount_minor: None,
            given_minor: None,
            reference: None,
        };
        context.command = ids.command();
        total += step(&mut state, &table, &context, &pay)?;
        lines += invoice.len();
    }
    let seconds = us_since(start) / 1e6;
    Ok(vec![json!({
        "w": "kernel", "peer": "Barrow", "invoices": invoices.len(), "lines": lines, "total_minor": total,
        "seconds": round3(seconds), "invoices_per_s": round3(invoices.len() as f64 / seconds),
    })])
}

fn draft(line: &(ItemId, i32, i64)) -> Result<LineDraft, Box<dyn std::error::Error>> {
    let mut draft = LineDraft::of(ItemRef::Id(line.0));
    draft.quantity = Some(Quantity::from(line.1));
    draft.unit_price = Some(UnitPrice::of_minor(line.2, 2)?);
    draft.reason = Some("price on the invoice".into());
    Ok(draft)
}
