//! The actor: it owns the writer. Messages come in, answers go out, nothing else changes state. Who drives it, a thread
//! or a simulator, is the worker's matter.

use crate::arrivals::Arrivals;
use crate::board::{Board, Topic};
use crate::error::{FaultKind, TillError};
use crate::identity::{self, Applicant, Identity};
use crate::outcome::Outcome;
use crate::pace::RANK_AFTER;
use crate::ports::Ports;
use crate::ranking::RANK_DUE;
use crate::shelf::{Durable, Shelf};
use barrow_kernel::command::Command;
use barrow_kernel::event::Event;
use barrow_kernel::state::State;
use barrow_log::author::{Author, COMMIT_BYTES, COMMIT_OPS_MAX, Tip};
use barrow_log::clock::{Hlc, HlcClock};
use barrow_log::id::CommandId;
use barrow_log::policy::Certificate;
use barrow_log::stream::{Stream, StreamKind};
use barrow_store::Store;
use barrow_store::error::StoreError;
use barrow_store::reserve::Reserve;
use barrow_store::search::Rebuild;
use barrow_sync::interest::Interest;
use barrow_sync::session::{Arrived, Me};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// The answer's way back.
pub(crate) type Reply = oneshot::Sender<Result<Outcome, TillError>>;

/// What the actor can be asked.
pub(crate) enum Message {
    /// Carry out a command.
    Dispatch {
        /// Names it; a repeat gets the first outcome.
        id: CommandId,
        /// Says what a person wants.
        command: Box<Command>,
        /// Names the person at the till.
        who: Option<String>,
        /// Gives the time it happened, where that is not now.
        at_ms: Option<i64>,
        /// Takes the answer.
        reply: Reply,
    },
    /// Make everything durable now.
    Flush(oneshot::Sender<Result<(), TillError>>),
    /// Rank the search table anew, between commands; the answer comes when it is done.
    RankSearch(oneshot::Sender<Result<(), TillError>>),
    /// Keep ops that came from elsewhere; the answer comes when they are durable.
    Keep {
        /// Holds the ops, checked as far as chain and signature go.
        arrived: Vec<Arrived>,
        /// Takes the answer.
        reply: oneshot::Sender<Result<(), TillError>>,
    },
    /// Let a device be one of the shop's.
    Certify {
        /// Describes the device.
        applicant: Applicant,
        /// Tells where it is found, if it is the hub of record from now on.
        hub_at: Option<String>,
        /// Takes the answer.
        reply: oneshot::Sender<Result<Certificate, TillError>>,
    },
    /// Remember a fact of this device alone, of what is saved where.
    Note {
        /// Names the fact.
        key: &'static str,
        /// Holds it.
        value: Vec<u8>,
        /// Takes the answer.
        reply: oneshot::Sender<Result<(), TillError>>,
    },
    /// Make everything durable and stop.
    Close,
}

/// What stops new sales, shared with whoever asks how the till is.
pub(crate) type Trouble = Arc<Mutex<Option<String>>>;

/// A command whose answer waits for the commit.
pub(crate) struct Waiting {
    pub(crate) outcome: Outcome,
    pub(crate) reply: Reply,
}

/// One running till.
pub(crate) struct Actor {
    pub(crate) store: Store,
    pub(crate) ports: Arc<Ports>,
    pub(crate) identity: Identity,
    pub(crate) state: Arc<RwLock<State>>,
    pub(crate) board: Arc<Board>,
    pub(crate) reserve: Reserve,
    pub(crate) authors: BTreeMap<StreamKind, Author>,
    pub(crate) durable: BTreeMap<StreamKind, Author>,
    pub(crate) clock: HlcClock,
    pub(crate) height: u64,
    pub(crate) durable_height: u64,
    pub(crate) pending_ops: usize,
    /// Topics of ops that wait for their commit.
    pub(crate) untold: BTreeSet<Topic>,
    pub(crate) waiting: Vec<Waiting>,
    /// Who waits for ops from elsewhere to be durable.
    pub(crate) keeping: Vec<oneshot::Sender<Result<(), TillError>>>,
    pub(crate) arrivals: Arrivals,
    pub(crate) shelf: Shelf,
    /// Gives how long the till runs: it paces commits, and orders nothing.
    pub(crate) uptime: Duration,
    /// Gives the time by which taps are committed.
    pub(crate) deadline: Option<Duration>,
    pub(crate) rebuild: Option<Rebuild>,
    pub(crate) rank_due: Option<Duration>,
    pub(crate) ranked: Vec<oneshot::Sender<Result<(), TillError>>>,
    pub(crate) trouble: Trouble,
    /// Tells when the disk was last seen full, by the device's clock, while that is what stops new sales.
    pub(crate) full_ms: Option<i64>,
}

