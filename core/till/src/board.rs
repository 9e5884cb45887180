//! The board of changes: which topics changed at which revision. Readers pull; nothing queues up.

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// Counts the changes of a till; it never goes back.
pub type Revision = u64;

/// Something a screen may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// The lines or totals of an open cart.
    Carts,
    /// Finished sales.
    Sales,
    /// The shift and its cash.
    Shift,
    /// What is on hand.
    Stock,
    /// Goods, taxes, tenders, places, settings.
    Catalogue,
    /// What is saved, and whether the store is well.
    Storage,
}

impl Topic {
    const ALL: [Self; 6] = [
        Self::Carts,
        Self::Sales,
        Self::Shift,
        Self::Stock,
        Self::Catalogue,
        Self::Storage,
    ];

    fn index(self) -> usize {
        self as usize
    }
}

/// What changed since a revision: topics without data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Gives the revision to ask from next.
    pub revision: Revision,
    /// Lists what to look at again.
    pub topics: Vec<Topic>,
}

/// The revision at which each topic changed last.
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    revision: Revision,
    topics: [Revision; Topic::ALL.len()],
    closed: bool,
}

impl Marks {
    /// Tells whether there is something to look at again after a revision.
    fn told_after(&self, since: Revision) -> bool {
        self.topics.iter().any(|told| *told > since)
    }
}

/// The actor's side: it marks what changed.
pub(crate) struct Board {
    marks: watch::Sender<Marks>,
}

impl Board {
    /// Starts at a revision.
    pub(crate) fn new(revision: Revision) -> Self {
        Self {
            marks: watch::Sender::new(Marks {
                revision,
                ..Marks::default()
            }),
        }
    }

    /// Notes that topics changed, and returns the new revision.
    pub(crate) fn mark(&self, topics: &[Topic]) -> Revision {
        let mut revision = 0;
        self.marks.send_modify(|marks| {
            marks.revision += 1;
            revision = marks.revision;
            for topic in topics {
                marks.topics[topic.index()] = revision;
            }
        });
        revision
    }

    /// Returns the revision.
    pub(crate) fn revision(&self) -> Revision {
        self.marks.borrow().revision
    }

    /// Tells every reader that nothing more will come.
    pub(crate) fn close(&self) {
        self.marks.send_modify(|marks| marks.closed = true);
    }

    /// Returns a reader.
    pub(crate) fn reader(&self) -> BoardReader {
        BoardReader {
            marks: self.marks.subscribe(),
        }
    }
}

/// A reader's side: any number of them, safe to cancel.
#[derive(Clone)]
pub(crate) struct BoardReader {
    marks: watch::Receiver<Marks>,
}

impl BoardReader {
    /// Waits until something changed after `since`; `None` once the till is closed.
    pub(crate) async fn changes(&self, since: Revision) -> Option<Changes> {
        let mut marks = self.marks.clone();
        let now = *marks
            .wait_for(|marks| marks.closed || marks.told_after(since))
            .await
            .ok()?;
        if !now.told_after(since) {
            return None;
        }
        let topics = Topic::ALL
            .into_iter()
            .filter(|topic| now.topics[topic.index()] > since)
            .collect();
        Some(Changes {
            revision: now.revision,
            topics,
        })
    }
}
