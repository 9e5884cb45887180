//! Tills that wait for somebody they invited: a hub passes requests on to them and their answers back.

use crate::limits::AWAITS_MAX;
use barrow_log::id::OrganisationId;
use barrow_log::stream::DeviceKey;
use barrow_sync::enrol::JoinRequest;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// A device that asks, as the till that invited it hears it.
pub(crate) struct Asking {
    /// The key that the device proved.
    pub(crate) device: DeviceKey,
    /// What it asked.
    pub(crate) request: JoinRequest,
    /// Takes the till's answer, word for word.
    pub(crate) answer: oneshot::Sender<Vec<u8>>,
}

type Name = (OrganisationId, [u8; 16]);

/// Who waits, by organisation and mark.
#[derive(Clone, Default)]
pub(crate) struct AwaitList(Arc<Mutex<BTreeMap<Name, mpsc::Sender<Asking>>>>);

/// One till's place in the list; dropping it takes it out.
pub(crate) struct Awaiting {
    list: AwaitList,
    name: Name,
    pub(crate) asked: mpsc::Receiver<Asking>,
}

impl AwaitList {
    /// Lets a till wait; a second one with the same mark takes the place of the first. `None` when too many wait.
    pub(crate) fn wait(&self, organisation: OrganisationId, tag: [u8; 16]) -> Option<Awaiting> {
        let mut list = self.lock();
        let others = list
            .range((organisation, [0; 16])..=(organisation, [0xff; 16]))
            .count();
        if others >= AWAITS_MAX {
            return None;
        }
        let (sender, asked) = mpsc::channel(1);
        list.insert((organisation, tag), sender);
        Some(Awaiting {
            list: self.clone(),
            name: (organisation, tag),
            asked,
        })
    }

    /// Returns the way to the till that wrote an invitation.
    pub(crate) fn find(&self, organisation: OrganisationId, tag: [u8; 16]) -> Option<mpsc::Sender<Asking>> {
        self.lock().get(&(organisation, tag)).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Name, mpsc::Sender<Asking>>> {
        // The list is whole between any two of its lines.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Awaiting {
    fn drop(&mut self) {
        let mut list = self.list.lock();
        self.asked.close();
        // A till that dialled again waits under the same name.
        if list.get(&self.name).is_some_and(mpsc::Sender::is_closed) {
            list.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_till_that_dialled_again_keeps_its_place_and_who_left_has_none() {
        let (list, shop) = (AwaitList::default(), OrganisationId::from_number(1));
        let first = list.wait(shop, [1; 16]).unwrap();
        let second = list.wait(shop, [1; 16]).unwrap();
        drop(first);
        assert!(list.find(shop, [1; 16]).is_some());
        assert!(list.find(OrganisationId::from_number(2), [1; 16]).is_none());
        drop(second);
        assert!(list.find(shop, [1; 16]).is_none());
        let waiting: Vec<_> = (0..20).filter_map(|tag| list.wait(shop, [tag; 16])).collect();
        assert_eq!(waiting.len(), AWAITS_MAX);
        assert!(
            list.wait(OrganisationId::from_number(2), [1; 16]).is_some(),
            "each shop has its own"
        );
    }
}
