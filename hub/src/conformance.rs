//! The laws of [`Storage`], for every implementation.

#![allow(clippy::expect_used, reason = "a law that does not hold fails its test")]

use crate::storage::Storage;
use barrow_log::author::{Author, OpDraft};
use barrow_log::body::Body;
use barrow_log::clock::Hlc;
use barrow_log::id::Incarnation;
use barrow_log::key::{DeviceSecret, OrganisationKey};
use barrow_log::op::SignedRange;
use barrow_log::policy::{Certificate, PolicyEvent, encode_events};
use barrow_log::stream::{OpRef, Stream, StreamKind};
use barrow_store::StoreError;
use barrow_sync::session::Arrived;

/// A shop whose ops are made here.
pub struct Shop {
    /// Its key.
    pub key: OrganisationKey,
    device: DeviceSecret,
    policy: Author,
    book: Author,
    height: u64,
}

impl Shop {
    /// Founds a shop from a seed.
    pub fn new(seed: u8) -> Self {
        let (key, device) = (
            OrganisationKey::from_seed([seed; 32]),
            DeviceSecret::from_seed([seed + 1; 32]),
        );
        let book = Stream {
            organisation: key.organisation(),
            device: device.public(),
            incarnation: Incarnation::from_number(1),
            kind: StreamKind::Book,
        };
        Self {
            policy: Author::new(Stream::policy(key.public())),
            book: Author::new(book),
            key,
            device,
            height: 0,
        }
    }

    fn draft(&mut self, kind: StreamKind, policy_version: u64, content: &[u8]) -> OpDraft {
        self.height += 1;
        OpDraft {
            kind: kind.code(),
            kind_version: 1,
            hlc: Hlc::new(1_780_000_000_000, 0),
            wall_ms: 1_780_000_000_000,
            height: self.height,
            policy_version,
            deps: Vec::new(),
            body: Body::plain(content),
        }
    }

    /// Makes the policy: the shop and its one device.
    pub fn policy(&mut self) -> Arrived {
        let created = PolicyEvent::OrganisationCreated {
            name: "Stall".into(),
            country: "DE".into(),
            at: 0,
        };
        let certificate = Certificate {
            device: self.device.public(),
            incarnation: Incarnation::from_number(1),
            name: "Till".into(),
            capabilities: barrow_log::policy::Capability::ALL.into(),
            location: None,
            series: "A".into(),
            issued_ms: 0,
            expires_ms: None,
        };
        let events = encode_events(&[created, PolicyEvent::DeviceCertified { certificate }]);
        let draft = self.draft(StreamKind::Policy, 0, &events);
        let op = self.policy.next(draft).expect("an op of policy");
        let signature = self.policy.seal(self.key.writer()).expect("a signature");
        Arrived {
            stream: *self.policy.stream(),
            range: SignedRange {
                ops: vec![op],
                signature,
            },
        }
    }

    /// Makes some ops of the device. Their bodies say nothing that could be folded.
    pub fn trade(&mut self, ops: usize) -> Arrived {
        let ops = (0..ops).map(|number| {
            let draft = self.draft(StreamKind::Book, 1, &number.to_be_bytes());
            self.book.next(draft).expect("an op")
        });
        let ops: Vec<_> = ops.collect();
        Arrived {
            stream: *self.book.stream(),
            range: SignedRange {
                ops,
                signature: self.book.seal(&self.device).expect("a signature"),
            },
        }
    }
}

/// Checks everything that a hub relies on. `open` opens the same storage again, as after a restart.
///
/// # Errors
/// The law that does not hold.
pub fn storage(open: &dyn Fn() -> Box<dyn Storage>) -> Result<(), StoreError> {
    what_is_acknowledged_is_there_after_a_restart(open)?;
    what_does_not_fit_keeps_nothing_else_out(open)?;
    organisations_know_nothing_of_each_other(open)?;
    folding_changes_nothing_that_is_acknowledged(open)
}

