//! Holds a story to the schema, as far as the schema goes: the keywords that it uses, and a fault for any other.

use serde_json::Value;

/// Lists what a value does not keep of a schema, with paths.
pub fn check(schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
    let Some(rules) = schema.as_object() else { return };
    for (keyword, rule) in rules {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "additionalProperties" => {}
            "type" => must(
                is_type(rule, value),
                path,
                &format!("is not of type {rule}"),
                faults,
            ),
            "const" => must(rule == value, path, &format!("is not {rule}"), faults),
            "enum" => must(
                list(rule).contains(value),
                path,
                &format!("is {value}, none of the known ones"),
                faults,
            ),
            "required" => {
                for name in list(rule).iter().filter_map(Value::as_str) {
                    must(value.get(name).is_some(), path, &format!("lacks {name}"), faults);
                }
            }
            "minLength" => must(size(value) >= rule.as_u64(), path, "is too short", faults),
            "maxLength" => must(size(value) <= rule.as_u64(), path, "is too long", faults),
            "minItems" | "minProperties" => {
                must(size(value) >= rule.as_u64(), path, "has too few entries", faults)
            }
            "maxProperties" => must(size(value) <= rule.as_u64(), path, "has too many entries", faults),
            "items" => {
                for (index, entry) in list(value).iter().enumerate() {
                    check(rule, entry, &format!("{path}[{index}]"), faults);
                }
            }
            "propertyNames" => {
                for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
                    check(
                        rule,
                        &Value::String(name.clone()),
                        &format!("{path}.{name}"),
                        faults,
                    );
                }
            }
            "properties" => properties(rule, schema, value, path, faults),
            "pattern" => {
                // The schema's patterns are openings: a caret and one sign.
                let opening = rule
                    .as_str()
                    .and_then(|pattern| pattern.strip_prefix('^'))
                    .unwrap_or_default();
                let opening = opening.replace('\\', "");
                let opens = value.as_str().is_some_and(|text| text.starts_with(&opening));
                must(opens, path, &format!("does not begin with {opening}"), faults);
            }
            other => faults.push(format!("the schema uses {other}, which this check does not know")),
        }
    }
}

fn properties(known: &Value, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
    let closed = schema["additionalProperties"] == Value::Bool(false);
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        match known.get(name) {
            Some(rule) => check(rule, value, &path, faults),
            None if closed => faults.push(format!("{path} is no field of the schema")),
            None => {}
        }
    }
}

fn must(holds: bool, path: &str, what: &str, faults: &mut Vec<String>) {
    if !holds {
        faults.push(format!("{path} {what}"));
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn size(value: &Value) -> Option<u64> {
    let size = match value {
        Value::String(text) => text.chars().count(),
        Value::Array(entries) => entries.len(),
        Value::Object(fields) => fields.len(),
        _ => return None,
    };
    u64::try_from(size).ok()
}

fn is_type(rule: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("null") => value.is_null(),
        _ => false,
    };
    match rule {
        Value::Array(names) => names.iter().any(is),
        name => is(name),
    }
}

#[test]
fn what_the_schema_does_not_know_is_found() {
    use serde_json::json;
    let schema = json!({ "type": "object", "required": ["name"], "additionalProperties": false, "properties": {
        "name": { "type": "string", "minLength": 1 },
        "as": { "pattern": "^\\$" },
        "do": { "propertyNames": { "enum": ["scan"] }, "maxProperties": 1 },
    } });
    let faults = |value: Value| {
        let mut faults = Vec::new();
        check(&schema, &value, "story", &mut faults);
        faults
    };
    assert!(faults(json!({ "name": "x", "as": "$sale", "do": { "scan": {} } })).is_empty());
    assert_eq!(
        faults(json!({ "name": "x", "nam": "y" })),
        ["story.nam is no field of the schema"]
    );
    assert_eq!(faults(json!({ "name": "" })), ["story.name is too short"]);
    assert_eq!(
        faults(json!({ "name": "x", "as": "sale" })),
        ["story.as does not begin with $"]
    );
    assert_eq!(faults(json!({ "name": "x", "do": { "scam": {} } })).len(), 1);
    assert_eq!(faults(json!({})), ["story lacks name"]);
}
