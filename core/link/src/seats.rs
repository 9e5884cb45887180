//! How many connections each address has.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The connections of each address, counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seats(Arc<Mutex<BTreeMap<IpAddr, usize>>>);

/// One connection's place; dropping it makes room.
#[derive(Debug)]
pub(crate) struct Seat {
    seats: Seats,
    address: IpAddr,
}

impl Seats {
    /// Takes a place for one more connection of an address, if it has fewer than the limit.
    pub(crate) fn take(&self, address: IpAddr, limit: usize) -> Option<Seat> {
        let address = address.to_canonical();
        let mut counts = self.counts();
        let count = counts.get(&address).copied().unwrap_or_default();
        if count >= limit {
            return None;
        }
        counts.insert(address, count + 1);
        let seats = self.clone();
        Some(Seat { seats, address })
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        // No code panics while it holds the lock, and the counts are whole between any two of its lines.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self.seats.counts();
        let left = counts.get(&self.address).map_or(0, |count| count - 1);
        if left == 0 {
            counts.remove(&self.address);
        } else {
            counts.insert(self.address, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_own_places_and_gets_them_back() {
        let seats = Seats::default();
        let [one, mapped, two]: [IpAddr; 3] =
            ["10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2"].map(|text| text.parse().unwrap());
        let first = seats.take(one, 2).unwrap();
        let second = seats.take(mapped, 2).unwrap();
        assert!(
            seats.take(one, 2).is_none(),
            "the same address, written otherwise"
        );
        let third = seats.take(two, 2).unwrap();
        drop(first);
        let fourth = seats.take(one, 2).unwrap();
        assert!(seats.take(one, 2).is_none());
        drop((second, third, fourth));
        assert!(seats.counts().is_empty(), "what nobody holds is not kept");
    }
}
