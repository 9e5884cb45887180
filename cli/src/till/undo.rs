//! Taking a change back: what turns a cart into what it was before.

use barrow_kernel::command::Command;
use barrow_kernel::view::{CartView, LineView};

/// Returns the commands that turn `after` back into `before`. Lines that a parent brought follow it by themselves.
pub fn between(before: Option<&CartView>, after: &CartView) -> Vec<Command> {
    let cart = after.cart;
    let top = |view: &CartView| -> Vec<LineView> {
        view.lines
            .iter()
            .filter(|line| line.parent.is_none())
            .cloned()
            .collect()
    };
    let (old, new) = (before.map(top).unwrap_or_default(), top(after));
    let mut back = Vec::new();
    for line in &new {
        match old.iter().find(|other| other.id == line.id) {
            None => back.push(Command::VoidLine { cart, line: line.id }),
            Some(other) => back.extend(line_back(after, other, line)),
        }
    }
    for line in old
        .iter()
        .filter(|line| !new.iter().any(|other| other.id == line.id))
    {
        back.push(Command::RestoreLine { cart, line: line.id });
    }
    let discounts = before.map(|view| view.discounts.clone()).unwrap_or_default();
    if discounts != after.discounts {
        back.push(Command::DiscountCart { cart, discounts });
    }
    back
}

fn line_back(view: &CartView, old: &LineView, new: &LineView) -> Vec<Command> {
    let (cart, line) = (view.cart, new.id);
    let mut back = Vec::new();
    if old.quantity != new.quantity {
        back.push(Command::SetQuantity {
            cart,
            line,
            quantity: old.quantity,
        });
    }
    if old.discounts != new.discounts {
        back.push(Command::DiscountLine {
            cart,
            line,
            discounts: old.discounts.clone(),
        });
    }
    if old.unit_price != new.unit_price {
        let reason = old.price_reason.clone().unwrap_or_else(|| "taken back".into());
        back.push(Command::SetPrice {
            cart,
            line,
            unit_price: old.unit_price,
            reason,
        });
    }
    back
}
