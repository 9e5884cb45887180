//! Approval of a risky act: a person's word and reason. It stays in the op as the audit entry.

use crate::limits;
use crate::rejection::{Rejection, check_required};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Somebody's word for a risky act.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Approval {
    /// Names who approved; in a shop without staff the owner approves himself.
    #[n(0)]
    pub by: String,
    /// Tells why.
    #[n(1)]
    pub reason: String,
}

/// Checks that an act which needs an approval has one with a name and a reason.
pub(crate) fn need(act: &str, approval: &Option<Approval>) -> Result<Approval, Rejection> {
    let approval = approval.as_ref().ok_or_else(|| Rejection::needs_approval(act))?;
    check_required("approval.by", &approval.by, limits::NAME_CHARS)?;
    check_required("approval.reason", &approval.reason, limits::NOTE_CHARS)?;
    Ok(approval.clone())
}

/// Checks an approval that is given without being needed.
pub(crate) fn check(approval: &Option<Approval>) -> Result<(), Rejection> {
    approval
        .as_ref()
        .map_or(Ok(()), |_| need("This", approval).map(drop))
}
