//! The names of a story: `$anything` is an id, the same one throughout the file.

use barrow_kernel::country::CountryPack;
use barrow_log::id::{CommandId, TaxId};
use barrow_till::setup;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Numbers the ids of a story from here: beyond those that every shop is born with.
const FIRST_ID: u128 = 0x0005_ce0a_0000_0000;

/// The ids of one story.
pub struct Names {
    pack: CountryPack,
    ids: BTreeMap<String, u128>,
    next: u128,
}

impl Names {
    /// Starts without names.
    pub fn new(pack: CountryPack) -> Self {
        Self {
            pack,
            ids: BTreeMap::new(),
            next: FIRST_ID,
        }
    }

    /// Returns the id of a name; `None` makes one that nobody can name.
    pub fn command(&mut self, name: Option<&str>) -> CommandId {
        CommandId::from_number(match name {
            Some(name) => self.number(name),
            None => self.fresh(),
        })
    }

    fn number(&mut self, name: &str) -> u128 {
        match self.ids.get(name) {
            Some(id) => *id,
            None => {
                let id = self.fresh();
                self.ids.insert(name.into(), id);
                id
            }
        }
    }

    fn fresh(&mut self) -> u128 {
        self.next += 1;
        self.next
    }

    /// Puts ids in the place of names, in a copy.
    ///
    /// # Errors
    /// When a text names a tax class that the country lacks.
    pub fn resolve(&mut self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => Value::String(self.text(text)?),
            Value::Array(values) => Value::Array(
                values
                    .iter()
                    .map(|value| self.resolve(value))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(fields) => {
                let mut resolved = Map::new();
                for (name, value) in fields {
                    let value = match (name.as_str(), value) {
                        ("tender", Value::String(text)) => Value::String(self.tender(text)?),
                        _ => self.resolve(value)?,
                    };
                    resolved.insert(name.clone(), value);
                }
                Value::Object(resolved)
            }
            other => other.clone(),
        })
    }

    fn text(&mut self, text: &str) -> Result<String, String> {
        if let Some(class) = text.strip_prefix("tax:") {
            return Ok(self.tax(class)?.to_string());
        }
        if let Some(length) = text.strip_prefix("long:") {
            let length = length.parse().map_err(|_| format!("{text} needs a length"))?;
            return Ok("x".repeat(length));
        }
        match text.strip_prefix("$$") {
            // A text that really begins with the sign.
            Some(rest) => Ok(format!("${rest}")),
            None if text.starts_with('$') => Ok(TaxId::from_number(self.number(text)).to_string()),
            None => Ok(text.into()),
        }
    }

    fn tender(&mut self, text: &str) -> Result<String, String> {
        Ok(match text {
            "cash" => setup::CASH.to_string(),
            "card" => setup::CARD_TERMINAL.to_string(),
            "voucher" => setup::VOUCHER.to_string(),
            other => self.text(other)?,
        })
    }

    /// Returns the tax of a class of the country pack.
    ///
    /// # Errors
    /// When the country has no such class.
    pub fn tax(&self, class: &str) -> Result<TaxId, String> {
        setup::tax_of_class(&self.pack, class).ok_or_else(|| format!("the country has no tax class {class}"))
    }
}
