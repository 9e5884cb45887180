//! What of an op counts here: what this release can read, what policy lets count, what its device may do.

use barrow_kernel::catalogue::ItemKind;
use barrow_kernel::event::{Body, Event};
use barrow_kernel::ledger::balanced;
use barrow_kernel::limits::POSTING_MINOR;
use barrow_log::header::{Header, header_hash};
use barrow_log::op::Op;
use barrow_log::policy::{Capability, Policy, decode_events};
use barrow_log::stream::{Head, Stream, StreamKind};

/// Says why an op is kept and relayed, and not folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubted {
    /// Tells a person why.
    pub(crate) reason: String,
    /// Tells that more policy may let it count.
    pub(crate) again: bool,
}

impl Doubted {
    fn for_good(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            again: false,
        }
    }
}

/// Returns what is to be folded of an op; `None` for policy, whose events are folded when asked for.
pub(crate) fn judge(policy: &Policy, stream: &Stream, op: &Op) -> Result<Option<Body>, Doubted> {
    let header = op
        .parsed()
        .map_err(|error| Doubted::for_good(error.to_string()))?;
    let Some(body) = readable(stream, op, &header)? else {
        return Ok(None);
    };
    judge_events(policy, stream, &header, &header_hash(&op.header), &body.events)?;
    Ok(Some(body))
}

/// Checks that policy lets events count.
pub(crate) fn judge_events(
    policy: &Policy,
    stream: &Stream,
    header: &Header,
    hash: &barrow_log::stream::OpHash,
    events: &[Event],
) -> Result<(), Doubted> {
    let head = Head {
        seq: header.seq,
        hash: *hash,
    };
    policy
        .judge(stream, &head, header.policy_version)
        .map_err(|doubt| Doubted {
            reason: doubt.to_string(),
            again: true,
        })?;
    let own = policy.certificate_at(&stream.device, stream.incarnation, header.policy_version);
    let series = own.map(|own| own.series.as_str());
    if let Some(why) = events.iter().find_map(|event| unbelievable(event, series)) {
        return Err(Doubted::for_good(why));
    }
    for (right, act) in events.iter().flat_map(rights) {
        if !policy.may_at(&stream.device, right, header.policy_version) {
            return Err(Doubted::for_good(format!("its device had no right to {act}")));
        }
    }
    Ok(())
}

/// Reads the events of an op; `None` for policy.
fn readable(stream: &Stream, op: &Op, header: &Header) -> Result<Option<Body>, Doubted> {
    let kind = header.kind;
    if kind != stream.kind.code() {
        return Err(Doubted::for_good(format!(
            "this release knows no op of kind {kind} in such a stream"
        )));
    }
    let content = op
        .content()
        .ok_or_else(|| Doubted::for_good("its body is not here or of an unknown class"))?;
    if stream.kind == StreamKind::Policy {
        decode_events(content).map_err(|error| Doubted::for_good(error.to_string()))?;
        return Ok(None);
    }
    let body = Body::from_bytes(content)
        .map_err(|error| Doubted::for_good(format!("its body can't be read: {error}")))?;
    match body.stream_kind() == Some(stream.kind) {
        true => Ok(Some(body)),
        false => Err(Doubted::for_good("its events belong to another kind of stream")),
    }
}

/// Says why an event can't be true: no program of ours writes one that spoils the books or the numbers of others.
fn unbelievable(event: &Event, series: Option<&str>) -> Option<&'static str> {
    let amounts = event.postings().iter().map(|posting| posting.amount_minor);
    match event {
        _ if !balanced(event.postings()) => Some("its debits and credits differ"),
        _ if amounts
            .into_iter()
            .any(|amount| amount.unsigned_abs() > POSTING_MINOR) =>
        {
            Some("its amounts are beyond all measure")
        }
        Event::SaleCompleted { sale } if series != Some(sale.number.series.as_str()) => {
            Some("its receipt number belongs to another till")
        }
        _ => None,
    }
}

/// Lists the rights that an event needs.
fn rights(event: &Event) -> Vec<(Capability, &'static str)> {
    const SELL: (Capability, &str) = (Capability::Sell, "sell");
    match event {
        Event::ShopPut { .. } => vec![(Capability::Administer, "change the shop's settings")],
        Event::TaxesPut { .. }
        | Event::TendersPut { .. }
        | Event::PlacesPut { .. }
        | Event::ItemsPut { .. } => {
            vec![(Capability::Catalogue, "change the catalogue")]
        }
        Event::SaleCompleted { sale } => {
            let mut rights = vec![SELL];
            let back = |line: &&barrow_kernel::sale::SaleLine| line.returns.is_some();
            for line in sale.lines.iter().filter(back) {
                let linked = line.returns.as_ref().is_some_and(|returns| returns.of.is_some());
                let deposit = line.goods.kind == ItemKind::Deposit || line.parent.is_some();
                rights.extend(match (linked, deposit) {
                    (true, _) => Some((Capability::Refund, "take goods back")),
                    (false, false) => Some((Capability::RefundUnlinked, "take goods back without a receipt")),
                    (false, true) => None,
                });
            }
            rights.sort();
            rights.dedup();
            rights
        }
        Event::ShiftOpened { opening } if opening.by_itself => vec![SELL],
        Event::ShiftOpened { .. } | Event::ShiftClosed { .. } | Event::CashMoved { .. } => {
            vec![(Capability::Shift, "open and close shifts")]
        }
        Event::StockMoved { .. } | Event::StockCounted { .. } => vec![(Capability::Stock, "move stock")],
        Event::Adjusted { .. } => vec![(Capability::RefundUnlinked, "adjust the ledger")],
        _ => vec![SELL],
    }
}
