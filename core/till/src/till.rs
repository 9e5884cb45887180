//! The till as its screens hold it: commands are pushed, changes are pulled, lists are read past the actor.

use crate::actor::{Actor, Message, Trouble};
use crate::board::{BoardReader, Changes, Revision};
use crate::error::TillError;
use crate::identity::{self, Applicant, Installation};
use crate::outcome::{Outcome, ShiftView};
use crate::ports::Ports;
use crate::setup::{CASH, FIRST_CASH_BOX, FIRST_LOCATION, Setup};
use crate::shelf::{Durable, HeldLog, held_log};
use crate::spread::{SPREAD, Spread};
use crate::worker::Worker;
use barrow_kernel::command::Command;
use barrow_kernel::context::Catalogue;
use barrow_kernel::state::State;
use barrow_kernel::view::CartView;
use barrow_log::id::{CartId, CashBoxId, CommandId, Incarnation, OrganisationId};
use barrow_log::key::OrganisationKey;
use barrow_log::policy::Certificate;
use barrow_store::Options;
use barrow_store::reserve::Reserve;
use barrow_store::{Reader, Store, StoreError};
use barrow_sync::session::{Arrived, Me};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, RwLock};
use std::task::{self, Poll};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// Limits commands that wait for the actor: a caller that is faster than the disk waits here.
const INBOX: usize = 256;

/// Names the row of `local_meta` that holds when the last backup was made.
const LAST_BACKUP: &str = "last_backup";

/// A running till. Dropping it makes everything durable and stops it.
pub struct Till {
    inbox: SyncSender<Message>,
    board: BoardReader,
    state: Arc<RwLock<State>>,
    reader: Mutex<Reader>,
    installation: Installation,
    folder: PathBuf,
    options: Options,
    organisation_key: Option<OrganisationKey>,
    ports: Arc<Ports>,
    trouble: Trouble,
    durable: watch::Receiver<Durable>,
    me: Me,
    spread: Spread,
    #[cfg(feature = "net")]
    link_identity: barrow_link::identity::Identity,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// The answer to a command that was handed over: wait for it with `await` or [`Pending::wait`].
pub struct Pending<T = Outcome>(oneshot::Receiver<Result<T, TillError>>);

impl<T> Future for Pending<T> {
    type Output = Result<T, TillError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<Self::Output> {
        let answer = Pin::new(&mut self.0).poll(context);
        answer.map(|answer| answer.unwrap_or(Err(TillError::Closed)))
    }
}

impl<T> Pending<T> {
    /// Blocks until the answer is there; never call it on a screen's thread.
    ///
    /// # Errors
    /// As [`Till::dispatch`].
    pub fn wait(self) -> Result<T, TillError> {
        self.0.blocking_recv().unwrap_or(Err(TillError::Closed))
    }

    /// Returns the answer if it is there; `None` while it is not.
    pub fn look(&mut self) -> Option<Result<T, TillError>> {
        match self.0.try_recv() {
            Ok(answer) => Some(answer),
            Err(oneshot::error::TryRecvError::Empty) => None,
            Err(oneshot::error::TryRecvError::Closed) => Some(Err(TillError::Closed)),
        }
    }
}

impl Till {
    /// Founds a shop in a folder that holds none, and opens its first till.
    ///
    /// # Errors
    /// When the folder holds a shop already, can't be written, or the set-up is rejected.
    pub fn found(folder: &Path, setup: &Setup, ports: Ports, options: &Options) -> Result<Self, TillError> {
        let (store, commands) = begin_shop(folder, setup, &ports, options)?;
        let till = Self::start(store, ports, folder, options)?;
        for (id, command) in commands {
            till.submit(id, command)?.wait()?;
        }
        Ok(till)
    }

