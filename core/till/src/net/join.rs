//! The new device's side: it reads a code, asks, waits for the owner's word, and fetches the shop.

use super::{capital, runtime, welcome};
use crate::error::TillError;
use crate::join::Joining;
use crate::ports::Ports;
use barrow_link::dial::dial;
use barrow_link::identity::Identity;
use barrow_link::limits::Limits;
use barrow_link::meet::{Side, clock, meet};
use barrow_link::wire::Link;
use barrow_store::Options;
use barrow_sync::enrol::{Enrolment, Invite};
use barrow_sync::session::{Ending, Output, Session};
use std::path::Path;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How long the owner may take.
const DECIDE: Duration = Duration::from_secs(10 * 60);
/// How often the shop is asked for after the owner said yes: a hub hears of it from the owner's till.
const TRIES: u32 = 60;
/// How long is waited before the next time.
const NEXT_TRY: Duration = Duration::from_millis(500);

/// Makes a till of a shop out of this device, by the code that the owner's till shows. `digits` is told the six
/// digits to compare. Cut off in between, the same call goes on where it was. Then [`Till::open`](crate::Till::open)
/// opens it.
///
/// # Errors
/// When the code is none, nobody answers, or the owner says no.
pub fn join(
    folder: &Path,
    ports: &Ports,
    code: &str,
    name: &str,
    options: &Options,
    digits: &mut dyn FnMut(&str),
) -> Result<(), TillError> {
    let invite = Invite::from_text(code).map_err(|fault| TillError::unavailable(fault.to_string()))?;
    let mut joining = Joining::begin(folder, ports, invite.organisation, name, options)?;
    runtime()?.block_on(fetch(&mut joining, &invite, name, digits))?;
    joining.finish()
}

async fn fetch(
    joining: &mut Joining,
    invite: &Invite,
    name: &str,
    digits: &mut dyn FnMut(&str),
) -> Result<(), TillError> {
    let identity = joining.link_identity()?;
    // Who was let in before and cut off afterwards need not ask again.
    let begun = session(joining, reach(invite, &identity).await?).await?;
    if begun.is_none() {
        return Ok(());
    }
    let me = joining.me();
    digits(&invite.digits(&me.device));
    let mut link = reach(invite, &identity).await?;
    let request = invite.request(&me.device, me.incarnation, name);
    let lost = || TillError::unavailable("The other device did not answer. Try again with the same code.");
    link.send(Enrolment::Join(request).to_bytes())
        .await
        .map_err(|_| lost())?;
    let said = timeout(DECIDE, link.recv()).await.map_err(|_| lost())?;
    welcome(said.ok().flatten())?;
    link.close().await;
    let mut ended = None;
    for _ in 0..TRIES {
        ended = session(joining, reach(invite, &identity).await?).await?;
        if ended.is_none() {
            return Ok(());
        }
        sleep(NEXT_TRY).await;
    }
    let why = ended.map_or_else(String::new, |ending| ending.to_string());
    Err(TillError::unavailable(format!(
        "The shop could not be fetched: {why}"
    )))
}

/// Dials whoever invited.
async fn reach(invite: &Invite, identity: &Identity) -> Result<Link, TillError> {
    let mut why = String::new();
    for address in &invite.addresses {
        match dial(address, identity, Some(invite.host), &Limits::default()).await {
            Ok(link) => return Ok(link),
            Err(fault) => why = fault.to_string(),
        }
    }
    Err(TillError::unavailable(format!(
        "{}. Are both devices on the same network?",
        capital(&why)
    )))
}

/// Fetches policy and goods; `None` when all of it is here.
async fn session(joining: &mut Joining, link: Link) -> Result<Option<Ending>, TillError> {
    let side = Side {
        me: joining.me(),
        heard: None,
        log: joining.log()?,
        durable: joining.durable(),
        keep: async |arrived: Vec<_>| joining.keep(&arrived),
        now: clock(),
        // What can't be read here ends the session by itself.
        tell: |session: &mut Session, log: &_, _: &Output| !session.is_in_step(log).unwrap_or(false),
    };
    meet(side, link).await
}
