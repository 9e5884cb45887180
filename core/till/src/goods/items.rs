//! Items as CSV: one row an item, found again by its SKU.

pub mod columns;
pub mod tax;
pub mod write;

use super::sheet::{Problem, Row};
use crate::number;
use barrow_kernel::catalogue::{Extra, Face, Item, ItemDraft, ItemKind, Price, Trade};
use barrow_kernel::context::World;
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, Unit, UnitPrice};
use barrow_kernel::rejection::Rejection;
use barrow_kernel::tax::Tax;
use barrow_log::id::{ItemId, TaxId};
use columns::Column;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeMap;

/// Stands between several values of one cell.
pub const BETWEEN: char = '|';
/// Stands in the tax column for goods that bear no tax at all, in contrast to an empty cell.
pub const NO_TAX: &str = "-";
/// Gives the places of a unit price that was divided by `price_per`.
const PRICE_PLACES: u32 = 8;

/// What a file is read against.
pub struct Shelf<'a> {
    /// Gives the shop's currency.
    pub currency: Currency,
    /// Lists the shop's taxes, the usual one first.
    pub taxes: &'a [Tax],
    /// Reads the catalogue.
    pub world: &'a dyn World,
    /// Names deposits further up in the same file, by SKU.
    pub deposits: &'a BTreeMap<String, ItemId>,
}

/// One row, understood.
pub struct ItemRow {
    /// Holds what the item is to be.
    pub draft: ItemDraft,
    /// Tells that the catalogue does not have it yet.
    pub is_new: bool,
    /// Gives what is there, for a new item.
    pub stock_start: Option<Quantity>,
}

/// Reads one row. Columns that the file does not have stay as they are; `fresh` is the id of a new item.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(row: &Row<'_>, columns: &[Column], shelf: &Shelf<'_>, fresh: ItemId) -> Result<ItemRow, Problem> {
    let find = |wanted: Column| columns.iter().position(|column| *column == wanted);
    let at = find(Column::Sku).unwrap_or(0);
    let sku = row.at(at);
    if sku.is_empty() {
        return Err(row.problem(at, "it is empty; every item needs a code of its own"));
    }
    let known = shelf
        .world
        .item_by_sku(sku)
        .map_err(|fault| row.problem(at, fault.to_string()))?;
    let mut reading = Reading::new(row, columns, shelf, known.as_deref(), fresh);
    reading.trade()?;
    reading.face(sku);
    reading.price()?;
    let draft = reading.draft()?;
    Ok(ItemRow {
        draft,
        is_new: known.is_none(),
        stock_start: reading.stock_start,
    })
}

/// Tells whether a draft would change what the catalogue has.
pub fn changes(draft: &ItemDraft, known: Option<&Item>) -> bool {
    let Some(item) = known else { return true };
    draft.face.as_ref().is_some_and(|face| *face != item.face)
        || draft.price.as_ref().is_some_and(|price| *price != item.price)
        || draft.trade.as_ref().is_some_and(|trade| *trade != item.trade)
        || draft.archived.is_some_and(|archived| archived != item.archived)
        || draft.sold_out.is_some_and(|sold_out| sold_out != item.sold_out)
        || draft.add_codes.iter().any(|code| !item.codes.contains(code))
}

/// Returns the problem that a rejection of one row is.
pub fn rejected(row: &Row<'_>, columns: &[Column], fault: &Rejection) -> Problem {
    let wanted = match fault {
        Rejection::Unknown { field, .. }
        | Rejection::Missing { field, .. }
        | Rejection::TooLong { field, .. }
        | Rejection::OutOfRange { field, .. }
        | Rejection::Taken { field, .. } => match field.as_str() {
            "code" | "codes" => Column::Barcodes,
            "deposit" => Column::Deposits,
            "unit_price" => Column::Price,
            field => columns::column(field),
        },
        _ => Column::Extra,
    };
    match columns
        .iter()
        .position(|column| *column == wanted && wanted != Column::Extra)
    {
        Some(at) => row.problem(at, fault.to_string()),
        None => Problem::new(row.line, "", fault.to_string()),
    }
}

/// A row while it is read.
struct Reading<'a, 'r> {
    row: &'a Row<'r>,
    columns: &'a [Column],
    shelf: &'a Shelf<'a>,
    known: Option<&'a Item>,
    id: ItemId,
    face: Face,
    trade: Trade,
    price: Option<Price>,
    stock_start: Option<Quantity>,
}

