//! A device of the shop in the wrong hands writes what no program of ours would: the other tills keep it, sell on and
//! come to the same figures.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::event::{Body, Event};
use barrow_log::author::{Author, OpDraft};
use barrow_log::clock::Hlc;
use barrow_log::header::NUMBER_MAX;
use barrow_log::id::{CartId, CommandId, Incarnation, SaleId};
use barrow_log::key::DeviceSecret;
use barrow_log::op::SignedRange;
use barrow_log::policy::Capability;
use barrow_log::stream::{Stream, StreamKind};
use barrow_store::Options;
use barrow_sync::session::Arrived;
use barrow_till::goods::sample;
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::{CASH, FIRST_LOCATION};
use barrow_till::{Applicant, Till};

const NOW_MS: i64 = 1_780_000_000_000;

/// A till, and a device of its shop that a thief holds.
struct Scene {
    _folder: tempfile::TempDir,
    till: Till,
    thief: DeviceSecret,
    book: Author,
    sold: u128,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = Ports {
            clock: Box::new(FixedClock::at(NOW_MS)),
            chance: Box::new(SeededChance::new(1)),
            keys: Box::new(MemoryKeyStore::default()),
        };
        let till = Till::found(folder.path(), &sample::setup(), ports, &Options::default()).unwrap();
        sample::load(&till).unwrap();
        let thief = DeviceSecret::from_seed([66; 32]);
        let certificate = till
            .certify(Applicant {
                device: thief.public(),
                incarnation: Incarnation::from_number(1),
                name: "Stolen".into(),
                location: Some(FIRST_LOCATION),
                capabilities: Capability::ALL.into(),
            })
            .unwrap();
        let organisation = till.organisation_key().unwrap().organisation();
        let book: Stream = certificate.stream(organisation, StreamKind::Book);
        Self {
            _folder: folder,
            till,
            thief,
            book: Author::new(book),
            sold: 0,
        }
    }

    /// Sells one jar and returns the body of the op that the sale made.
    fn sell(&mut self) -> Body {
        self.sold += 1;
        let cart = CartId::from_number(self.sold);
        let add = Command::AddLines {
            cart,
            lines: vec![LineDraft::of(ItemRef::Sku("LA-HONEY".into()))],
            approval: None,
        };
        let pay = Command::Tender {
            cart,
            tender: CASH,
            amount_minor: None,
            given_minor: None,
            reference: None,
        };
        for (step, command) in [(1, add), (2, pay)] {
            let id = CommandId::from_number(self.sold * 10 + step);
            self.till.submit(id, command).unwrap().wait().unwrap();
        }
        let reader = self.till.own_reader().unwrap();
        let own = self.till.me().device;
        let books = reader.streams().unwrap();
        let is_book = |stream: &Stream| stream.device == own && stream.kind == StreamKind::Book;
        let (book, tip) = books.into_iter().find(|(stream, _)| is_book(stream)).unwrap();
        let ops = reader.ops(&book.id(), tip.unwrap().head.seq, 1).unwrap();
        Body::from_bytes(ops[0].op.content().unwrap()).unwrap()
    }

    /// Lets the till hear of an op of the thief.
    fn hear(&mut self, content: &[u8], height: u64) {
        let draft = OpDraft {
            kind: 3,
            kind_version: 1,
            hlc: Hlc::MAX,
            wall_ms: i64::MAX,
            height,
            policy_version: self.till.log().unwrap().durable().policy.version(),
            deps: Vec::new(),
            body: barrow_log::body::Body::plain(content),
        };
        let ops = vec![self.book.next(draft).unwrap()];
        let signature = self.book.seal(&self.thief).unwrap();
        let arrived = Arrived {
            stream: *self.book.stream(),
            range: SignedRange { ops, signature },
        };
        self.till.ask_keep(vec![arrived]).unwrap().wait().unwrap();
    }

    /// Waits until what was heard is folded, and lists why ops lie in review.
    fn reviews(&self) -> Vec<String> {
        for _ in 0..2_000 {
            self.till.flush().unwrap();
            let reader = self.till.own_reader().unwrap();
            if reader.digest().unwrap().vector == self.till.log().unwrap().durable().vector.hash() {
                let reviews = reader.reviews(0, 100).unwrap();
                return reviews.into_iter().map(|review| review.reason).collect();
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("ops are never folded");
    }

    fn numbers(&self) -> Vec<String> {
        let sales = self.till.sales(None, 100).unwrap().sales;
        sales.into_iter().rev().map(|sale| sale.number).collect()
    }
}

#[test]
fn an_op_at_the_end_of_all_heights_does_not_stop_the_others() {
    let mut scene = Scene::new();
    let mut body = scene.sell();
    rename(&mut body, "B");
    scene.hear(&body.to_bytes(), NUMBER_MAX);
    scene.reviews();
    scene.sell();
    scene.sell();
    assert!(scene.numbers().contains(&"A-3".into()), "{:?}", scene.numbers());
}

/// Makes a sale another till's, with ids of its own.
fn rename(body: &mut Body, series: &str) {
    for event in &mut body.events {
        if let Event::SaleCompleted { sale } = event {
            sale.id = SaleId::from_number(0x7777);
            sale.cart = CartId::from_number(0x7778);
            sale.number.series = series.into();
        }
    }
}

fn change(body: &mut Body, change: impl Fn(&mut barrow_kernel::sale::Sale)) {
    for event in &mut body.events {
        if let Event::SaleCompleted { sale } = event {
            change(sale);
        }
    }
}

#[test]
fn nobody_uses_up_the_receipt_numbers_of_another_till() {
    let mut scene = Scene::new();
    let mut body = scene.sell();
    rename(&mut body, "A");
    change(&mut body, |sale| sale.number.number = u64::MAX);
    scene.hear(&body.to_bytes(), 1);
    assert_eq!(scene.reviews(), ["its receipt number belongs to another till"]);
    scene.sell();
    assert_eq!(scene.numbers(), ["A-1", "A-2"]);
}

#[test]
fn books_that_do_not_balance_or_leave_all_measure_are_kept_out_of_the_ledger() {
    let mut scene = Scene::new();
    let honest = scene.sell();
    let balances = |scene: &Scene| scene.till.own_reader().unwrap().balances().unwrap();
    let before = balances(&scene);
    let mut crooked = honest.clone();
    rename(&mut crooked, "B");
    change(&mut crooked, |sale| sale.postings[0].amount_minor += 1);
    scene.hear(&crooked.to_bytes(), 1);
    let mut huge = honest;
    rename(&mut huge, "B");
    change(&mut huge, |sale| {
        for posting in &mut sale.postings {
            posting.amount_minor = 0;
        }
        sale.postings[0].amount_minor = i64::MAX;
        sale.postings[1].amount_minor = -i64::MAX;
    });
    scene.hear(&huge.to_bytes(), 2);
    assert_eq!(
        scene.reviews(),
        [
            "its debits and credits differ",
            "its amounts are beyond all measure"
        ]
    );
    assert_eq!(balances(&scene), before);
}

#[test]
fn a_body_of_a_great_many_events_is_not_taken_into_memory() {
    let mut scene = Scene::new();
    // No taxes, 200,000 times: four bytes each on the wire, hundreds in memory.
    let event = [0x82, 0x01, 0x81, 0x80];
    let many = [
        &[0x82, 0x9a, 0, 3, 0x0d, 0x40][..],
        &event.repeat(200_000),
        &[0xf6],
    ]
    .concat();
    scene.hear(&many, 1);
    let reviews = scene.reviews();
    assert!(reviews[0].contains("too many events"), "{reviews:?}");
    scene.sell();
}
