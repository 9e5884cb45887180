//! The one object of the boundary: a running till.

use crate::error::TillError;
use crate::keys::{KeyStore, Lent};
use crate::runtime::{Workers, run_alone};
use crate::types::*;
use crate::work::Works;
use barrow_store::Options;
use barrow_store::work::Work;
use barrow_till::Till as Core;
use barrow_till::error::FaultKind;
use barrow_till::goods;
use barrow_till::ports::Ports;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

/// What a new shop needs.
#[derive(uniffi::Record)]
pub struct FoundRequest {
    /// Names the folder of the shop, which must not hold one.
    pub folder: String,
    /// Names the folder for secrets where no key store is lent.
    pub keys_folder: String,
    /// Tells about the shop.
    pub setup: Setup,
    /// Fills the shelves with the sample goods.
    #[uniffi(default)]
    pub sample: bool,
}

/// A running till. Shut it when it is no longer needed: everything is durable then.
#[derive(uniffi::Object)]
pub struct Till {
    core: RwLock<Option<Arc<Core>>>,
    workers: Workers,
    pub(crate) works: Works,
}

pub(crate) fn ports(keys_folder: &str, keys: Option<Arc<dyn KeyStore>>) -> Ports {
    let system = Ports::system(Path::new(keys_folder));
    match keys {
        Some(keys) => Ports {
            keys: Box::new(Lent(keys)),
            ..system
        },
        None => system,
    }
}

impl Till {
    pub(crate) fn of(core: Arc<Core>) -> Result<Self, TillError> {
        Ok(Self {
            core: RwLock::new(Some(core)),
            workers: Workers::new()?,
            works: Works::default(),
        })
    }

    /// Returns the till of the core; every call from outside begins here.
    fn core(&self) -> Result<Arc<Core>, TillError> {
        crate::crossed();
        let core = self.core.read().map_err(|_| TillError::Closed)?;
        core.clone().ok_or(TillError::Closed)
    }

    /// Runs a query of the core on the till's own threads.
    pub(crate) async fn ask<T: Send + 'static, E: Into<TillError>>(
        &self,
        query: impl FnOnce(&Core) -> Result<T, E> + Send + 'static,
    ) -> Result<T, TillError> {
        let core = self.core()?;
        self.workers.run(move || query(&core).map_err(Into::into)).await
    }

    /// Runs what may take minutes, tells how far it is, and lets it be given up.
    pub(crate) async fn ask_told<T: Send + 'static, E: Into<TillError>>(
        &self,
        query: impl FnOnce(&Core, &mut Work<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, TillError> {
        let entered = self.works.enter();
        self.ask_long(move |core| entered.work.run(|work| query(core, work)))
            .await
    }

    /// Runs what may take seconds.
    pub(crate) async fn ask_long<T: Send + 'static, E: Into<TillError>>(
        &self,
        query: impl FnOnce(&Core) -> Result<T, E> + Send + 'static,
    ) -> Result<T, TillError> {
        let core = self.core()?;
        self.workers
            .run_long(move || query(&core).map_err(Into::into))
            .await
    }
}

/// Opening and stopping.
#[uniffi::export]
impl Till {
    /// Founds a shop in a folder that holds none, and opens its first till.
    #[uniffi::constructor(default(keys))]
    pub async fn found(
        request: FoundRequest,
        keys: Option<Arc<dyn KeyStore>>,
    ) -> Result<Arc<Self>, TillError> {
        run_alone(move || {
            let ports = ports(&request.keys_folder, keys);
            let core = Core::found(
                Path::new(&request.folder),
                &request.setup,
                ports,
                &Options::default(),
            )?;
            if request.sample {
                goods::sample::load(&core)?;
            }
            Ok(Arc::new(Self::of(Arc::new(core))?))
        })
        .await
    }

    /// Opens the till of a folder, as it was at its last durable step, open carts included.
    #[uniffi::constructor(default(keys))]
    pub async fn open(
        folder: String,
        keys_folder: String,
        keys: Option<Arc<dyn KeyStore>>,
    ) -> Result<Arc<Self>, TillError> {
        run_alone(move || {
            let ports = ports(&keys_folder, keys);
            let core = Core::open(Path::new(&folder), ports, &Options::default())?;
            Ok(Arc::new(Self::of(Arc::new(core))?))
        })
        .await
    }

    /// Makes everything durable, ends every wait for changes, and stops; later calls get `Closed`, a second shut does
    /// nothing. It waits at most `timeout_ms` milliseconds; what is not done by then goes on by itself.
    pub async fn shut(&self, timeout_ms: u64) -> Result<(), TillError> {
        let core = self.core.write().map_err(|_| TillError::Closed)?.take();
        let Some(core) = core else { return Ok(()) };
        self.workers.stop();
        run_alone(move || {
            let (done, wait) = std::sync::mpsc::channel();
            let stop = move || {
                core.close();
                let _ = done.send(());
            };
            let stopping = std::thread::Builder::new().name("barrow-shut".into()).spawn(stop);
            let late = |_| TillError::NotSaved {
                why: "The till could not stop in time.".into(),
                kind: FaultKind::Other,
            };
            stopping.map_err(|fault| TillError::Device {
                why: format!("The device can't stop the till: {fault}."),
            })?;
            wait.recv_timeout(Duration::from_millis(timeout_ms)).map_err(late)
        })
        .await
    }
}

