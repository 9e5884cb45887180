//! What belongs to this device alone: the commands it answered lately, and its own facts. Never an op, never in a
//! backup, written in the same transaction as what it is about.

use crate::error::StoreError;
use crate::store::Store;
use crate::streams::{from_sql, to_sql};
use barrow_log::id::{CartId, CashBoxId, CommandId, SaleId, ShiftId};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// Remembers this many commands: a caller that repeats one does so within minutes, and this is a day's work.
pub const COMMANDS_MAX: u64 = 10_000;

/// What a command was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Nothing that is shown.
    None,
    /// An open cart.
    Cart(CartId),
    /// A finished sale.
    Sale(SaleId),
    /// The shift of a cash box.
    Shift(CashBoxId),
    /// The Z report of a closed shift.
    Z(ShiftId),
}

/// What a command came to, so that a repeat gets the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalOutcome {
    /// Gives the revision that it made.
    pub revision: u64,
    /// Tells what it was about.
    pub subject: Subject,
    /// Tells whether its answer waited for the commit.
    pub durable: bool,
}

/// The commands answered lately, in memory and in a ring of rows.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    by_id: BTreeMap<CommandId, (u64, LocalOutcome)>,
    by_n: BTreeMap<u64, CommandId>,
    next: u64,
}

impl Commands {
    /// Reads the ring.
    pub(crate) fn load(conn: &Connection) -> Result<Self, StoreError> {
        let mut commands = Self::default();
        let mut statement = conn.prepare_cached(sql!("commands"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let outcome = LocalOutcome {
                revision: from_sql(row.get(2)?)?,
                durable: row.get(3)?,
                subject: subject(row.get(4)?, row.get(5)?)?,
            };
            let n = from_sql(row.get(0)?)?;
            commands.know(n, CommandId::from_bytes(row.get(1)?), outcome);
        }
        Ok(commands)
    }

    fn know(&mut self, n: u64, id: CommandId, outcome: LocalOutcome) {
        if let Some(oldest) = n.checked_sub(COMMANDS_MAX)
            && let Some(old) = self.by_n.remove(&oldest)
            && self.by_id.get(&old).is_some_and(|(newest, _)| *newest == oldest)
        {
            self.by_id.remove(&old);
        }
        self.by_id.insert(id, (n, outcome));
        self.by_n.insert(n, id);
        self.next = n + 1;
    }

    /// Returns what a command came to, if it is one of the last.
    pub(crate) fn recall(&self, id: &CommandId) -> Option<LocalOutcome> {
        self.by_id.get(id).map(|(_, outcome)| *outcome)
    }

    /// Lists the carts that commands were about, the newest command first.
    pub(crate) fn carts(&self) -> impl Iterator<Item = CartId> + '_ {
        let outcomes = self.by_n.values().rev().filter_map(|id| self.by_id.get(id));
        outcomes.filter_map(|(_, outcome)| match outcome.subject {
            Subject::Cart(cart) => Some(cart),
            _ => None,
        })
    }

    /// Returns the greatest revision remembered; 0 for none.
    pub(crate) fn revision(&self) -> u64 {
        let last = self.by_n.last_key_value().and_then(|(_, id)| self.by_id.get(id));
        last.map_or(0, |(_, outcome)| outcome.revision)
    }

    /// Writes down what a command came to.
    pub(crate) fn remember(
        &mut self,
        conn: &Connection,
        id: &CommandId,
        outcome: &LocalOutcome,
    ) -> Result<(), StoreError> {
        let n = self.next;
        let (kind, key): (i64, &[u8]) = match &outcome.subject {
            Subject::None => (0, &[]),
            Subject::Cart(id) => (1, id.as_bytes()),
            Subject::Sale(id) => (2, id.as_bytes()),
            Subject::Shift(id) => (3, id.as_bytes()),
            Subject::Z(id) => (4, id.as_bytes()),
        };
        conn.prepare_cached(sql!("command_put"))?.execute(params![
            to_sql(n % COMMANDS_MAX),
            to_sql(n),
            id.as_bytes(),
            to_sql(outcome.revision),
            outcome.durable,
            kind,
            key,
        ])?;
        self.know(n, *id, *outcome);
        Ok(())
    }
}

fn subject(kind: i64, key: Vec<u8>) -> Result<Subject, StoreError> {
    let damaged = || StoreError::corrupt("the subject of a command");
    if kind == 0 {
        return Ok(Subject::None);
    }
    let id = <[u8; 16]>::try_from(key).map_err(|_| damaged())?;
    match kind {
        1 => Ok(Subject::Cart(CartId::from_bytes(id))),
        2 => Ok(Subject::Sale(SaleId::from_bytes(id))),
        3 => Ok(Subject::Shift(CashBoxId::from_bytes(id))),
        4 => Ok(Subject::Z(ShiftId::from_bytes(id))),
        _ => Err(damaged()),
    }
}

impl Store {
    /// Writes down what a command came to, among the newest [`COMMANDS_MAX`].
    ///
    /// # Errors
    /// [`StoreError::NoTransaction`], or those of the disk.
    pub fn remember(&mut self, id: &CommandId, outcome: &LocalOutcome) -> Result<(), StoreError> {
        if !self.in_transaction {
            return Err(StoreError::NoTransaction);
        }
        let written = self.commands.remember(&self.conn, id, outcome);
        if let Err(cause) = &written {
            self.broken = Some(cause.clone());
        }
        written
    }

    /// Returns what a command came to, if it is one of the newest.
    ///
    /// # Errors
    /// When the store could not be read after a rollback.
    pub fn recall(&self, id: &CommandId) -> Result<Option<LocalOutcome>, StoreError> {
        self.check_fresh()?;
        Ok(self.commands.recall(id))
    }

    /// Returns the revision of the newest command remembered; 0 for none.
    ///
    /// # Errors
    /// When the store could not be read after a rollback.
    pub fn revision(&self) -> Result<u64, StoreError> {
        self.check_fresh()?;
        Ok(self.commands.revision())
    }

    /// Reads a fact of this device.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        meta(&self.conn, key)
    }

    /// Writes a fact of this device.
    ///
    /// # Errors
    /// [`StoreError::NoTransaction`], or those of the disk.
    pub fn set_meta(&mut self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        if !self.in_transaction {
            return Err(StoreError::NoTransaction);
        }
        set_meta(&self.conn, key, value)
    }
}

/// Reads a fact of this device.
pub(crate) fn meta(conn: &Connection, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(conn
        .prepare_cached(sql!("meta_get"))?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

/// Writes a fact of this device.
pub(crate) fn set_meta(conn: &Connection, key: &str, value: &[u8]) -> Result<(), StoreError> {
    conn.prepare_cached(sql!("meta_put"))?
        .execute(params![key, value])?;
    Ok(())
}
