//! What is asked: the documents of docs/schema/quote-1.json, read strictly.

use super::value::{Exact, Minor, Object, present};
use crate::output::{Failure, sentence};
use barrow_kernel::cash::{CashRounding, RefundRounding};
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, Rate, UnitPrice};
use barrow_kernel::rounding::Rounding;
use barrow_kernel::tax::{TaxClass, TaxPolicy};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::error::Category;

/// The only version so far.
pub const VERSION: u64 = 1;
/// Longest `id` of a document, tax or line, and longest name, in characters: what a person can still tell apart.
pub const TEXT_CHARS: usize = 500;

/// A document, by what it asks for.
#[derive(Debug)]
pub enum Document {
    /// A cart to price.
    Basket(Box<Basket>),
    /// Single steps of the arithmetic.
    Arithmetic(Box<Arithmetic>),
}

/// What is looked at before a document is read in full.
#[derive(Default, Deserialize)]
struct Opening {
    #[serde(default, deserialize_with = "present")]
    id: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    version: Option<Value>,
    allocate: Option<IgnoredAny>,
    round: Option<IgnoredAny>,
    cash: Option<IgnoredAny>,
    money: Option<IgnoredAny>,
    adapt: Option<IgnoredAny>,
}

/// A cart with all that its price depends on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "id and version are read from the opening")]
pub struct Basket {
    version: Option<IgnoredAny>,
    id: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    pub currency: Option<Currency>,
    #[serde(default, deserialize_with = "present")]
    pub country: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub tax_policy: Option<TaxPolicy>,
    #[serde(default)]
    pub rounding: Rounding,
    #[serde(default)]
    pub tax_rounding: Rounding,
    #[serde(default, deserialize_with = "present")]
    pub cash_rounding: Option<Object<CashRule>>,
    #[serde(default, deserialize_with = "present")]
    pub denominations: Option<Vec<Minor>>,
    #[serde(default)]
    pub taxes: Vec<Object<TaxDefinition>>,
    pub lines: Vec<Object<Line>>,
    #[serde(default)]
    pub discounts: Vec<Object<Reduction>>,
    #[serde(default, deserialize_with = "present")]
    pub switch: Option<Object<Switch>>,
    #[serde(default)]
    pub tenders: Vec<Object<Tender>>,
    #[serde(default = "yes")]
    pub exact: bool,
}

/// Single steps of the arithmetic, each list answered entry by entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "id and version are read from the opening")]
pub struct Arithmetic {
    version: Option<IgnoredAny>,
    id: Option<IgnoredAny>,
    #[serde(default)]
    pub taxes: Vec<Object<TaxDefinition>>,
    #[serde(default, deserialize_with = "present")]
    pub allocate: Option<Vec<Object<Allocation>>>,
    #[serde(default, deserialize_with = "present")]
    pub round: Option<Vec<Object<Round>>>,
    #[serde(default, deserialize_with = "present")]
    pub cash: Option<Vec<Object<Cash>>>,
    #[serde(default, deserialize_with = "present")]
    pub money: Option<Vec<Object<MoneyStep>>>,
    #[serde(default, deserialize_with = "present")]
    pub adapt: Option<Vec<Object<Adaption>>>,
}

const fn yes() -> bool {
    true
}

/// A country's rule for cash.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CashRule {
    pub step_minor: Minor,
    #[serde(default)]
    pub mode: Rounding,
    #[serde(default)]
    pub refunds: RefundRounding,
    #[serde(default)]
    pub never_to_zero: bool,
    #[serde(default)]
    pub allow_exact: bool,
    #[serde(default)]
    pub voluntary: bool,
}

impl CashRule {
    /// Returns the kernel's rule. A step below one minor unit means nothing.
    pub fn rule(&self, field: &str) -> Result<CashRounding, Failure> {
        if self.step_minor.0 < 1 {
            return Err(Failure::field(
                format!("{field}.step_minor"),
                "A rounding step is 1 minor unit or more.",
            ));
        }
        Ok(CashRounding {
            step_minor: self.step_minor.0,
            mode: self.mode,
            refunds: self.refunds,
            never_to_zero: self.never_to_zero,
            allow_exact: self.allow_exact,
            voluntary: self.voluntary,
        })
    }
}

/// A tax by an id of the caller's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxDefinition {
    pub id: String,
    #[serde(default, deserialize_with = "present")]
    pub name: Option<String>,
    pub kind: TaxSort,
    #[serde(default, deserialize_with = "present")]
    pub rate: Option<Rate>,
    #[serde(default, deserialize_with = "present")]
    pub amount: Option<UnitPrice>,
    #[serde(default, deserialize_with = "present")]
    pub children: Option<Vec<String>>,
    #[serde(default)]
    pub price_include: bool,
    #[serde(default)]
    pub include_base_amount: bool,
    #[serde(default = "yes")]
    pub is_base_affected: bool,
    #[serde(default)]
    pub sequence: i32,
    #[serde(default)]
    pub group: String,
    #[serde(default)]
    pub class: TaxClass,
}

/// How the amount of a tax is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxSort {
    Percent,
    Fixed,
    Division,
    Group,
}