impl Actor {
    /// Sets a till up over an open store.
    pub(crate) fn new(
        store: Store,
        ports: Arc<Ports>,
        identity: Identity,
        reserve: Reserve,
    ) -> Result<Self, TillError> {
        let state = store.state()?;
        let shelf = Shelf::new(&store)?;
        let arrivals = Arrivals::begin(store.has_unfolded()?);
        let (mut authors, mut clock) = (BTreeMap::new(), HlcClock::default());
        for kind in [StreamKind::Shop, StreamKind::Book, StreamKind::Floor] {
            let stream = identity.stream(kind);
            let tip = store.tip(&stream.id())?;
            clock.last = clock.last.max(last_reading(&store, &stream, tip.as_ref())?);
            authors.insert(kind, Author::at(stream, tip));
        }
        let height = store.height()?;
        let board = Board::new(store.revision()?);
        let due = store.is_search_outdated()? || store.meta(RANK_DUE)?.is_some_and(|due| !due.is_empty());
        let rank_due = due.then_some(RANK_AFTER);
        Ok(Self {
            store,
            ports,
            identity,
            state: Arc::new(RwLock::new(state)),
            board: Arc::new(board),
            reserve,
            durable: authors.clone(),
            authors,
            clock,
            height,
            durable_height: height,
            pending_ops: 0,
            untold: BTreeSet::new(),
            waiting: Vec::new(),
            keeping: Vec::new(),
            arrivals,
            shelf,
            uptime: Duration::ZERO,
            deadline: None,
            rebuild: None,
            rank_due,
            ranked: Vec::new(),
            trouble: Trouble::default(),
            full_ms: None,
        })
    }

    /// Shares the state for views; only the actor writes it.
    pub(crate) fn state(&self) -> Arc<RwLock<State>> {
        Arc::clone(&self.state)
    }

    /// Shares the board.
    pub(crate) fn board(&self) -> Arc<Board> {
        Arc::clone(&self.board)
    }

    /// Tells who this till is to a session of sync: a till wants the books of its own place.
    pub(crate) fn me(&self) -> Me {
        Me {
            organisation: self.identity.organisation,
            device: self.identity.secret.public(),
            incarnation: self.identity.installation.incarnation,
            features: 0,
            epoch: [0; 16],
            interest: Interest::Places([self.identity.installation.location].into()),
        }
    }

    /// Shows what is durable.
    pub(crate) fn shelf(&self) -> watch::Receiver<Durable> {
        self.shelf.reader()
    }

    /// Shares what stops new sales.
    pub(crate) fn trouble(&self) -> Trouble {
        Arc::clone(&self.trouble)
    }

    /// Returns how long there is nothing to do unless a message comes; `None` for as long as it takes.
    pub(crate) fn rest(&self) -> Option<Duration> {
        let until = |due: Duration| due.saturating_sub(self.uptime);
        let idle = self.arrivals.waiting || (self.deadline.is_none() && self.rebuild.is_some());
        match idle {
            true => Some(Duration::ZERO),
            false => self.deadline.or(self.rank_due).map(until),
        }
    }

    /// Does one thing that waits for a quiet moment: commits taps, folds ops, ranks the search table.
    pub(crate) fn idle(&mut self) {
        let due = |deadline: Duration| deadline <= self.uptime;
        if self.deadline.is_some_and(due) {
            self.settle();
        } else if self.arrivals.waiting {
            self.fold_some();
        } else if self.rebuild.is_some() {
            self.rebuild_some();
        } else if self.rank_due.is_some_and(due) {
            self.rank_due = None;
            self.plan_search();
        }
    }

