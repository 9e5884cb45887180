//! What a hub may cost: every limit with its reason.

use std::time::Duration;

/// The most links at once: the thousand tills that a small PC carries, with each dialling twice.
pub const LINKS_MAX: usize = 2_048;
/// The most links of one device: one that is in use and those of a bad network that are not noticed as dead yet.
pub const LINKS_PER_DEVICE: usize = 4;
/// The most organisations of one hub: each has a thread and open files.
pub const ORGANISATIONS_MAX: usize = 64;
/// The most bytes that one organisation may keep: decades of a busy shop, and one shop can't fill the disk of others.
pub const ORGANISATION_BYTES: u64 = 16 << 30;
/// How long a caller may take to say its first word after its link stands.
pub const FIRST_WORD: Duration = Duration::from_secs(5);
/// What sessions may have waiting for one writer: more wait in the sessions, and they stop reading.
pub const INBOX: usize = 256;
/// What one commit groups at most, in ops: a second's work of the slowest disk.
pub const BATCH_OPS: usize = 16_384;
/// Folds so many ops in one transaction: whoever waits for a commit waits no longer than for these.
pub const FOLD_OPS: u32 = 256;
/// Folds at least after so many commits, however busy the hub is.
pub const FOLD_EVERY: u32 = 64;
/// The most tills of one organisation that wait for somebody they invited.
pub const AWAITS_MAX: usize = 16;
/// How long two people may take to compare six digits.
pub const DECIDE: Duration = Duration::from_secs(10 * 60);
/// How long a stop waits for goodbyes.
pub const STOP: Duration = Duration::from_secs(3);
