//! The check whether a value is valid by a JSON Schema: for the keywords that the event's schema uses, and no others.

use jiff::Timestamp;
use serde_json::Value;

/// What say nothing of a value.
const NOTES: [&str; 7] = ["$id", "$schema", "$defs", "title", "description", "examples", "minimum"];

/// Every way in which the value is not what the schema says, with its place.
pub fn errors(value: &Value, root: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    check(value, root, root, "", &mut errors);
    errors
}

fn check(value: &Value, schema: &Value, root: &Value, place: &str, errors: &mut Vec<String>) {
    for (keyword, said) in schema.as_object().expect("a schema is an object") {
        let fits = match &**keyword {
            "type" => names(said).iter().any(|name| is_of_type(value, name)),
            "const" => value == said,
            "enum" => said.as_array().expect("a list").contains(value),
            "format" => is_of_format(value, said.as_str().expect("a format")),
            "required" => said
                .as_array()
                .expect("a list")
                .iter()
                .all(|name| value.get(name.as_str().expect("a name")).is_some()),
            "anyOf" => said.as_array().expect("a list").iter().any(|form| {
                let mut errors = Vec::new();
                check(value, form, root, place, &mut errors);
                errors.is_empty()
            }),
            "allOf" => {
                for form in said.as_array().expect("a list") {
                    check(value, form, root, place, errors);
                }
                true
            }
            "$ref" => {
                let pointer = said
                    .as_str()
                    .and_then(|reference| reference.strip_prefix('#'))
                    .expect("a local reference");
                check(value, root.pointer(pointer).expect("it is defined"), root, place, errors);
                true
            }
            "properties" => {
                for (name, schema) in said.as_object().expect("an object") {
                    if let Some(value) = value.get(name) {
                        check(value, schema, root, &format!("{place}.{name}"), errors);
                    }
                }
                true
            }
            "items" => {
                for value in value.as_array().into_iter().flatten() {
                    check(value, said, root, &format!("{place}[]"), errors);
                }
                true
            }
            note if NOTES.contains(&note) => true,
            other => panic!("teach this test what {other} means"),
        };
        if !fits {
            errors.push(format!("{place}: {value} does not fit {keyword}: {said}"));
        }
    }
}

/// One name, or several.
fn names(said: &Value) -> Vec<&str> {
    match said {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("teach this test the type {other}"),
    }
}

fn is_of_format(value: &Value, name: &str) -> bool {
    match name {
        "date-time" => {
            value.as_str().is_none_or(|text| text.parse::<Timestamp>().is_ok() && text.ends_with('Z'))
        }
        "int64" => true,
        other => panic!("teach this test the format {other}"),
    }
}
