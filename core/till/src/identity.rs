//! Who this till is: device key, organisation key, incarnation, series; and how a restore is detected.
//!
//! An open counter lies in the database and in the key store, outside any backup. Each opening counts first in the
//! database, then in the key store, so a crash between the two is no restore; a key store that is ahead, or has no
//! entry, is one: then this installation gets a new key, a new incarnation and a new series before it writes again.

use crate::error::TillError;
use crate::ports::Ports;
use barrow_kernel::context::Permission;
use barrow_log::author::{Author, OpDraft};
use barrow_log::body::Body;
use barrow_log::clock::HlcClock;
use barrow_log::id::{CashBoxId, Incarnation, LocationId, OrganisationId};
use barrow_log::key::{DeviceSecret, OrganisationKey};
use barrow_log::policy::{Capability, Certificate, Policy, PolicyEvent, encode_events};
use barrow_log::stream::{DeviceKey, Stream, StreamKind};
use barrow_store::Store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Names the row of `local_meta` that holds [`Installation`].
const INSTALLATION: &str = "installation";
/// Names the row of `local_meta` that counts openings.
const OPENED: &str = "opened";
/// Gives the version of policy bodies.
const POLICY_VERSION: u16 = 1;
/// Names the kind of body in the policy stream (header field `kind`).
pub(crate) const POLICY_BODY: u16 = 1;

/// What this installation remembers of itself: it never leaves the device and is in no backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Installation {
    /// Names the organisation.
    pub organisation: OrganisationId,
    /// Names this run of numbers.
    pub incarnation: Incarnation,
    /// Gives the till's name.
    pub till: String,
    /// Names the place whose stock it sells from.
    pub location: LocationId,
    /// Names the cash box that it posts to.
    pub cash_box: CashBoxId,
}

/// Everything that a till needs to sign for itself.
pub(crate) struct Identity {
    /// The organisation's public key.
    pub(crate) organisation: DeviceKey,
    pub(crate) installation: Installation,
    pub(crate) secret: DeviceSecret,
    pub(crate) organisation_key: Option<OrganisationKey>,
    pub(crate) certificate: Certificate,
    pub(crate) policy: Policy,
}

impl Identity {
    /// Returns the stream of one kind that this installation writes.
    pub(crate) fn stream(&self, kind: StreamKind) -> Stream {
        Stream {
            organisation: self.installation.organisation,
            device: self.secret.public(),
            incarnation: self.installation.incarnation,
            kind,
        }
    }

    /// Takes in policy that came from elsewhere: this device may have another certificate now.
    pub(crate) fn follow(&mut self, policy: &Policy) {
        if policy.version() == self.policy.version() {
            return;
        }
        let own = policy.certificate(&self.secret.public(), self.installation.incarnation);
        if let Some(own) = own {
            self.certificate = own.clone();
        }
        self.policy = policy.clone();
    }

    /// Returns what the certificate lets this device do.
    pub(crate) fn permissions(&self) -> BTreeSet<Permission> {
        let pairs = [
            (Capability::Sell, Permission::Sell),
            (Capability::Refund, Permission::Refund),
            (Capability::RefundUnlinked, Permission::RefundUnlinked),
            (Capability::Catalogue, Permission::Catalogue),
            (Capability::Stock, Permission::Stock),
            (Capability::Shift, Permission::Shift),
            (Capability::Administer, Permission::Administer),
        ];
        let granted = &self.certificate.capabilities;
        pairs
            .into_iter()
            .filter(|(capability, _)| granted.contains(capability))
            .map(|(_, may)| may)
            .collect()
    }
}

/// A device that wants to be one of the shop's, and what its owner lets it do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// Gives its public key.
    pub device: DeviceKey,
    /// Names its run of numbers.
    pub incarnation: Incarnation,
    /// Gives its name.
    pub name: String,
    /// Names the place whose stock it sells from; `None` for a device of no place, as a hub.
    pub location: Option<LocationId>,
    /// Lists what it may do. A device that may write no receipts gets no series.
    pub capabilities: BTreeSet<Capability>,
}

impl Applicant {
    /// Describes a hub: it keeps everything and writes nothing.
    pub fn hub(device: DeviceKey, incarnation: Incarnation, name: &str) -> Self {
        Self {
            device,
            incarnation,
            name: name.into(),
            location: None,
            capabilities: BTreeSet::new(),
        }
    }
}

