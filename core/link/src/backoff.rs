//! When to dial again. Pure: time and chance are arguments.

use std::time::Duration;

/// How long the trouble is young: most cuts heal within it (a walk through a cellar, a hub that starts again).
pub const YOUNG: Duration = Duration::from_secs(5 * 60);
/// The longest wait while the trouble is young.
pub const YOUNG_WAIT: Duration = Duration::from_secs(1);
/// The longest wait afterwards: it spares the battery, and a person who looks is not kept long.
pub const OLD_WAIT: Duration = Duration::from_secs(30);
/// How long a link must hold before its end counts as new trouble. A peer that greets and hangs up at once is
/// trouble that goes on.
pub const HELD: Duration = Duration::from_secs(30);

/// No wait is shorter than the longest one by more than this, so that not even bad luck makes a till hammer.
const SHARE: u32 = 10;

/// Tells when to dial again. Times are of one clock that only goes forward.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    /// Since when there is no link that lasted.
    troubled_since: Option<Duration>,
    linked_at: Option<Duration>,
    /// When the system last told of a network and no dialling has followed yet.
    noticed: bool,
    last_dialled: Option<Duration>,
}

impl Backoff {
    /// Notes that there is a link.
    pub fn linked(&mut self, now: Duration) {
        self.linked_at = Some(now);
    }

    /// Notes that the system told of a new or better network: what was in the way may be gone.
    pub fn network(&mut self, now: Duration) {
        self.noticed = true;
        self.troubled_since = Some(now);
    }

    /// Returns how long to wait before the next dialling, which is taken to follow. Chance is any number, evenly
    /// spread; it keeps a thousand tills from calling all at once when their hub comes back.
    pub fn wait(&mut self, now: Duration, chance: u32) -> Duration {
        let held = |since: Duration| now.saturating_sub(since) >= HELD;
        if self.linked_at.take().is_some_and(held) {
            self.troubled_since = None;
        }
        let since = *self.troubled_since.get_or_insert(now);
        let young = now.saturating_sub(since) < YOUNG;
        let longest = if young { YOUNG_WAIT } else { OLD_WAIT };
        let shortest = longest / SHARE;
        let noticed = std::mem::take(&mut self.noticed);
        // A network that comes and goes tells of itself many times a second.
        let lately = self
            .last_dialled
            .is_some_and(|then| now.saturating_sub(then) < YOUNG_WAIT / SHARE);
        let wait = match (noticed, lately) {
            (true, false) => Duration::ZERO,
            (true, true) => YOUNG_WAIT / SHARE,
            (false, _) => shortest + share(longest - shortest, chance),
        };
        self.last_dialled = Some(now + wait);
        wait
    }
}

/// Returns the part of a duration that chance gives, from none to all of it.
fn share(of: Duration, chance: u32) -> Duration {
    let millis = u64::try_from(of.as_millis()).unwrap_or(u64::MAX);
    let part = u128::from(millis) * u128::from(chance) / u128::from(u32::MAX);
    Duration::from_millis(u64::try_from(part).unwrap_or(millis))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_grow_after_five_minutes_and_shrink_after_a_link_that_held() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.wait(SECOND, u32::MAX), YOUNG_WAIT);
        assert_eq!(backoff.wait(SECOND + YOUNG, u32::MAX), OLD_WAIT);
        // A link that ends at once is no news.
        backoff.linked(400 * SECOND);
        assert_eq!(backoff.wait(401 * SECOND, u32::MAX), OLD_WAIT);
        backoff.linked(500 * SECOND);
        assert_eq!(backoff.wait(500 * SECOND + HELD, u32::MAX), YOUNG_WAIT);
        assert_eq!(backoff.wait(500 * SECOND + HELD + YOUNG, u32::MAX), OLD_WAIT);
    }

    #[test]
    fn a_notice_dials_at_once_and_only_once() {
        let mut backoff = Backoff::default();
        backoff.wait(SECOND, 0);
        backoff.network(900 * SECOND);
        assert_eq!(backoff.wait(900 * SECOND, 7), Duration::ZERO);
        // Then quickly again for five minutes: the network is new.
        assert_eq!(backoff.wait(900 * SECOND, u32::MAX), YOUNG_WAIT);
        assert_eq!(backoff.wait(900 * SECOND + YOUNG, u32::MAX), OLD_WAIT);
    }

    /// What may happen to a till, and how many milliseconds later.
    fn happenings() -> impl Strategy<Value = Vec<(u8, u64, u32)>> {
        prop::collection::vec((0..4u8, 0..400_000u64, any::<u32>()), 1..200)
    }

    proptest! {
        #[test]
        fn every_wait_is_within_its_bounds(happenings in happenings()) {
            let mut backoff = Backoff::default();
            let mut now = Duration::ZERO;
            // The trouble's beginning as the plan words it, kept apart from the code.
            let (mut since, mut linked, mut noticed) = (None, None, false);
            for (kind, later, chance) in happenings {
                now += Duration::from_millis(later);
                match kind {
                    0 => { backoff.linked(now); linked = Some(now); }
                    1 => { backoff.network(now); noticed = true; since = Some(now); }
                    _ => {
                        if linked.take().is_some_and(|at: Duration| now - at >= HELD) { since = None; }
                        let begun = *since.get_or_insert(now);
                        let wait = backoff.wait(now, chance);
                        if std::mem::take(&mut noticed) {
                            prop_assert!(wait <= YOUNG_WAIT / SHARE);
                        } else {
                            let longest = if now - begun < YOUNG { YOUNG_WAIT } else { OLD_WAIT };
                            prop_assert!(wait <= longest && wait >= longest / SHARE, "{wait:?}");
                        }
                        now += wait;
                    }
                }
            }
        }

        #[test]
        fn a_storm_of_notices_is_no_storm_of_dialling(gaps in prop::collection::vec(0..50u64, 100)) {
            let mut backoff = Backoff::default();
            let (mut now, mut dialled, begun) = (SECOND, 0u32, SECOND);
            for gap in gaps {
                now += Duration::from_millis(gap);
                backoff.network(now);
                now += backoff.wait(now, 0);
                dialled += 1;
            }
            let most = (now - begun).as_millis() / (YOUNG_WAIT / SHARE).as_millis();
            prop_assert!(u128::from(dialled) <= most + 2, "{dialled} in {:?}", now - begun);
        }

        #[test]
        fn chance_spreads_evenly(a: u32, b: u32) {
            let wait = |chance| Backoff::default().wait(SECOND, chance);
            prop_assert_eq!(a.cmp(&b).is_lt() && wait(a) > wait(b), false);
            let far = a.abs_diff(b) > u32::MAX / 400;
            prop_assert!(!far || wait(a) != wait(b));
        }
    }
}
