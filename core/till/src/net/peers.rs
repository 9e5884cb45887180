//! Whom this till dials, and when again.

use super::{Shared, locked};
use barrow_link::backoff::Backoff;
use barrow_link::discovery::{Claim, Hint, Search};
use barrow_log::id::OrganisationId;
use barrow_log::stream::DeviceKey;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Keeps a session with the hub of record, whichever policy names.
pub(super) async fn keep_hub(shared: Arc<Shared>) {
    let mut durable = shared.till.durable();
    loop {
        let hub = named(&durable.borrow_and_update().policy);
        let renamed = async {
            while durable.changed().await.is_ok() {
                if named(&durable.borrow_and_update().policy) != hub {
                    return true;
                }
            }
            false
        };
        let goes_on = match hub.clone() {
            None => renamed.await,
            Some((key, address)) => tokio::select! {
                () = keep_peer(Arc::clone(&shared), vec![address], Some(key)) => true,
                goes_on = renamed => goes_on,
            },
        };
        if !goes_on {
            return;
        }
    }
}

fn named(policy: &barrow_log::policy::Policy) -> Option<(DeviceKey, String)> {
    let hub = policy.hub_of_record();
    hub.map(|(key, address)| (key, address.to_owned()))
}

/// Dials the addresses of a device again and again. Without an expected key any device of the shop may answer: the
/// session knows.
pub(super) async fn keep_peer(shared: Arc<Shared>, addresses: Vec<String>, expected: Option<DeviceKey>) {
    let mut backoff = Backoff::default();
    let start = Instant::now();
    loop {
        let trouble = match shared.dial_any(&addresses, expected).await {
            Err(fault) => Some(fault.to_string()),
            Ok((link, _)) => {
                backoff.linked(start.elapsed());
                note(&shared, expected, None);
                match shared.session(link, None).await {
                    Ok(ending) => ending.map(|ending| ending.to_string()),
                    Err(fault) => Some(fault.to_string()),
                }
            }
        };
        note(&shared, expected, trouble);
        let mut chance = [0; 4];
        // Without chance the longest wait is as good.
        let chance = shared.till.fill(&mut chance).map(|()| u32::from_le_bytes(chance));
        sleep(backoff.wait(start.elapsed(), chance.unwrap_or(u32::MAX))).await;
    }
}

/// Notes what is in the way of the hub of record; with others it is no trouble that they come and go.
fn note(shared: &Shared, peer: Option<DeviceKey>, trouble: Option<String>) {
    let hub = named(&shared.till.durable().borrow().policy).map(|(key, _)| key);
    if hub.is_some() && hub == peer {
        *locked(&shared.trouble) = trouble;
    }
}

/// Keeps sessions with tills that are found near by.
pub(super) async fn keep_near_by(shared: Arc<Shared>, mut search: Search) {
    let mut dialled: BTreeMap<Claim, (Vec<SocketAddr>, AbortHandle)> = BTreeMap::new();
    let mut tasks = JoinSet::new();
    loop {
        let hints = search.hints();
        dialled.retain(|claim, (_, task)| {
            let there = hints.iter().any(|hint| hint.claim == *claim);
            if !there {
                task.abort();
            }
            there
        });
        for hint in hints {
            let known = dialled.get(&hint.claim);
            if known.is_some_and(|(addresses, _)| *addresses == hint.addresses) {
                continue;
            }
            let Some(device) = to_dial(&shared, &hint) else {
                continue;
            };
            let addresses = hint.addresses.iter().map(ToString::to_string).collect();
            let dialling = keep_peer(Arc::clone(&shared), addresses, Some(device));
            let task = tasks.spawn(dialling);
            if let Some((_, before)) = dialled.insert(hint.claim, (hint.addresses, task)) {
                before.abort();
            }
        }
        tokio::select! {
            changed = search.changed() => if !changed { return },
            Some(_) = tasks.join_next() => {}
            // A device that policy did not know when it was found may be known by now.
            () = sleep(Duration::from_secs(5)) => {}
        }
    }
}

/// Returns the key of a device that was found, if it is one of the shop's and this till's to dial: of two hosts that
/// find each other, the one with the smaller key dials.
fn to_dial(shared: &Shared, hint: &Hint) -> Option<DeviceKey> {
    let me = shared.till.me();
    if !hint.claim.may_belong_to(&OrganisationId::of(&me.organisation)) || hint.claim.may_be(&me.device) {
        return None;
    }
    let policy = Arc::clone(&shared.till.durable().borrow().policy);
    let mut known = policy.certificates().map(|known| known.device);
    let device = known.find(|device| hint.claim.may_be(device) && !policy.is_revoked(device))?;
    let hosts = shared.listening.borrow().is_some();
    (!hosts || me.device < device).then_some(device)
}
