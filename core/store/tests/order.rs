//! Folds take ops in any order: two devices' writes of the catalogue come to the same, whoever is heard first.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use barrow_kernel::catalogue::{Face, ItemPut, Price, Write};
use barrow_kernel::context::Catalogue;
use barrow_kernel::event::{Body, Event};
use barrow_log::author::Author;
use barrow_log::id::{Incarnation, TenderId};
use barrow_log::key::{DeviceSecret, OrganisationKey};
use barrow_log::op::{Op, SignedRange};
use barrow_log::policy::{Capability, Certificate, PolicyEvent, encode_events};
use barrow_log::stream::{OpRef, Signature, Stream, StreamKind};
use barrow_store::{Options, Store};
use common::*;
use proptest::prelude::*;

/// Ops of one device, in the order in which it wrote them.
struct Device {
    author: Author,
    secret: DeviceSecret,
    ops: Vec<(Op, Signature)>,
}

impl Device {
    fn new(seed: u8) -> Self {
        let secret = DeviceSecret::from_seed([seed; 32]);
        let stream = Stream {
            organisation: OrganisationKey::from_seed([9; 32]).organisation(),
            device: secret.public(),
            incarnation: Incarnation::from_number(1),
            kind: StreamKind::Shop,
        };
        Self {
            author: Author::new(stream),
            secret,
            ops: Vec::new(),
        }
    }

    fn write(&mut self, event: Event, height: u64) -> OpRef {
        let body = Body {
            events: vec![event],
            who: None,
        };
        let op = self.author.next(op_draft(2, height, body.to_bytes(), 0)).unwrap();
        self.ops.push((op, self.author.seal(&self.secret).unwrap()));
        OpRef {
            stream: self.author.id(),
            seq: self.author.head().unwrap().seq,
        }
    }
}

/// Turns words of chance into writes of one item. Each names some writes that it replaces.
fn write_some(devices: &mut [Device; 2], words: &[[u8; 5]]) {
    let mut written: Vec<OpRef> = Vec::new();
    for (number, [device, group, replaced, more, height]) in words.iter().copied().enumerate() {
        let replaces: Vec<OpRef> = [replaced, more]
            .iter()
            .filter_map(|word| written.get(usize::from(*word) % 8).copied())
            .collect();
        let name = format!("Name {number}");
        let face = || Face {
            name: name.clone(),
            sku: name.clone(),
            ..Face::default()
        };
        let price = || Price {
            unit_price: format!("{number}.50").parse().unwrap(),
            currency: euro(),
            taxes: Vec::new(),
        };
        let code = format!("X{}", replaced % 3);
        let put = ItemPut {
            id: item(1),
            face: (group % 3 != 1).then(|| Write {
                value: face(),
                replaces: replaces.clone(),
            }),
            price: (group % 3 != 0).then(|| Write {
                value: price(),
                replaces: replaces.clone(),
            }),
            trade: None,
            archived: (group % 5 == 0).then(|| Write {
                value: more % 2 == 0,
                replaces: replaces.clone(),
            }),
            sold_out: None,
            add_codes: if more % 2 == 0 {
                vec![code.clone()]
            } else {
                Vec::new()
            },
            remove_codes: if more % 2 == 1 { vec![code] } else { Vec::new() },
        };
        let event = match group {
            250.. => Event::TendersPut {
                tenders: vec![tender(&name)],
            },
            _ => Event::ItemsPut { items: vec![put] },
        };
        let device = &mut devices[usize::from(device % 2)];
        let last = device.author.tip().map_or(0, |tip| tip.height);
        written.push(device.write(event, last + 1 + u64::from(height % 3)));
    }
}

fn tender(name: &str) -> barrow_kernel::catalogue::TenderKind {
    barrow_kernel::catalogue::TenderKind {
        id: TenderId::from_number(1),
        name: name.into(),
        class: barrow_kernel::catalogue::TenderClass::Custom,
        archived: false,
    }
}

/// Lets both devices be of the shop.
fn certify(store: &mut Store, devices: &[Device; 2]) {
    let organisation = OrganisationKey::from_seed([9; 32]);
    let events: Vec<PolicyEvent> = devices
        .iter()
        .zip(["A", "B"])
        .map(|(device, series)| PolicyEvent::DeviceCertified {
            certificate: Certificate {
                device: device.secret.public(),
                incarnation: Incarnation::from_number(1),
                name: "Till".into(),
                capabilities: [Capability::Catalogue].into(),
                location: None,
                series: series.into(),
                issued_ms: 0,
                expires_ms: None,
            },
        })
        .collect();
    let mut author = Author::new(Stream::policy(organisation.public()));
    let op = author.next(op_draft(1, 1, encode_events(&events), 0)).unwrap();
    let signature = author.seal(organisation.writer()).unwrap();
    store.begin().unwrap();
    let range = SignedRange {
        ops: vec![op],
        signature,
    };
    store.take(author.stream(), &range).unwrap();
    store.commit().unwrap();
}

/// Takes the ops in, choosing the next device by the bits of `order`.
fn take_in(devices: &[Device; 2], mut order: u64) -> impl PartialEq + std::fmt::Debug + use<> {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::create(folder.path(), &Options::default()).unwrap();
    let mut next = [0, 0];
    certify(&mut store, devices);
    store.begin().unwrap();
    while (0..2).any(|device| next[device] < devices[device].ops.len()) {
        let mut device = (order & 1) as usize;
        order = order.rotate_right(1);
        if next[device] == devices[device].ops.len() {
            device = 1 - device;
        }
        let (op, signature) = &devices[device].ops[next[device]];
        next[device] += 1;
        let author = &devices[device].author;
        let range = SignedRange {
            ops: vec![op.clone()],
            signature: *signature,
        };
        assert_eq!(store.take(author.stream(), &range).unwrap(), 1);
    }
    store.commit().unwrap();
    store.begin().unwrap();
    while store
        .fold_some(1 + (order % 3) as u32, &mut |_, _| {})
        .unwrap()
        .ops
        > 0
    {}
    store.commit().unwrap();
    let digest = store.reader().unwrap().digest().unwrap();
    let world = store.world();
    let item = world.item(&item(1)).unwrap();
    let codes = ["X0", "X1", "X2"].map(|code| world.items_by_code(code).unwrap().len());
    let writes = item.as_ref().map(|item| item.writes.clone());
    (
        digest,
        item,
        writes,
        codes,
        world.tender(&TenderId::from_number(1)).unwrap(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_catalogue_is_the_same_in_any_order(
        words in prop::collection::vec(any::<[u8; 5]>(), 1..14),
        orders: [u64; 3],
    ) {
        let mut devices = [Device::new(1), Device::new(2)];
        write_some(&mut devices, &words);
        let first = take_in(&devices, orders[0]);
        for order in &orders[1..] {
            prop_assert_eq!(&take_in(&devices, *order), &first);
        }
    }
}
