//! A hybrid logical clock: for showing and for ties, never for order. It only goes up, whatever the
//! device's clock does, and another device's clock moves it by at most five minutes.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// How far ahead of this device's own time a remote clock may move ours, in milliseconds: enough for phones
/// that set their time over the network, too little for one wrong phone to date everyone's receipts.
pub const REMOTE_AHEAD_MAX_MS: i64 = 5 * 60 * 1000;

/// A reading: the upper 48 bits are milliseconds since 1970, the lower 16 a counter within one of them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Hlc(#[n(0)] pub u64);

impl Hlc {
    /// The greatest reading, in the year 6429: databases keep numbers in 63 bits.
    pub const MAX: Self = Self(i64::MAX as u64);

    /// Makes a reading from milliseconds since 1970, held within 0 and the year 6429, and a counter.
    pub fn new(ms: i64, counter: u16) -> Self {
        let ms = (ms.max(0) as u64).min(Self::MAX.0 >> 16);
        Self(ms << 16 | u64::from(counter))
    }

    /// Returns the milliseconds since 1970.
    pub const fn ms(self) -> i64 {
        (self.0 >> 16) as i64
    }

    /// Returns the counter.
    pub const fn counter(self) -> u16 {
        self.0 as u16
    }
}

/// A device's clock. It keeps the last reading and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HlcClock {
    /// The last reading given or taken in.
    pub last: Hlc,
}

impl HlcClock {
    /// Continues after a reading.
    pub const fn new(last: Hlc) -> Self {
        Self { last }
    }

    /// Gives a reading greater than every one before, at `now_ms` (milliseconds since 1970) if that is later;
    /// only at `Hlc::MAX` does it stand still.
    pub fn tick(&mut self, now_ms: i64) -> Hlc {
        let next = Hlc(self.last.0.saturating_add(1));
        self.last = next.max(Hlc::new(now_ms, 0)).min(Hlc::MAX);
        self.last
    }

    /// Takes in another device's reading, counting no more of it than `REMOTE_AHEAD_MAX_MS` past `now_ms`.
    pub fn observe(&mut self, remote: Hlc, now_ms: i64) {
        let cap = Hlc::new(now_ms.saturating_add(REMOTE_AHEAD_MAX_MS), 0);
        self.last = self.last.max(remote.min(cap));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reading_is_milliseconds_and_a_counter() {
        let reading = Hlc::new(1_750_000_000_123, 7);
        assert_eq!((reading.ms(), reading.counter()), (1_750_000_000_123, 7));
        assert_eq!(Hlc::new(-5, 0), Hlc(0));
        assert!(Hlc::new(i64::MAX, u16::MAX) <= Hlc::MAX);
    }

    #[test]
    fn a_full_counter_runs_into_the_next_millisecond() {
        let mut clock = HlcClock::new(Hlc::new(1000, u16::MAX));
        assert_eq!(clock.tick(1000), Hlc::new(1001, 0));
    }

    #[test]
    fn time_stands_still_at_the_end_of_numbers() {
        let mut clock = HlcClock::new(Hlc::MAX);
        assert_eq!(clock.tick(0), Hlc::MAX);
    }

    #[test]
    fn a_wrong_remote_clock_moves_ours_by_five_minutes_once() {
        let mut clock = HlcClock::new(Hlc::new(1_000_000, 0));
        for _ in 0..10 {
            clock.observe(Hlc::MAX, 1_000_000);
        }
        assert_eq!(clock.last.ms(), 1_000_000 + REMOTE_AHEAD_MAX_MS);
    }

    proptest! {
        #[test]
        fn it_only_goes_up_and_peers_never_carry_it_away(
            steps in prop::collection::vec((any::<bool>(), any::<u64>(), any::<i64>()), 1..50)
        ) {
            let mut clock = HlcClock::default();
            for (ticks, remote, now_ms) in steps {
                let before = clock.last;
                if ticks {
                    let reading = clock.tick(now_ms);
                    prop_assert!(reading > before || reading == Hlc::MAX);
                    prop_assert!(reading >= Hlc::new(now_ms, 0));
                } else {
                    clock.observe(Hlc(remote), now_ms);
                    let cap = Hlc::new(now_ms.saturating_add(REMOTE_AHEAD_MAX_MS), 0);
                    prop_assert!(clock.last == before || clock.last <= cap);
                    prop_assert!(clock.last >= before);
                }
                prop_assert!(clock.last <= Hlc::MAX);
            }
        }
    }
}