fn what_is_acknowledged_is_there_after_a_restart(
    open: &dyn Fn() -> Box<dyn Storage>,
) -> Result<(), StoreError> {
    let mut shop = Shop::new(10);
    let key = shop.key.public();
    let (policy, trade) = (shop.policy(), shop.trade(60));
    let mut storage = open();
    let mut shelf = storage.shelf(key)?;
    assert!(shelf.durable()?.vector.0.is_empty());
    let epoch = shelf.epoch([1; 16])?;
    assert_eq!(shelf.epoch([2; 16])?, epoch, "an epoch lasts");
    assert_eq!(
        storage.shelf(key).err(),
        Some(StoreError::Busy),
        "there is one writer"
    );
    assert_eq!(
        shelf.acknowledge(&[vec![policy], vec![trade.clone()]])?,
        [Ok(()), Ok(())]
    );
    let durable = shelf.durable()?;
    assert_eq!(durable.policy.version(), 1);
    // Again, as after an answer that got lost: nothing is new.
    assert_eq!(shelf.acknowledge(&[vec![trade.clone()]])?, [Ok(())]);
    assert_eq!(shelf.durable()?.vector, durable.vector);
    assert!(shelf.bytes()? > 0);
    drop(shelf);
    storage = open();
    assert_eq!(storage.organisations()?, [key]);
    let shelf = storage.shelf(key)?;
    assert_eq!(shelf.durable()?.vector, durable.vector);
    let reader = storage.reader(key)?;
    let stream = trade.stream.id();
    let read = reader.ranges(&stream, 1, 1_000, usize::MAX)?;
    assert_eq!(read, [trade.range], "byte for byte, with the signature");
    let last = OpRef { stream, seq: 60 };
    assert_eq!(
        reader.tip_at(&last)?.map(|tip| tip.head),
        durable.vector.get(&stream)
    );
    assert_eq!(reader.tip_at(&OpRef { stream, seq: 61 })?, None);
    Ok(())
}

fn what_does_not_fit_keeps_nothing_else_out(open: &dyn Fn() -> Box<dyn Storage>) -> Result<(), StoreError> {
    let (mut shop, mut copy) = (Shop::new(20), Shop::new(20));
    let storage = open();
    let mut shelf = storage.shelf(shop.key.public())?;
    let (policy, first) = (shop.policy(), shop.trade(5));
    let _lost = shop.trade(5);
    let after_a_gap = shop.trade(5);
    // A copied phone: the same numbers, other ops.
    let _ = copy.policy();
    let (_, fork) = (copy.trade(1), copy.trade(9));
    let answers = shelf.acknowledge(&[vec![after_a_gap], vec![policy], vec![first.clone()]])?;
    assert!(
        matches!(&answers[..], [Err(StoreError::Gap { .. }), Ok(()), Ok(())]),
        "{answers:?}"
    );
    let answers = shelf.acknowledge(&[vec![fork]])?;
    assert!(
        matches!(&answers[..], [Err(StoreError::Fork { .. })]),
        "{answers:?}"
    );
    assert_eq!(shelf.durable()?.vector.seq(&first.stream.id()), 5);
    Ok(())
}

fn organisations_know_nothing_of_each_other(open: &dyn Fn() -> Box<dyn Storage>) -> Result<(), StoreError> {
    let (mut one, mut other) = (Shop::new(30), Shop::new(40));
    let storage = open();
    let (mut first, mut second) = (
        storage.shelf(one.key.public())?,
        storage.shelf(other.key.public())?,
    );
    first.acknowledge(&[vec![one.policy()]])?;
    second.acknowledge(&[vec![other.policy()]])?;
    assert_ne!(first.epoch([1; 16])?, second.epoch([2; 16])?);
    assert_eq!(first.durable()?.vector.0.len(), 1);
    let stream = Stream::policy(other.key.public()).id();
    let reader = storage.reader(one.key.public())?;
    assert!(reader.ranges(&stream, 1, 10, usize::MAX)?.is_empty());
    let known = storage.organisations()?;
    assert!(known.contains(&one.key.public()) && known.contains(&other.key.public()));
    assert_eq!(
        storage.reader(Shop::new(50).key.public()).err(),
        Some(StoreError::Missing)
    );
    Ok(())
}

fn folding_changes_nothing_that_is_acknowledged(
    open: &dyn Fn() -> Box<dyn Storage>,
) -> Result<(), StoreError> {
    let mut shop = Shop::new(60);
    let storage = open();
    let mut shelf = storage.shelf(shop.key.public())?;
    shelf.acknowledge(&[vec![shop.policy(), shop.trade(60)]])?;
    let durable = shelf.durable()?;
    let mut folded = 0;
    loop {
        match shelf.project(30)? {
            0 => break,
            some => folded += some,
        }
        assert_eq!(shelf.durable()?.vector, durable.vector);
    }
    assert_eq!(folded, 61);
    // What came after is folded after.
    shelf.acknowledge(&[vec![shop.trade(1)]])?;
    assert_eq!((shelf.project(30)?, shelf.project(30)?), (1, 0));
    Ok(())
}
