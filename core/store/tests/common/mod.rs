//! A till of tests: decides with the store's own world, appends, and keeps the live state beside it.
#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

use barrow_kernel::catalogue::{
    CashBox, Face, ItemDraft, Location, Oversell, Price, Shop, TenderClass, TenderKind, Trade,
};
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::context::{Context, Permission};
use barrow_kernel::decide::decide;
use barrow_kernel::event::{Body, Event};
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::Quantity;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::rounding::Rounding;
use barrow_kernel::sale::Sale;
use barrow_kernel::state::{State, apply};
use barrow_kernel::tax::{Tax, TaxClass, TaxKind, TaxPolicy};
use barrow_log::author::{Author, OpDraft, Tip};
use barrow_log::body;
use barrow_log::clock::Hlc;
use barrow_log::id::*;
use barrow_log::key::{DeviceSecret, OrganisationKey};
use barrow_log::op::Op;
use barrow_log::policy::{Capability, Certificate, PolicyEvent, encode_events};
use barrow_log::stream::{Stream, StreamKind};
use barrow_store::{Options, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

mod random;

pub use random::random_command;

pub const PITCH: LocationId = LocationId::from_number(0x51);
pub const VAN: LocationId = LocationId::from_number(0x52);
pub const TIN: CashBoxId = CashBoxId::from_number(0x61);
pub const CASH: TenderId = TenderId::from_number(0x71);
pub const VOUCHER: TenderId = TenderId::from_number(0x72);
pub const VAT: TaxId = TaxId::from_number(0x81);

pub fn item(number: u128) -> ItemId {
    ItemId::from_number(0x1000 + number)
}

pub fn qty(text: &str) -> Quantity {
    text.parse().expect("a quantity")
}

pub fn euro() -> Currency {
    Currency::iso("EUR").expect("a currency")
}

pub fn draft(number: u128, name: &str, price: &str) -> ItemDraft {
    ItemDraft {
        id: item(number),
        face: Some(Face {
            sku: format!("SKU-{number}"),
            name: name.into(),
            ..Face::default()
        }),
        price: Some(Price {
            unit_price: price.parse().expect("a price"),
            currency: euro(),
            taxes: vec![VAT],
        }),
        trade: Some(Trade::default()),
        archived: None,
        sold_out: None,
        add_codes: vec![format!("40000000{number:05}")],
        remove_codes: Vec::new(),
    }
}

pub fn change(number: u128) -> ItemDraft {
    ItemDraft {
        id: item(number),
        face: None,
        price: None,
        trade: None,
        archived: None,
        sold_out: None,
        add_codes: Vec::new(),
        remove_codes: Vec::new(),
    }
}

pub fn shop() -> Shop {
    Shop {
        name: "Test stall".into(),
        country: "DE".into(),
        currency: euro(),
        prices_include_tax: true,
        tax_policy: TaxPolicy::PerLine,
        rounding: Rounding::HalfAwayFromZero,
        tax_rounding: Rounding::HalfAwayFromZero,
        cash_rounding: None,
        denominations: vec![500, 200, 100, 50],
        utc_offset_minutes: 60,
        language: "en".into(),
        header: Vec::new(),
        footer: Vec::new(),
        deposit_returns: 20,
        oversell: Oversell::Warn,
        tax_mappings: Vec::new(),
        embedded_rules: Vec::new(),
    }
}

fn vat() -> Tax {
    Tax {
        id: VAT,
        name: "VAT 20 %".into(),
        kind: TaxKind::Percent("20".parse().expect("a rate")),
        price_include: true,
        include_base_amount: false,
        is_base_affected: true,
        sequence: 0,
        group: "normal".into(),
        class: TaxClass::Taxed,
    }
}

fn founding() -> Vec<Command> {
    let tender = |id, name: &str, class| TenderKind {
        id,
        name: name.into(),
        class,
        archived: false,
    };
    let location = |id, name: &str| Location {
        id,
        name: name.into(),
    };
    vec![
        Command::PutShop { shop: shop() },
        Command::PutTaxes { taxes: vec![vat()] },
        Command::PutTenders {
            tenders: vec![
                tender(CASH, "Cash", TenderClass::Cash),
                tender(VOUCHER, "Voucher", TenderClass::Custom),
            ],
        },
        Command::PutPlaces {
            locations: vec![location(PITCH, "Pitch"), location(VAN, "Van")],
            cash_boxes: vec![CashBox {
                id: TIN,
                name: "Tin".into(),
            }],
        },
        Command::PutItems {
            items: vec![
                draft(1, "Loaf", "3.50"),
                draft(2, "Roll", "0.45"),
                draft(3, "Crème brûlée", "4.20"),
            ],
        },
    ]
}

pub struct Till {
    pub store: Option<Store>,
    pub folder: PathBuf,
    pub options: Options,
    pub state: State,
    pub authors: BTreeMap<StreamKind, Author>,
    durable: (State, BTreeMap<StreamKind, Author>),
    pub secret: DeviceSecret,
    pub policy: Stream,
    made: u128,
    pub sales: Vec<SaleId>,
    durable_sales: usize,
}

impl Till {
    pub fn new(folder: &Path) -> Self {
        Self::with(folder, Options::default(), 7)
    }

    pub fn with(folder: &Path, options: Options, seed: u8) -> Self {
        let mut store = Store::create(folder, &options).expect("a new store");
        let organisation = OrganisationKey::from_seed([9; 32]);
        let secret = DeviceSecret::from_seed([seed; 32]);
        let policy = Stream::policy(organisation.public());
        let certificate = Certificate {
            device: secret.public(),
            incarnation: Incarnation::from_number(1),
            name: "Till".into(),
            capabilities: Capability::ALL.into_iter().collect(),
            location: None,
            series: "A".into(),
            issued_ms: 0,
            expires_ms: None,
        };
        let events = [
            PolicyEvent::OrganisationCreated {
                name: "Loaf".into(),
                country: "DE".into(),
                at: 0,
            },
            PolicyEvent::DeviceCertified { certificate },
        ];
        let mut author = Author::new(policy);
        let op = author
            .next(op_draft(1, 1, encode_events(&events), 0))
            .expect("a policy op");
        store.begin().expect("a transaction");
        store.append_policy(&policy, &op, &events).expect("the policy op");
        let signature = author.seal(organisation.writer()).expect("a signature");
        store.seal(&policy.id(), 1, &signature).expect("the seal");
        store.commit().expect("the commit");
        let stream = |kind| Stream {
            organisation: policy.organisation,
            device: secret.public(),
            incarnation: Incarnation::from_number(1),
            kind,
        };
        let kinds = [StreamKind::Shop, StreamKind::Book, StreamKind::Floor];
        let authors: BTreeMap<_, _> = kinds
            .map(|kind| (kind, Author::new(stream(kind))))
            .into_iter()
            .collect();
        let mut till = Self {
            store: Some(store),
            folder: folder.to_path_buf(),
            options,
            state: State::default(),
            durable: (State::default(), authors.clone()),
            authors,
            secret,
            policy,
            made: 0x1_0000,
            sales: Vec::new(),
            durable_sales: 0,
        };
        for command in founding() {
            till.act(&command).expect("a command of the founding");
        }
        till.commit().expect("the first commit");
        till
    }

    /// Goes on with the store of a folder that [`Till::new`] made.
    pub fn resume(folder: &Path) -> Self {
        let options = Options::default();
        let store = Store::open(folder, &options).expect("the store");
        let secret = DeviceSecret::from_seed([7; 32]);
        let author = |(stream, tip): (Stream, Option<Tip>)| (stream.kind, Author::at(stream, tip));
        let mut authors: BTreeMap<_, _> = store.streams().into_iter().map(author).collect();
        let policy = authors.remove(&StreamKind::Policy).expect("the policy stream");
        let state = store.state().expect("the state");
        Self {
            made: 0x10_0000,
            policy: *policy.stream(),
            store: Some(store),
            folder: folder.to_path_buf(),
            options,
            durable: (state.clone(), authors.clone()),
            state,
            authors,
            secret,
            sales: Vec::new(),
            durable_sales: 0,
        }
    }

    pub fn store(&mut self) -> &mut Store {
        self.store.as_mut().expect("an open store")
    }

    pub fn fresh(&mut self) -> u128 {
        self.made += 1;
        self.made
    }

    pub fn context(&mut self) -> Context {
        let command = CommandId::from_number(self.fresh());
        let book = &self.authors[&StreamKind::Book];
        Context {
            now_ms: 1_750_000_000_000 + self.made as i64 * 1_000,
            command,
            who: None,
            till: "Till".into(),
            location: PITCH,
            cash_box: TIN,
            series: "A".into(),
            book: book.id(),
            book_head: book.head(),
            permissions: BTreeSet::from([
                Permission::Sell,
                Permission::Refund,
                Permission::RefundUnlinked,
                Permission::Catalogue,
                Permission::Stock,
                Permission::Shift,
                Permission::Administer,
            ]),
        }
    }

    pub fn decide(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        let context = self.context();
        decide(
            &self.state,
            &self.store.as_ref().expect("an open store").world(),
            command,
            &context,
        )
    }

    /// Carries a command out, in the open transaction.
    pub fn act(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        let events = self.decide(command)?;
        if !self.store().in_transaction() {
            self.store().begin().expect("a transaction");
        }
        self.append(&events).expect("an append");
        for event in &events {
            apply(&mut self.state, event);
            if let Event::SaleCompleted { sale } = event {
                self.sales.push(sale.id);
            }
        }
        Ok(events)
    }

    /// Appends events as one op.
    pub fn append(&mut self, events: &[Event]) -> Result<Op, StoreError> {
        let kind = events[0].stream_kind();
        let content = Body {
            events: events.to_vec(),
            who: None,
        };
        let height = self.store().height()? + 1;
        let author = self.authors.get_mut(&kind).expect("an author");
        let op = author
            .next(op_draft(kind.code(), height, content.to_bytes(), 1))
            .expect("an op");
        let stream = *author.stream();
        self.store().append(&stream, &op, &content)?;
        Ok(op)
    }

    pub fn seal(&mut self) {
        let Self {
            authors,
            store,
            secret,
            ..
        } = self;
        for author in authors.values_mut().filter(|author| author.unsealed() > 0) {
            let signature = author.seal(secret).expect("a signature");
            let seq = author.head().expect("an op").seq;
            store
                .as_mut()
                .expect("an open store")
                .seal(&author.id(), seq, &signature)
                .expect("a seal");
        }
    }

    pub fn commit(&mut self) -> Result<(), StoreError> {
        if !self.store().in_transaction() {
            return Ok(());
        }
        self.seal();
        self.store().commit()?;
        self.durable = (self.state.clone(), self.authors.clone());
        self.durable_sales = self.sales.len();
        Ok(())
    }

    /// Forgets what is not durable, as after a failed commit or a crash.
    pub fn forget(&mut self) {
        self.state = self.durable.0.clone();
        self.authors = self.durable.1.clone();
        self.sales.truncate(self.durable_sales);
    }

    pub fn rollback(&mut self) {
        self.store().rollback();
        self.forget();
    }

    pub fn close(&mut self) {
        self.store = None;
        self.forget();
    }

    pub fn reopen(&mut self) {
        self.close();
        self.store = Some(Store::open(&self.folder, &self.options).expect("the store again"));
    }

    /// Sells some items for cash and commits.
    pub fn sell(&mut self, items: &[(u128, &str)]) -> Sale {
        let cart = CartId::from_number(self.fresh());
        let lines = items.iter().map(|(number, quantity)| LineDraft {
            quantity: Some(qty(quantity)),
            ..LineDraft::of(ItemRef::Id(item(*number)))
        });
        let lines = lines.collect();
        self.act(&Command::AddLines {
            cart,
            lines,
            approval: None,
        })
        .expect("lines");
        let events = self.act(&pay(cart, CASH, None)).expect("a sale");
        self.commit().expect("a commit");
        match events.into_iter().next_back() {
            Some(Event::SaleCompleted { sale }) => sale,
            other => panic!("no sale: {other:?}"),
        }
    }
}

pub fn op_draft(kind: u16, height: u64, content: Vec<u8>, policy_version: u64) -> OpDraft {
    OpDraft {
        kind,
        kind_version: 1,
        hlc: Hlc::new(1_750_000_000_000, height as u16),
        wall_ms: 1_750_000_000_000,
        height,
        policy_version,
        deps: Vec::new(),
        body: body::Body::plain(content),
    }
}

pub fn pay(cart: CartId, tender: TenderId, amount_minor: Option<i64>) -> Command {
    Command::Tender {
        cart,
        tender,
        amount_minor,
        given_minor: None,
        reference: None,
    }
}
