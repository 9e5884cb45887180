//! What reaches a whole till: a device of the shop that writes what no program of ours would, and files to restore from.

use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::event::Body;
use barrow_log::author::{Author, OpDraft};
use barrow_log::body;
use barrow_log::clock::Hlc;
use barrow_log::id::{CartId, CommandId, Incarnation};
use barrow_log::key::{DeviceSecret, OrganisationKey};
use barrow_log::op::SignedRange;
use barrow_log::policy::Capability;
use barrow_log::stream::{Stream, StreamKind};
use barrow_store::Options;
use barrow_store::backup::{Secret, restore};
use barrow_store::verify::{Problem, VerifyOptions, verify};
use barrow_store::work::Work;
use barrow_sync::session::Arrived;
use barrow_till::goods::sample;
use barrow_till::ports::{FixedClock, FolderKeyStore, Ports, SeededChance};
use barrow_till::setup::{CASH, FIRST_LOCATION};
use barrow_till::{Applicant, Till, Worker};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

const NOW_MS: i64 = 1_780_000_000_000;

/// A shop with some trade, closed; each input gets a copy.
struct Shop {
    folder: tempfile::TempDir,
    stranger: DeviceSecret,
    streams: [Stream; 3],
    policy_version: u64,
    key: OrganisationKey,
    bodies: Vec<Vec<u8>>,
    backups: Vec<Vec<u8>>,
}

thread_local! {
    static SHOP: Shop = shop();
}

fn ports(folder: &Path) -> Ports {
    Ports {
        clock: Box::new(FixedClock::at(NOW_MS)),
        chance: Box::new(SeededChance::new(1)),
        keys: Box::new(FolderKeyStore::new(&folder.join("keys"))),
    }
}

fn shop() -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("shop");
    let setup = sample::setup();
    let till = Till::found(&store, &setup, ports(folder.path()), &Options::default()).unwrap();
    sample::load(&till).unwrap();
    for (id, command) in sale(100) {
        till.submit(id, command).unwrap().wait().unwrap();
    }
    let open = till
        .submit(CommandId::from_number(900), add(CartId::from_number(901)))
        .unwrap();
    open.wait().unwrap();
    let stranger = DeviceSecret::from_seed([13; 32]);
    let certificate = till
        .certify(Applicant {
            device: stranger.public(),
            incarnation: Incarnation::from_number(1),
            name: "Stolen phone".into(),
            location: Some(FIRST_LOCATION),
            capabilities: Capability::ALL.into(),
        })
        .unwrap();
    let organisation = till.organisation_key().unwrap().organisation();
    let kinds = [StreamKind::Shop, StreamKind::Book, StreamKind::Floor];
    let key = OrganisationKey::from_seed(*till.organisation_key().unwrap().seed());
    till.flush().unwrap();
    let backups = {
        let made = till.seal::<barrow_till::error::TillError>(
            &folder.path().join("backups"),
            Secret::Words,
            &mut Work::new(&mut |_, _| {}),
        );
        vec![std::fs::read(made.unwrap()).unwrap()]
    };
    let shop = Shop {
        policy_version: till.log().unwrap().durable().policy.version(),
        streams: kinds.map(|kind| certificate.stream(organisation, kind)),
        bodies: own_bodies(&till),
        folder,
        stranger,
        key,
        backups,
    };
    till.close();
    drop(till);
    shop
}

/// Reads what the shop itself wrote, but the catalogue's larger ops: what names its carts, shifts and goods.
fn own_bodies(till: &Till) -> Vec<Vec<u8>> {
    let reader = till.own_reader().unwrap();
    let mut bodies = Vec::new();
    for (stream, _) in reader.streams().unwrap() {
        for stored in reader.ops(&stream.id(), 1, 4_096).unwrap() {
            let content = stored.op.body.as_deref().and_then(body::content);
            bodies.extend(
                content
                    .map(<[u8]>::to_vec)
                    .filter(|content| content.len() < 4_096),
            );
        }
    }
    bodies
}

fn add(cart: CartId) -> Command {
    Command::AddLines {
        cart,
        lines: vec![LineDraft::of(ItemRef::Sku("LA-HONEY".into()))],
        approval: None,
    }
}

/// Returns the commands of a sale of one jar, paid in cash.
fn sale(number: u128) -> [(CommandId, Command); 2] {
    let cart = CartId::from_number(number);
    let pay = Command::Tender {
        cart,
        tender: CASH,
        amount_minor: None,
        given_minor: None,
        reference: None,
    };
    let id = |step| CommandId::from_number(number * 10 + step);
    [(id(1), add(cart)), (id(2), pay)]
}

