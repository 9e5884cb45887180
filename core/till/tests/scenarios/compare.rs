//! Compares what came with what a story expects: only what is named counts, and every difference is told by its path.

use serde_json::Value;

/// Lists the differences of every field that `expected` names; lists must be as long as expected.
pub fn partial(expected: &Value, actual: &Value, path: &str, faults: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(fields), Value::Object(found)) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                match found.get(name) {
                    Some(actual) => partial(value, actual, &path, faults),
                    None if value.is_null() => {}
                    None => faults.push(format!("{path} is missing, expected {value}")),
                }
            }
        }
        (Value::Array(wanted), Value::Array(found)) => {
            if wanted.len() != found.len() {
                faults.push(format!(
                    "{path} has {} entries, expected {}",
                    found.len(),
                    wanted.len()
                ));
            }
            for (index, (value, actual)) in wanted.iter().zip(found).enumerate() {
                partial(value, actual, &format!("{path}[{index}]"), faults);
            }
        }
        _ if expected == actual => {}
        _ => faults.push(format!("{path} is {actual}, expected {expected}")),
    }
}

/// Lists the fields of `written` that `understood` lacks: a misspelt field would go unnoticed otherwise.
pub fn unknown_fields(written: &Value, understood: &Value, path: &str, faults: &mut Vec<String>) {
    match (written, understood) {
        (Value::Object(fields), Value::Object(known)) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                match known.get(name) {
                    Some(known) => unknown_fields(value, known, &path, faults),
                    None => faults.push(format!("{path} is no field of the command")),
                }
            }
        }
        (Value::Array(written), Value::Array(understood)) => {
            for (index, (written, understood)) in written.iter().zip(understood).enumerate() {
                unknown_fields(written, understood, &format!("{path}[{index}]"), faults);
            }
        }
        _ => {}
    }
}

#[test]
fn differences_are_found_at_their_paths() {
    use serde_json::json;
    let actual = json!({"totals": {"total_minor": 5, "tax_minor": 1}, "lines": [{"id": 1}, {"id": 2}]});
    let faults = |expected: Value| {
        let mut faults = Vec::new();
        partial(&expected, &actual, "view", &mut faults);
        faults
    };
    assert!(faults(json!({"totals": {"total_minor": 5}, "note": null})).is_empty());
    assert_eq!(
        faults(json!({"totals": {"total_minor": 6}})),
        ["view.totals.total_minor is 5, expected 6"]
    );
    assert_eq!(
        faults(json!({"lines": [{}]})),
        ["view.lines has 2 entries, expected 1"]
    );
    assert_eq!(
        faults(json!({"lines": [{}, {"id": 3}]})),
        ["view.lines[1].id is 2, expected 3"]
    );
    assert_eq!(faults(json!({"short": 1})), ["view.short is missing, expected 1"]);

    let mut faults = Vec::new();
    unknown_fields(
        &json!({"a": [{"b": 1, "typo": 2}]}),
        &json!({"a": [{"b": 1}]}),
        "do",
        &mut faults,
    );
    assert_eq!(faults, ["do.a[0].typo is no field of the command"]);
}