/// Certifies a device, with the next free receipt series if it writes receipts; the same one again gets its
/// certificate again. With an address it becomes the hub of record.
pub(crate) fn admit(
    store: &mut Store,
    ports: &Ports,
    identity: &Identity,
    applicant: &Applicant,
    hub_at: Option<&str>,
) -> Result<Certificate, TillError> {
    let policy = store.policy()?;
    let known = policy.certificate(&applicant.device, applicant.incarnation);
    let named = hub_at.is_none_or(|address| policy.hub_of_record() == Some((applicant.device, address)));
    if let Some(known) = known.filter(|_| named) {
        return Ok(known.clone());
    }
    let key = identity.organisation_key.as_ref().ok_or_else(|| {
        TillError::unavailable("This device does not hold the shop's key. Add devices on the owner's till.")
    })?;
    let mut certificate = known.cloned().unwrap_or_else(|| Certificate {
        device: applicant.device,
        incarnation: applicant.incarnation,
        name: applicant.name.clone(),
        capabilities: applicant.capabilities.clone(),
        location: applicant.location,
        series: String::new(),
        issued_ms: ports.clock.now_ms(),
        expires_ms: None,
    });
    if certificate.writes_receipts() && certificate.series.is_empty() {
        certificate.series = policy.next_series();
    }
    let certified = PolicyEvent::DeviceCertified {
        certificate: certificate.clone(),
    };
    let named = hub_at.map(|address| PolicyEvent::HubOfRecord {
        hub: Some(applicant.device),
        address: address.into(),
    });
    let events: Vec<PolicyEvent> = [certified].into_iter().chain(named).collect();
    let checked = events.iter().try_for_each(|event| policy.check(event));
    checked.map_err(|fault| TillError::unavailable(format!("This device can't be added: {fault}.")))?;
    store.begin()?;
    write_policy(store, ports, key, &events)?;
    store.commit()?;
    Ok(certificate)
}

/// Prepares this device to join a shop: makes its key and its run of numbers, or finds those that it made before.
pub(crate) fn prepare(
    store: &mut Store,
    ports: &Ports,
    organisation: DeviceKey,
    name: &str,
) -> Result<(Installation, DeviceSecret), TillError> {
    let id = OrganisationId::of(&organisation);
    let made = store.meta(INSTALLATION)?;
    let made = made.and_then(|text| serde_json::from_slice::<Installation>(&text).ok());
    let secret = ports.keys.get(&device_entry(id))?;
    let secret = secret.and_then(|seed| <[u8; 32]>::try_from(seed.as_slice()).ok());
    if let (Some(installation), Some(seed)) = (made.filter(|made| made.organisation == id), secret) {
        return Ok((installation, DeviceSecret::from_seed(seed)));
    }
    let secret = new_secret(ports)?;
    let installation = Installation {
        organisation: id,
        incarnation: Incarnation(ports.id()?),
        till: name.into(),
        // The certificate and the shop's places tell which, once they are here.
        location: LocationId::default(),
        cash_box: CashBoxId::default(),
    };
    ports.keys.put(&device_entry(id), &*secret.seed())?;
    ports.keys.put(&counter_entry(id), &0_u64.to_le_bytes())?;
    store.begin()?;
    remember(store, &installation)?;
    store.commit()?;
    Ok((installation, secret))
}

/// Takes up the place that the certificate and the shop give to a device that joined.
pub(crate) fn settle(
    store: &mut Store,
    installation: &Installation,
    device: &DeviceKey,
) -> Result<(), TillError> {
    let policy = store.policy()?;
    let certificate = policy.certificate(device, installation.incarnation);
    let certificate = certificate.ok_or_else(|| {
        TillError::unavailable("The shop has not added this device yet. Confirm it on the owner's till.")
    })?;
    let (first, cash_box) = store.default_place()?;
    let installation = Installation {
        till: certificate.name.clone(),
        location: certificate.location.unwrap_or(first),
        cash_box,
        ..installation.clone()
    };
    store.begin()?;
    remember(store, &installation)?;
    store.commit()?;
    Ok(())
}

