//! The event's JSON Schema, made from the Rust types and their comments, in a form that suits generators of types in
//! other languages.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value, json};

use super::{DATA_SCHEMA, Event};

/// Returns the schema of [`Event`] as it is sent, JSON Schema 2020-12.
pub fn event() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(RecursiveTransform(plain));
    let mut schema = settings.into_generator().into_root_schema_for::<Event>();
    schema.insert("$id".to_owned(), DATA_SCHEMA.into());
    if let Some(definitions) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
        definitions.insert("OtherWord".to_owned(), other_word());
        definitions.insert("Json".to_owned(), any_json());
    }
    schema
}

/// Returns [`event`] as it is written to `events/event.schema.json`.
pub fn event_text() -> String {
    let text =
        serde_json::to_string_pretty(&event()).expect("a schema has only string keys and finite numbers");
    format!("{text}\n")
}

fn plain(schema: &mut Schema) {
    describe(schema);
    join_words(schema);
    name_members(schema);
    // What is always sent needs none.
    schema.remove("default");
    // Rust's sizes of numbers, which mean nothing here, but for one: 64 bits are more than a double is exact for.
    if schema.get("format").is_some_and(|format| format == "double" || format == "uint32") {
        schema.remove("format");
    }
}

/// Joins the lines of each paragraph: the breaks in a comment mean nothing.
fn describe(schema: &mut Schema) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        let paragraphs: Vec<String> = description.split("\n\n").map(|text| text.replace('\n', " ")).collect();
        *description = paragraphs.join("\n\n");
    }
}

/// Makes one enum of all words, in place of a list of lists and constants. Rust's enums become `oneOf`, and ours are
/// words only.
fn join_words(schema: &mut Schema) {
    let Some(Value::Array(forms)) = schema.remove("oneOf") else { return };
    let (mut words, mut notes, mut other) = (Vec::new(), Vec::new(), None);
    for form in forms {
        if let Some(listed) = form["enum"].as_array() {
            words.extend(listed.iter().cloned());
        } else if let Some(word) = form["const"].as_str() {
            words.push(word.into());
            if let Some(note) = form["description"].as_str() {
                notes.push(format!("\n\n`{word}`: {note}"));
            }
        } else if form.get("properties").is_some() {
            other = Some(json!({"$ref": "#/$defs/OtherWord"}));
        } else {
            other = Some(form);
        }
    }
    let words = json!({"type": "string", "enum": words});
    match (other, words) {
        (Some(other), words) => {
            schema.insert("anyOf".to_owned(), json!([words, other]));
        }
        (None, Value::Object(words)) => schema.ensure_object().extend(words),
        (None, _) => unreachable!("the words are an object"),
    }
    if let Some(Value::String(description)) = schema.get_mut("description") {
        description.push_str(&notes.concat());
    }
}

fn other_word() -> Value {
    json!({
        "title": "OtherWord",
        "description": "A word that Usher doesn't know, as the provider spelt it.",
        "type": "object",
        "properties": {"other": {"type": "string"}},
        "required": ["other"],
    })
}

fn any_json() -> Value {
    json!({
        "title": "Json",
        "description": "Any JSON value.",
        "type": ["object", "array", "string", "number", "boolean", "null"],
    })
}

fn name_members(schema: &mut Schema) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let required = required.as_array().map_or(&[][..], Vec::as_slice);
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    for (name, member) in properties {
        if !required.contains(&Value::from(name.as_str())) {
            drop_null(member);
        }
        if let Value::Object(member) = member {
            name_definition(member);
        }
    }
}

/// Drops `null` from a member's types: a member without a value is left out, never null.
fn drop_null(member: &mut Value) {
    if let Some(types) = member.get_mut("type")
        && let Value::Array(several) = types
    {
        several.retain(|name| name != "null");
        if let [only] = &mut several[..] {
            *types = only.take();
        }
    }
    let Some(forms) = member.get_mut("anyOf").and_then(Value::as_array_mut) else { return };
    forms.retain(|form| *form != json!({"type": "null"}));
    if let [only] = &mut forms[..] {
        let only = only.take();
        if let (Value::Object(member), Value::Object(only)) = (member, only) {
            member.remove("anyOf");
            member.extend(only);
        }
    }
}

/// Puts a reference alone into `allOf`: beside a description, generators would take it for a type of its own.
fn name_definition(member: &mut Map<String, Value>) {
    let reference = match member.remove("$ref") {
        Some(reference) => reference,
        None if member.keys().all(|keyword| keyword == "description") => "#/$defs/Json".into(),
        None => return,
    };
    member.insert("allOf".to_owned(), json!([{"$ref": reference}]));
}