    /// Founds a shop as [`Till::found`] does, without a thread: whoever holds the worker drives the till.
    ///
    /// # Errors
    /// As [`Till::found`].
    pub fn found_stepped(
        folder: &Path,
        setup: &Setup,
        ports: Ports,
        options: &Options,
    ) -> Result<(Self, Worker), TillError> {
        let (store, commands) = begin_shop(folder, setup, &ports, options)?;
        let (till, mut worker) = Self::prepare(store, ports, folder, options)?;
        for (id, command) in commands {
            let mut pending = till.submit(id, command)?;
            while pending.look().transpose()?.is_none() && worker.step(Duration::ZERO).is_continue() {}
        }
        Ok((till, worker))
    }

    /// Opens the till of a folder, as it was at its last durable step, open carts included.
    ///
    /// # Errors
    /// When there is none, another process has it, or it can't be read; the text says what to do.
    pub fn open(folder: &Path, ports: Ports, options: &Options) -> Result<Self, TillError> {
        Self::start(Store::open(folder, options)?, ports, folder, options)
    }

    /// Opens the till of a folder as [`Till::open`] does, without a thread: whoever holds the worker drives it. What
    /// blocks until the till answers must not be called then.
    ///
    /// # Errors
    /// As [`Till::open`].
    pub fn open_stepped(folder: &Path, ports: Ports, options: &Options) -> Result<(Self, Worker), TillError> {
        Self::prepare(Store::open(folder, options)?, ports, folder, options)
    }

    /// Puts an organisation key that came out of a backup where the next [`Till::open`] finds it.
    ///
    /// # Errors
    /// When the key store can't be written.
    pub fn adopt(ports: &Ports, key: &OrganisationKey) -> Result<(), TillError> {
        identity::adopt(ports, key)
    }

    fn start(store: Store, ports: Ports, folder: &Path, options: &Options) -> Result<Self, TillError> {
        let (mut till, worker) = Self::prepare(store, ports, folder, options)?;
        let thread = std::thread::Builder::new()
            .name("barrow-till".into())
            .spawn(move || worker.run())
            .map_err(|fault| TillError::device(&format!("The device can't start the till: {fault}.")))?;
        till.thread = Mutex::new(Some(thread));
        Ok(till)
    }

    fn prepare(
        mut store: Store,
        ports: Ports,
        folder: &Path,
        options: &Options,
    ) -> Result<(Self, Worker), TillError> {
        let ports = Arc::new(ports);
        let identity = identity::open(&mut store, &ports)?;
        let reserve = Reserve::of(folder);
        // A disk without room for the reserve is no reason not to sell; the next opening tries again.
        let _ = reserve.ensure();
        let installation = identity.installation.clone();
        let organisation_key = identity
            .organisation_key
            .as_ref()
            .map(|key| OrganisationKey::from_seed(*key.seed()));
        let reader = store.reader()?;
        #[cfg(feature = "net")]
        let link_identity = crate::meet::link_identity(&identity.secret)?;
        let actor = Actor::new(store, Arc::clone(&ports), identity, reserve)?;
        let (inbox, messages) = sync_channel(INBOX);
        let spread = Spread::remembered(reader.meta(SPREAD)?.as_deref());
        let till = Self {
            inbox,
            board: actor.board().reader(),
            state: actor.state(),
            reader: Mutex::new(reader),
            installation,
            folder: folder.to_path_buf(),
            options: options.clone(),
            organisation_key,
            ports,
            trouble: actor.trouble(),
            durable: actor.shelf(),
            me: actor.me(),
            spread,
            #[cfg(feature = "net")]
            link_identity,
            thread: Mutex::new(None),
        };
        Ok((till, Worker::new(actor, messages)))
    }

    /// Carries out a command. The caller makes the id and keeps it: a repeat returns the first outcome.
    ///
    /// # Errors
    /// [`TillError::Rejected`] with nothing changed; [`TillError::NotSaved`] when it could not be made durable (the
    /// same id may be sent again); [`TillError::Unavailable`] when the store takes no new sales.
    pub async fn dispatch(&self, id: CommandId, command: Command) -> Result<Outcome, TillError> {
        self.submit(id, command)?.await
    }

