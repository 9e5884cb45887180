//! The actor: one thread that owns the writer. Commands come in, outcomes go out, nothing else changes state.

use crate::arrivals::Arrivals;
use crate::board::{Board, Revision, Topic};
use crate::error::{FaultKind, TillError};
use crate::identity::{self, Applicant, Identity};
use crate::outcome::{Outcome, ShiftView, View};
use crate::pace::{Deadline, RANK_AFTER, TAP_COMMIT};
use crate::ports::Ports;
use crate::shelf::{Durable, Shelf};
use crate::till::LAST_BACKUP;
use barrow_kernel::command::Command;
use barrow_kernel::context::{Context, History};
use barrow_kernel::decide::decide;
use barrow_kernel::event::{Body, Event};
use barrow_kernel::state::{State, apply};
use barrow_kernel::view::CartView;
use barrow_log::author::{Author, COMMIT_OPS_MAX, OpDraft, Tip};
use barrow_log::body;
use barrow_log::clock::{Hlc, HlcClock};
use barrow_log::id::CommandId;
use barrow_log::policy::Certificate;
use barrow_log::stream::{Dep, OpRef, Stream, StreamKind};
use barrow_store::Store;
use barrow_store::error::StoreError;
use barrow_store::local::{LocalOutcome, Subject};
use barrow_store::reserve::{Reserve, ReserveState};
use barrow_store::search::Rebuild;
use barrow_sync::interest::Interest;
use barrow_sync::session::{Arrived, Me};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// Gives the version of the bodies that this program writes.
const BODY_VERSION: u16 = 1;
/// Rebuilds this many rows of the search table between two commands: a few milliseconds at most.
const REBUILD_ROWS: usize = 500;

/// Names the row of `local_meta` that tells that the search table is to be ranked anew.
const RANK_DUE: &str = "rank_due";

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
        /// Takes the answer.
        reply: oneshot::Sender<Result<Certificate, TillError>>,
    },
    /// Remember when a backup was made.
    NoteBackup {
        /// Gives the time in milliseconds since 1970.
        at_ms: i64,
        /// Takes the answer.
        reply: oneshot::Sender<Result<(), TillError>>,
    },
    /// Make everything durable and stop.
    Close,
}

/// What stops new sales, shared with whoever asks how the till is.
pub(crate) type Trouble = Arc<Mutex<Option<String>>>;

/// A command whose answer waits for the commit.
struct Waiting {
    outcome: Outcome,
    reply: Reply,
}

/// One running till.
pub(crate) struct Actor {
    pub(crate) store: Store,
    ports: Arc<Ports>,
    pub(crate) identity: Identity,
    pub(crate) state: Arc<RwLock<State>>,
    board: Arc<Board>,
    reserve: Reserve,
    authors: BTreeMap<StreamKind, Author>,
    durable: BTreeMap<StreamKind, Author>,
    clock: HlcClock,
    pub(crate) height: u64,
    durable_height: u64,
    pending_ops: usize,
    /// Topics of ops that wait for their commit.
    pub(crate) untold: BTreeSet<Topic>,
    waiting: Vec<Waiting>,
    /// Who waits for ops from elsewhere to be durable.
    keeping: Vec<oneshot::Sender<Result<(), TillError>>>,
    pub(crate) arrivals: Arrivals,
    shelf: Shelf,
    deadline: Option<Deadline>,
    rebuild: Option<Rebuild>,
    rank_due: Option<Deadline>,
    ranked: Vec<oneshot::Sender<Result<(), TillError>>>,
    trouble: Trouble,
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
        let rank_due = due.then(|| Deadline::after(RANK_AFTER));
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
            deadline: None,
            rebuild: None,
            rank_due,
            ranked: Vec::new(),
            trouble: Trouble::default(),
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

