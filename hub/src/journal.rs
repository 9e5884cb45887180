//! What a hub writes down of its own work: one JSON object a line, without persons, addresses of callers or goods.

use barrow_log::id::OrganisationId;
use barrow_log::stream::DeviceKey;
use serde_json::{Map, Value, json};
use std::sync::Mutex;

/// Takes lines.
pub type Sink = Box<dyn FnMut(&str) + Send>;

/// Writes lines.
pub struct Journal {
    clock: fn() -> i64,
    sink: Mutex<Sink>,
}

impl Journal {
    /// Writes to a sink, with the time of day from a clock in milliseconds since 1970.
    pub fn new(clock: fn() -> i64, sink: Sink) -> Self {
        Self {
            clock,
            sink: Mutex::new(sink),
        }
    }

    /// Returns the time of day in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// Notes what happened. `more` is an object with what else is to be known.
    pub fn note(&self, event: &str, more: Value) {
        let mut line = Map::new();
        line.insert("at_ms".into(), json!(self.now_ms()));
        line.insert("event".into(), json!(event));
        if let Value::Object(more) = more {
            line.extend(more);
        }
        // A journal that can't be written is no reason not to keep sales.
        if let Ok(mut sink) = self.sink.lock() {
            sink(&Value::Object(line).to_string());
        }
    }
}

/// Shortens an organisation to what tells two of them apart.
pub fn short(organisation: &OrganisationId) -> String {
    organisation.to_string().chars().take(8).collect()
}

/// Shortens a device to what tells two of them apart.
pub fn short_device(device: &DeviceKey) -> String {
    device.to_string().chars().take(8).collect()
}
