//! Settings that are put: taxes, kinds of tender, places and the shop itself.

use super::{CashBox, Location, Shop, TenderKind};
use crate::cash::CashRounding;
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::limits;
use crate::rejection::{Rejection, check_required, check_text};
use crate::rounding::Rounding;
use crate::state::State;
use crate::tax::Tax;

/// Decides about taxes: an id that is known is replaced, lines keep the tax they were sold with.
pub fn put_taxes(context: &Context, taxes: &[Tax]) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Catalogue, "change taxes")?;
    check_list("taxes", taxes.len())?;
    for tax in taxes {
        check_required("name", &tax.name, limits::NAME_CHARS)?;
        check_text("group", &tax.group, limits::NAME_CHARS)?;
        tax.check()
            .map_err(|fault| Rejection::range("tax", &tax.name, &fault.to_string()))?;
    }
    Ok(vec![Event::TaxesPut {
        taxes: taxes.to_vec(),
    }])
}

/// Decides about kinds of tender.
pub fn put_tenders(context: &Context, tenders: &[TenderKind]) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Catalogue, "change tenders")?;
    check_list("tenders", tenders.len())?;
    for tender in tenders {
        check_required("name", &tender.name, limits::NAME_CHARS)?;
    }
    Ok(vec![Event::TendersPut {
        tenders: tenders.to_vec(),
    }])
}

/// Decides about places: locations and cash boxes.
pub fn put_places(
    context: &Context,
    locations: &[Location],
    cash_boxes: &[CashBox],
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Catalogue, "change places")?;
    check_list("places", locations.len() + cash_boxes.len())?;
    let names = locations
        .iter()
        .map(|place| &place.name)
        .chain(cash_boxes.iter().map(|place| &place.name));
    for name in names {
        check_required("name", name, limits::NAME_CHARS)?;
    }
    Ok(vec![Event::PlacesPut {
        locations: locations.to_vec(),
        cash_boxes: cash_boxes.to_vec(),
    }])
}

/// Decides about the shop's settings.
pub fn put_shop(
    state: &State,
    world: &dyn World,
    context: &Context,
    shop: &Shop,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Administer, "change the shop's settings")?;
    check_required("name", &shop.name, limits::NAME_CHARS)?;
    check_required("country", &shop.country, 2)?;
    check_text("language", &shop.language, 35)?;
    for (field, count) in [
        ("denominations", shop.denominations.len()),
        ("header", shop.header.len()),
        ("footer", shop.footer.len()),
        ("tax_mappings", shop.tax_mappings.len()),
        ("embedded_rules", shop.embedded_rules.len()),
    ] {
        if count > limits::SETTINGS {
            return Err(Rejection::TooLong {
                field: field.into(),
                limit: limits::SETTINGS as u32,
            });
        }
    }
    for line in shop.header.iter().chain(&shop.footer) {
        check_text("receipt line", line, limits::NOTE_CHARS)?;
    }
    for mapping in &shop.tax_mappings {
        check_required("tax_mappings.name", &mapping.name, limits::NAME_CHARS)?;
        let longest = mapping.swaps.iter().map(|swap| swap.to.len()).max();
        if mapping.swaps.len() > limits::SETTINGS || longest.is_some_and(|len| len > limits::TAXES_PER_ITEM) {
            return Err(Rejection::TooLong {
                field: "tax_mappings.swaps".into(),
                limit: limits::SETTINGS as u32,
            });
        }
    }
    for rule in &shop.embedded_rules {
        check_text("embedded_rules", rule, limits::CODE_CHARS)?;
    }
    if let Some(rule) = &shop.cash_rounding {
        check_cash_rounding(rule)?;
    }
    if shop.denominations.iter().any(|value| *value <= 0) {
        return Err(Rejection::range(
            "denominations",
            "zero or less",
            "a note or coin is worth more than zero",
        ));
    }
    if shop.utc_offset_minutes.unsigned_abs() > 14 * 60 {
        return Err(Rejection::range(
            "utc_offset_minutes",
            shop.utc_offset_minutes,
            "at most 14 hours",
        ));
    }
    if let Some(current) = world.shop_if_set()?
        && current.currency != shop.currency
        && (world.has_sales()? || !state.carts.is_empty() || !state.shifts.is_empty())
    {
        return Err(Rejection::not_now(
            "currency",
            "The currency can't change after the first sale, nor while a cart or shift is open.",
        ));
    }
    Ok(vec![Event::ShopPut { shop: shop.clone() }])
}

fn check_cash_rounding(rule: &CashRounding) -> Result<(), Rejection> {
    if !(1..=limits::AMOUNT_MINOR).contains(&rule.step_minor) {
        return Err(Rejection::range(
            "cash_rounding.step_minor",
            rule.step_minor,
            "the smallest coin is worth more than zero",
        ));
    }
    if rule.mode == Rounding::Exact {
        return Err(Rejection::range(
            "cash_rounding.mode",
            "exact",
            "cash must be payable whatever the total is; name a direction",
        ));
    }
    Ok(())
}

fn check_list(field: &str, count: usize) -> Result<(), Rejection> {
    if count == 0 {
        return Err(Rejection::missing(field, "name at least one"));
    }
    if count > limits::SETTINGS {
        return Err(Rejection::TooLong {
            field: field.into(),
            limit: limits::SETTINGS as u32,
        });
    }
    Ok(())
}