impl<'a, 'r> Reading<'a, 'r> {
    fn new(
        row: &'a Row<'r>,
        columns: &'a [Column],
        shelf: &'a Shelf<'a>,
        known: Option<&'a Item>,
        fresh: ItemId,
    ) -> Self {
        Self {
            row,
            columns,
            shelf,
            known,
            id: known.map_or(fresh, |item| item.id),
            face: known.map(|item| item.face.clone()).unwrap_or_default(),
            trade: known.map(|item| item.trade.clone()).unwrap_or_default(),
            price: known.map(|item| item.price.clone()),
            stock_start: None,
        }
    }

    fn find(&self, wanted: Column) -> Option<usize> {
        self.columns.iter().position(|column| *column == wanted)
    }

    /// Returns the text of a column that the file has.
    fn text(&self, wanted: Column) -> Option<(usize, &'r str)> {
        self.find(wanted).map(|at| (at, self.row.at(at)))
    }

    fn quantity(&self, wanted: Column) -> Result<Option<Option<Quantity>>, Problem> {
        let Some((at, text)) = self.text(wanted) else {
            return Ok(None);
        };
        if text.is_empty() {
            return Ok(Some(None));
        }
        let number = number::plain(text, true).map_err(|fault| self.row.problem(at, fault))?;
        match number.parse::<Quantity>() {
            Ok(quantity) if quantity.is_negative() => Err(self.row.problem(at, "it is zero or more")),
            Ok(quantity) => Ok(Some(Some(quantity))),
            Err(fault) => Err(self.row.problem(at, format!("{text}: {fault}"))),
        }
    }

    fn yes(&self, wanted: Column) -> Result<Option<bool>, Problem> {
        let Some((at, text)) = self.text(wanted) else {
            return Ok(None);
        };
        match text.to_lowercase().as_str() {
            "yes" | "true" | "1" | "x" => Ok(Some(true)),
            "no" | "false" | "0" | "" => Ok(Some(false)),
            _ => Err(self.row.problem(at, format!("{text}: write yes or no"))),
        }
    }

    fn trade(&mut self) -> Result<(), Problem> {
        self.kind_and_unit()?;
        if let Some(per) = self.quantity(Column::PricePer)? {
            self.trade.price_per = per.unwrap_or(Quantity::ONE);
        }
        if let Some(tare) = self.quantity(Column::Tare)? {
            self.trade.tare = tare;
        }
        if let Some(grams) = self.quantity(Column::TareGrams)? {
            self.trade.tare = self.tare_of_grams(grams)?;
        }
        if let Some(low_at) = self.quantity(Column::LowAt)? {
            self.trade.low_at = low_at;
        }
        if let Some((at, text)) = self.text(Column::MinAge) {
            let age = |text: &str| text.parse::<u8>().ok();
            self.trade.min_age = match (text, age(text)) {
                ("", _) => None,
                (_, Some(years)) => Some(years),
                _ => return Err(self.row.problem(at, format!("{text} is not an age in years"))),
            };
        }
        if let Some((_, text)) = self.text(Column::Plu) {
            self.trade.plu = text.to_owned();
        }
        self.stock_start = self
            .quantity(Column::StockStart)?
            .flatten()
            .filter(|_| self.known.is_none());
        match self.yes(Column::Tracked)? {
            Some(tracked) => self.trade.tracked = tracked,
            // Where a file tells what is there, goods without a figure are not counted.
            None if self.known.is_none() && self.find(Column::StockStart).is_some() => {
                self.trade.tracked = self.stock_start.is_some();
            }
            None => {}
        }
        self.deposits()
    }

    fn kind_and_unit(&mut self) -> Result<(), Problem> {
        if let Some((at, text)) = self.text(Column::Kind) {
            self.trade.kind = kind(text).ok_or_else(|| {
                let kinds = "plain, weighed, open_price, department, deposit, gift_card, service";
                self.row.problem(at, format!("{text}: write one of {kinds}"))
            })?;
        }
        if let Some((at, text)) = self.text(Column::Unit) {
            let (per, unit) = match text {
                "" => (None, "each"),
                "100g" | "100 g" => (Some(100), "g"),
                "100ml" | "100 ml" => (Some(100), "ml"),
                text => (None, text),
            };
            self.trade.unit = unit
                .parse()
                .map_err(|fault| self.row.problem(at, format!("{text}: {fault}")))?;
            match per {
                Some(per) => self.trade.price_per = Quantity::from(per),
                None if self.find(Column::PricePer).is_none() => self.trade.price_per = Quantity::ONE,
                None => {}
            }
        }
        Ok(())
    }

