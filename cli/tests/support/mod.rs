//! Running the command, and holding JSON against a schema.

#![allow(dead_code, reason = "each test file uses a part")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run left behind.
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// The standard output.
    pub out: String,
    /// The standard error.
    pub err: String,
}

impl Run {
    /// Reads the one JSON document of the output.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("{fault}: {} {}", self.out, self.err))
    }
}

/// Runs the command.
pub fn barrow(args: &[&str], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_barrow"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Fed from beside, because a full pipe would hold both ends up. A child that reads nothing is no fault.
    let feeder = std::thread::spawn(move || stdin.write_all(&input).is_ok());
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Returns the folder of the schemas.
pub fn schema_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema")
}

/// Reads a JSON file.
#[track_caller]
pub fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// A schema, and which of its fields have been met.
pub struct Schema {
    root: Value,
    met: BTreeSet<String>,
}

impl Schema {
    /// Opens docs/schema/NAME.json.
    pub fn open(name: &str) -> Self {
        Self {
            root: read(&schema_folder().join(format!("{name}.json"))),
            met: BTreeSet::new(),
        }
    }

    /// Holds a document against the schema: fields, kinds of values, alternatives. Patterns are left to others.
    #[track_caller]
    pub fn check(&mut self, document: &Value) {
        let mut met = BTreeSet::new();
        if let Err(why) = self.fits(document, "", &mut met) {
            panic!("{why}\n{document:#}");
        }
        self.met.append(&mut met);
    }

    /// Tells whether a document fits.
    pub fn accepts(&self, document: &Value) -> bool {
        self.fits(document, "", &mut BTreeSet::new()).is_ok()
    }

    /// Lists the described fields that no document has had.
    pub fn unmet(&self) -> Vec<String> {
        let mut all = BTreeSet::new();
        fields(&self.root, "", &mut all);
        assert!(all.len() > 20, "the schema has fields");
        all.difference(&self.met).cloned().collect()
    }

    /// Names the fields of the object at a place of the schema.
    pub fn names(&self, pointer: &str) -> BTreeSet<String> {
        let object = self.root.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
        object["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    }

    fn fits(&self, value: &Value, at: &str, met: &mut BTreeSet<String>) -> Result<(), String> {
        let schema = self
            .root
            .pointer(at)
            .ok_or_else(|| format!("no schema at {at}"))?;
        if *schema == Value::Bool(false) {
            return Err(format!("{at} is not allowed here"));
        }
        if let Some(target) = schema["$ref"].as_str() {
            self.fits(value, &target[1..], met)?;
        }
        plain(schema, value).map_err(|why| format!("{at}: {why}, found {value}"))?;
        self.alternatives(schema, value, at, met)?;
        if let Some(object) = value.as_object() {
            for name in schema["required"].as_array().into_iter().flatten() {
                if !object.contains_key(name.as_str().unwrap_or_default()) {
                    return Err(format!("{at}: {name} is missing"));
                }
            }
            for (name, value) in object {
                if schema["properties"].get(name).is_some() {
                    let place = format!("{at}/properties/{name}");
                    self.fits(value, &place, met)?;
                    met.insert(place);
                } else if schema["additionalProperties"] == false {
                    return Err(format!("{at}: {name} is not described"));
                }
            }
        }
        if let (Some(items), true) = (value.as_array(), schema.get("items").is_some()) {
            for item in items {
                self.fits(item, &format!("{at}/items"), met)?;
            }
        }
        Ok(())
    }

    fn alternatives(
        &self,
        schema: &Value,
        value: &Value,
        at: &str,
        met: &mut BTreeSet<String>,
    ) -> Result<(), String> {
        for (word, least, most) in [
            ("oneOf", 1, 1),
            ("anyOf", 1, usize::MAX),
            ("allOf", usize::MAX, usize::MAX),
        ] {
            let Some(choices) = schema[word].as_array() else {
                continue;
            };
            let (mut fitting, mut reasons) = (0, Vec::new());
            for place in 0..choices.len() {
                let mut seen = BTreeSet::new();
                match self.fits(value, &format!("{at}/{word}/{place}"), &mut seen) {
                    Ok(()) => {
                        fitting += 1;
                        met.append(&mut seen);
                    }
                    Err(why) => reasons.push(why),
                }
            }
            if fitting < least.min(choices.len()) || fitting > most {
                return Err(format!("{at}/{word}: {fitting} fit: {}", reasons.join("; ")));
            }
        }
        let condition = format!("{at}/if");
        if schema.get("if").is_some() && self.fits(value, &condition, &mut BTreeSet::new()).is_ok() {
            self.fits(value, &format!("{at}/then"), met)?;
        }
        Ok(())
    }
}

/// Checks what needs no other schema.
fn plain(schema: &Value, value: &Value) -> Result<(), String> {
    let is = |name: &Value| match name.as_str().unwrap_or_default() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the schema uses type {other}"),
    };
    let fits = match &schema["type"] {
        Value::Null => true,
        Value::Array(names) => names.iter().any(is),
        name => is(name),
    };
    let known = schema["enum"].as_array().is_none_or(|all| all.contains(value));
    let same = schema.get("const").is_none_or(|only| only == value);
    let number = value.as_i64();
    let low = schema["minimum"]
        .as_i64()
        .zip(number)
        .is_none_or(|(least, n)| n >= least);
    let high = schema["maximum"]
        .as_i64()
        .zip(number)
        .is_none_or(|(most, n)| n <= most);
    if fits && known && same && low && high {
        Ok(())
    } else {
        Err("the value is of another kind".to_owned())
    }
}

/// Collects the places of all described fields, and holds that each has a description.
fn fields(schema: &Value, at: &str, all: &mut BTreeSet<String>) {
    let children = match schema {
        Value::Object(children) => children.iter().map(|(k, v)| (k.clone(), v)).collect::<Vec<_>>(),
        Value::Array(children) => children
            .iter()
            .enumerate()
            .map(|(k, v)| (k.to_string(), v))
            .collect(),
        _ => return,
    };
    for (key, child) in children {
        let place = format!("{at}/{key}");
        if at.ends_with("/properties") && child.is_object() && !at.contains("/if/") {
            assert!(child["description"].is_string(), "{place} is not described");
            all.insert(place.clone());
        }
        fields(child, &place, all);
    }
}

/// Holds documents against a schema with Python's `jsonschema`, patterns included. Returns false, and says so, where
/// that is not installed.
pub fn check_with_python(schema: &str, documents: &[Value]) -> bool {
    const SCRIPT: &str = "import json, sys\n\
        try:\n    import jsonschema\nexcept ImportError:\n    sys.exit(77)\n\
        schema = json.load(open(sys.argv[1]))\n\
        jsonschema.Draft202012Validator.check_schema(schema)\n\
        checker = jsonschema.Draft202012Validator(schema)\n\
        for document in json.load(sys.stdin):\n    checker.validate(document)\n";
    let path = schema_folder().join(format!("{schema}.json"));
    let child = Command::new("python3")
        .arg("-c")
        .arg(SCRIPT)
        .arg(path)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: python3 is not installed, so {schema} was checked without its patterns");
        return false;
    };
    let input = serde_json::to_vec(documents).unwrap();
    // Without the module it ends before it reads.
    let fed = child.stdin.take().unwrap().write_all(&input).is_ok();
    let output = child.wait_with_output().unwrap();
    if output.status.code() == Some(77) {
        eprintln!(
            "SKIPPED: Python's jsonschema is not installed, so {schema} was checked without its patterns"
        );
        return false;
    }
    assert!(
        fed && output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    true
}