/// Returns the capabilities of the first till of a shop: its owner's.
fn owner() -> BTreeSet<Capability> {
    Capability::ALL.into_iter().collect()
}

fn device_entry(organisation: OrganisationId) -> String {
    format!("device-{organisation}")
}

fn counter_entry(organisation: OrganisationId) -> String {
    format!("opened-{organisation}")
}

fn organisation_entry(organisation: OrganisationId) -> String {
    format!("organisation-{organisation}")
}

/// Makes a new organisation with this device as its first till, and writes the first policy op.
pub(crate) fn found(
    store: &mut Store,
    ports: &Ports,
    organisation_key: OrganisationKey,
    installation: &Installation,
    country: &str,
    name: &str,
) -> Result<(), TillError> {
    let secret = new_secret(ports)?;
    let organisation = installation.organisation;
    let created = PolicyEvent::OrganisationCreated {
        name: name.into(),
        country: country.into(),
        at: ports.clock.now_ms(),
    };
    let certificate = certificate(ports, &secret, installation, "A".into());
    // Keys first: a crash before the commit leaves keys without a shop, never a shop without keys.
    ports
        .keys
        .put(&organisation_entry(organisation), &*organisation_key.seed())?;
    ports.keys.put(&device_entry(organisation), &*secret.seed())?;
    // The counter too: a crash between its first two counts must not look like a restore.
    ports
        .keys
        .put(&counter_entry(organisation), &0_u64.to_le_bytes())?;
    store.begin()?;
    write_policy(
        store,
        ports,
        &organisation_key,
        &[created, PolicyEvent::DeviceCertified { certificate }],
    )?;
    remember(store, installation)?;
    store.commit()?;
    Ok(())
}

fn certificate(
    ports: &Ports,
    secret: &DeviceSecret,
    installation: &Installation,
    series: String,
) -> Certificate {
    Certificate {
        device: secret.public(),
        incarnation: installation.incarnation,
        name: installation.till.clone(),
        capabilities: owner(),
        location: Some(installation.location),
        series,
        issued_ms: ports.clock.now_ms(),
        expires_ms: None,
    }
}

fn new_secret(ports: &Ports) -> Result<DeviceSecret, TillError> {
    let mut seed = zeroize::Zeroizing::new([0_u8; 32]);
    ports.chance.fill(&mut *seed)?;
    Ok(DeviceSecret::from_seed(*seed))
}

/// Appends one policy op and seals it.
fn write_policy(
    store: &mut Store,
    ports: &Ports,
    key: &OrganisationKey,
    events: &[PolicyEvent],
) -> Result<(), TillError> {
    let stream = Stream::policy(key.public());
    let tip = store.tip(&stream.id())?;
    let version = tip.as_ref().map_or(0, |tip| tip.head.seq);
    let mut author = Author::at(stream, tip);
    let height = author.height_after(store.height()?);
    let now_ms = ports.clock.now_ms();
    let op = author
        .next(OpDraft {
            kind: POLICY_BODY,
            kind_version: POLICY_VERSION,
            hlc: HlcClock::default().tick(now_ms),
            wall_ms: now_ms,
            height,
            policy_version: version,
            deps: Vec::new(),
            body: Body::plain(encode_events(events)),
        })
        .map_err(|fault| TillError::unavailable(fault.to_string()))?;
    store.append_policy(&stream, &op, events)?;
    let signature = author
        .seal(key.writer())
        .map_err(|fault| TillError::unavailable(fault.to_string()))?;
    let seq = author.head().map_or(0, |head| head.seq);
    store.seal(&stream.id(), seq, &signature)?;
    Ok(())
}

fn remember(store: &mut Store, installation: &Installation) -> Result<(), TillError> {
    let text = serde_json::to_vec(installation).map_err(|fault| TillError::unavailable(fault.to_string()))?;
    store.set_meta(INSTALLATION, &text)?;
    Ok(())
}

