//! The owner's side of letting a device in: a code, six digits, a person's word.

use super::{Net, Shared, host, locked};
use crate::error::TillError;
use crate::identity::Applicant;
use barrow_link::wire::Link;
use barrow_log::id::{LocationId, OrganisationId};
use barrow_log::policy::Capability;
use barrow_log::stream::{DeviceKey, Stream};
use barrow_sync::enrol::{Enrolment, INVITE_MS, Invite, JoinRequest, Secret};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::timeout;

/// How long a person may take to compare six digits.
const DECIDE: Duration = Duration::from_secs(10 * 60);

/// How long the hub may take to have the shop's policy.
const POLICY: Duration = Duration::from_secs(15);

/// An invitation, as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Gives the code: text for a camera or a clipboard.
    pub code: String,
    /// Gives when it ends, in milliseconds since 1970.
    pub expires_ms: i64,
}

/// A device that asks to be let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// Gives the name that it gives itself.
    pub name: String,
    /// Gives the six digits that its own screen must show too.
    pub digits: String,
}

/// The one invitation that is open, and who asks.
#[derive(Default)]
pub(super) struct Invitation {
    open: Mutex<Option<Open>>,
    asking: watch::Sender<Option<Asking>>,
    decision: Mutex<Option<oneshot::Sender<bool>>>,
}

struct Open {
    invite: Invite,
    location: Option<LocationId>,
    capabilities: BTreeSet<Capability>,
    /// Waits at the hub for who was invited.
    waiting: Option<AbortHandle>,
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(waiting) = &self.waiting {
            waiting.abort();
        }
    }
}

impl Net {
    /// Invites a device to be one of the shop's: it sells at this till's place and may do what is listed. An
    /// invitation that was open ends.
    ///
    /// # Errors
    /// When this till may not, or there is no way to reach it: it neither hosts nor has the shop a hub that answers.
    pub fn invite(&self, capabilities: BTreeSet<Capability>) -> Result<Invited, TillError> {
        let till = &self.shared.till;
        if till.organisation_key().is_none() {
            let why = "This device does not hold the shop's key. Add devices on the owner's till.";
            return Err(TillError::unavailable(why));
        }
        let hub = till
            .durable()
            .borrow()
            .policy
            .hub_of_record()
            .map(|(key, at)| (key, at.to_owned()));
        let (host, address) = match (self.listening(), hub) {
            (Some(listening), _) => (till.me().device, host::reachable(listening).to_string()),
            (None, Some(hub)) => hub,
            (None, None) => {
                let why =
                    "Nobody could reach this till. Let it host the market (--host-lan), or name a hub first.";
                return Err(TillError::unavailable(why));
            }
        };
        let mut secret = [0; 16];
        till.fill(&mut secret)?;
        let invite = Invite {
            organisation: till.me().organisation,
            host,
            secret: Secret(secret),
            expires_ms: till.now_ms() + INVITE_MS,
            addresses: vec![address],
        };
        let invited = Invited {
            code: invite.to_text(),
            expires_ms: invite.expires_ms,
        };
        let waiting = match host == till.me().device {
            true => None,
            false => Some(self.handle.block_on(wait_at_hub(&self.shared, &invite))?),
        };
        *locked(&self.shared.invitation.open) = Some(Open {
            invite,
            location: Some(till.installation().location),
            capabilities,
            waiting,
        });
        Ok(invited)
    }

    /// Waits for a device that asks, at most so long.
    pub fn asking(&self, at_most: Duration) -> Option<Asking> {
        let mut asking = self.shared.invitation.asking.subscribe();
        let wait = async {
            let asked = timeout(at_most, asking.wait_for(Option::is_some)).await;
            asked.ok().and_then(Result::ok).and_then(|asked| asked.clone())
        };
        self.handle.block_on(wait)
    }

    /// Lets the device that asks in, or not, once a person has compared the digits. Returns when it was told.
    ///
    /// # Errors
    /// When nobody asks any more.
    pub fn decide(&self, let_in: bool) -> Result<(), TillError> {
        let decision = locked(&self.shared.invitation.decision).take();
        let gone = || TillError::unavailable("The other device does not ask any more. Show it a new code.");
        decision.ok_or_else(gone)?.send(let_in).map_err(|_| gone())?;
        let mut asking = self.shared.invitation.asking.subscribe();
        let told = async {
            let _ = asking.wait_for(Option::is_none).await;
        };
        self.handle.block_on(told);
        Ok(())
    }
}

