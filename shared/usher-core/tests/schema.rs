//! The published JSON Schema is the one of the Rust types, says what there is to say, and holds for every event.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use support::compatibility::breaks;
use support::samples::{message, message_of, samples};
use support::table::{documented, entries};
use support::validation::errors;
use usher_core::event::Problem;
use usher_core::event::schema;
use usher_core::providers::{Luma, Lunacal};

const HOW_TO_RENEW: &str = "events/event.schema.json is not the schema of the types. Renew it with

    cargo run -p usher-core --features schema --example schema
";

const HOW_TO_VERSION: &str = "This change would break who reads events by the published schema. Either make it in a way
that doesn't: add a member and leave the old one, send a new word as `other`, keep what is always sent. Or make it a
new version:

  1. the next number in DATA_SCHEMA, shared/usher-core/src/event.rs (urn:usher:event:2)
  2. cargo run -p usher-core --features schema --example schema
  3. cp events/event.schema.json events/event.schema.published.json
  4. say in CHANGELOG.md what changed; consumers tell the versions apart by `dataschema`
";

fn committed(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn the_schema() -> Value {
    schema::event().to_value()
}

#[test]
fn the_committed_schema_is_the_one_of_the_types() {
    assert!(committed("event.schema.json") == schema::event_text(), "{HOW_TO_RENEW}");
}

#[test]
fn who_relies_on_the_published_schema_is_not_surprised() {
    let published: Value =
        serde_json::from_str(&committed("event.schema.published.json")).expect("it is JSON");
    let breaks = breaks(&published, &the_schema());
    assert!(breaks.is_empty(), "{HOW_TO_VERSION}\n{}", breaks.join("\n"));
}

#[test]
fn every_sample_becomes_an_event_that_is_valid() {
    let schema = the_schema();
    for sample in samples() {
        let Some(message) = message(sample.provider, &sample.body) else { continue };
        let event: Value = serde_json::from_str(&message.body).expect("the event is JSON");
        assert_eq!(errors(&event, &schema), Vec::<String>::new(), "{}", sample.name);
    }
}

#[test]
fn events_of_odd_bodies_are_valid() {
    let schema = the_schema();
    for body in [
        &b"no JSON"[..],
        b"[]",
        b"{}",
        br#"{"type":"guest.registered"}"#,
        br#"{"type":"guest.levitated","data":{}}"#,
        br#"{"type":"guest.updated","data":{"approval_status":"Levitating","surprise":[1],"registered_at":"noon"}}"#,
        b"{\"type\":\"guest.updated\",\"data\":{\"user_name\":\"\xEF\xBF\xBF\"}}",
    ] {
        let message = message_of::<Luma>(body).expect("it is queued");
        let event: Value = serde_json::from_str(&message.body).expect("the event is JSON");
        assert_eq!(errors(&event, &schema), Vec::<String>::new());
    }
    let body =
        br#"{"triggerEvent":"BOOKING_PAID","payload":{"uid":"u","status":"SNOOZED","location":"a yurt","price":1}}"#;
    let message = message_of::<Lunacal>(body).expect("it is queued");
    let event: Value = serde_json::from_str(&message.body).expect("the event is JSON");
    assert_eq!(event["data"]["booking"]["status"], json!({"other": "SNOOZED"}));
    assert_eq!(errors(&event, &schema), Vec::<String>::new());
}

/// Or the tests above would hold whatever is sent.
#[test]
fn an_event_that_is_not_valid_is_found_out() {
    let schema = the_schema();
    let message =
        message_of::<Luma>(br#"{"type":"guest.registered","data":{"id":"g"}}"#).expect("it is queued");
    let event: Value = serde_json::from_str(&message.body).expect("the event is JSON");
    for (pointer, value) in [
        ("", json!([])),
        ("/id", json!(1)),
        ("/dataschema", json!("urn:usher:event:0")),
        ("/time", json!("noon")),
        ("/deduplication", json!("perhaps")),
        ("/data", json!({"tickets": {}})),
        ("/data", json!({"tickets": [{"price": {}}]})),
        ("/data/registration", json!({"status": "levitating"})),
        ("/data/registration", json!({"status": {"another": "levitating"}})),
        ("/data/registration", json!({"checked_in_at": null})),
    ] {
        let mut event = event.clone();
        *event.pointer_mut(pointer).expect("it is there") = value.clone();
        assert_ne!(errors(&event, &schema), Vec::<String>::new(), "{pointer} {value}");
    }
}

#[test]
fn every_member_and_every_definition_says_what_it_is() {
    fn check(schema: &Value, place: &str) {
        assert!(schema["description"].is_string(), "{place} says nothing");
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            check_member(member, &format!("{place}.{name}"));
        }
    }
    fn check_member(member: &Value, place: &str) {
        // The one member of a word that Usher doesn't know is told by the definition.
        assert!(member["description"].is_string() || place == "OtherWord.other", "{place} says nothing");
        let text = member["description"].as_str().unwrap_or_default();
        assert!(!text.contains("](") && !text.contains("[`"), "{place} links to what only Rust knows");
    }
    let schema = the_schema();
    check(&schema, "event");
    for (name, definition) in schema["$defs"].as_object().expect("definitions") {
        check(definition, name);
    }
}

/// The comments name the providers' fields; the tables know them.
#[test]
fn every_member_names_the_providers_fields_it_comes_from() {
    let schema = the_schema();
    for sample in documented() {
        for (path, known) in entries(sample.shape) {
            let Some(target) = known.to.filter(|target| !target.is_empty()) else { continue };
            let provider = BTreeMap::from([("luma", "Luma"), ("lunacal", "Lunacal")])[sample.provider];
            let field = format!("`{}`", known.name);
            let said = descriptions(&schema, target);
            let named = said.iter().any(|text| text.contains(provider) && text.contains(&field));
            assert!(named, "{target} comes from {provider}'s {path}, and doesn't say so: {said:?}");
        }
    }
}

/// What the schema says of a place in the data and of what it is part of.
fn descriptions(schema: &Value, target: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut place = &schema["$defs"]["Data"];
    for name in target.split('.') {
        place = &place["properties"][name.trim_end_matches("[]")];
        all.extend(place["description"].as_str().map(str::to_owned));
        let inner = place.get("items").unwrap_or(place);
        let inner = inner.pointer("/allOf/0").unwrap_or(inner);
        if let Some(reference) = inner["$ref"].as_str() {
            place = schema.pointer(&reference[1..]).expect("it is defined");
        }
    }
    all
}

#[test]
fn a_reader_takes_a_problem_that_a_later_version_tells_of() {
    let problem: Problem = serde_json::from_str("\"sent_by_owl\"").expect("any word will do");
    assert_eq!(problem, Problem::Unknown);
}