/// Doing things, and hearing what changed.
#[uniffi::export]
impl Till {
    /// Carries out a command. The caller makes the id and keeps it: a repeat gets the first outcome.
    #[uniffi::method(default(who))]
    pub async fn dispatch(
        &self,
        id: CommandId,
        command: Command,
        who: Option<String>,
    ) -> Result<Outcome, TillError> {
        let core = self.core()?;
        // The actor's inbox is bounded, and a caller that is faster than the disk waits for it off its own thread.
        let pending = self
            .workers
            .run(move || Ok(core.submit_as(id, command, who)?))
            .await?;
        Ok(pending.await?)
    }

    /// Waits until something changed after a revision; nothing once the till is shut. Any number may wait, and giving
    /// up a wait loses nothing.
    pub async fn changes(&self, since: u64) -> Option<Changes> {
        let waiting = self.core().ok()?.changes(since);
        waiting.await
    }

    /// Makes every tap durable now.
    pub async fn flush(&self) -> Result<(), TillError> {
        self.ask(Core::flush).await
    }
}

/// Selling.
#[uniffi::export]
impl Till {
    /// Shows an open cart from one of its lines on; nothing when it is not open.
    pub async fn cart(&self, cart: CartId, first_line: u32) -> Result<Option<CartView>, TillError> {
        self.ask(move |core| core.cart(cart, first_line)).await
    }

    /// Counts how much of some items lies in an open cart; items of which there is nothing are left out.
    pub async fn cart_counts(&self, cart: CartId, items: Vec<ItemId>) -> Result<Vec<ItemCount>, TillError> {
        self.ask(move |core| core.cart_counts(&cart, &items)).await
    }

    /// Lists the open carts in the order of their ids, after one (nothing for the first page).
    pub async fn open_carts(&self, after: Option<CartId>, limit: u32) -> Result<Vec<CartSummary>, TillError> {
        self.ask(move |core| core.cart_summaries(after, limit as usize))
            .await
    }

    /// Shows how an open cart, or a part of what is left in minor units, may be paid; nothing when it is not open.
    #[uniffi::method(default(part_minor))]
    pub async fn charge(
        &self,
        cart: CartId,
        part_minor: Option<i64>,
    ) -> Result<Option<ChargeView>, TillError> {
        self.ask(move |core| core.charge(&cart, part_minor)).await
    }

    /// Shows a finished sale, refund or exchange with what is to be handed over; nothing when there is none.
    pub async fn done(&self, sale: SaleId) -> Result<Option<DoneView>, TillError> {
        self.ask(move |core| core.done(&sale)).await
    }
}

/// Goods and stock.
#[uniffi::export]
impl Till {
    /// Lists the names of pages of quick keys after a name (an empty one for the first page).
    pub async fn pages(&self, after: String, limit: u32) -> Result<Vec<String>, TillError> {
        self.ask(move |core| core.pages(&after, limit)).await
    }

    /// Lists the quick keys of a page by slot, after a slot and number (-1 and 0 for the first page).
    pub async fn tiles(
        &self,
        page: String,
        after_slot: i64,
        after_no: i64,
        limit: u32,
    ) -> Result<Vec<Tile>, TillError> {
        self.ask(move |core| core.tiles(&page, (after_slot, after_no), limit))
            .await
    }

    /// Finds goods on sale by words of their name, or by an exact code or SKU, the best first.
    pub async fn search(&self, text: String, limit: u32) -> Result<Vec<Tile>, TillError> {
        self.ask(move |core| core.search(&text, limit)).await
    }

    /// Lists goods on sale by name, after the name and number of the last one (an empty name for the first page).
    pub async fn items(&self, after_name: String, after_no: i64, limit: u32) -> Result<Vec<Tile>, TillError> {
        self.ask(move |core| core.items((&after_name, after_no), limit))
            .await
    }

    /// Shows an item whole; nothing when there is none.
    pub async fn item(&self, id: ItemId) -> Result<Option<ItemSheet>, TillError> {
        self.ask(move |core| core.item(&id)).await
    }

    /// Builds a new item that lacks only its name and price.
    pub async fn fresh_item(&self) -> Result<ItemDraft, TillError> {
        self.ask(Core::fresh_item).await
    }

    /// Returns the price of one unit when `shown` is the price for as many units as the item shows one for.
    pub async fn unit_price(&self, item: ItemId, shown: UnitPrice) -> Result<UnitPrice, TillError> {
        self.ask(move |core| core.unit_price(&item, shown)).await
    }

    /// Lists what is on hand after an item's number (0 for the first page), or only what is low or sold out. A page
    /// may be shorter than the limit while there is a next one.
    pub async fn stock(&self, after: i64, limit: u32, low_only: bool) -> Result<StockPage, TillError> {
        self.ask(move |core| core.stock(after, limit, low_only)).await
    }
}

