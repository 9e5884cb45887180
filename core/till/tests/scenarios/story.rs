//! A story: opens its shop, takes its steps, and tells everything that is not as expected.

use super::compare::{partial, unknown_fields};
use super::device::{Device, Teller};
use super::names::Names;
use barrow_kernel::catalogue::{Face, ItemDraft, ItemKind, Price, Trade};
use barrow_kernel::command::Command;
use barrow_kernel::country::CountryPack;
use barrow_kernel::quantity::Quantity;
use barrow_kernel::state::State;
use barrow_log::id::CommandId;
use barrow_till::setup::Setup;
use serde_json::{Value, json};

/// The time of the first step (2026-05-02T08:00:00Z), in milliseconds since 1970.
const FIRST_STEP_MS: i64 = 1_777_708_800_000;
/// How far the clock goes from step to step when a story names no time.
const STEP_MS: i64 = 1_000;

/// What came back from a command, as every language sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It was carried out.
    Done {
        /// Gives the revision that holds the change.
        revision: u64,
        /// Tells whether the change survives a power cut already.
        durable: bool,
        /// Shows what the command was about.
        view: Value,
    },
    /// It was rejected.
    Rejected(Value),
}

impl Answer {
    /// Tells whether another answer is the same one; what was not durable at first may be by now.
    fn is_repeated_by(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Done { revision, view, .. },
                Self::Done {
                    revision: again,
                    view: same,
                    ..
                },
            ) => (revision, view) == (again, same),
            (first, second) => first == second,
        }
    }
}

/// Runs a story from the text of its file; a teller sends its commands. Every failure is one line with the step and
/// the path of the field.
pub fn run(text: &str, teller: Box<dyn Teller>) -> Vec<String> {
    let mut faults = Vec::new();
    if let Err(fault) = try_run(text, teller, &mut faults) {
        faults.push(fault);
    }
    faults
}

