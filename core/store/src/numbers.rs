//! Small numbers for long keys, so that the rows of projections stay short.

use crate::cache::Cache;
use crate::error::StoreError;
use barrow_kernel::ledger::Account;
use barrow_kernel::money::Currency;
use barrow_log::id::ItemId;
use rusqlite::{Connection, OptionalExtension, params};

/// Remembers twice this many numbers of items: those that a busy till sells again and again.
const ITEMS: usize = 8_192;
/// Remembers twice this many other numbers: accounts, series, boxes, shifts of the last months.
const KEYS: usize = 1_024;

/// What a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// A location's id.
    Location = 1,
    /// A cash box's id.
    CashBox = 2,
    /// A shift's id.
    Shift = 3,
    /// A receipt series' code.
    Series = 4,
    /// A currency and an account.
    Account = 5,
}

/// The numbers that were used lately.
#[derive(Debug)]
pub(crate) struct Numbers {
    items: Cache<ItemId, i64>,
    keys: Cache<(Key, Vec<u8>), i64>,
}

impl Default for Numbers {
    fn default() -> Self {
        Self {
            items: Cache::new(ITEMS),
            keys: Cache::new(KEYS),
        }
    }
}

impl Numbers {
    /// Forgets everything: a rollback may have taken numbers back.
    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.keys.clear();
    }

    /// Returns the number of a key, giving it one when it is new.
    pub(crate) fn put(&mut self, conn: &Connection, kind: Key, key: &[u8]) -> Result<i64, StoreError> {
        let entry = (kind, key.to_vec());
        if let Some(no) = self.keys.get(&entry) {
            return Ok(no);
        }
        let no = match find(conn, kind, key)? {
            Some(no) => no,
            None => conn
                .prepare_cached(sql!("dictionary_put"))?
                .insert(params![kind as i64, key])?,
        };
        self.keys.put(entry, no);
        Ok(no)
    }

    /// Returns the number of a key; `None` when it has none.
    pub(crate) fn get(
        &mut self,
        conn: &Connection,
        kind: Key,
        key: &[u8],
    ) -> Result<Option<i64>, StoreError> {
        let entry = (kind, key.to_vec());
        if let Some(no) = self.keys.get(&entry) {
            return Ok(Some(no));
        }
        let found = find(conn, kind, key)?;
        if let Some(no) = found {
            self.keys.put(entry, no);
        }
        Ok(found)
    }

    /// Returns the number of an item; `None` when it has no row.
    pub(crate) fn item(&mut self, conn: &Connection, id: &ItemId) -> Result<Option<i64>, StoreError> {
        if let Some(no) = self.items.get(id) {
            return Ok(Some(no));
        }
        let found = find_item(conn, id)?;
        if let Some(no) = found {
            self.items.put(*id, no);
        }
        Ok(found)
    }

    /// Remembers the number of an item.
    pub(crate) fn know_item(&mut self, id: ItemId, no: i64) {
        self.items.put(id, no);
    }
}

/// Looks the number of a key up.
pub(crate) fn find(conn: &Connection, kind: Key, key: &[u8]) -> Result<Option<i64>, StoreError> {
    Ok(conn
        .prepare_cached(sql!("dictionary_get"))?
        .query_row(params![kind as i64, key], |row| row.get(0))
        .optional()?)
}

/// Looks the number of an item up.
pub(crate) fn find_item(conn: &Connection, id: &ItemId) -> Result<Option<i64>, StoreError> {
    Ok(conn
        .prepare_cached(sql!("item_no"))?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// Returns the four bytes of a currency: its code and digits.
pub(crate) fn currency_bytes(currency: Currency) -> [u8; 4] {
    let [a, b, c] = currency.code;
    [a, b, c, currency.digits]
}

/// Reads what `currency_bytes` wrote.
pub(crate) fn currency_of(bytes: &[u8]) -> Result<Currency, StoreError> {
    let damaged = || StoreError::corrupt("a currency");
    let [a, b, c, digits] = <[u8; 4]>::try_from(bytes).map_err(|_| damaged())?;
    let code = [a, b, c];
    let code = std::str::from_utf8(&code).map_err(|_| damaged())?;
    Currency::with_digits(code, digits).map_err(|_| damaged())
}

/// Returns the key of an account in a currency.
pub(crate) fn account_key(account: &Account, currency: Currency) -> Vec<u8> {
    let mut key = currency_bytes(currency).to_vec();
    // A Vec takes every write, so encoding cannot fail.
    let _ = minicbor::encode(account, &mut key);
    key
}

/// Reads what `account_key` wrote.
pub(crate) fn account_of(key: &[u8]) -> Result<(Account, Currency), StoreError> {
    let (currency, account) = key
        .split_at_checked(4)
        .ok_or_else(|| StoreError::corrupt("an account"))?;
    Ok((minicbor::decode(account)?, currency_of(currency)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_come_back_from_their_keys() {
        for account in [
            Account::Safe,
            Account::Sales("food".into()),
            Account::PaidIn("ü".into()),
        ] {
            for currency in ["EUR", "JPY"].map(|code| Currency::iso(code).unwrap()) {
                let key = account_key(&account, currency);
                assert_eq!(account_of(&key), Ok((account.clone(), currency)));
            }
        }
        assert!(account_of(b"EU").is_err());
        assert!(account_of(b"eur\x02\x82").is_err());
    }

    #[test]
    fn a_key_keeps_its_number() {
        let conn = Connection::open_in_memory().unwrap();
        crate::schema::projections(&conn).unwrap();
        let mut numbers = Numbers::default();
        assert_eq!(numbers.get(&conn, Key::Series, b"A"), Ok(None));
        let first = numbers.put(&conn, Key::Series, b"A").unwrap();
        let other = numbers.put(&conn, Key::Shift, b"A").unwrap();
        assert_ne!(first, other);
        numbers.clear();
        assert_eq!(numbers.put(&conn, Key::Series, b"A"), Ok(first));
        assert_eq!(numbers.get(&conn, Key::Shift, b"A"), Ok(Some(other)));
    }
}