/// Finished sales and their documents.
#[uniffi::export]
impl Till {
    /// Lists finished sales, the newest first, before a key (nothing for the first page), at most 100.
    pub async fn sales(&self, before: Option<SaleKey>, limit: u32) -> Result<SalePage, TillError> {
        self.ask(move |core| core.sales(before, limit)).await
    }

    /// Finds a finished sale by its number as printed, in any case; nothing when there is none.
    pub async fn find_sale(&self, text: String) -> Result<Option<SaleId>, TillError> {
        self.ask(move |core| core.find_sale(&text)).await
    }

    /// Returns a finished sale, refund or exchange; nothing when there is none.
    pub async fn sale(&self, id: SaleId) -> Result<Option<Sale>, TillError> {
        self.ask(move |core| core.sale(&id)).await
    }

    /// Lists the sold lines of a sale with what may still come back, open carts taken into account.
    pub async fn returnable(&self, sale: SaleId) -> Result<Vec<ReturnLine>, TillError> {
        self.ask(move |core| core.returnable(&sale)).await
    }

    /// Draws the receipt of a sale as text of `width` columns: 42 fits 80 mm paper, 32 fits 58 mm.
    pub async fn receipt_text(&self, sale: SaleId, width: u32, copy: bool) -> Result<String, TillError> {
        self.ask(move |core| core.receipt_text(&sale, width, copy)).await
    }

    /// Draws the receipt of a sale as a web page.
    pub async fn receipt_html(&self, sale: SaleId, copy: bool) -> Result<String, TillError> {
        self.ask(move |core| core.receipt_html(&sale, copy)).await
    }
}

/// Cash and shifts.
#[uniffi::export]
impl Till {
    /// Shows the open shift of this till's cash box; nothing while none is open.
    pub async fn shift(&self) -> Result<Option<ShiftView>, TillError> {
        self.ask(|core| core.shift(None)).await
    }

    /// Draws the X report of the open shift as text of `width` columns; empty while none is open.
    pub async fn shift_text(&self, width: u32) -> Result<String, TillError> {
        self.ask(move |core| core.x_text(width).map(Option::unwrap_or_default))
            .await
    }

    /// Returns the Z report of a closed shift; nothing while it is open or unknown.
    pub async fn z_report(&self, shift: ShiftId) -> Result<Option<ZReport>, TillError> {
        self.ask(move |core| core.z_report(&shift)).await
    }

    /// Lists closed shifts, the newest first, before a key (nothing for the first page), at most 100.
    pub async fn closings(&self, before: Option<ClosingKey>, limit: u32) -> Result<ClosingPage, TillError> {
        self.ask(move |core| core.closings(before, limit)).await
    }

    /// Draws the Z report of a closed shift as text of `width` columns.
    pub async fn z_text(&self, shift: ShiftId, width: u32) -> Result<String, TillError> {
        self.ask(move |core| core.z_text(&shift, width)).await
    }

    /// Adds counted notes and coins up and holds the sum against what should lie in this till's cash box.
    pub async fn count_cash(&self, pieces: Vec<CashPieces>) -> Result<CashSum, TillError> {
        self.ask(move |core| core.count_cash(&pieces)).await
    }

    /// Tells what the day begins with at this till's cash box, and how the last one went.
    pub async fn opening(&self) -> Result<TodayOpening, TillError> {
        self.ask(Core::opening).await
    }
}

/// The shop, the day, and how the till is.
#[uniffi::export]
impl Till {
    /// Tells whose shop this is and where this till stands in it.
    pub async fn shop(&self) -> Result<ShopView, TillError> {
        self.ask(Core::shop).await
    }

    /// Lists the kinds of tender, archived ones too.
    pub async fn tenders(&self) -> Result<Vec<TenderKind>, TillError> {
        self.ask(|core| core.read(barrow_store::Reader::tenders)).await
    }

    /// Lists the taxes: those of the country first, the usual one at their head.
    pub async fn taxes(&self) -> Result<Vec<Tax>, TillError> {
        self.ask(|core| core.read(barrow_store::Reader::taxes)).await
    }

    /// Adds up a day's trade: a day since 1970 in the shop's time, the present one when absent.
    pub async fn today(&self, day: Option<i64>) -> Result<DayReport, TillError> {
        self.ask_long(move |core| core.today(day)).await
    }

    /// Tells how the till is.
    pub async fn status(&self) -> Result<StatusView, TillError> {
        self.ask(Core::status).await
    }

    /// Lists what waits for a person after a number (0 for the first page).
    pub async fn tasks(&self, after: i64, limit: u32) -> Result<Vec<TaskRow>, TillError> {
        self.ask(move |core| core.tasks(after, limit)).await
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        // Whoever forgot to shut must not wait for a disk here: it may be a screen's thread.
        if let Some(core) = self.core.get_mut().ok().and_then(Option::take) {
            let _ = std::thread::Builder::new()
                .name("barrow-shut".into())
                .spawn(move || drop(core));
        }
    }
}