pub(crate) fn bodies() -> Vec<Vec<u8>> {
    let corpus = crate::runner::decoder("body").map(crate::runner::kept);
    SHOP.with(|shop| [shop.bodies.clone(), corpus.unwrap_or_default()].concat())
}

/// Lets a device of the shop write an op with this body. The till that hears of it must go on selling and showing, and
/// what it keeps must be what a replay makes of it.
pub(crate) fn till(bytes: &[u8]) {
    SHOP.with(|shop| {
        let folder = tempfile::tempdir().unwrap();
        for part in ["shop", "keys"] {
            copy(&shop.folder.path().join(part), &folder.path().join(part));
        }
        let store = folder.path().join("shop");
        let opened = Till::open_stepped(&store, ports(folder.path()), &Options::default());
        let (till, mut worker) = opened.unwrap();
        let mut kept = till.ask_keep(vec![arrived(shop, bytes)]).unwrap();
        rest(&mut worker);
        kept.look().unwrap().unwrap();
        for (id, command) in sale(500) {
            let mut answer = till.submit(id, command).unwrap();
            rest(&mut worker);
            answer.look().unwrap().unwrap();
        }
        look(&till);
        check(&till);
        till.close();
        assert!(worker.step(Duration::from_secs(2)).is_break());
        // What was kept lets the till open again.
        drop((till, worker));
        drop(Till::open_stepped(&store, ports(folder.path()), &Options::default()).unwrap());
    });
}

fn arrived(shop: &Shop, content: &[u8]) -> Arrived {
    let kind = Body::from_bytes(content).ok().and_then(|body| body.stream_kind());
    let kind = kind.unwrap_or(StreamKind::Book);
    let stream = *shop.streams.iter().find(|stream| stream.kind == kind).unwrap();
    let mut author = Author::new(stream);
    let draft = OpDraft {
        kind: kind.code(),
        kind_version: 1,
        hlc: Hlc::new(NOW_MS, 0),
        wall_ms: NOW_MS,
        height: 1,
        policy_version: shop.policy_version,
        deps: Vec::new(),
        body: body::Body::plain(content),
    };
    let ops = vec![author.next(draft).unwrap()];
    let signature = author.seal(&shop.stranger).unwrap();
    Arrived {
        stream,
        range: SignedRange { ops, signature },
    }
}

fn rest(worker: &mut Worker) {
    for _ in 0..10_000 {
        match worker.step(Duration::from_secs(1)) {
            ControlFlow::Continue(Some(Duration::ZERO)) => {}
            ControlFlow::Continue(_) => return,
            ControlFlow::Break(()) => panic!("the till gave up"),
        }
    }
    panic!("the till never rests");
}

/// Looks at what people look at all day; a refusal is an answer, too.
fn look(till: &Till) {
    till.today(None).unwrap();
    till.status().unwrap();
    till.shop().unwrap();
    for sale in till.sales(None, 50).unwrap().sales {
        let _ = till.receipt_text(&sale.id, 42, true);
        let _ = till.returnable(&sale.id);
    }
    let _ = till.x_text(42);
    for closing in till.closings(None, 50).unwrap().closings {
        let _ = till.z_text(&closing.shift, 42);
    }
    for cart in till.open_carts(None, 50).unwrap() {
        till.cart(cart, 0).unwrap();
    }
    till.shift(None).unwrap();
    for tile in till.items(("", 0), 100).unwrap() {
        let _ = till.item(&tile.item);
    }
    till.stock(0, 100, false).unwrap();
    till.tasks(0, 100).unwrap();
    till.search("honey", 10).unwrap();
}

/// Checks chain and projections. That amounts of a stranger do not add up is for people to be told, and no fault here.
fn check(till: &Till) {
    let options = VerifyOptions {
        every_signature: false,
        replay: true,
    };
    let report = verify(&till.own_reader().unwrap(), &options, |_| {}).unwrap();
    let ours = |problem: &&Problem| !matches!(problem, Problem::Sums { .. });
    let faults: Vec<&Problem> = report.problems.iter().filter(ours).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

pub(crate) fn backups() -> Vec<Vec<u8>> {
    SHOP.with(|shop| shop.backups.clone())
}

/// Restores from a file; one that is not whole leaves nothing behind.
pub(crate) fn backup(bytes: &[u8]) {
    SHOP.with(|shop| {
        let folder = tempfile::tempdir().unwrap();
        let (file, into) = (folder.path().join("file"), folder.path().join("into"));
        std::fs::write(&file, bytes).unwrap();
        let restored = restore(
            &file,
            &Secret::Words(&shop.key),
            &into,
            &mut Work::new(&mut |_, _| {}),
        );
        if restored.is_err() {
            let left = std::fs::read_dir(&into).map_or(0, Iterator::count);
            assert_eq!(left, 0, "a restore that fails leaves nothing");
        }
    });
}
