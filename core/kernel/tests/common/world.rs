//! A world in memory: catalogue, stock and history as folds of the events, without a database.

use barrow_kernel::cart::LineId;
use barrow_kernel::catalogue::{CashBox, Item, ItemPut, Location, Shop, TenderKind};
use barrow_kernel::context::{Catalogue, History, Stock};
use barrow_kernel::event::Event;
use barrow_kernel::log::id::{CashBoxId, ItemId, LocationId, SaleId, TaxId, TenderId};
use barrow_kernel::log::stream::OpRef;
use barrow_kernel::quantity::{QUANTITY_MAX, Quantity};
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::Sale;
use barrow_kernel::tax::Tax;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that a decision may read, kept in maps.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    pub shop: Option<Arc<Shop>>,
    pub items: BTreeMap<ItemId, Arc<Item>>,
    pub taxes: BTreeMap<TaxId, Arc<Tax>>,
    pub tenders: BTreeMap<TenderId, Arc<TenderKind>>,
    pub cash_boxes: BTreeMap<CashBoxId, Arc<CashBox>>,
    pub locations: BTreeMap<LocationId, Arc<Location>>,
    pub stock: BTreeMap<(ItemId, LocationId), Decimal>,
    pub sales: BTreeMap<SaleId, Arc<Sale>>,
    pub returned: BTreeMap<(SaleId, LineId), Decimal>,
}

impl MemoryWorld {
    /// Folds an event of the op `by`.
    pub fn fold(&mut self, event: &Event, by: OpRef) {
        match event {
            Event::ShopPut { shop } => self.shop = Some(Arc::new(shop.clone())),
            Event::TaxesPut { taxes } => {
                let taxes = taxes.iter().map(|tax| (tax.id, Arc::new(tax.clone())));
                self.taxes.extend(taxes);
            }
            Event::TendersPut { tenders } => {
                let tenders = tenders.iter().map(|kind| (kind.id, Arc::new(kind.clone())));
                self.tenders.extend(tenders);
            }
            Event::PlacesPut {
                locations,
                cash_boxes,
            } => {
                let places = locations.iter().map(|place| (place.id, Arc::new(place.clone())));
                self.locations.extend(places);
                let boxes = cash_boxes.iter().map(|place| (place.id, Arc::new(place.clone())));
                self.cash_boxes.extend(boxes);
            }
            Event::ItemsPut { items } => items.iter().for_each(|put| self.put(put, by)),
            Event::SaleCompleted { sale } => self.sell(sale),
            Event::StockMoved { movement } => {
                for line in &movement.lines {
                    *self.on(line.item, movement.location) += line.change.decimal();
                }
            }
            Event::StockCounted { count } => {
                for line in &count.lines {
                    *self.on(line.item, count.location) += line.counted.decimal() - line.known.decimal();
                }
            }
            _ => {}
        }
    }

    fn on(&mut self, item: ItemId, location: LocationId) -> &mut Decimal {
        self.stock.entry((item, location)).or_default()
    }

    fn sell(&mut self, sale: &Sale) {
        for line in &sale.lines {
            *self.on(line.goods.item, sale.location) -= line.stock_out().decimal();
            if let Some(of) = line.returns.as_ref().and_then(|returns| returns.of) {
                *self.returned.entry((of.sale, of.line)).or_default() -= line.quantity.decimal();
            }
        }
        self.sales.insert(sale.id, Arc::new(sale.clone()));
    }

    fn put(&mut self, put: &ItemPut, by: OpRef) {
        let known = self.items.get(&put.id).map(|item| (**item).clone());
        let mut item = known.unwrap_or_else(|| Item {
            id: put.id,
            face: put.face.as_ref().expect("a new item has a face").value.clone(),
            price: put.price.as_ref().expect("a new item has a price").value.clone(),
            trade: Default::default(),
            archived: false,
            sold_out: false,
            codes: Vec::new(),
            writes: Default::default(),
        });
        if let Some(write) = &put.face {
            (item.face, item.writes.face) = (write.value.clone(), vec![by]);
        }
        if let Some(write) = &put.price {
            (item.price, item.writes.price) = (write.value.clone(), vec![by]);
        }
        if let Some(write) = &put.trade {
            (item.trade, item.writes.trade) = (write.value.clone(), vec![by]);
        }
        if let Some(write) = &put.archived {
            (item.archived, item.writes.archived) = (write.value, vec![by]);
        }
        if let Some(write) = &put.sold_out {
            (item.sold_out, item.writes.sold_out) = (write.value, vec![by]);
        }
        item.codes.retain(|code| !put.remove_codes.contains(code));
        item.codes.extend(put.add_codes.iter().cloned());
        self.items.insert(put.id, Arc::new(item));
    }

    fn first(&self, wanted: impl Fn(&Item) -> bool) -> Option<Arc<Item>> {
        let mut found = self.items.values().filter(|item| wanted(item));
        let any = found.clone().next();
        found.find(|item| !item.archived).or(any).cloned()
    }
}

impl Catalogue for MemoryWorld {
    fn shop_if_set(&self) -> Result<Option<Arc<Shop>>, Rejection> {
        Ok(self.shop.clone())
    }
    fn item(&self, id: &ItemId) -> Result<Option<Arc<Item>>, Rejection> {
        Ok(self.items.get(id).cloned())
    }
    fn item_by_sku(&self, sku: &str) -> Result<Option<Arc<Item>>, Rejection> {
        Ok(self.first(|item| item.face.sku == sku))
    }
    fn items_by_code(&self, code: &str) -> Result<Vec<Arc<Item>>, Rejection> {
        let bears = |item: &&Arc<Item>| item.codes.iter().any(|known| known == code);
        Ok(self.items.values().filter(bears).cloned().collect())
    }
    fn item_by_plu(&self, plu: &str) -> Result<Option<Arc<Item>>, Rejection> {
        Ok(self.first(|item| item.trade.plu == plu))
    }
    fn tax(&self, id: &TaxId) -> Result<Option<Arc<Tax>>, Rejection> {
        Ok(self.taxes.get(id).cloned())
    }
    fn tender(&self, id: &TenderId) -> Result<Option<Arc<TenderKind>>, Rejection> {
        Ok(self.tenders.get(id).cloned())
    }
    fn cash_box(&self, id: &CashBoxId) -> Result<Option<Arc<CashBox>>, Rejection> {
        Ok(self.cash_boxes.get(id).cloned())
    }
    fn location(&self, id: &LocationId) -> Result<Option<Arc<Location>>, Rejection> {
        Ok(self.locations.get(id).cloned())
    }
}

impl Stock for MemoryWorld {
    fn on_hand(&self, item: &ItemId, location: &LocationId) -> Result<Quantity, Rejection> {
        let sum = self.stock.get(&(*item, *location)).copied().unwrap_or_default();
        let bound = Decimal::from(QUANTITY_MAX);
        Quantity::try_from(sum.clamp(-bound, bound))
            .map_err(|fault| Rejection::range("stock", sum, &fault.to_string()))
    }
}

impl History for MemoryWorld {
    fn sale(&self, id: &SaleId) -> Result<Option<Arc<Sale>>, Rejection> {
        Ok(self.sales.get(id).cloned())
    }
    fn returned(&self, sale: &SaleId, line: LineId) -> Result<Quantity, Rejection> {
        let sum = self.returned.get(&(*sale, line)).copied().unwrap_or_default();
        Quantity::try_from(sum).map_err(|fault| Rejection::range("returned", sum, &fault.to_string()))
    }
    fn has_sales(&self) -> Result<bool, Rejection> {
        Ok(!self.sales.is_empty())
    }
}
