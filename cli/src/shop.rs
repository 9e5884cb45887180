//! A shop that is open: its till, and what the subcommands read of it.

use crate::output::{Exit, Failure};
use crate::place;
use barrow_kernel::catalogue::{Item, Shop as Settings, TenderKind};
use barrow_kernel::command::Command;
use barrow_kernel::context::World;
use barrow_kernel::quantity::Quantity;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::{ReceiptNumber, Sale};
use barrow_kernel::scan;
use barrow_kernel::view::CartView;
use barrow_log::id::{CartId, CommandId, ItemId, SaleId};
use barrow_store::Reader;
use barrow_store::error::StoreError;
use barrow_till::Till;
use barrow_till::error::TillError;
use barrow_till::outcome::Outcome;
use std::sync::Arc;

/// Shows at most this many open carts: a market has tens.
pub const OPEN_CARTS: usize = 200;

/// An open shop.
pub struct Shop {
    till: Arc<Till>,
}

impl Shop {
    /// Wraps a running till.
    ///
    /// # Errors
    /// When the folder holds no shop.
    pub fn new(till: Till) -> Result<Self, Failure> {
        let shop = Self { till: Arc::new(till) };
        shop.settings()?;
        Ok(shop)
    }

    /// Returns the till.
    pub fn till(&self) -> &Till {
        &self.till
    }

    /// Shares the till with what works beside the commands: its network.
    pub fn shared_till(&self) -> Arc<Till> {
        Arc::clone(&self.till)
    }

    /// Carries out a command under a new id and waits for its outcome.
    ///
    /// # Errors
    /// What is refused, in words; nothing is changed then.
    pub fn send(&self, command: Command) -> Result<Outcome, Failure> {
        let id = CommandId::from_bytes(place::id()?);
        let pending = self
            .till
            .submit(id, command)
            .map_err(|fault| place::failure(&fault))?;
        pending.wait().map_err(|fault| place::failure(&fault))
    }

    /// Ranks the search table anew and waits for it; the till does so by itself in quiet moments.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn rank_search(&self) -> Result<(), Failure> {
        self.till.rank_search().map_err(|fault| place::failure(&fault))
    }

    /// Runs a query; never from within another one.
    ///
    /// # Errors
    /// Those of the query.
    pub fn query<T>(&self, query: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, Failure> {
        self.till.read(query).map_err(|fault| place::failure(&fault))
    }

    /// Reads what decisions read; never from within another query.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn world<T>(&self, read: impl FnOnce(&dyn World) -> Result<T, Rejection>) -> Result<T, Failure> {
        let read = |reader: &Reader| read(reader).map_err(TillError::from);
        self.till.read(read).map_err(|fault| place::failure(&fault))
    }

    /// Returns the shop's settings.
    ///
    /// # Errors
    /// When there are none yet.
    pub fn settings(&self) -> Result<Arc<Settings>, Failure> {
        self.world(|world| world.shop())
    }

    /// Lists the kinds of tender.
    ///
    /// # Errors
    /// As [`Shop::query`].
    pub fn tenders(&self) -> Result<Vec<TenderKind>, Failure> {
        self.query(Reader::tenders)
    }

    /// Searches goods on sale by words, the best first.
    ///
    /// # Errors
    /// As [`Shop::query`].
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Arc<Item>>, Failure> {
        self.query(|reader| reader.search(words, None, limit).map(|(items, _)| items))
    }

    /// Finds goods by code, SKU or words.
    ///
    /// # Errors
    /// As [`Shop::query`].
    pub fn find(&self, words: &str, limit: usize) -> Result<Vec<Arc<Item>>, Failure> {
        let year = scan::year_of(place::now_ms());
        let mut exact = self.world(|world| match scan::find(world, words, year) {
            Ok(found) => Ok(found.items),
            // What is no code can still be a word.
            Err(_) => Ok(world.item_by_sku(&words.to_uppercase())?.into_iter().collect()),
        })?;
        if exact.is_empty() {
            exact.extend(self.world(|world| world.item_by_sku(&words.to_uppercase()))?);
        }
        exact.retain(|item| !item.archived);
        if exact.is_empty() {
            self.search(words, limit)
        } else {
            Ok(exact)
        }
    }

    /// Returns what is on hand at this till's place.
    ///
    /// # Errors
    /// As [`Shop::world`].
    pub fn on_hand(&self, item: &ItemId) -> Result<Quantity, Failure> {
        self.world(|world| world.on_hand(item, &self.till.installation().location))
    }

    /// Shows an open cart with all its lines.
    ///
    /// # Errors
    /// When an amount leaves its bounds.
    pub fn cart(&self, cart: CartId) -> Result<Option<CartView>, Failure> {
        let page = |first| {
            self.till
                .cart(cart, first)
                .map_err(|fault| place::failure(&fault))
        };
        let Some(mut view) = page(0)? else { return Ok(None) };
        while (view.lines.len() as u64) < u64::from(view.line_count) {
            let first = u32::try_from(view.lines.len()).unwrap_or(u32::MAX);
            match page(first)? {
                Some(next) if !next.lines.is_empty() => view.lines.extend(next.lines),
                _ => break,
            }
        }
        Ok(Some(view))
    }

    /// Shows the open carts, oldest first, with their first lines.
    ///
    /// # Errors
    /// As [`Shop::cart`].
    pub fn open_carts(&self) -> Result<Vec<CartView>, Failure> {
        let carts = self
            .till
            .open_carts(None, OPEN_CARTS)
            .map_err(|fault| place::failure(&fault))?;
        let views = carts
            .into_iter()
            .map(|cart| self.till.cart(cart, 0).map_err(|fault| place::failure(&fault)));
        views.filter_map(Result::transpose).collect()
    }

    /// Returns a finished sale.
    ///
    /// # Errors
    /// As [`Shop::world`].
    pub fn sale(&self, id: &SaleId) -> Result<Option<Arc<Sale>>, Failure> {
        self.world(|world| world.sale(id))
    }

    /// Returns the sale of a receipt number, as it stands on the receipt.
    ///
    /// # Errors
    /// When it is not a receipt number, or there is no such receipt.
    pub fn sale_named(&self, number: &str) -> Result<Sale, Failure> {
        let number: ReceiptNumber = number
            .parse()
            .map_err(|fault: Rejection| Failure::invalid(fault.to_string()))?;
        let sale = self.query(|reader| reader.sale_by_number(&number))?;
        sale.ok_or_else(|| Failure::new(Exit::NotFound, format!("There is no receipt {number}.")))
    }

    /// Returns the newest sale.
    ///
    /// # Errors
    /// As [`Shop::query`].
    pub fn last_sale(&self) -> Result<Option<Sale>, Failure> {
        let last = self.query(|reader| reader.sales(None, 1))?;
        last.first().map_or(Ok(None), |summary| {
            Ok(self.sale(&summary.id)?.map(|sale| (*sale).clone()))
        })
    }

    /// Hands over every item, archived ones too, in the order in which they came.
    ///
    /// # Errors
    /// Those of the disk, and what the callback returns.
    pub fn items(&self, each: impl FnMut(&Item) -> Result<(), Failure>) -> Result<(), Failure> {
        self.till.each_item(each)
    }

    /// Hands over every sale of a span in milliseconds, oldest first. The callback must not read the shop.
    ///
    /// # Errors
    /// Those of the disk, and what the callback returns.
    pub fn sales(
        &self,
        from: i64,
        until: i64,
        each: impl FnMut(&Sale) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.till.each_sale(from, until, each)
    }
}