    /// Tells whether somebody waits for a commit.
    pub(crate) fn owes_commit(&self) -> bool {
        !self.waiting.is_empty() || !self.keeping.is_empty()
    }

    /// Tells whether no further op goes into the open transaction.
    pub(crate) fn is_commit_full(&self) -> bool {
        let bytes = self.authors.values().map(Author::unsealed_bytes).max();
        self.pending_ops >= COMMIT_OPS_MAX || bytes >= Some(COMMIT_BYTES)
    }

    /// Commits; whoever waits is answered, and lost taps show on the board.
    pub(crate) fn settle(&mut self) {
        let _ = self.commit();
    }

    /// Makes everything durable and tells whoever waits for changes that none will come.
    pub(crate) fn stop(&mut self) {
        self.settle();
        self.board.close();
    }

    /// Takes one message.
    pub(crate) fn handle(&mut self, message: Message) {
        match message {
            Message::Dispatch {
                id,
                command,
                who,
                at_ms,
                reply,
            } => {
                let now_ms = at_ms.unwrap_or_else(|| self.ports.clock.now_ms());
                let watched = !reply.is_closed();
                let result = self.try_dispatch(id, &command, who, now_ms, watched);
                self.answer(result, reply);
            }
            Message::Flush(reply) => {
                let result = self.commit();
                let _ = reply.send(result);
            }
            Message::RankSearch(reply) => {
                self.ranked.push(reply);
                self.plan_search();
            }
            Message::Keep { arrived, reply } => match self.keep(&arrived) {
                Ok(()) => self.keeping.push(reply),
                Err(fault) => {
                    let _ = reply.send(Err(fault));
                }
            },
            Message::Certify {
                applicant,
                hub_at,
                reply,
            } => {
                let result = self.certify(&applicant, hub_at.as_deref());
                let _ = reply.send(result);
            }
            Message::Note { key, value, reply } => {
                let result = self.take_note(key, &value);
                let _ = reply.send(result);
            }
            Message::Close => {}
        }
    }

    /// Makes everything durable, then answers what waited for it.
    pub(crate) fn commit(&mut self) -> Result<(), TillError> {
        self.deadline = None;
        if !self.store.in_transaction() {
            return Ok(());
        }
        match self.seal_and_commit() {
            Ok(()) => {
                self.durable = self.authors.clone();
                self.durable_height = self.height;
                self.pending_ops = 0;
                if let Err(fault) = self.catch_up().and_then(|()| self.shelf.put(&self.store)) {
                    // It is durable all the same; what is shown may be old until the next commit.
                    self.note(&fault);
                }
                if !self.untold.is_empty() {
                    let told: Vec<Topic> = std::mem::take(&mut self.untold).into_iter().collect();
                    self.board.mark(&told);
                }
                for waiting in self.waiting.drain(..) {
                    let _ = waiting.reply.send(Ok(waiting.outcome));
                }
                for reply in self.keeping.drain(..) {
                    let _ = reply.send(Ok(()));
                }
                Ok(())
            }
            Err(fault) => Err(self.fail(&fault)),
        }
    }

    fn seal_and_commit(&mut self) -> Result<(), StoreError> {
        for author in self.authors.values_mut().filter(|author| author.unsealed() > 0) {
            let signature = author
                .seal(&self.identity.secret)
                .map_err(|fault| StoreError::corrupt(&fault.to_string()))?;
            let seq = author.head().map_or(0, |head| head.seq);
            self.store.seal(&author.id(), seq, &signature)?;
        }
        self.store.commit()
    }

