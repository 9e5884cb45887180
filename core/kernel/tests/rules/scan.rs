//! Scanned codes: exact ones first, then what is embedded; unknown ones open the sell-now form.

use crate::common::*;
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::quantity::Unit;
use barrow_kernel::rejection::Rejection;

fn shop() -> Setup {
    Setup::new("EUR")
        .goods(1, "1.00", |g| g.code("4006381333931"))
        .goods(2, "3.49", |g| {
            g.weighed(Unit::Kilogram, "1").plu("0101").code("2710000000013")
        })
        .goods(3, "2.00", |g| g.code("036000291452"))
        .goods(4, "5.00", |g| g.code("OWN-1"))
}

fn scan(cart: barrow_kernel::log::id::CartId, code: &str, quantity: Option<&str>) -> Command {
    Command::Scan {
        cart,
        code: code.into(),
        quantity: quantity.map(qty),
    }
}

#[test]
fn an_exact_code_adds_one_and_merges() {
    let mut till = Till::of(shop());
    let cart = till.cart();
    till.ok(scan(cart, "4006381333931", None));
    till.ok(scan(cart, "4006381333931", Some("2")));
    assert_eq!(till.view(cart).lines[0].quantity, qty("3"));
    till.ok(scan(cart, "0036000291452", None));
    till.ok(scan(cart, "036000291452", None));
    assert_eq!(
        till.view(cart).lines[1].quantity,
        qty("2"),
        "UPC-A and EAN-13 are one"
    );
    till.ok(scan(cart, "OWN-1", None));
    assert_eq!(till.view(cart).line_count, 3);
}

#[test]
fn a_scale_label_tells_the_weight() {
    let mut till = Till::of(shop());
    let cart = till.cart();
    till.ok(scan(cart, "2801011012345", None));
    assert_eq!(till.view(cart).lines[0].quantity, qty("1.234"));
    assert_eq!(till.view(cart).totals.total_minor, 431);
    assert!(matches!(
        till.no(scan(cart, "2801011012345", Some("2"))),
        Rejection::OutOfRange { .. }
    ));
    // The item's own code goes before the rule for embedded ones, and tells no weight.
    assert!(matches!(
        till.no(scan(cart, "2710000000013", None)),
        Rejection::Missing { .. }
    ));
    till.ok(scan(cart, "2710000000013", Some("0.5")));
}

#[test]
fn a_gs1_code_tells_the_weight() {
    let mut till = Till::of(Setup::new("EUR").goods(1, "10.00", |g| {
        g.weighed(Unit::Kilogram, "1").code("09506000134352")
    }));
    let cart = till.cart();
    till.ok(scan(cart, "]C101095060001343523103001250", None));
    assert_eq!(till.view(cart).lines[0].quantity, qty("1.25"));
}

#[test]
fn unknown_and_shared_codes_are_told_apart() {
    let mut till = Till::of(shop());
    let cart = till.cart();
    assert!(matches!(
        till.no(scan(cart, "4012345678901", None)),
        Rejection::Unknown { .. }
    ));
    assert!(!till.state.carts.contains_key(&cart), "nothing was opened");
    // Two tills gave one code to two items, each alone: it merges, and a person chooses.
    let twin = shop().goods(5, "9.00", |g| g.code("OWN-1")).goods[4]
        .draft
        .clone();
    let put = barrow_kernel::catalogue::ItemPut {
        id: twin.id,
        face: twin.face.map(|value| barrow_kernel::catalogue::Write {
            value,
            replaces: Vec::new(),
        }),
        price: twin.price.map(|value| barrow_kernel::catalogue::Write {
            value,
            replaces: Vec::new(),
        }),
        trade: None,
        archived: None,
        sold_out: None,
        add_codes: twin.add_codes,
        remove_codes: Vec::new(),
    };
    till.take(vec![barrow_kernel::event::Event::ItemsPut { items: vec![put] }]);
    assert!(matches!(
        till.no(scan(cart, "OWN-1", None)),
        Rejection::NotNow { .. }
    ));
    till.ok(add(cart, LineDraft::of(ItemRef::Sku("SKU-5".into()))));
}

#[test]
fn an_archived_item_is_not_sold() {
    let mut till = Till::of(shop());
    let mut archive = shop().goods[0].draft.clone();
    archive.archived = Some(true);
    till.ok(Command::PutItems { items: vec![archive] });
    let cart = till.cart();
    assert!(matches!(
        till.no(scan(cart, "4006381333931", None)),
        Rejection::Unknown { .. }
    ));
    assert!(matches!(
        till.no(add(cart, line(1, "1"))),
        Rejection::Closed { .. }
    ));
}