    /// Hands a command over without waiting; many in a row share a commit.
    ///
    /// # Errors
    /// [`TillError::Closed`] when the till has stopped.
    pub fn submit(&self, id: CommandId, command: Command) -> Result<Pending, TillError> {
        self.submit_as(id, command, None)
    }

    /// Hands a command over in a person's name.
    ///
    /// # Errors
    /// As [`Till::submit`].
    pub fn submit_as(
        &self,
        id: CommandId,
        command: Command,
        who: Option<String>,
    ) -> Result<Pending, TillError> {
        self.hand_over(id, command, who, None)
    }

    /// Hands a command over that happened at another time than now, in milliseconds since 1970: for trade that was
    /// recorded elsewhere and is booked again here.
    ///
    /// # Errors
    /// As [`Till::submit`].
    pub fn submit_at(&self, id: CommandId, command: Command, at_ms: i64) -> Result<Pending, TillError> {
        self.hand_over(id, command, None, Some(at_ms))
    }

    fn hand_over(
        &self,
        id: CommandId,
        command: Command,
        who: Option<String>,
        at_ms: Option<i64>,
    ) -> Result<Pending, TillError> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Dispatch {
            id,
            command: Box::new(command),
            who,
            at_ms,
            reply,
        })?;
        Ok(Pending(answer))
    }

    /// Waits until something changed after a revision; `None` once the till is closed. Any number of readers may
    /// wait, none of them holds the till open, and dropping the future loses nothing.
    pub fn changes(&self, since: Revision) -> impl Future<Output = Option<Changes>> + use<> {
        let board = self.board.clone();
        async move { board.changes(since).await }
    }

    /// Keeps ops that a session brought, and waits until they are durable. They are folded in quiet moments.
    ///
    /// # Errors
    /// [`TillError::NotSaved`] when they could not be made durable; nothing of them is kept then.
    pub async fn keep(&self, arrived: Vec<Arrived>) -> Result<(), TillError> {
        self.ask_keep(arrived)?.await
    }

    /// Asks what [`Till::keep`] does without waiting.
    ///
    /// # Errors
    /// [`TillError::Closed`] when the till has stopped.
    pub fn ask_keep(&self, arrived: Vec<Arrived>) -> Result<Pending<()>, TillError> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Keep { arrived, reply })?;
        Ok(Pending(answer))
    }

    /// Lets a device be one of the shop's, with a receipt series of its own. What it may do is the owner's choice.
    ///
    /// # Errors
    /// When this device does not hold the shop's key, the device was removed once, or the policy can't be saved.
    pub fn certify(&self, applicant: Applicant) -> Result<Certificate, TillError> {
        self.ask_certify(applicant, None)?.wait()
    }

    /// Makes a hub the shop's hub of record, found at an address: what it holds durably is safe.
    ///
    /// # Errors
    /// As [`Till::certify`].
    pub fn name_hub(&self, hub: Applicant, address: &str) -> Result<Certificate, TillError> {
        self.ask_certify(hub, Some(address.into()))?.wait()
    }

    /// Asks what [`Till::certify`] does without waiting; with an address, what [`Till::name_hub`] does.
    ///
    /// # Errors
    /// [`TillError::Closed`] when the till has stopped.
    pub fn ask_certify(
        &self,
        applicant: Applicant,
        hub_at: Option<String>,
    ) -> Result<Pending<Certificate>, TillError> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Certify {
            applicant,
            hub_at,
            reply,
        })?;
        Ok(Pending(answer))
    }

    /// Opens this till's log for a session of sync.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn log(&self) -> Result<HeldLog, TillError> {
        Ok(held_log(self.own_reader()?, self.durable.clone()))
    }

    /// Tells what is durable, and when that grows.
    pub fn durable(&self) -> watch::Receiver<Durable> {
        self.durable.clone()
    }

    /// Tells who this till is to a session of sync.
    pub fn me(&self) -> Me {
        self.me.clone()
    }

    /// Returns what others acknowledged. Whoever carries sessions notes it there.
    pub fn acknowledged(&self) -> &Spread {
        &self.spread
    }

    /// Returns who this till is to a link.
    #[cfg(feature = "net")]
    pub fn link_identity(&self) -> &barrow_link::identity::Identity {
        &self.link_identity
    }

    /// Makes every tap durable now.
    ///
    /// # Errors
    /// [`TillError::NotSaved`] when that fails.
    pub fn flush(&self) -> Result<(), TillError> {
        self.ask_flush()?.wait()
    }

    /// Asks what [`Till::flush`] does without waiting.
    ///
    /// # Errors
    /// [`TillError::Closed`] when the till has stopped.
    pub fn ask_flush(&self) -> Result<Pending<()>, TillError> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Flush(reply))?;
        Ok(Pending(answer))
    }

    /// Ranks the search table anew and waits for it. The till does so by itself in quiet moments, after imports and
    /// when a shift closes.
    ///
    /// # Errors
    /// Those of the disk, or [`TillError::Closed`] when the till has stopped.
    pub fn rank_search(&self) -> Result<(), TillError> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::RankSearch(reply))?;
        answer.blocking_recv().unwrap_or(Err(TillError::Closed))
    }

    /// Remembers, for this device alone, that a backup was made.
    ///
    /// # Errors
    /// Those of the disk, or [`TillError::Closed`] when the till has stopped.
    pub fn note_backup(&self, at_ms: i64) -> Result<(), TillError> {
        self.ask_note(LAST_BACKUP, at_ms.to_le_bytes().into())?.wait()
    }

    /// Asks to remember a fact of this device alone.
    pub(crate) fn ask_note(&self, key: &'static str, value: Vec<u8>) -> Result<Pending<()>, TillError> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Note { key, value, reply })?;
        Ok(Pending(answer))
    }

    /// Returns the time of the last backup that was made here, in milliseconds since 1970.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn last_backup_ms(&self) -> Result<Option<i64>, TillError> {
        let noted = self.read(|reader| reader.meta(LAST_BACKUP))?;
        Ok(noted.and_then(|bytes| Some(i64::from_le_bytes(bytes.try_into().ok()?))))
    }

    /// Makes everything durable, stops the till and tells whoever waits for changes. Once is enough; what is asked
    /// later gets [`TillError::Closed`] or what was durable last.
    pub fn close(&self) {
        // The actor commits what is pending; waiting for it is bounded by one commit.
        let _ = self.inbox.send(Message::Close);
        let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }

    /// Returns the wall clock in milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.ports.clock.now_ms()
    }

    /// Fills bytes with randomness.
    pub(crate) fn fill(&self, bytes: &mut [u8]) -> Result<(), TillError> {
        self.ports.chance.fill(bytes)
    }

    /// Tells what stops new sales, if anything does.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.lock().ok().and_then(|trouble| trouble.clone())
    }

    /// Opens a reader for one long query, which must not hold up the short ones of screens.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn own_reader(&self) -> Result<Reader, TillError> {
        Ok(Reader::open(&self.folder, &self.options)?)
    }

    /// Looks at what is open.
    pub(crate) fn state<T>(&self, look: impl FnOnce(&State) -> T) -> Result<T, TillError> {
        let state = self.state.read().map_err(|_| TillError::Closed)?;
        Ok(look(&state))
    }

    fn send(&self, message: Message) -> Result<(), TillError> {
        self.inbox.send(message).map_err(|_| TillError::Closed)
    }

    /// Shows an open cart from one of its lines on; `None` when it is not open.
    ///
    /// # Errors
    /// When an amount leaves its bounds or the catalogue can't be read.
    pub fn cart(&self, cart: CartId, first_line: u32) -> Result<Option<CartView>, TillError> {
        let cart = self
            .state
            .read()
            .map_err(|_| TillError::Closed)?
            .carts
            .get(&cart)
            .cloned();
        let Some(cart) = cart else { return Ok(None) };
        let reader = self.reader.lock().map_err(|_| TillError::Closed)?;
        Ok(Some(CartView::of(&cart, &*reader, first_line)?))
    }

    /// Lists the open carts: those after `after` in the order of their ids, at most `limit`.
    ///
    /// # Errors
    /// [`TillError::Closed`] when the till has stopped.
    pub fn open_carts(&self, after: Option<CartId>, limit: usize) -> Result<Vec<CartId>, TillError> {
        let state = self.state.read().map_err(|_| TillError::Closed)?;
        let later = state
            .carts
            .keys()
            .filter(|cart| after.is_none_or(|after| **cart > after));
        Ok(later.take(limit).copied().collect())
    }

    /// Shows the open shift of a cash box, this till's own when absent: an X report.
    ///
    /// # Errors
    /// [`TillError::Closed`] when the till has stopped.
    pub fn shift(&self, cash_box: Option<CashBoxId>) -> Result<Option<ShiftView>, TillError> {
        let cash_box = cash_box.unwrap_or(self.installation.cash_box);
        let state = self.state.read().map_err(|_| TillError::Closed)?;
        Ok(state.shifts.get(&cash_box).map(|shift| ShiftView {
            shift: shift.id,
            cash_box,
            opening: shift.opening.clone(),
            totals: shift.totals.clone(),
        }))
    }

    /// Runs a query on this till's reader; it never waits for the actor.
    ///
    /// # Errors
    /// Whatever the query returns, or [`TillError::Closed`].
    pub fn read<T, E: Into<TillError>>(
        &self,
        query: impl FnOnce(&Reader) -> Result<T, E>,
    ) -> Result<T, TillError> {
        let reader = self.reader.lock().map_err(|_| TillError::Closed)?;
        query(&reader).map_err(Into::into)
    }

    /// Copies what is open, for tests that compare it with a rebuilt state.
    ///
    /// # Errors
    /// [`TillError::Closed`] when the till has stopped.
    pub fn snapshot(&self) -> Result<State, TillError> {
        Ok(self.state.read().map_err(|_| TillError::Closed)?.clone())
    }

    /// Tells who this till is.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Returns the folder of its store.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the organisation's key where this device holds it: for backups and the recovery sheet.
    pub fn organisation_key(&self) -> Option<&OrganisationKey> {
        self.organisation_key.as_ref()
    }
}