    fn tare_of_grams(&self, grams: Option<Quantity>) -> Result<Option<Quantity>, Problem> {
        let Some(grams) = grams else { return Ok(None) };
        let tare = Unit::Gram.convert(grams, &self.trade.unit);
        let at = self.find(Column::TareGrams).unwrap_or_default();
        tare.map(Some).ok_or_else(|| {
            self.row
                .problem(at, format!("it is not sold by weight but by {}", self.trade.unit))
        })
    }

    fn deposits(&mut self) -> Result<(), Problem> {
        let Some((at, text)) = self.text(Column::Deposits) else {
            return Ok(());
        };
        self.trade.deposits.clear();
        for sku in several(text) {
            let known = self
                .shelf
                .world
                .item_by_sku(sku)
                .map_err(|fault| self.row.problem(at, fault.to_string()))?;
            let id = known
                .map(|item| item.id)
                .or_else(|| self.shelf.deposits.get(sku).copied());
            let missing = || format!("there is no deposit {sku}, neither in the shop nor in this file");
            self.trade
                .deposits
                .push(id.ok_or_else(|| self.row.problem(at, missing()))?);
        }
        Ok(())
    }

    fn face(&mut self, sku: &str) {
        self.face.sku = sku.to_owned();
        let (row, columns) = (self.row, self.columns);
        for (at, column) in columns.iter().enumerate() {
            let text = || row.at(at).to_owned();
            match column {
                Column::Name => self.face.name = text(),
                Column::Category => self.face.category = text(),
                Column::Page => self.face.page = text(),
                Column::Colour => self.face.colour = text(),
                Column::Emoji => self.face.emoji = text(),
                Column::Icon => self.face.icon = text(),
                Column::Slot => self.face.slot = row.at(at).parse().unwrap_or(0),
                // What a new item starts with and the basis of its price are told once and kept.
                Column::Extra | Column::StockStart | Column::PriceBasis => self.keep(row.name(at), text()),
                _ => {}
            }
        }
    }

