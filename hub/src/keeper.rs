//! The one writer of an organisation: it makes durable at once what comes while it is idle, and together what comes
//! during a commit; between commits it folds.

use crate::limits::{BATCH_OPS, FOLD_EVERY, FOLD_OPS, INBOX, ORGANISATION_BYTES};
use crate::storage::Shelf;
use barrow_store::StoreError;
use barrow_sync::log::Durable;
use barrow_sync::session::Arrived;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot, watch};

/// Looks at the disk after so many commits: between two looks an organisation can't grow by more than they hold.
const WEIGH_EVERY: u32 = 64;

type Answer = oneshot::Sender<Result<(), StoreError>>;

/// What a session brought, and who waits for it.
struct Brought {
    arrived: Vec<Arrived>,
    answer: Answer,
}

/// What a writer did since its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Counts commits of what sessions brought.
    pub commits: u64,
    /// Counts the ops that sessions brought and that are durable.
    pub acknowledged: u64,
    /// Counts the ops that were folded.
    pub folded: u64,
    /// Tells that the disk took what was brought last.
    pub well: bool,
}

/// What the writer shows.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// What is durable.
    pub(crate) durable: watch::Receiver<Durable>,
    /// What it did.
    pub(crate) work: watch::Receiver<Work>,
}

/// The sessions' side of a writer.
#[derive(Clone)]
pub(crate) struct Keeper(mpsc::Sender<Brought>);

impl Keeper {
    /// Starts the writer of a shelf on a thread of its own. It ends when every `Keeper` is dropped.
    pub(crate) fn start(
        shelf: Box<dyn Shelf>,
        name: &str,
    ) -> Result<(Self, Shown, JoinHandle<()>), StoreError> {
        let durable = watch::Sender::new(shelf.durable()?);
        let work = watch::Sender::new(Work {
            commits: 0,
            acknowledged: 0,
            folded: 0,
            well: true,
        });
        let shown = Shown {
            durable: durable.subscribe(),
            work: work.subscribe(),
        };
        let (sender, inbox) = mpsc::channel(INBOX);
        let writer = Writer {
            shelf,
            inbox,
            durable,
            work,
            waiting: true,
            commits: 0,
            full: false,
        };
        let thread = std::thread::Builder::new()
            .name(name.into())
            .spawn(move || writer.run())?;
        Ok((Self(sender), shown, thread))
    }

    /// Makes ops durable, and returns once they are.
    pub(crate) async fn keep(&self, arrived: Vec<Arrived>) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let stopped = || StoreError::Io {
            what: "the hub is stopping".into(),
        };
        let brought = Brought { arrived, answer };
        self.0.send(brought).await.map_err(|_| stopped())?;
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }
}

struct Writer {
    shelf: Box<dyn Shelf>,
    inbox: mpsc::Receiver<Brought>,
    durable: watch::Sender<Durable>,
    work: watch::Sender<Work>,
    /// Ops may wait to be folded.
    waiting: bool,
    commits: u32,
    /// The organisation has all the room it may have.
    full: bool,
}

impl Writer {
    fn run(mut self) {
        loop {
            let first = match self.waiting {
                true => self
                    .inbox
                    .try_recv()
                    .map_err(|empty| empty == mpsc::error::TryRecvError::Disconnected),
                false => self.inbox.blocking_recv().ok_or(true),
            };
            match first {
                Ok(first) => {
                    self.commit(first);
                    if self.waiting && self.commits.is_multiple_of(FOLD_EVERY) {
                        self.fold();
                    }
                }
                Err(false) => self.fold(),
                Err(true) => return,
            }
        }
    }

    /// Commits what is here by now.
    fn commit(&mut self, first: Brought) {
        let (mut batch, mut answers) = (vec![first.arrived], vec![first.answer]);
        let count = |arrived: &[Arrived]| {
            arrived
                .iter()
                .map(|arrived| arrived.range.ops.len())
                .sum::<usize>()
        };
        let mut ops = count(&batch[0]);
        while ops < BATCH_OPS
            && let Ok(next) = self.inbox.try_recv()
        {
            ops += count(&next.arrived);
            batch.push(next.arrived);
            answers.push(next.answer);
        }
        if self.commits.is_multiple_of(WEIGH_EVERY) {
            self.full = self.shelf.bytes().is_ok_and(|bytes| bytes >= ORGANISATION_BYTES);
        }
        self.commits = self.commits.wrapping_add(1);
        let kept = match self.full {
            true => Err(StoreError::Full),
            false => self
                .shelf
                .acknowledge(&batch)
                .and_then(|answers| self.show().map(|()| answers)),
        };
        self.waiting = true;
        self.work.send_modify(|work| {
            work.commits += 1;
            work.well = kept.is_ok();
            work.acknowledged += if kept.is_ok() { ops as u64 } else { 0 };
        });
        match kept {
            Ok(kept) => {
                for (answer, kept) in answers.into_iter().zip(kept) {
                    // Whoever brought it may have gone meanwhile.
                    let _ = answer.send(kept);
                }
            }
            Err(fault) => {
                for answer in answers {
                    let _ = answer.send(Err(fault.clone()));
                }
            }
        }
    }

    fn show(&self) -> Result<(), StoreError> {
        let now = self.shelf.durable()?;
        self.durable.send_if_modified(|durable| {
            let changed = durable.vector != now.vector;
            *durable = now;
            changed
        });
        Ok(())
    }

    /// Folds a little. What can't be folded now is tried again after the next commit.
    fn fold(&mut self) {
        let folded = self.shelf.project(FOLD_OPS).unwrap_or(0);
        self.waiting = folded > 0;
        if folded > 0 {
            self.work.send_modify(|work| work.folded += folded);
        }
    }
}
