//! The policy that this database holds: folded from its ops, never stored.

use crate::error::StoreError;
use crate::oplog;
use crate::streams;
use barrow_log::op::Op;
use barrow_log::policy::{Policy, decode_events};
use barrow_log::stream::{Seq, StreamKind};
use rusqlite::Connection;

/// Folds the policy stream, as far as it is committed.
pub(crate) fn load(conn: &Connection) -> Result<Policy, StoreError> {
    let mut policy = Policy::default();
    for (no, stream) in streams::all(conn)? {
        if stream.kind != StreamKind::Policy {
            continue;
        }
        let mut from = 1;
        loop {
            let ops = oplog::ops(conn, no, from, oplog::OPS_MAX)?;
            let Some(last) = ops.last() else { break };
            from = last.seq + 1;
            for stored in &ops {
                fold(&mut policy, stored.seq, &stored.op);
            }
        }
    }
    Ok(policy)
}

/// Folds one policy op. What can't be read is in review and folds nothing.
pub(crate) fn fold(policy: &mut Policy, seq: Seq, op: &Op) {
    let events = op.content().and_then(|content| decode_events(content).ok());
    for event in events.iter().flatten() {
        policy.apply(seq, event);
    }
}