/// A line of the cart.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    #[serde(default, deserialize_with = "present")]
    pub id: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub name: Option<String>,
    #[serde(default = "one")]
    pub quantity: Quantity,
    #[serde(default, deserialize_with = "present")]
    pub unit_price: Option<UnitPrice>,
    #[serde(default, deserialize_with = "present")]
    pub amount_minor: Option<Minor>,
    #[serde(default, deserialize_with = "present")]
    pub offer_minor: Option<Minor>,
    #[serde(default)]
    pub taxes: Vec<String>,
    #[serde(default)]
    pub discounts: Vec<Object<Reduction>>,
    #[serde(default, deserialize_with = "present")]
    pub discountable: Option<bool>,
    #[serde(default)]
    pub deposit: bool,
}

const fn one() -> Quantity {
    Quantity::ONE
}

/// A discount of a line or a cart.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduction {
    Percent(Rate),
    AmountMinor(Minor),
}

/// One set of taxes in place of another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    pub from: Vec<String>,
    pub to: Vec<String>,
}

/// How the cart is paid.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tender {
    Cash(Object<CashTender>),
    Custom(Object<CustomTender>),
}

/// Coins and notes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CashTender {
    #[serde(default, deserialize_with = "present")]
    pub given_minor: Option<Minor>,
    #[serde(default, deserialize_with = "present")]
    pub amount_minor: Option<Minor>,
}

/// Any other means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomTender {
    pub name: String,
    #[serde(default, deserialize_with = "present")]
    pub amount_minor: Option<Minor>,
}

/// An amount to split.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    pub total: Minor,
    pub weights: Vec<Exact>,
}

/// A value to round.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    pub value: Exact,
    #[serde(default, deserialize_with = "present")]
    pub digits: Option<u8>,
    #[serde(default, deserialize_with = "present")]
    pub step_minor: Option<Minor>,
    #[serde(default)]
    pub mode: Rounding,
}

/// An amount to be paid in cash.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cash {
    #[serde(default, deserialize_with = "present")]
    pub amount_minor: Option<Minor>,
    #[serde(default, deserialize_with = "present")]
    pub amount: Option<Exact>,
    #[serde(default, deserialize_with = "present")]
    pub currency: Option<Currency>,
    pub rule: Object<CashRule>,
    #[serde(default, deserialize_with = "present")]
    pub denominations: Option<Vec<Minor>>,
}

/// A step with money.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyStep {
    Parse(Object<Parse>),
    Format(Object<Amount>),
    Add(Vec<Object<Amount>>),
    Subtract(Vec<Object<Amount>>),
    Currency(Currency),
}

/// A written amount.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parse {
    pub text: String,
    pub currency: Currency,
}

/// An amount with its currency.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    pub minor: Minor,
    pub currency: Currency,
}

/// A price that moves from one set of taxes to another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adaption {
    pub unit_price: UnitPrice,
    pub from: Vec<String>,
    pub to: Vec<String>,
    #[serde(default = "two")]
    pub places: u8,
    #[serde(default)]
    pub rounding: Rounding,
}

const fn two() -> u8 {
    2
}

/// Reads one document. The id comes back even when the rest is refused.
pub fn read(bytes: &[u8]) -> (Option<Value>, Result<Document, Failure>) {
    let opening: Opening = match parse(bytes) {
        Ok(opening) => opening,
        Err(failure) => return (None, Err(failure)),
    };
    let id = match opening.id.as_ref().map(check_id).transpose() {
        Ok(_) => opening.id.clone(),
        Err(failure) => return (None, Err(failure)),
    };
    let document = check_version(&opening).and_then(|()| {
        let steps = [
            &opening.allocate,
            &opening.round,
            &opening.cash,
            &opening.money,
            &opening.adapt,
        ];
        if steps.iter().any(|step| step.is_some()) {
            parse(bytes).map(Document::Arithmetic)
        } else {
            parse(bytes).map(Document::Basket)
        }
    });
    (id, document)
}

fn check_version(opening: &Opening) -> Result<(), Failure> {
    match &opening.version {
        None => Ok(()),
        Some(version) if version.as_u64() == Some(VERSION) => Ok(()),
        Some(_) => Err(Failure::field(
            "version",
            "This program reads version 1, written as the number 1.",
        )),
    }
}

fn check_id(id: &Value) -> Result<(), Failure> {
    let sound = match id {
        Value::String(text) => text.chars().count() <= TEXT_CHARS,
        Value::Number(number) => number.is_i64() || number.is_u64(),
        _ => false,
    };
    if sound {
        return Ok(());
    }
    Err(Failure::field(
        "id",
        format!("An id is a text of at most {TEXT_CHARS} characters or a whole number."),
    ))
}

/// Reads JSON and says where it is wrong.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: Object<T> = serde_path_to_error::deserialize(&mut reader).map_err(|fault| {
        let path = fault.path().to_string();
        let message = explain(fault.inner());
        if path == "." {
            Failure::invalid(message)
        } else {
            Failure::field(path, message)
        }
    })?;
    reader.end().map_err(|fault| Failure::invalid(explain(&fault)))?;
    Ok(value.into_inner())
}

/// Makes a sentence of a library's message, which ends with its place.
fn explain(fault: &serde_json::Error) -> String {
    let text = fault.to_string();
    let (line, column) = (fault.line(), fault.column());
    let what = text
        .strip_suffix(&format!(" at line {line} column {column}"))
        .unwrap_or(&text);
    let what = match fault.classify() {
        Category::Eof => "the JSON document is empty or ends too early".to_owned(),
        Category::Syntax => format!("this is not JSON: {what}"),
        Category::Data | Category::Io => what.replace("unknown variant", "unknown choice"),
    };
    sentence(&format!("{what} (line {line}, column {column})"))
}
