//! The file as a stream of rows, and the catalogue that it tells of.

use super::invoice::Invoice;
use crate::output::{Exit, Failure};
use barrow_kernel::quantity::{Quantity, UnitPrice};
use chrono::NaiveDateTime;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::str::FromStr;

/// One row of the file as it stands there.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// Gives the invoice; one that begins with C is a cancellation, with A an adjustment.
    #[serde(rename = "InvoiceNo")]
    pub invoice: String,
    /// Gives the stock code.
    #[serde(rename = "StockCode")]
    pub sku: String,
    /// Gives the description; often empty on write-offs.
    #[serde(rename = "Description")]
    pub description: String,
    /// Gives the quantity, negative when goods come back or are written off.
    #[serde(rename = "Quantity", deserialize_with = "exact")]
    pub quantity: Quantity,
    /// Gives the time, to the minute.
    #[serde(rename = "InvoiceDate")]
    pub date: String,
    /// Gives the price; negative on two bad debts, hence a number of its own.
    #[serde(rename = "UnitPrice", deserialize_with = "exact")]
    pub price: UnitPrice,
    /// Names the customer; empty when unknown.
    #[serde(rename = "CustomerID")]
    pub customer: String,
    /// Names the customer's country; kept for the count of rows alone.
    #[serde(rename = "Country")]
    pub _country: String,
}

/// Reads a number as it is written; a CSV reader left alone would guess a float.
fn exact<'de, D: Deserializer<'de>, T: FromStr<Err: std::fmt::Display>>(
    deserializer: D,
) -> Result<T, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(D::Error::custom)
}

impl Row {
    /// Returns the time in milliseconds since 1970.
    pub fn at_ms(&self) -> Result<i64, Failure> {
        NaiveDateTime::parse_from_str(&self.date, "%Y-%m-%d %H:%M:%S")
            .map(|time| time.and_utc().timestamp_millis())
            .map_err(|fault| {
                Failure::invalid(format!(
                    "Invoice {}: {} is no time: {fault}.",
                    self.invoice, self.date
                ))
            })
    }
}

/// A pass over the file.
pub struct Source {
    rows: csv::DeserializeRecordsIntoIter<Box<dyn Read>, Row>,
    line: usize,
}

impl Source {
    /// Opens the file from its beginning; a name that ends in `.zst` is unpacked on the way.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let unreadable = |fault: std::io::Error| {
            Failure::new(
                Exit::NotFound,
                format!("{} can't be read: {fault}.", path.display()),
            )
        };
        let file = BufReader::new(File::open(path).map_err(unreadable)?);
        let bytes: Box<dyn Read> = match path.extension().is_some_and(|end| end == "zst") {
            true => Box::new(zstd::Decoder::with_buffer(file).map_err(unreadable)?),
            false => Box::new(file),
        };
        Ok(Self {
            rows: csv::Reader::from_reader(bytes).into_deserialize(),
            line: 1,
        })
    }

    /// Returns the next row, or `None` at the end.
    pub fn next(&mut self) -> Result<Option<Row>, Failure> {
        self.line += 1;
        let line = self.line;
        self.rows
            .next()
            .transpose()
            .map_err(|fault| Failure::invalid(format!("Row {line} of the file can't be read: {fault}.")))
    }
}

/// What the file tells of one stock code.
#[derive(Clone, Debug, Default)]
pub struct Article {
    /// Gives its first description.
    pub name: String,
    /// Counts how often each price was asked; the one asked most is the catalogue's.
    prices: BTreeMap<UnitPrice, u32>,
}

impl Article {
    /// Returns the price that was asked most often; the lowest of equals.
    pub fn price(&self) -> UnitPrice {
        let most = self
            .prices
            .iter()
            .max_by_key(|(price, count)| (**count, std::cmp::Reverse(**price)));
        most.map_or(UnitPrice::ZERO, |(price, _)| *price)
    }
}

/// The catalogue, and how many rows each invoice has.
pub struct Catalogue {
    /// Holds the articles by stock code.
    pub articles: BTreeMap<String, Article>,
    invoices: BTreeMap<String, usize>,
    /// Counts the rows of the file.
    pub rows: usize,
}

impl Catalogue {
    /// Reads the whole file once.
    pub fn read(mut source: Source) -> Result<Self, Failure> {
        let mut catalogue = Self {
            articles: BTreeMap::new(),
            invoices: BTreeMap::new(),
            rows: 0,
        };
        while let Some(row) = source.next()? {
            catalogue.rows += 1;
            *catalogue.invoices.entry(row.invoice).or_default() += 1;
            let article = catalogue.articles.entry(row.sku).or_default();
            if article.name.is_empty() {
                article.name = row.description.trim().into();
            }
            if row.price.is_positive() {
                *article.prices.entry(row.price).or_default() += 1;
            }
        }
        Ok(catalogue)
    }

    /// Counts the invoices.
    pub fn invoice_count(&self) -> usize {
        self.invoices.len()
    }

    /// Reads the file again, as whole invoices: one is given out when its last row was read, because a few do not
    /// stand in one piece.
    pub fn invoices(&self, source: Source) -> Invoices<'_> {
        Invoices {
            source,
            counts: &self.invoices,
            pending: BTreeMap::new(),
        }
    }
}

/// Whole invoices, in the order in which they are complete.
pub struct Invoices<'a> {
    source: Source,
    counts: &'a BTreeMap<String, usize>,
    pending: BTreeMap<String, Vec<Row>>,
}

impl Invoices<'_> {
    /// Returns the next invoice, or `None` at the end.
    pub fn next(&mut self) -> Result<Option<Invoice>, Failure> {
        while let Some(row) = self.source.next()? {
            let number = row.invoice.clone();
            let rows = self.pending.entry(number.clone()).or_default();
            rows.push(row);
            if self.counts.get(&number) == Some(&rows.len())
                && let Some(rows) = self.pending.remove(&number)
            {
                return Invoice::of(number, rows).map(Some);
            }
        }
        Ok(None)
    }
}
