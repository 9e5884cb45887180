//! The index of open entities as a store keeps it: which ops must be read again to have the open state back.

use barrow_kernel::event::Event;
use barrow_kernel::log::stream::StreamKind;
use barrow_kernel::state::{Entity, State, Touch, apply, touches};
use std::collections::{BTreeMap, BTreeSet};

/// The ops of one entity.
#[derive(Clone, Debug, Default)]
struct Kept {
    ops: BTreeSet<usize>,
    /// Every later book op belongs to it too.
    tail: bool,
}

/// Which ops must be read again at start.
#[derive(Clone, Debug, Default)]
pub struct OpenIndex(BTreeMap<Entity, Kept>, BTreeSet<Entity>);

impl OpenIndex {
    /// Adds an op.
    pub fn add(&mut self, op: usize, events: &[Event]) {
        for touch in events.iter().flat_map(touches) {
            match touch {
                Touch::Belongs(entity) | Touch::OpensTail(entity) if self.1.contains(&entity) => {}
                Touch::Belongs(entity) => {
                    self.0.entry(entity).or_default().ops.insert(op);
                }
                Touch::OpensTail(entity) => {
                    let kept = self.0.entry(entity).or_default();
                    kept.ops.insert(op);
                    kept.tail = true;
                }
                Touch::Latest(entity) => {
                    let ops = BTreeSet::from([op]);
                    self.0.insert(entity, Kept { ops, tail: false });
                }
                Touch::Closes(entity) => {
                    self.0.remove(&entity);
                    self.1.insert(entity);
                }
            }
        }
        if events.first().map(Event::stream_kind) == Some(StreamKind::Book) {
            for kept in self.0.values_mut().filter(|kept| kept.tail) {
                kept.ops.insert(op);
            }
        }
    }

    /// Folds the ops that are kept, in order.
    pub fn rebuild(&self, ops: &[Vec<Event>]) -> State {
        let kept: BTreeSet<usize> = self.0.values().flat_map(|kept| &kept.ops).copied().collect();
        let mut state = State::default();
        for event in kept.into_iter().flat_map(|op| &ops[op]) {
            apply(&mut state, event);
        }
        state
    }

    /// Counts the ops that are kept.
    pub fn len(&self) -> usize {
        let kept: BTreeSet<&usize> = self.0.values().flat_map(|kept| &kept.ops).collect();
        kept.len()
    }
}
