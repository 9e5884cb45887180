//! The columns of an item file: which ones Barrow reads, and the names they go by. docs/csv.md tells them to people.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The shop's own code, by which an item is found again.
    Sku,
    /// The name.
    Name,
    /// How it is sold.
    Kind,
    /// The unit of its quantity, price and stock.
    Unit,
    /// The price in major units, for `price_per` units.
    Price,
    /// The price in minor units, for `price_per` units.
    PriceMinor,
    /// How many units the price is for.
    PricePer,
    /// The currency, which must be the shop's.
    Currency,
    /// Whether the price includes tax, which must fit the taxes.
    PriceBasis,
    /// Its taxes by report group, name or id.
    Tax,
    /// The category of reports.
    Category,
    /// The page of quick keys.
    Page,
    /// The place on that page.
    Slot,
    /// The colour of the tile.
    Colour,
    /// One emoji.
    Emoji,
    /// The name of an icon.
    Icon,
    /// Its barcodes.
    Barcodes,
    /// The number on scale labels.
    Plu,
    /// The usual tare in its own unit.
    Tare,
    /// The usual tare in grams.
    TareGrams,
    /// The SKUs of deposits that it brings.
    Deposits,
    /// The least age of a buyer.
    MinAge,
    /// Whether stock is kept of it.
    Tracked,
    /// The stock at which it counts as low.
    LowAt,
    /// Whether it is no longer sold.
    Archived,
    /// Whether it is marked as sold out.
    SoldOut,
    /// What is there when a new item is imported.
    StockStart,
    /// Anything else: kept as it is.
    Extra,
}

/// Lists the columns that are exported, in order.
pub const EXPORTED: [(Column, &str); 23] = [
    (Column::Sku, "sku"),
    (Column::Name, "name"),
    (Column::Kind, "kind"),
    (Column::Unit, "unit"),
    (Column::Price, "price"),
    (Column::PricePer, "price_per"),
    (Column::Currency, "currency"),
    (Column::Tax, "tax"),
    (Column::Category, "category"),
    (Column::Page, "page"),
    (Column::Slot, "slot"),
    (Column::Colour, "colour"),
    (Column::Emoji, "emoji"),
    (Column::Icon, "icon"),
    (Column::Barcodes, "barcodes"),
    (Column::Plu, "plu"),
    (Column::Tare, "tare"),
    (Column::Deposits, "deposits"),
    (Column::MinAge, "min_age"),
    (Column::Tracked, "tracked"),
    (Column::LowAt, "low_at"),
    (Column::Archived, "archived"),
    (Column::SoldOut, "sold_out"),
];

/// Lists other names that files use.
const ALSO: [(Column, &str); 15] = [
    (Column::Sku, "article"),
    (Column::Sku, "article_number"),
    (Column::Name, "title"),
    (Column::Name, "description"),
    (Column::PriceMinor, "price_minor"),
    (Column::PriceBasis, "price_basis"),
    (Column::Tax, "vat"),
    (Column::Tax, "vat_class"),
    (Column::Tax, "tax_class"),
    (Column::Barcodes, "barcode"),
    (Column::Barcodes, "ean"),
    (Column::Barcodes, "gtin"),
    (Column::TareGrams, "tare_g"),
    (Column::Deposits, "deposit_sku"),
    (Column::StockStart, "stock_start"),
];

/// Returns what a column holds by its name; capitals, blanks and dashes do not matter.
pub fn column(name: &str) -> Column {
    let name = name.trim().to_lowercase().replace([' ', '-'], "_");
    EXPORTED
        .iter()
        .chain(&ALSO)
        .find(|(_, known)| *known == name)
        .map_or(Column::Extra, |(column, _)| *column)
}

/// Understands a header: what each column holds.
///
/// # Errors
/// When a column that is needed is missing, or one is there twice.
pub fn read(header: &[String]) -> Result<Vec<Column>, String> {
    let columns: Vec<Column> = header.iter().map(|name| column(name)).collect();
    for (at, name) in header.iter().enumerate() {
        if name.is_empty() {
            return Err(format!(
                "Column {} has no name. The first line must name every column.",
                at + 1
            ));
        }
        let twin = |other: &usize| match columns[at] {
            Column::Extra => header[*other] == *name,
            known => columns[*other] == known,
        };
        if let Some(first) = (0..at).find(twin) {
            return Err(format!(
                "The columns {} and {name} mean the same. Take one of them out.",
                header[first]
            ));
        }
    }
    if !columns.contains(&Column::Sku) {
        let known: Vec<&str> = EXPORTED.iter().map(|(_, name)| *name).collect();
        return Err(format!(
            "There is no column sku, by which items are found. The first line must name the columns: {}.",
            known.join(", ")
        ));
    }
    if columns.contains(&Column::Price) && columns.contains(&Column::PriceMinor) {
        return Err("The columns price and price_minor mean the same. Take one of them out.".into());
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(header: &[&str]) -> String {
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        read(&header).unwrap_err()
    }

    #[test]
    fn a_header_is_understood_or_told() {
        let header = ["SKU".to_owned(), "Sold out".to_owned(), "Supplier".to_owned()];
        assert_eq!(
            read(&header).unwrap(),
            [Column::Sku, Column::SoldOut, Column::Extra]
        );
        assert!(told(&["name", "price"]).contains("no column sku"));
        assert!(told(&["sku", "ean", "barcode"]).contains("ean and barcode"));
        assert!(told(&["sku", "shelf", "shelf"]).contains("shelf"));
        assert!(told(&["sku", ""]).contains("Column 2"));
        assert!(told(&["sku", "price", "price_minor"]).contains("price_minor"));
    }
}