    /// Works until it is told to close.
    pub(crate) fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            match self.next(inbox) {
                Ok(Message::Close) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(message) => self.handle(message),
                Err(RecvTimeoutError::Timeout) => self.idle(),
            }
            // Money waits for its commit; what has arrived meanwhile shares it.
            while !self.waiting.is_empty() || !self.keeping.is_empty() {
                match inbox.try_recv() {
                    Ok(Message::Close) => return self.stop(),
                    Ok(message) if self.pending_ops < COMMIT_OPS_MAX => self.handle(message),
                    Ok(message) => {
                        self.settle();
                        self.handle(message);
                    }
                    Err(_) => self.settle(),
                }
            }
        }
        self.stop();
    }

    /// Waits for a message as long as nothing else is to be done.
    fn next(&self, inbox: &Receiver<Message>) -> Result<Message, RecvTimeoutError> {
        if self.arrivals.waiting && self.deadline.is_none_or(|deadline| !deadline.left().is_zero()) {
            return inbox.recv_timeout(Duration::ZERO);
        }
        match (self.deadline, &self.rebuild, self.rank_due) {
            (Some(deadline), _, _) => inbox.recv_timeout(deadline.left()),
            (None, Some(_), _) => inbox.recv_timeout(Duration::ZERO),
            (None, None, Some(due)) => inbox.recv_timeout(due.left()),
            (None, None, None) => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// Does what waits for a quiet moment: commits taps, ranks the search table.
    fn idle(&mut self) {
        if self.deadline.is_some_and(|deadline| deadline.left().is_zero()) {
            self.settle();
        } else if self.arrivals.waiting {
            self.fold_some();
        } else if self.deadline.is_some() {
            self.settle();
        } else if self.rebuild.is_some() {
            self.rebuild_some();
        } else if self.rank_due.take().is_some() {
            self.plan_search();
        }
    }

    /// Commits; whoever waits is answered, and lost taps show on the board.
    pub(crate) fn settle(&mut self) {
        let _ = self.commit();
    }

    fn plan_search(&mut self) {
        match self.store.plan_search() {
            Ok(rebuild) => self.rebuild = Some(rebuild),
            Err(fault) => self.note(&fault),
        }
    }

    fn stop(&mut self) {
        self.settle();
        self.board.close();
    }

    fn handle(&mut self, message: Message) {
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
            Message::Certify { applicant, reply } => {
                let result = self.certify(&applicant);
                let _ = reply.send(result);
            }
            Message::NoteBackup { at_ms, reply } => {
                let result = self.note_backup(at_ms);
                let _ = reply.send(result);
            }
            Message::Close => {}
        }
    }

    /// Answers a command, or lets its answer wait for the commit.
    fn answer(&mut self, result: Result<Step, TillError>, reply: Reply) {
        match result {
            Ok(Step::Answered(outcome)) => {
                let _ = reply.send(Ok(outcome));
            }
            Ok(Step::Waits(outcome)) => self.waiting.push(Waiting { outcome, reply }),
            Err(fault) => {
                let _ = reply.send(Err(fault));
            }
        }
    }

    /// Carries out one command: decide, record, and show what it was about.
    fn try_dispatch(
        &mut self,
        id: CommandId,
        command: &Command,
        who: Option<String>,
        now_ms: i64,
        watched: bool,
    ) -> Result<Step, TillError> {
        if let Some(first) = self.store.recall(&id)? {
            return self.repeat(&first);
        }
        self.check_health(command)?;
        let context = self.context(id, who, now_ms);
        let events = {
            let state = self.state.read().map_err(|_| TillError::Closed)?;
            decide(&state, &self.store.world(), command, &context)?
        };
        let revision = self.record(&context, &events)?;
        let tap = command.is_tap();
        // The op stands. A view that can't be drawn is no reason to say that it was not done.
        // Nobody looks at a view whose caller has gone.
        let view = if watched {
            self.view(&events).unwrap_or(View::Done)
        } else {
            View::Done
        };
        if tap && self.waiting.is_empty() {
            self.deadline.get_or_insert_with(|| Deadline::after(TAP_COMMIT));
            if self.pending_ops >= COMMIT_OPS_MAX {
                self.commit()?;
            }
            return Ok(Step::Answered(Outcome {
                revision,
                durable: self.pending_ops == 0,
                view,
            }));
        }
        let outcome = Outcome {
            revision,
            durable: !tap,
            view,
        };
        Ok(if tap {
            Step::Answered(outcome)
        } else {
            Step::Waits(outcome)
        })
    }

    /// Answers a command that was carried out before.
    fn repeat(&mut self, first: &LocalOutcome) -> Result<Step, TillError> {
        let view = match &first.subject {
            Subject::Cart(cart) => {
                let state = self.state.read().map_err(|_| TillError::Closed)?;
                match state.carts.get(cart) {
                    Some(cart) => View::Cart(CartView::of(cart, &self.store.world(), 0)?),
                    None => View::Done,
                }
            }
            Subject::Sale(sale) => match self.store.world().sale(sale)? {
                Some(sale) => View::Sale((*sale).clone()),
                None => View::Done,
            },
            Subject::Shift(cash_box) => self.shift_view(*cash_box)?,
            Subject::Z(shift) => {
                // A reader sees what is committed, and the first answer waited for that too.
                self.commit()?;
                self.store
                    .reader()?
                    .z_report(shift)?
                    .map_or(View::Done, View::Closed)
            }
            Subject::None => View::Done,
        };
        // It may still lie in the open transaction; then its answer waits as the first one did.
        let outcome = Outcome {
            revision: first.revision,
            durable: first.durable,
            view,
        };
        Ok(match first.durable && self.pending_ops > 0 {
            true => Step::Waits(outcome),
            false => Step::Answered(outcome),
        })
    }

    /// Refuses what can't be kept while the store is in trouble.
    fn check_health(&self, command: &Command) -> Result<(), TillError> {
        let Some(trouble) = self.trouble.lock().map_or(None, |trouble| trouble.clone()) else {
            return Ok(());
        };
        let finishing = matches!(
            command,
            Command::Tender { .. }
                | Command::VoidCart { .. }
                | Command::ReversePayment { .. }
                | Command::CloseShift { .. }
        );
        // A full disk still has the reserve for what is under way; a damaged one takes nothing.
        if finishing && matches!(self.reserve.state(), Ok(ReserveState::Released)) {
            return Ok(());
        }
        Err(TillError::unavailable(trouble))
    }

    fn context(&self, command: CommandId, who: Option<String>, now_ms: i64) -> Context {
        let book = &self.authors[&StreamKind::Book];
        Context {
            now_ms,
            command,
            who,
            till: self.identity.installation.till.clone(),
            location: self.identity.installation.location,
            cash_box: self.identity.installation.cash_box,
            series: self.identity.certificate.series.clone(),
            book: book.id(),
            book_head: book.head(),
            permissions: self.identity.permissions(),
        }
    }

    /// Turns events into an op in the open transaction, and folds them into the state.
    fn record(&mut self, context: &Context, events: &[Event]) -> Result<Revision, TillError> {
        match self.append(context, events) {
            Ok(revision) => Ok(revision),
            Err(fault) => Err(self.fail(&fault)),
        }
    }

    fn append(&mut self, context: &Context, events: &[Event]) -> Result<Revision, StoreError> {
        if !self.store.in_transaction() {
            self.store.begin()?;
        }
        let kind = events[0].stream_kind();
        let content = Body {
            events: events.to_vec(),
            who: context.who.clone(),
        };
        let draft = OpDraft {
            kind: kind.code(),
            kind_version: BODY_VERSION,
            hlc: self.clock.tick(context.now_ms),
            wall_ms: context.now_ms,
            height: self.height + 1,
            policy_version: self.identity.policy.version(),
            deps: self.deps(events)?,
            body: body::Body::plain(content.to_bytes()),
        };
        let author = self
            .authors
            .get_mut(&kind)
            .ok_or_else(|| StoreError::corrupt("a stream without an author"))?;
        let op = author
            .next(draft)
            .map_err(|fault| StoreError::corrupt(&fault.to_string()))?;
        self.store.append(author.stream(), &op, &content)?;
        let subject = subject(events);
        let revision = self.board.revision() + 1;
        let durable = kind != StreamKind::Floor;
        self.store.remember(
            &context.command,
            &LocalOutcome {
                revision,
                subject,
                durable,
            },
        )?;
        self.height += 1;
        self.pending_ops += 1;
        if let Ok(mut state) = self.state.write() {
            for event in events {
                apply(&mut state, event);
            }
        }
        self.plan_ranking(events)?;
        // A tap shows at once, from memory; everything else is told of once it lies on disk, where lists are read.
        let topics = topics(events);
        if durable {
            self.untold.extend(topics);
            return Ok(self.board.mark(&[]));
        }
        Ok(self.board.mark(&topics))
    }

    /// Has the search table ranked anew once an import or a day is over.
    /// A program that ends before that finds the mark when it is opened again.
    pub(crate) fn plan_ranking(&mut self, events: &[Event]) -> Result<(), StoreError> {
        if events
            .iter()
            .any(|event| matches!(event, Event::ItemsPut { .. } | Event::ShiftClosed { .. }))
        {
            self.store.set_meta(RANK_DUE, &[1])?;
            self.rebuild = None;
            self.rank_due = Some(Deadline::after(RANK_AFTER));
        }
        Ok(())
    }

    /// Names the writes that catalogue events replace, for the op's header.
    fn deps(&self, events: &[Event]) -> Result<Vec<Dep>, StoreError> {
        let mut replaced: Vec<OpRef> = events.iter().flat_map(replaces).collect();
        // The newest write of each stream stands for the earlier ones: its chain vouches for them.
        replaced.sort_unstable_by(|a, b| a.stream.cmp(&b.stream).then(b.seq.cmp(&a.seq)));
        replaced.dedup_by_key(|op| op.stream);
        replaced.truncate(barrow_log::header::DEPS_MAX);
        let mut deps = Vec::with_capacity(replaced.len());
        for op in replaced {
            if let Some(head) = self.store.head_at(&op)? {
                deps.push(Dep::new(op.stream, head));
            }
        }
        Ok(deps)
    }

    /// Makes everything durable, then answers what waited for it.
    fn commit(&mut self) -> Result<(), TillError> {
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
    fn note(&mut self, fault: &StoreError) {
        if fault.is_lasting() {
            self.stop_sales(fault);
        }
    }

    fn stop_sales(&self, fault: &StoreError) {
        if let Ok(mut trouble) = self.trouble.lock() {
            *trouble = Some(fault.to_string());
        }
    }

    /// Certifies a device in a commit of its own.
    fn certify(&mut self, applicant: &Applicant) -> Result<Certificate, TillError> {
        self.commit()?;
        let certificate = identity::admit(&mut self.store, &self.ports, &self.identity, applicant);
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

    fn note_backup(&mut self, at_ms: i64) -> Result<(), TillError> {
        self.commit()?;
        let noted = self.store.begin().and_then(|()| {
            self.store.set_meta(LAST_BACKUP, &at_ms.to_le_bytes())?;
            self.store.commit()
        });
        noted.map_err(|fault| self.fail(&fault))?;
        self.board.mark(&[Topic::Storage]);
        Ok(())
    }

    fn view(&self, events: &[Event]) -> Result<View, TillError> {
        Ok(match subject(events) {
            Subject::Sale(_) => match events.last() {
                Some(Event::SaleCompleted { sale }) => View::Sale(sale.clone()),
                _ => View::Done,
            },
            Subject::Cart(cart) => {
                let state = self.state.read().map_err(|_| TillError::Closed)?;
                match state.carts.get(&cart) {
                    Some(cart) => View::Cart(CartView::of(cart, &self.store.world(), 0)?),
                    None => View::Done,
                }
            }
            Subject::Shift(cash_box) => self.shift_view(cash_box)?,
            Subject::Z(_) => match events.last() {
                Some(Event::ShiftClosed { report }) => View::Closed(report.clone()),
                _ => View::Done,
            },
            Subject::None => View::Done,
        })
    }

    fn shift_view(&self, cash_box: barrow_log::id::CashBoxId) -> Result<View, TillError> {
        let state = self.state.read().map_err(|_| TillError::Closed)?;
        Ok(match state.shifts.get(&cash_box) {
            Some(shift) => View::Shift(ShiftView {
                shift: shift.id,
                cash_box,
                opening: shift.opening.clone(),
                totals: shift.totals.clone(),
            }),
            None => View::Done,
        })
    }

    /// Ranks a few more rows of the search table; a command never waits longer than for these.
    fn rebuild_some(&mut self) {
        let Some(rebuild) = self.rebuild.take() else {
            return;
        };
        let result = self.store.rebuild_search(rebuild, REBUILD_ROWS).and_then(|next| {
            self.rebuild = next;
            if self.rebuild.is_none() {
                self.forget_ranking()
            } else {
                Ok(())
            }
        });
        if let Err(fault) = &result {
            self.note(fault);
        }
        if self.rebuild.is_none() {
            for reply in self.ranked.drain(..) {
                let _ = reply.send(result.clone().map_err(TillError::from));
            }
        }
    }

    /// Notes that the ranking is up to date.
    fn forget_ranking(&mut self) -> Result<(), StoreError> {
        self.store.begin()?;
        self.store.set_meta(RANK_DUE, &[])?;
        self.store.commit()
    }
}

/// What is to be done with an outcome.
enum Step {
    /// It can be answered now.
    Answered(Outcome),
    /// It waits for the commit.
    Waits(Outcome),
}

/// Returns the clock reading of a stream's last op, so that readings never go back over a restart.
fn last_reading(store: &Store, stream: &Stream, tip: Option<&Tip>) -> Result<Hlc, TillError> {
    let Some(tip) = tip else { return Ok(Hlc::default()) };
    let last = store.ops(&stream.id(), tip.head.seq, 1)?;
    let header = last.first().and_then(|stored| stored.op.parsed().ok());
    Ok(header.map_or_else(Hlc::default, |header| header.hlc))
}

/// Returns what events are about, for the view.
fn subject(events: &[Event]) -> Subject {
    let last = events.last();
    if let Some(cart) = last.and_then(Event::open_cart) {
        return Subject::Cart(cart);
    }
    match last {
        Some(Event::SaleCompleted { sale }) => Subject::Sale(sale.id),
        Some(Event::ShiftOpened { opening }) => Subject::Shift(opening.cash_box),
        Some(Event::CashMoved { movement }) => Subject::Shift(movement.cash_box),
        Some(Event::ShiftClosed { report }) => Subject::Z(report.shift),
        _ => Subject::None,
    }
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

/// Returns the writes that a catalogue event replaces.
fn replaces(event: &Event) -> Vec<OpRef> {
    let Event::ItemsPut { items } = event else {
        return Vec::new();
    };
    items
        .iter()
        .flat_map(|item| {
            let face = item.face.iter().flat_map(|write| &write.replaces);
            let price = item.price.iter().flat_map(|write| &write.replaces);
            let trade = item.trade.iter().flat_map(|write| &write.replaces);
            let archived = item.archived.iter().flat_map(|write| &write.replaces);
            let sold_out = item.sold_out.iter().flat_map(|write| &write.replaces);
            face.chain(price)
                .chain(trade)
                .chain(archived)
                .chain(sold_out)
                .copied()
        })
        .collect()
}
