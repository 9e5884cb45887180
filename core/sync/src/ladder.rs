//! Finding where two chains of a stream part: hashes from the head backwards, each step twice as far as the last.

use crate::log::Log;
use crate::message::HalfHash;
use barrow_log::stream::{OpRef, Seq, StreamId};

/// Lists numbers and hashes of our chain of a stream, from its head at `last` down to 1.
pub(crate) fn ladder<L: Log>(log: &L, stream: StreamId, last: Seq) -> Result<Vec<(Seq, HalfHash)>, L::Error> {
    let mut numbers = Vec::new();
    let (mut seq, mut step) = (last, 1);
    while seq >= 1 {
        numbers.push(seq);
        if seq == 1 {
            break;
        }
        seq = seq.saturating_sub(step).max(1);
        step *= 2;
    }
    let mut rungs = Vec::with_capacity(numbers.len());
    for seq in numbers {
        if let Some(hash) = log.hash_at(&OpRef { stream, seq })? {
            rungs.push((seq, HalfHash::from(hash)));
        }
    }
    Ok(rungs)
}

/// Returns the number of the last op that a ladder and our chain have in common; 0 for none.
pub(crate) fn common<L: Log>(log: &L, stream: StreamId, ladder: &[(Seq, HalfHash)]) -> Result<Seq, L::Error> {
    for (seq, theirs) in ladder {
        let ours = log.hash_at(&OpRef { stream, seq: *seq })?;
        if ours.is_some_and(|ours| HalfHash::from(ours) == *theirs) {
            return Ok(*seq);
        }
    }
    Ok(0)
}