    /// Keeps a column that Barrow does not read yet, in the order of names, so that files in any order agree.
    fn keep(&mut self, name: &str, value: String) {
        self.face.extras.retain(|extra| extra.name != name);
        if !value.is_empty() {
            self.face.extras.push(Extra {
                name: name.to_owned(),
                value,
            });
            self.face.extras.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }

    fn price(&mut self) -> Result<(), Problem> {
        if let Some((at, text)) = self.text(Column::Currency)
            && !text.is_empty()
            && text != self.shelf.currency.code_str()
        {
            return Err(self
                .row
                .problem(at, format!("{text}: this shop sells in {}", self.shelf.currency)));
        }
        let unit_price = self.unit_price()?;
        let taxes = self.taxes()?;
        let currency = self.shelf.currency;
        self.price = match (self.price.take(), unit_price) {
            (Some(price), unit_price) => Some(Price {
                unit_price: unit_price.unwrap_or(price.unit_price),
                currency,
                taxes: taxes.unwrap_or(price.taxes),
            }),
            (None, Some(unit_price)) => {
                let usual = || self.shelf.taxes.first().map(|tax| tax.id).into_iter().collect();
                Some(Price {
                    unit_price,
                    currency,
                    taxes: taxes.unwrap_or_else(usual),
                })
            }
            (None, None) => None,
        };
        self.check_basis()
    }

    fn unit_price(&self) -> Result<Option<UnitPrice>, Problem> {
        let (at, text, minor) = match (self.text(Column::Price), self.text(Column::PriceMinor)) {
            (Some((at, text)), _) => (at, text, false),
            (None, Some((at, text))) => (at, text, true),
            (None, None) => return Ok(None),
        };
        let wrong = |fault: String| self.row.problem(at, fault);
        if text.is_empty() {
            return Err(wrong(
                "it is empty; write 0 for a price that is typed at the till".into(),
            ));
        }
        let number = number::plain(text, true).map_err(wrong)?;
        let value: UnitPrice = number
            .parse()
            .map_err(|fault| wrong(format!("{text}: {fault}")))?;
        let mut price = value.decimal();
        if minor {
            price /= Decimal::from(self.shelf.currency.minor_per_major());
        }
        let per = self.trade.price_per.decimal();
        if per.is_zero() {
            return Err(wrong("price_per can't be zero".into()));
        }
        let price =
            (price / per).round_dp_with_strategy(PRICE_PLACES, RoundingStrategy::MidpointAwayFromZero);
        UnitPrice::try_from(price)
            .map(Some)
            .map_err(|fault| wrong(format!("{text}: {fault}")))
    }

    fn taxes(&self) -> Result<Option<Vec<TaxId>>, Problem> {
        let Some((at, text)) = self.text(Column::Tax) else {
            return Ok(None);
        };
        match text {
            "" => Ok(None),
            NO_TAX => Ok(Some(Vec::new())),
            text => several(text)
                .map(|name| tax::by_name(self.shelf.taxes, name).map_err(|fault| self.row.problem(at, fault)))
                .collect::<Result<Vec<_>, _>>()
                .map(Some),
        }
    }

    /// Checks that a price that says how it is meant has taxes that agree.
    fn check_basis(&self) -> Result<(), Problem> {
        let Some((at, text)) = self.text(Column::PriceBasis) else {
            return Ok(());
        };
        let included = match text.to_lowercase().as_str() {
            "" => return Ok(()),
            "incl_vat" | "incl_tax" | "gross" => true,
            "excl_vat" | "excl_tax" | "net" => false,
            _ => {
                return Err(self
                    .row
                    .problem(at, format!("{text}: write incl_tax or excl_tax")));
            }
        };
        let ids = self.price.iter().flat_map(|price| &price.taxes);
        let mut taxes = ids.filter_map(|id| self.shelf.taxes.iter().find(|tax| tax.id == *id));
        match taxes.find(|tax| tax.price_include != included) {
            Some(tax) if included => Err(self
                .row
                .problem(at, format!("{} is put on top of prices in this shop", tax.name))),
            Some(tax) => Err(self
                .row
                .problem(at, format!("prices in this shop include {}", tax.name))),
            None => Ok(()),
        }
    }

    fn draft(&self) -> Result<ItemDraft, Problem> {
        if let Some((at, text)) = self.text(Column::Slot)
            && !text.is_empty()
            && text.parse::<u16>().is_err()
        {
            return Err(self
                .row
                .problem(at, format!("{text} is not a place on a page: write 1 to 12")));
        }
        if self.price.is_none() {
            return Err(Problem::new(
                self.row.line,
                "price",
                "it is missing, and the item is new",
            ));
        }
        let codes = self
            .text(Column::Barcodes)
            .map(|(_, text)| several(text).map(str::to_owned).collect());
        Ok(ItemDraft {
            id: self.id,
            face: Some(self.face.clone()),
            price: self.price.clone(),
            trade: Some(self.trade.clone()),
            archived: self.yes(Column::Archived)?,
            sold_out: self.yes(Column::SoldOut)?,
            add_codes: codes.unwrap_or_default(),
            remove_codes: Vec::new(),
        })
    }
}

/// Splits a cell that holds several values.
pub fn several(text: &str) -> impl Iterator<Item = &str> {
    text.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty())
}

fn kind(text: &str) -> Option<ItemKind> {
    Some(match text.to_lowercase().replace([' ', '-'], "_").as_str() {
        "" | "plain" | "unit" | "piece" => ItemKind::Plain,
        "weighed" => ItemKind::Weighed,
        "open_price" => ItemKind::OpenPrice,
        "department" => ItemKind::Department,
        "deposit" => ItemKind::Deposit,
        "gift_card" => ItemKind::GiftCard,
        "service" => ItemKind::Service,
        _ => return None,
    })
}

/// Returns the word of a kind in files.
pub fn kind_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Plain => "plain",
        ItemKind::Weighed => "weighed",
        ItemKind::OpenPrice => "open_price",
        ItemKind::Department => "department",
        ItemKind::Deposit => "deposit",
        ItemKind::GiftCard => "gift_card",
        ItemKind::Service => "service",
    }
}
