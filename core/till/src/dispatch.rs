//! What a command comes to: decided, recorded as one op, folded, and shown.

use crate::actor::{Actor, Reply, Waiting, topics};
use crate::board::{Revision, Topic};
use crate::error::TillError;
use crate::outcome::{Outcome, ShiftView, View};
use crate::pace::TAP_COMMIT;
use barrow_kernel::command::Command;
use barrow_kernel::context::{Context, History};
use barrow_kernel::decide::decide;
use barrow_kernel::event::{Body, Event};
use barrow_kernel::state::apply;
use barrow_kernel::view::CartView;
use barrow_log::author::OpDraft;
use barrow_log::body;
use barrow_log::id::CommandId;
use barrow_log::stream::{Dep, OpRef, StreamKind};
use barrow_store::error::StoreError;
use barrow_store::local::{LocalOutcome, Subject};
use barrow_store::reserve::ReserveState;

/// Waits so long between two looks whether a full disk has room again: a person who has just made some waits for it.
const LOOK_FOR_ROOM_MS: u64 = 10_000;

/// Gives the version of the bodies that this program writes.
const BODY_VERSION: u16 = 1;

impl Actor {
    /// Answers a command, or lets its answer wait for the commit.
    pub(crate) fn answer(&mut self, result: Result<Step, TillError>, reply: Reply) {
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
    pub(crate) fn try_dispatch(
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
        self.check_health(command, now_ms)?;
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
            let due = self.uptime + TAP_COMMIT;
            self.deadline.get_or_insert(due);
            if self.is_commit_full() {
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
    fn check_health(&mut self, command: &Command, now_ms: i64) -> Result<(), TillError> {
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
        if self.has_room_again(now_ms) {
            return Ok(());
        }
        Err(TillError::unavailable(trouble))
    }

    /// Tells whether a disk that was full takes the reserve again; then sales go on. To try writes tens of megabytes,
    /// so it is tried now and then only.
    fn has_room_again(&mut self, now_ms: i64) -> bool {
        let due = |full_ms: i64| now_ms.abs_diff(full_ms) >= LOOK_FOR_ROOM_MS;
        if !self.full_ms.is_some_and(due) {
            return false;
        }
        self.full_ms = Some(now_ms);
        if !matches!(self.reserve.ensure(), Ok(ReserveState::Held)) {
            return false;
        }
        self.full_ms = None;
        if let Ok(mut trouble) = self.trouble.lock() {
            *trouble = None;
        }
        self.board.mark(&[Topic::Storage]);
        true
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
        let deps = self.deps(events)?;
        let author = self
            .authors
            .get_mut(&kind)
            .ok_or_else(|| StoreError::corrupt("a stream without an author"))?;
        let draft = OpDraft {
            kind: kind.code(),
            kind_version: BODY_VERSION,
            hlc: self.clock.tick(context.now_ms),
            wall_ms: context.now_ms,
            height: author.height_after(self.height),
            policy_version: self.identity.policy.version(),
            deps,
            body: body::Body::plain(content.to_bytes()),
        };
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
}

/// What is to be done with an outcome.
pub(crate) enum Step {
    /// It can be answered now.
    Answered(Outcome),
    /// It waits for the commit.
    Waits(Outcome),
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
