//! What must be unique is unique, what is wrong is named, what does not change is not written.

use crate::common::*;
use barrow_kernel::catalogue::{ItemDraft, ItemKind};
use barrow_kernel::command::Command;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::rounding::Rounding;

fn put(items: &[&ItemDraft]) -> Command {
    Command::PutItems {
        items: items.iter().map(|item| (*item).clone()).collect(),
    }
}

fn drafts() -> [ItemDraft; 2] {
    let setup = Setup::new("EUR")
        .goods(1, "1.00", |g| g.code("A").plu("0001"))
        .goods(2, "1.00", |g| g.code("B").plu("0002"));
    [setup.goods[0].draft.clone(), setup.goods[1].draft.clone()]
}

fn taken(why: &Rejection) -> bool {
    matches!(why, Rejection::Taken { .. })
}

#[test]
fn skus_codes_and_scale_numbers_are_unique() {
    let mut till = Till::of(Setup::new("EUR"));
    let [one, two] = drafts();
    till.ok(put(&[&one]));
    let mut wrong = two.clone();
    wrong.face = one.face.clone();
    assert!(taken(&till.no(put(&[&wrong]))));
    wrong = two.clone();
    wrong.add_codes = vec!["A".into()];
    assert!(taken(&till.no(put(&[&wrong]))));
    wrong.remove_codes = vec!["A".into()];
    assert!(taken(&till.no(put(&[&wrong]))), "no way round");
    wrong = two.clone();
    wrong.trade = one.trade.clone();
    assert!(taken(&till.no(put(&[&wrong]))));
    assert!(taken(&till.no(put(&[&two, &two]))));
    till.ok(put(&[&two]));
    assert!(matches!(till.no(put(&[&two])), Rejection::NotNow { .. }));
    // A code may move in one command.
    let (mut from, mut to) = (one.clone(), two.clone());
    (from.add_codes, from.remove_codes) = (Vec::new(), vec!["A".into()]);
    to.add_codes = vec!["A".into()];
    till.ok(put(&[&from, &to]));
}

#[test]
fn an_archived_item_returns_only_when_its_names_are_free() {
    let mut till = Till::of(Setup::new("EUR"));
    let [one, two] = drafts();
    let mut archived = one.clone();
    archived.archived = Some(true);
    till.ok(put(&[&archived]));
    let mut heir = two;
    heir.add_codes = vec!["A".into()];
    till.ok(put(&[&heir]));
    let back = ItemDraft {
        face: None,
        price: None,
        trade: None,
        archived: Some(false),
        add_codes: Vec::new(),
        ..one
    };
    assert!(taken(&till.no(put(&[&back]))));
    let without = ItemDraft {
        remove_codes: vec!["A".into()],
        ..back
    };
    till.ok(put(&[&without]));
}

#[test]
fn deposits_are_items_of_that_kind() {
    let mut till = Till::of(Setup::new("EUR"));
    let goods = Setup::new("EUR")
        .plain(8, "1.00")
        .goods(9, "0.25", |g| g.kind(ItemKind::Deposit))
        .goods(1, "1.00", |g| g.brings(8))
        .goods(2, "1.00", |g| g.brings(9))
        .goods(3, "1.00", |g| g.brings(3))
        .goods;
    let [plain, deposit, wrong, right, own] = goods.as_slice() else {
        panic!("five goods")
    };
    till.no(put(&[&plain.draft, &wrong.draft]));
    till.no(put(&[&right.draft]));
    till.no(put(&[&own.draft]));
    till.ok(put(&[&deposit.draft, &right.draft]));
}

#[test]
fn a_shop_that_could_not_sell_is_refused() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "1.00"));
    let shop = |change: fn(&mut barrow_kernel::catalogue::Shop)| Command::PutShop {
        shop: Setup::new("EUR").cash_step(5).with(change).shop,
    };
    for wrong in [
        shop(|shop| shop.name = " ".into()),
        shop(|shop| shop.denominations = vec![0]),
        shop(|shop| shop.utc_offset_minutes = i32::MIN),
        shop(|shop| shop.cash_rounding.as_mut().expect("a rule").step_minor = 0),
        shop(|shop| shop.cash_rounding.as_mut().expect("a rule").mode = Rounding::Exact),
        shop(|shop| shop.embedded_rules = vec!["x".repeat(10_000)]),
    ] {
        till.no(wrong);
    }
    let cart = till.cart_of(&[(1, "1")]);
    let yen = shop(|shop| shop.currency = "JPY".parse().expect("a currency"));
    assert!(matches!(till.no(yen.clone()), Rejection::NotNow { .. }));
    till.ok(Command::VoidCart { cart, reason: None });
    till.ok(yen.clone());
    let cart = till.cart();
    assert!(
        matches!(till.no(add(cart, line(1, "1"))), Rejection::OutOfRange { .. }),
        "1.00 EUR is not 1 JPY"
    );
}