fn try_run(text: &str, teller: Box<dyn Teller>, faults: &mut Vec<String>) -> Result<(), String> {
    let story: Value = serde_json::from_str(text).map_err(|fault| format!("no JSON: {fault}"))?;
    let mut run = Run::open(&story["shop"], teller).map_err(|fault| format!("shop: {fault}"))?;
    for (index, step) in list(&story["steps"]).iter().enumerate() {
        let mut found = Vec::new();
        let done = run.step(step, &mut found);
        found.extend(done.err());
        let place = step["note"]
            .as_str()
            .map_or_else(String::new, |note| format!(" ({note})"));
        faults.extend(
            found
                .into_iter()
                .map(|fault| format!("step {}{place}: {fault}", index + 1)),
        );
    }
    run.device.verify().map_err(|fault| format!("verify: {fault}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// One story under way.
struct Run {
    device: Device,
    names: Names,
    now_ms: i64,
    last: Option<(CommandId, Command, Answer)>,
    /// The states since the last one that was answered as durable: a crash may lead back to any of them.
    since_durable: Vec<State>,
}

impl Run {
    fn open(shop: &Value, teller: Box<dyn Teller>) -> Result<Self, String> {
        let setup = Setup {
            name: "Scenario".into(),
            country: shop["country"].as_str().unwrap_or_default().into(),
            currency: shop["currency"].as_str().map(Into::into),
            till: None,
            utc_offset_minutes: 0,
            language: None,
        };
        let pack = setup.pack().map_err(|fault| fault.to_string())?;
        let device = Device::found(&setup, FIRST_STEP_MS, teller)?;
        let mut run = Self {
            names: Names::new(pack.clone()),
            now_ms: FIRST_STEP_MS - STEP_MS,
            last: None,
            since_durable: vec![device.state()?],
            device,
        };
        for command in run.furnish(shop, &pack)? {
            run.prepare(command)?;
        }
        Ok(run)
    }

    /// Returns the commands that furnish the shop, in the order in which they need each other.
    fn furnish(&mut self, shop: &Value, pack: &CountryPack) -> Result<Vec<Value>, String> {
        let mut commands = Vec::new();
        for (field, command) in [("taxes", "put_taxes"), ("tenders", "put_tenders")] {
            if shop[field].is_array() {
                commands.push(json!({ command: { field: self.names.resolve(&shop[field])? } }));
            }
        }
        if shop["locations"].is_array() || shop["cash_boxes"].is_array() {
            let (locations, boxes) = (list(&shop["locations"]), list(&shop["cash_boxes"]));
            let places = json!({ "locations": locations, "cash_boxes": boxes });
            commands.push(json!({ "put_places": self.names.resolve(&places)? }));
        }
        if shop["settings"].is_object() {
            let settings = self.names.resolve(&shop["settings"])?;
            commands.push(json!({ "put_shop": { "shop": self.settings(&settings)? } }));
        }
        let (mut items, mut delivered) = (Vec::new(), Vec::new());
        for short in list(&shop["items"]) {
            let item = self.item(short, pack)?;
            if let Some(stock) = short["stock"].as_str() {
                delivered.push(json!({ "item": { "id": item.id }, "quantity": stock }));
            }
            items.push(item);
        }
        // A deposit must be known before the goods that bring it.
        items.sort_by_key(|item| {
            item.trade
                .as_ref()
                .is_none_or(|trade| trade.kind != ItemKind::Deposit)
        });
        if !items.is_empty() {
            commands.push(json!({ "put_items": { "items": items } }));
        }
        if !delivered.is_empty() {
            commands.push(json!({ "move_stock": { "movement": "delivery", "lines": delivered } }));
        }
        Ok(commands)
    }

    /// Returns the shop's present settings with those that a story names.
    fn settings(&self, named: &Value) -> Result<Value, String> {
        let mut whole = self.device.shop()?;
        for (field, value) in named.as_object().into_iter().flatten() {
            *whole
                .get_mut(field)
                .ok_or_else(|| format!("settings have no field {field}"))? = value.clone();
        }
        Ok(whole)
    }

    /// Builds an item from its short form; `$SKU` is its id.
    fn item(&mut self, short: &Value, pack: &CountryPack) -> Result<ItemDraft, String> {
        let sku = short["sku"].as_str().unwrap_or_default();
        let mut taxes = self.names.resolve(&json!(list(&short["taxes"])))?;
        if let (Some(class), Some(taxes)) = (short["tax_class"].as_str(), taxes.as_array_mut()) {
            taxes.push(json!(self.names.tax(class)?));
        }
        let named = self.names.resolve(&without(short, &["taxes", "deposits"]))?;
        let deposits: Vec<String> = list(&short["deposits"])
            .iter()
            .filter_map(Value::as_str)
            .map(|sku| format!("${sku}"))
            .collect();
        let mut trade = serde_json::to_value(Trade::default()).map_err(|fault| fault.to_string())?;
        let mut face = serde_json::to_value(Face::default()).map_err(|fault| fault.to_string())?;
        merge(&mut trade, &named);
        merge(&mut face, &named);
        trade["deposits"] = self.names.resolve(&json!(deposits))?;
        let price: Price = read(&json!({
            "unit_price": short["unit_price"], "currency": pack.currency, "taxes": taxes,
        }))?;
        Ok(ItemDraft {
            id: read(&self.names.resolve(&json!(format!("${sku}")))?)?,
            face: Some(read(&face)?),
            price: Some(price),
            trade: Some(read(&trade)?),
            archived: None,
            sold_out: None,
            add_codes: read(&json!(list(&short["codes"])))?,
            remove_codes: Vec::new(),
        })
    }

    fn prepare(&mut self, command: Value) -> Result<(), String> {
        let id = self.names.command(None);
        match self.device.send(id, &read(&command)?)? {
            Answer::Done { .. } => {
                self.since_durable = vec![self.device.state()?];
                Ok(())
            }
            Answer::Rejected(rejection) => Err(format!("{command} was rejected: {rejection}")),
        }
    }

    fn step(&mut self, step: &Value, faults: &mut Vec<String>) -> Result<(), String> {
        self.now_ms = match step["at"].as_str() {
            Some(at) => {
                milliseconds(at).ok_or_else(|| format!("{at} is no time such as 2026-05-02T08:00:00Z"))?
            }
            None => self.now_ms + STEP_MS,
        };
        self.device.set_time(self.now_ms);
        if step["restart"] == json!(true) {
            self.restart()?;
        }
        if step["crash"] == json!(true) {
            self.crash()?;
        }
        if step["do"].is_object() {
            let id = self.names.command(step["as"].as_str());
            let mut written = self.names.resolve(&step["do"])?;
            if let Some(shop) = written["put_shop"].get("shop") {
                written["put_shop"]["shop"] = self.settings(shop)?;
            }
            let command: Command = read(&written).map_err(|fault| format!("do: {fault}"))?;
            let understood = serde_json::to_value(&command).map_err(|fault| fault.to_string())?;
            unknown_fields(&written, &understood, "do", faults);
            self.send(id, command, step, faults)?;
        } else if step["again"] == json!(true) {
            let (id, command, first) = self.last.clone().ok_or("nothing was sent before")?;
            let second = self.device.send(id, &command)?;
            if !first.is_repeated_by(&second) {
                faults.push(format!("again gave {second:?}, first it was {first:?}"));
            }
        }
        self.look(step, faults)?;
        self.check_laws(faults)
    }

    fn send(
        &mut self,
        id: CommandId,
        command: Command,
        step: &Value,
        faults: &mut Vec<String>,
    ) -> Result<(), String> {
        if step["rejected"].is_object() {
            // Taps that wait would be committed meanwhile and hide what a rejection might leave behind.
            self.device.flush()?;
            self.since_durable = vec![self.device.state()?];
        }
        let before = (self.device.state()?, self.device.op_count()?);
        let answer = self.device.send(id, &command)?;
        match &answer {
            Answer::Done { view, durable, .. } => {
                if step["rejected"].is_object() {
                    faults.push(format!("was done, expected a rejection: {}", step["rejected"]));
                }
                if !step["view"].is_null() {
                    partial(&self.names.resolve(&step["view"])?, view, "view", faults);
                }
                if let Some(expected) = step["durable"].as_bool().filter(|expected| expected != durable) {
                    faults.push(format!("durable is {durable}, expected {expected}"));
                }
                if *durable {
                    self.since_durable.clear();
                }
                self.since_durable.push(self.device.state()?);
            }
            Answer::Rejected(rejection) => {
                if step["rejected"].is_object() {
                    partial(
                        &self.names.resolve(&step["rejected"])?,
                        rejection,
                        "rejected",
                        faults,
                    );
                } else {
                    faults.push(format!("was rejected: {rejection}"));
                }
                if step["rejected"].is_object() && before != (self.device.state()?, self.device.op_count()?) {
                    faults.push("a rejected command left something behind".into());
                }
            }
        }
        self.last = Some((id, command, answer));
        Ok(())
    }

    /// Looks at stock, ledger and shift where the step names them.
    fn look(&mut self, step: &Value, faults: &mut Vec<String>) -> Result<(), String> {
        if let Some(stock) = step["stock"].as_object() {
            for (sku, expected) in stock {
                let expected: Quantity = read(expected)?;
                let actual = self.device.on_hand(sku)?;
                if actual != expected {
                    faults.push(format!("stock.{sku} is {actual}, expected {expected}"));
                }
            }
        }
        if step["ledger"].is_object() {
            let actual: Value = self
                .device
                .ledger()?
                .into_iter()
                .filter(|(_, minor)| *minor != 0)
                .collect();
            partial(&step["ledger"], &actual, "ledger", faults);
            partial(&actual, &step["ledger"], "ledger as expected", faults);
        }
        match &step["shift"] {
            Value::Null if step.get("shift").is_none() => {}
            expected => partial(
                &self.names.resolve(expected)?,
                &self.device.shift()?,
                "shift",
                faults,
            ),
        }
        Ok(())
    }

    /// Checks what must hold after every step, whatever the story tells.
    fn check_laws(&mut self, faults: &mut Vec<String>) -> Result<(), String> {
        let balance: i64 = self.device.ledger()?.values().sum();
        if balance != 0 {
            faults.push(format!("debits and credits differ by {balance}"));
        }
        for cart in self.device.carts()? {
            let totals = &cart.totals;
            let lines: i64 = cart.lines.iter().map(|line| line.total_minor).sum();
            if totals.paid_minor + totals.open_minor != totals.total_minor
                || totals.base_minor + totals.tax_minor != totals.total_minor
                || (cart.line_count as usize == cart.lines.len() && lines != totals.total_minor)
            {
                faults.push(format!(
                    "the figures of cart {} do not add up: {totals:?}",
                    cart.cart
                ));
            }
        }
        // Taps may wait for their commit; what was answered as durable is in the log now.
        if self.since_durable.len() == 1 && self.device.rebuilt()? != self.device.state()? {
            faults.push("the state is not what its log makes".into());
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), String> {
        let before = self.device.state()?;
        self.device.restart()?;
        self.last = None;
        let after = self.device.state()?;
        self.since_durable = vec![after.clone()];
        if before == after {
            Ok(())
        } else {
            Err("the restart changed what is open".into())
        }
    }

    fn crash(&mut self) -> Result<(), String> {
        self.device.crash()?;
        self.last = None;
        let after = self.device.state()?;
        let known = self.since_durable.contains(&after);
        self.since_durable = vec![after];
        if known {
            Ok(())
        } else {
            Err("the crash lost more than taps".into())
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_value(value.clone()).map_err(|fault| format!("{value}: {fault}"))
}

fn without(value: &Value, fields: &[&str]) -> Value {
    let fields = |(name, _): &(&String, &Value)| !fields.contains(&name.as_str());
    let kept = value.as_object().into_iter().flatten().filter(fields);
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Takes over the fields that a register has.
fn merge(register: &mut Value, named: &Value) {
    for (field, value) in named.as_object().into_iter().flatten() {
        if let Some(place) = register.get_mut(field) {
            *place = value.clone();
        }
    }
}

/// Reads a time like 2026-05-02T08:00:00Z.
fn milliseconds(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let numbers = |text: &str, sign| {
        text.split(sign)
            .map(|part| part.parse::<i64>().ok())
            .collect::<Option<Vec<_>>>()
    };
    let (date, time) = (numbers(date, '-')?, numbers(time, ':')?);
    let ([year, month, day], [hour, minute, second]) = (date.as_slice(), time.as_slice()) else {
        return None;
    };
    // Days from the civil calendar; years are counted from March (Howard Hinnant's days_from_civil).
    let year = if *month <= 2 { year - 1 } else { *year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000)
}

#[test]
fn times_are_read() {
    assert_eq!(milliseconds("2026-05-02T08:00:00Z"), Some(FIRST_STEP_MS));
    assert_eq!(milliseconds("1970-01-01T00:00:01Z"), Some(1_000));
    assert_eq!(milliseconds("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
    assert_eq!(milliseconds("yesterday"), None);
}
