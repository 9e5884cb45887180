//! How a file names a tax.

use barrow_kernel::tax::Tax;
use barrow_log::id::TaxId;

/// Finds a tax by its report group, its name or its id.
pub fn by_name(taxes: &[Tax], name: &str) -> Result<TaxId, String> {
    let found: Vec<&Tax> = taxes.iter().filter(|tax| tax.group == name).collect();
    if let [only] = found.as_slice() {
        return Ok(only.id);
    }
    let mut named = taxes
        .iter()
        .filter(|tax| tax.name == name || tax.id.to_string() == name);
    match (named.next(), named.next()) {
        (Some(tax), None) => Ok(tax.id),
        _ if found.len() > 1 => Err(format!("{name} can mean several taxes: write the tax's name")),
        _ => {
            let names: Vec<String> = taxes.iter().map(|tax| name_of(taxes, tax)).collect();
            Err(format!(
                "there is no tax {name}: write one of {}",
                names.join(", ")
            ))
        }
    }
}

/// Returns the shortest name that means one tax and no other: its group, its name, or its id.
pub fn name_of(taxes: &[Tax], tax: &Tax) -> String {
    let group = |name: &str| taxes.iter().filter(|other| other.group == name).count();
    let name = |name: &str| taxes.iter().filter(|other| other.name == name).count();
    if !tax.group.is_empty() && group(&tax.group) == 1 {
        return tax.group.clone();
    }
    match name(&tax.name) == 1 && group(&tax.name) == 0 {
        true => tax.name.clone(),
        false => tax.id.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barrow_kernel::tax::{TaxClass, TaxKind};

    fn tax(number: u128, name: &str, group: &str) -> Tax {
        Tax {
            id: TaxId::from_number(number),
            name: name.into(),
            kind: TaxKind::Percent("7".parse().unwrap()),
            price_include: true,
            include_base_amount: false,
            is_base_affected: true,
            sequence: 0,
            group: group.into(),
            class: TaxClass::Taxed,
        }
    }

    #[test]
    fn the_name_that_is_written_is_read_back_as_the_same_tax() {
        let taxes = [
            tax(1, "7 %", "reduced"),
            tax(2, "City A", "city"),
            tax(3, "City B", "city"),
            tax(4, "Twin", ""),
            tax(5, "Twin", ""),
            tax(6, "reduced", "odd"),
        ];
        for known in &taxes {
            assert_eq!(
                by_name(&taxes, &name_of(&taxes, known)),
                Ok(known.id),
                "{}",
                known.name
            );
        }
        assert_eq!(name_of(&taxes, &taxes[0]), "reduced");
        assert_eq!(name_of(&taxes, &taxes[1]), "City A");
        assert!(by_name(&taxes, "city").unwrap_err().contains("several"));
        assert!(by_name(&taxes, "luxury").unwrap_err().contains("City A"));
    }
}
