//! Taxes by the ids of the caller, turned into the kernel's.

use super::request::{TEXT_CHARS, TaxDefinition, TaxSort};
use super::value::Object;
use crate::output::Failure;
use barrow_kernel::country::CountryPack;
use barrow_kernel::log::id::TaxId;
use barrow_kernel::tax::{MAX_GROUP_DEPTH, MAX_TAXES, Tax, TaxKind};
use std::collections::BTreeMap;

/// Most definitions of one document: more than any country has.
const MAX_DEFINITIONS: usize = 1_000;
/// Most taxes and groups within one group, so that groups of groups can't grow without end.
const MAX_NODES: usize = MAX_TAXES * (MAX_GROUP_DEPTH + 1);

/// The taxes of a document.
pub struct Taxes {
    by_id: BTreeMap<String, Tax>,
    /// The caller's ids, by the number of the kernel's id.
    ids: Vec<String>,
}

impl Taxes {
    /// Takes the definitions of the document, and the classes of a country as far as the document has no tax of
    /// that id.
    pub fn new(definitions: &[Object<TaxDefinition>], pack: Option<&CountryPack>) -> Result<Self, Failure> {
        if definitions.len() > MAX_DEFINITIONS {
            return Err(Failure::field(
                "taxes",
                format!("A document has at most {MAX_DEFINITIONS} taxes."),
            ));
        }
        let mut places = BTreeMap::new();
        for (place, definition) in definitions.iter().enumerate() {
            check(definition, place)?;
            if places.insert(definition.id.as_str(), place).is_some() {
                let message = format!("The id \"{}\" is taken by an earlier tax.", definition.id);
                return Err(Failure::field(format!("taxes[{place}].id"), message));
            }
        }
        let mut taxes = Self {
            by_id: BTreeMap::new(),
            ids: definitions
                .iter()
                .map(|definition| definition.id.clone())
                .collect(),
        };
        for place in 0..definitions.len() {
            let tax = build(definitions, &places, place, 0, &mut 0)?;
            tax.check()
                .map_err(|fault| Failure::field(format!("taxes[{place}]"), fault.to_string()))?;
            taxes.by_id.insert(definitions[place].id.clone(), tax);
        }
        taxes.add_classes(pack);
        Ok(taxes)
    }

    /// Adds the classes of a country.
    fn add_classes(&mut self, pack: Option<&CountryPack>) {
        let Some(pack) = pack else { return };
        for class in &pack.tax_classes {
            if self.by_id.contains_key(&class.class) {
                continue;
            }
            let tax = Tax {
                id: number(self.ids.len()),
                name: class.name.clone(),
                kind: TaxKind::Percent(class.rate),
                price_include: pack.prices_include_tax,
                include_base_amount: false,
                is_base_affected: true,
                sequence: 0,
                group: class.class.clone(),
                class: class.kind,
            };
            self.ids.push(class.class.clone());
            self.by_id.insert(class.class.clone(), tax);
        }
    }

    /// Finds the taxes of a list of ids.
    pub fn find(&self, ids: &[String], field: &str) -> Result<Vec<Tax>, Failure> {
        if ids.len() > MAX_TAXES {
            let message = format!("A line has at most {MAX_TAXES} taxes.");
            return Err(Failure::field(field, message));
        }
        let find = |(place, id): (usize, &String)| {
            self.by_id.get(id).cloned().ok_or_else(|| {
                let message = format!("There is no tax \"{id}\": name one that \"taxes\" defines.");
                Failure::field(format!("{field}[{place}]"), message)
            })
        };
        ids.iter().enumerate().map(find).collect()
    }

    /// Returns the caller's id of a tax.
    pub fn name(&self, id: TaxId) -> &str {
        let place = u128::from_be_bytes(*id.as_bytes()).checked_sub(1);
        let place = place.and_then(|place| usize::try_from(place).ok());
        place
            .and_then(|place| self.ids.get(place))
            .map_or("", String::as_str)
    }
}

/// Makes the kernel's id of the tax at a place.
const fn number(place: usize) -> TaxId {
    TaxId::from_number(place as u128 + 1)
}

/// Checks that a definition has what its kind needs and nothing else.
fn check(definition: &TaxDefinition, place: usize) -> Result<(), Failure> {
    let field = |name: &str| format!("taxes[{place}].{name}");
    let texts = [
        ("id", Some(&definition.id)),
        ("name", definition.name.as_ref()),
        ("group", Some(&definition.group)),
    ];
    for (name, text) in texts {
        if text.is_some_and(|text| text.chars().count() > TEXT_CHARS) {
            let message = format!("A text has at most {TEXT_CHARS} characters.");
            return Err(Failure::field(field(name), message));
        }
    }
    if definition.id.is_empty() {
        return Err(Failure::field(field("id"), "An id has at least one character."));
    }
    let (wanted, word) = match definition.kind {
        TaxSort::Percent => ("rate", "percent"),
        TaxSort::Division => ("rate", "division"),
        TaxSort::Fixed => ("amount", "fixed"),
        TaxSort::Group => ("children", "group"),
    };
    let has = [
        ("rate", definition.rate.is_some()),
        ("amount", definition.amount.is_some()),
        ("children", definition.children.is_some()),
    ];
    for (name, there) in has {
        if there != (name == wanted) {
            let message = format!("A tax of kind {word} has \"{wanted}\" and neither of the other two.");
            return Err(Failure::field(field(name), message));
        }
    }
    Ok(())
}

/// Builds a tax with its children. `nodes` counts what one group holds.
fn build(
    definitions: &[Object<TaxDefinition>],
    places: &BTreeMap<&str, usize>,
    place: usize,
    depth: usize,
    nodes: &mut usize,
) -> Result<Tax, Failure> {
    let definition = &definitions[place];
    *nodes += 1;
    if depth > MAX_GROUP_DEPTH || *nodes > MAX_NODES {
        let message = format!(
            "Groups nest at most {MAX_GROUP_DEPTH} deep, never in a circle, and hold at most {MAX_TAXES} taxes."
        );
        return Err(Failure::field(format!("taxes[{place}].children"), message));
    }
    let mut children = Vec::new();
    for (child, id) in definition.children.iter().flatten().enumerate() {
        let Some(&known) = places.get(id.as_str()) else {
            let message = format!("There is no tax \"{id}\": name one that \"taxes\" defines.");
            return Err(Failure::field(
                format!("taxes[{place}].children[{child}]"),
                message,
            ));
        };
        children.push(build(definitions, places, known, depth + 1, nodes)?);
    }
    Ok(Tax {
        id: number(place),
        name: definition.name.clone().unwrap_or_else(|| definition.id.clone()),
        kind: match definition.kind {
            TaxSort::Percent => TaxKind::Percent(definition.rate.unwrap_or_default()),
            TaxSort::Division => TaxKind::Division(definition.rate.unwrap_or_default()),
            TaxSort::Fixed => TaxKind::Fixed(definition.amount.unwrap_or_default()),
            TaxSort::Group => TaxKind::Group(children),
        },
        price_include: definition.price_include,
        include_base_amount: definition.include_base_amount,
        is_base_affected: definition.is_base_affected,
        sequence: definition.sequence,
        group: definition.group.clone(),
        class: definition.class,
    })
}
