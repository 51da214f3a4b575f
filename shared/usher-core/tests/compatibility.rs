//! The test that guards the published schema catches each kind of break, and lets through what breaks nothing.

mod support;

use serde_json::{Value, json};
use support::compatibility::breaks;

/// A small schema of the event's kind.
fn published() -> Value {
    json!({
        "$id": "urn:usher:event:1",
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "Which."},
            "time": {"type": "string", "format": "date-time"},
            "version": {"type": "string", "const": "1"},
            "copies": {"type": "integer", "minimum": 1},
            "how": {"type": "string", "enum": ["checked", "unchecked"]},
            "status": {"description": "How far.", "allOf": [{"$ref": "#/$defs/Status"}]},
            "problem": {"anyOf": [{"type": "string", "enum": ["odd"]}, {"type": "string"}]},
            "tickets": {"type": "array", "items": {"$ref": "#/$defs/Ticket"}},
            "raw": {"description": "Anything.", "type": ["object", "string", "null"]},
            "rawer": {"description": "Anything at all."},
        },
        "required": ["id", "time"],
        "$defs": {
            "Status": {"anyOf": [{"type": "string", "enum": ["new", "old"]}, {"$ref": "#/$defs/OtherWord"}]},
            "OtherWord": {"type": "object", "properties": {"other": {"type": "string"}}, "required": ["other"]},
            "Ticket": {"type": "object", "properties": {"price": {"type": "integer"}}, "required": ["price"]},
        },
    })
}

/// What is found when one place of it is changed.
fn found(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut new = published();
    change(&mut new);
    breaks(&published(), &new)
}

fn set(pointer: &str, value: Value) -> Vec<String> {
    found(|schema| *schema.pointer_mut(pointer).expect("the place exists") = value)
}

fn remove(pointer: &str, name: &str) -> Vec<String> {
    found(|schema| {
        schema
            .pointer_mut(pointer)
            .and_then(Value::as_object_mut)
            .expect("an object")
            .remove(name)
            .expect("it exists");
    })
}

fn add(pointer: &str, name: &str, value: Value) -> Vec<String> {
    found(|schema| {
        let object = schema.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object");
        object.insert(name.to_owned(), value);
    })
}

#[test]
fn a_member_that_is_gone_is_a_break() {
    assert_eq!(remove("/properties", "status"), ["event.status is gone"]);
    assert_eq!(remove("/$defs/Ticket/properties", "price"), ["event.tickets[].price is gone"]);
}

#[test]
fn a_member_of_another_type_is_a_break() {
    assert_eq!(
        set("/properties/id/type", json!("integer")),
        [r#"event.id: type was "string" and is "integer""#]
    );
    assert_eq!(
        set("/properties/id/type", json!(["string", "null"])),
        [r#"event.id: type was "string" and is ["string","null"]"#]
    );
    assert_eq!(remove("/properties/id", "type"), [r#"event.id: type was "string" and is gone"#]);
    assert_eq!(
        set("/$defs/Ticket/properties/price/type", json!("number")),
        [r#"event.tickets[].price: type was "integer" and is "number""#]
    );
    assert_eq!(remove("/properties/tickets", "items").len(), 1);
    assert_eq!(set("/properties/raw/type", json!(["object", "string", "null", "number"])).len(), 1);
    assert_eq!(add("/properties/rawer", "type", json!("object")).len(), 1, "what could be anything");
}

#[test]
fn a_member_that_need_no_longer_be_there_is_a_break() {
    assert_eq!(set("/required", json!(["id"])), ["event: time was always there, and need no longer be"]);
    assert_eq!(remove("/$defs/Ticket", "required").len(), 1);
}

#[test]
fn a_new_word_is_a_break_unless_it_comes_as_other() {
    assert_eq!(
        set("/properties/how/enum", json!(["checked", "unchecked", "guessed"])),
        ["event.how: the word guessed is new"]
    );
    assert_eq!(
        set("/$defs/Status/anyOf/0/enum", json!(["new", "old", "ancient"])),
        ["event.status: the word ancient is new"]
    );
    assert_eq!(remove("/properties/how", "enum").len(), 1, "any text at all");
    assert!(
        set("/properties/problem/anyOf/0/enum", json!(["odd", "odder"])).is_empty(),
        "any text was announced"
    );
}

#[test]
fn another_form_is_a_break() {
    assert_eq!(
        set("/properties/time/format", json!("date")),
        [r#"event.time: format was "date-time" and is "date""#]
    );
    assert_eq!(remove("/properties/time", "format").len(), 1);
    assert_eq!(set("/properties/version/const", json!("2")).len(), 1);
    assert_eq!(set("/properties/copies/minimum", json!(0)), ["event.copies: its minimum is lower"]);
    assert_eq!(
        set("/$defs/Status/anyOf", json!([{"type": "string", "enum": ["new", "old"]}, {"type": "integer"}]))
            .len(),
        1
    );
    assert_eq!(set("/$defs/Status", json!({"type": "string", "enum": ["new"]})).len(), 1);
}

#[test]
fn another_version_is_not_taken_for_the_published_one() {
    assert_eq!(set("/$id", json!("urn:usher:event:2")).len(), 1);
}

#[test]
fn additions_and_words_about_it_break_nothing() {
    assert!(breaks(&published(), &published()).is_empty());
    assert!(add("/properties", "gift", json!({"type": "string"})).is_empty());
    assert!(add("/$defs", "Gift", json!({"type": "object"})).is_empty());
    assert!(set("/properties/id/description", json!("Which one.")).is_empty());
    assert!(add("/properties/id", "examples", json!(["a"])).is_empty());
    assert!(set("/required", json!(["id", "time", "how"])).is_empty(), "what is always there now");
    assert!(set("/properties/how/enum", json!(["checked"])).is_empty(), "a word less to expect");
    assert!(add("/properties/id", "enum", json!(["a", "b"])).is_empty(), "words where any text was expected");
}