/// Makes the store of a new shop with its policy, and returns the commands that set the shop up.
fn begin_shop(
    folder: &Path,
    setup: &Setup,
    ports: &Ports,
    options: &Options,
) -> Result<(Store, Vec<(CommandId, Command)>), TillError> {
    let commands = setup.commands()?;
    let mut store = match Store::create(folder, options) {
        Err(StoreError::Exists) => unfinished(Store::open(folder, options)?)?,
        store => store?,
    };
    if store.organisation()?.is_none() {
        let mut seed = zeroize::Zeroizing::new([0_u8; 32]);
        ports.chance.fill(&mut *seed)?;
        let key = OrganisationKey::from_seed(*seed);
        let installation = Installation {
            organisation: OrganisationId::of(&key.public()),
            incarnation: Incarnation(ports.id()?),
            till: setup.till.clone().unwrap_or_else(|| "Till 1".into()),
            location: FIRST_LOCATION,
            cash_box: FIRST_CASH_BOX,
        };
        identity::found(&mut store, ports, key, &installation, &setup.country, &setup.name)?;
    }
    let named = |command| Ok((CommandId(ports.id()?), command));
    let commands = commands
        .into_iter()
        .map(named)
        .collect::<Result<_, TillError>>()?;
    Ok((store, commands))
}

/// Returns a store whose founding was cut off, by a crash perhaps, so that it goes on; one with a shop stays alone.
fn unfinished(store: Store) -> Result<Store, TillError> {
    // Tenders are what founding writes last.
    match store.world().tender(&CASH)? {
        None => Ok(store),
        Some(_) => Err(StoreError::Exists.into()),
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        self.close();
    }
}
