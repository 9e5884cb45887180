//! Writing items as CSV, so that reading them again changes nothing.

use super::columns::{Column, EXPORTED};
use super::{BETWEEN, NO_TAX, kind_name, tax};
use barrow_kernel::catalogue::Item;
use barrow_kernel::money::Currency;
use barrow_kernel::tax::Tax;
use barrow_log::id::{ItemId, TaxId};
use rust_decimal::Decimal;

/// Writes one cell of an item; `sku_of` names the deposits that it brings.
pub fn cell(column: Column, item: &Item, taxes: &[Tax], sku_of: &dyn Fn(&ItemId) -> String) -> String {
    let (face, trade) = (&item.face, &item.trade);
    let between = BETWEEN.to_string();
    let number = |value: Option<String>| value.unwrap_or_default();
    match column {
        Column::Sku => face.sku.clone(),
        Column::Name => face.name.clone(),
        Column::Kind => kind_name(trade.kind).into(),
        Column::Unit => trade.unit.to_string(),
        Column::Price => price(item),
        Column::PricePer => trade.price_per.to_string(),
        Column::Currency => item.price.currency.code_str().into(),
        Column::Tax if item.price.taxes.is_empty() => NO_TAX.into(),
        Column::Tax => {
            let name = |id: &TaxId| {
                taxes
                    .iter()
                    .find(|tax| tax.id == *id)
                    .map_or_else(|| id.to_string(), |tax| tax::name_of(taxes, tax))
            };
            item.price
                .taxes
                .iter()
                .map(name)
                .collect::<Vec<_>>()
                .join(&between)
        }
        Column::Category => face.category.clone(),
        Column::Page => face.page.clone(),
        Column::Slot => number((face.slot > 0).then(|| face.slot.to_string())),
        Column::Colour => face.colour.clone(),
        Column::Emoji => face.emoji.clone(),
        Column::Icon => face.icon.clone(),
        Column::Barcodes => item.codes.join(&between),
        Column::Plu => trade.plu.clone(),
        Column::Tare => number(trade.tare.map(|tare| tare.to_string())),
        Column::Deposits => trade
            .deposits
            .iter()
            .map(sku_of)
            .collect::<Vec<_>>()
            .join(&between),
        Column::MinAge => number(trade.min_age.map(|age| age.to_string())),
        Column::Tracked => yes(trade.tracked),
        Column::LowAt => number(trade.low_at.map(|low| low.to_string())),
        Column::Archived => yes(item.archived),
        Column::SoldOut => yes(item.sold_out),
        _ => String::new(),
    }
}

/// Writes the cells of an item, then those of kept columns.
pub fn row(item: &Item, taxes: &[Tax], extras: &[String], sku_of: &dyn Fn(&ItemId) -> String) -> Vec<String> {
    let known = EXPORTED
        .iter()
        .map(|(column, _)| cell(*column, item, taxes, sku_of));
    let kept = extras.iter().map(|name| {
        let extra = item.face.extras.iter().find(|extra| extra.name == *name);
        extra.map(|extra| extra.value.clone()).unwrap_or_default()
    });
    known.chain(kept).collect()
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "no" }.into()
}

/// Writes the price for `price_per` units, with at least the currency's decimals.
fn price(item: &Item) -> String {
    let shown = item.price.unit_price.decimal() * item.trade.price_per.decimal();
    decimal(shown, item.price.currency)
}

/// Writes a number of major units with at least the currency's decimals and no needless ones.
pub fn decimal(value: Decimal, currency: Currency) -> String {
    let mut value = value.normalize();
    if value.scale() < u32::from(currency.digits) {
        value.rescale(u32::from(currency.digits));
    }
    value.to_string()
}
