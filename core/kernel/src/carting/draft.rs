//! What a draft says of its line: the price of a unit, the quantity, the amount.

use super::too_large;
use crate::cart::Weighing;
use crate::catalogue::{Item, ItemKind};
use crate::command::LineDraft;
use crate::limits;
use crate::quantity::{Quantity, UnitPrice};
use crate::rejection::Rejection;

/// Settles the price of one unit: the catalogue's, a typed one, or a haggled one with its reason.
pub(super) fn unit_price(draft: &LineDraft, item: &Item) -> Result<UnitPrice, Rejection> {
    let Some(price) = draft.unit_price else {
        let typed = matches!(
            item.trade.kind,
            ItemKind::OpenPrice | ItemKind::Department | ItemKind::GiftCard
        );
        if typed && item.price.unit_price.is_zero() && draft.amount_minor.is_none() {
            return Err(Rejection::missing("unit_price", "type the price of this item"));
        }
        return Ok(item.price.unit_price);
    };
    if price.is_negative() {
        return Err(Rejection::range("unit_price", price, "a price is zero or more"));
    }
    if item.trade.kind == ItemKind::Deposit && price != item.price.unit_price {
        return Err(Rejection::not_now("unit_price", "A deposit has a fixed price."));
    }
    let fixed = matches!(
        item.trade.kind,
        ItemKind::Plain | ItemKind::Weighed | ItemKind::Service | ItemKind::Deposit
    );
    if fixed
        && price != item.price.unit_price
        && draft.reason.as_deref().is_none_or(|why| why.trim().is_empty())
    {
        return Err(Rejection::missing(
            "reason",
            "another price than the catalogue's needs one",
        ));
    }
    Ok(price)
}

/// Settles the quantity: typed, net of tare, or derived from the amount of a price-computing scale.
pub(super) fn quantity(
    draft: &LineDraft,
    item: &Item,
    price: UnitPrice,
) -> Result<(Quantity, Option<Weighing>), Rejection> {
    if draft.gross.is_none() && draft.tare.is_some() {
        return Err(Rejection::missing("gross", "a tare is taken off a gross weight"));
    }
    if let Some(gross) = draft.gross {
        if item.trade.kind != ItemKind::Weighed {
            return Err(Rejection::range(
                "gross",
                gross,
                "this item is not sold by weight",
            ));
        }
        if draft.quantity.is_some() {
            return Err(Rejection::range(
                "gross",
                gross,
                "give a quantity or a gross weight, not both",
            ));
        }
        let tare = draft.tare.or(item.trade.tare).unwrap_or(Quantity::ZERO);
        if tare.is_negative() {
            return Err(Rejection::range("tare", tare, "a tare is zero or more"));
        }
        let net = gross.checked_sub(tare).map_err(|_| too_large("gross"))?;
        if !net.is_positive() {
            return Err(Rejection::range(
                "gross",
                gross,
                &format!("it must be more than the tare of {tare}"),
            ));
        }
        return Ok((net, Some(Weighing { gross, tare })));
    }
    if let (Some(amount), None) = (draft.amount_minor, draft.quantity) {
        let derived = derived_quantity(item, amount, price)?;
        if derived.is_zero() {
            return Err(Rejection::range(
                "amount_minor",
                amount,
                "goods that are given away need their weight",
            ));
        }
        return Ok((derived, None));
    }
    let quantity = match draft.quantity {
        Some(quantity) => quantity,
        None if item.trade.kind == ItemKind::Weighed => {
            return Err(Rejection::missing("quantity", "this item is sold by weight"));
        }
        None => Quantity::ONE,
    };
    if quantity.is_zero() {
        return Err(Rejection::range("quantity", quantity, "it can't be zero"));
    }
    Ok((quantity, None))
}

/// Derives the quantity of an amount: amount / price, at three places, at least the smallest step.
fn derived_quantity(item: &Item, amount: i64, price: UnitPrice) -> Result<Quantity, Rejection> {
    if item.trade.kind != ItemKind::Weighed || price.is_zero() {
        return Ok(if amount < 0 {
            Quantity::ONE.negated()
        } else {
            Quantity::ONE
        });
    }
    Quantity::of_amount(amount, price, item.price.currency.digits).ok_or_else(|| too_large("amount_minor"))
}

pub(super) fn amount(draft: &LineDraft, item: &Item, quantity: Quantity) -> Result<Option<i64>, Rejection> {
    let Some(amount) = draft.amount_minor else {
        return Ok(None);
    };
    if amount
        .checked_abs()
        .is_none_or(|size| size > limits::AMOUNT_MINOR)
    {
        return Err(Rejection::range(
            "amount_minor",
            amount,
            "the amount is too large",
        ));
    }
    if item.trade.kind == ItemKind::Plain || item.trade.kind == ItemKind::Deposit {
        return Err(Rejection::range(
            "amount_minor",
            amount,
            "this item is sold by the piece; give a price instead",
        ));
    }
    if (amount < 0) != quantity.is_negative() {
        return Err(Rejection::range(
            "amount_minor",
            amount,
            "it must have the sign of the quantity",
        ));
    }
    Ok(Some(amount))
}