    /// Goes back to the last durable state and tells everybody who waited.
    pub(crate) fn fail(&mut self, fault: &StoreError) -> TillError {
        self.store.rollback();
        self.forget_arrivals();
        self.deadline = None;
        self.pending_ops = 0;
        self.untold.clear();
        self.authors = self.durable.clone();
        self.height = self.durable_height;
        if fault.is_full() {
            // The reserve makes room for the open sale, the Z and an export; new sales stop.
            let _ = self.reserve.release();
        }
        self.note(fault);
        match self.store.state() {
            Ok(state) => {
                if let Ok(mut shared) = self.state.write() {
                    *shared = state;
                }
            }
            Err(fault) => self.stop_sales(&fault),
        }
        self.board.mark(&[
            Topic::Carts,
            Topic::Sales,
            Topic::Shift,
            Topic::Stock,
            Topic::Catalogue,
            Topic::Storage,
        ]);
        let error = TillError::NotSaved {
            kind: FaultKind::from(fault),
            why: fault.to_string(),
        };
        for waiting in self.waiting.drain(..) {
            let _ = waiting.reply.send(Err(error.clone()));
        }
        for reply in self.keeping.drain(..) {
            let _ = reply.send(Err(error.clone()));
        }
        error
    }

    /// Remembers what stops new sales until a person has done something.
    pub(crate) fn note(&mut self, fault: &StoreError) {
        if fault.is_lasting() {
            self.stop_sales(fault);
        }
    }

    fn stop_sales(&mut self, fault: &StoreError) {
        let Ok(mut trouble) = self.trouble.lock() else {
            return;
        };
        if !fault.is_full() {
            self.full_ms = None;
        } else if trouble.is_none() || self.full_ms.is_some() {
            self.full_ms = Some(self.ports.clock.now_ms());
        } else {
            // What stops them already does not pass when there is room again.
            return;
        }
        *trouble = Some(fault.to_string());
    }

    /// Certifies a device in a commit of its own.
    fn certify(&mut self, applicant: &Applicant, hub_at: Option<&str>) -> Result<Certificate, TillError> {
        self.commit()?;
        let certificate = identity::admit(&mut self.store, &self.ports, &self.identity, applicant, hub_at);
        if self.store.in_transaction() {
            self.store.rollback();
        }
        let certificate = certificate?;
        self.height = self.store.height()?;
        self.durable_height = self.height;
        self.identity.follow(&self.store.shared_policy());
        self.shelf.put(&self.store)?;
        self.board.mark(&[Topic::Storage]);
        Ok(certificate)
    }

    fn take_note(&mut self, key: &str, value: &[u8]) -> Result<(), TillError> {
        self.commit()?;
        let noted = self.store.begin().and_then(|()| {
            self.store.set_meta(key, value)?;
            self.store.commit()
        });
        noted.map_err(|fault| self.fail(&fault))?;
        self.board.mark(&[Topic::Storage]);
        Ok(())
    }
}

/// Returns the clock reading of a stream's last op, so that readings never go back over a restart.
fn last_reading(store: &Store, stream: &Stream, tip: Option<&Tip>) -> Result<Hlc, TillError> {
    let Some(tip) = tip else { return Ok(Hlc::default()) };
    let last = store.ops(&stream.id(), tip.head.seq, 1)?;
    let header = last.first().and_then(|stored| stored.op.parsed().ok());
    Ok(header.map_or_else(Hlc::default, |header| header.hlc))
}

/// Returns the topics that events touch.
pub(crate) fn topics(events: &[Event]) -> Vec<Topic> {
    let mut topics = Vec::new();
    for event in events {
        topics.extend_from_slice(match event {
            Event::ShopPut { .. }
            | Event::TaxesPut { .. }
            | Event::TendersPut { .. }
            | Event::PlacesPut { .. }
            | Event::ItemsPut { .. } => &[Topic::Catalogue][..],
            Event::PaymentTaken { .. } | Event::PaymentReversed { .. } | Event::CartVoided { .. } => {
                &[Topic::Carts, Topic::Shift]
            }
            Event::SaleCompleted { .. } => &[Topic::Carts, Topic::Sales, Topic::Shift, Topic::Stock],
            Event::TenderCorrected { .. } => &[Topic::Sales, Topic::Shift],
            Event::ShiftOpened { .. } | Event::CashMoved { .. } | Event::ShiftClosed { .. } => {
                &[Topic::Shift]
            }
            Event::StockMoved { .. } | Event::StockCounted { .. } => &[Topic::Stock],
            Event::Adjusted { .. } => &[Topic::Sales],
            _ => &[Topic::Carts],
        });
    }
    topics.sort_unstable();
    topics.dedup();
    topics
}