/// Reads who this till is, counts the opening, and makes a new installation after a restore.
pub(crate) fn open(store: &mut Store, ports: &Ports) -> Result<Identity, TillError> {
    let policy = store.policy()?;
    let organisation = policy
        .organisation()
        .map(|_| ())
        .and(store.organisation()?)
        .ok_or_else(|| TillError::unavailable("This folder holds no shop yet. Run init first."))?;
    let founder = store
        .organisation_key()
        .ok_or_else(|| TillError::unavailable("This folder holds no shop yet. Run init first."))?;
    let organisation_key = ports
        .keys
        .get(&organisation_entry(organisation))?
        .and_then(|seed| {
            <[u8; 32]>::try_from(seed.as_slice())
                .ok()
                .map(OrganisationKey::from_seed)
        });
    let installation = match store.meta(INSTALLATION)? {
        Some(text) => serde_json::from_slice::<Installation>(&text).ok(),
        None => None,
    };
    let secret = ports.keys.get(&device_entry(organisation))?.and_then(|seed| {
        <[u8; 32]>::try_from(seed.as_slice())
            .ok()
            .map(DeviceSecret::from_seed)
    });
    let counted = count_opening(store, ports, organisation)?;
    if let (Some(installation), Some(secret), true) = (&installation, &secret, counted) {
        let known = policy
            .certificate(&secret.public(), installation.incarnation)
            .cloned();
        if let Some(certificate) = known {
            return Ok(Identity {
                organisation: founder,
                installation: installation.clone(),
                secret: DeviceSecret::from_seed(*secret.seed()),
                organisation_key,
                certificate,
                policy,
            });
        }
    }
    let identity = again(store, ports, organisation, organisation_key, installation)?;
    count_opening(store, ports, organisation)?;
    Ok(identity)
}

/// Counts one opening, first in the database, then in the key store. Returns false when the key store is ahead or
/// has no entry: the database was restored from a backup or copied from another device.
fn count_opening(store: &mut Store, ports: &Ports, organisation: OrganisationId) -> Result<bool, TillError> {
    let number = |bytes: &[u8]| <[u8; 8]>::try_from(bytes).map(u64::from_le_bytes).ok();
    let here = store.meta(OPENED)?.as_deref().and_then(number).unwrap_or(0);
    let kept = ports
        .keys
        .get(&counter_entry(organisation))?
        .and_then(|bytes| number(&bytes));
    let sound = kept.is_some_and(|kept| kept <= here);
    let next = here.max(kept.unwrap_or(0)) + 1;
    store.begin()?;
    store.set_meta(OPENED, &next.to_le_bytes())?;
    store.commit()?;
    ports
        .keys
        .put(&counter_entry(organisation), &next.to_le_bytes())?;
    Ok(sound)
}

/// Certifies this installation anew: a new device key, a new incarnation, a new series.
fn again(
    store: &mut Store,
    ports: &Ports,
    organisation: OrganisationId,
    organisation_key: Option<OrganisationKey>,
    before: Option<Installation>,
) -> Result<Identity, TillError> {
    let Some(key) = organisation_key else {
        return Err(TillError::unavailable(
            "This database was restored or copied, and this device does not hold the shop's key. \
             Restore the backup with its passphrase or recovery words, or add this device from the owner's till. \
             Nothing was lost.",
        ));
    };
    let secret = new_secret(ports)?;
    let policy = store.policy()?;
    let place = store.default_place()?;
    let installation = Installation {
        organisation,
        incarnation: Incarnation(ports.id()?),
        till: before
            .as_ref()
            .map_or_else(|| "Till".into(), |before| before.till.clone()),
        location: before.as_ref().map_or(place.0, |before| before.location),
        cash_box: before.as_ref().map_or(place.1, |before| before.cash_box),
    };
    let certificate = certificate(ports, &secret, &installation, policy.next_series());
    ports.keys.put(&device_entry(organisation), &*secret.seed())?;
    store.begin()?;
    let events = [PolicyEvent::DeviceCertified {
        certificate: certificate.clone(),
    }];
    write_policy(store, ports, &key, &events)?;
    remember(store, &installation)?;
    store.commit()?;
    Ok(Identity {
        organisation: key.public(),
        installation,
        secret,
        organisation_key: Some(key),
        certificate,
        policy: store.policy()?,
    })
}

/// Puts an organisation key that came out of a backup where the next opening finds it.
pub(crate) fn adopt(ports: &Ports, key: &OrganisationKey) -> Result<(), TillError> {
    ports.keys.put(
        &organisation_entry(OrganisationId::of(&key.public())),
        &*key.seed(),
    )
}