/// Holds a link to the hub open on which it passes on who asks.
async fn wait_at_hub(shared: &Arc<Shared>, invite: &Invite) -> Result<AbortHandle, TillError> {
    // The hub asks policy who may wait, and policy tells it who this till is.
    let slow = || TillError::unavailable("The hub does not answer. Look whether it runs, then try again.");
    let arrived = timeout(POLICY, shared.policy_arrives_at(&invite.host)).await;
    arrived.map_err(|_| slow())?;
    let mut link = shared.dial(&invite.addresses[0], Some(invite.host)).await?;
    let waits = Enrolment::Await {
        organisation: OrganisationId::of(&invite.organisation),
        tag: invite.tag(),
    };
    super::ask(&mut link, &waits).await?;
    let shared = Arc::clone(shared);
    Ok(tokio::spawn(async move { answer_at_hub(&shared, link).await }).abort_handle())
}

async fn answer_at_hub(shared: &Shared, mut link: Link) {
    while let Ok(Some(said)) = link.recv().await {
        let Ok(Some(Enrolment::Asks { device, request })) = Enrolment::from_bytes(&said) else {
            return;
        };
        let answer = shared.asked(device, request).await;
        if link.send(answer.to_bytes()).await.is_err() {
            return;
        }
    }
}

impl Shared {
    /// Waits until a device holds all of the policy that is held here.
    async fn policy_arrives_at(&self, device: &DeviceKey) {
        let spread = self.till.acknowledged();
        let mut changed = spread.changed();
        let stream = Stream::policy(self.till.me().organisation).id();
        loop {
            let here = self.till.durable().borrow().vector.seq(&stream);
            if spread.held_by(device, &stream) >= here || changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Answers a device that asks, once a person said so.
    pub(super) async fn asked(&self, device: DeviceKey, request: JoinRequest) -> Enrolment {
        match self.try_asked(device, &request).await {
            Ok(()) => Enrolment::Welcome,
            Err(reason) => Enrolment::Bye { reason },
        }
    }

    async fn try_asked(&self, device: DeviceKey, request: &JoinRequest) -> Result<(), String> {
        let (digits, applicant) = {
            let open = locked(&self.invitation.open);
            let used = "This code was used, or is an old one. Show a new one on the owner's till.";
            let open = open
                .as_ref()
                .filter(|open| open.invite.proves(&device, request))
                .ok_or(used)?;
            if self.till.now_ms() >= open.invite.expires_ms {
                return Err(used.into());
            }
            let applicant = Applicant {
                device,
                incarnation: request.incarnation,
                name: request.name.clone(),
                location: open.location,
                capabilities: open.capabilities.clone(),
            };
            (open.invite.digits(&device), applicant)
        };
        let (decision, decided) = oneshot::channel();
        {
            let mut waiting = locked(&self.invitation.decision);
            if waiting.as_ref().is_some_and(|waiting| !waiting.is_closed()) {
                return Err("Another device is being let in. Try again in a minute.".into());
            }
            *waiting = Some(decision);
        }
        let _shown = Shown::new(
            &self.invitation,
            Asking {
                name: request.name.clone(),
                digits,
            },
        );
        match timeout(DECIDE, decided).await {
            Ok(Ok(true)) => {}
            Ok(_) => return Err("The owner did not let this device in.".into()),
            Err(_) => return Err("The owner's till did not answer.".into()),
        }
        let certified = self
            .till
            .ask_certify(applicant, None)
            .map_err(|fault| fault.to_string())?;
        certified.await.map_err(|fault| fault.to_string())?;
        let mut open = locked(&self.invitation.open);
        if let Some(mut used) = open.take() {
            // The link to the hub that carried the question carries the answer too, and ends with it.
            used.waiting = None;
        }
        Ok(())
    }
}

/// Shows who asks until it is dropped.
struct Shown<'a>(&'a Invitation);

impl<'a> Shown<'a> {
    fn new(invitation: &'a Invitation, asking: Asking) -> Self {
        invitation.asking.send_replace(Some(asking));
        Self(invitation)
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        self.0.asking.send_replace(None);
    }
}
