//! Half of a pair of surrogates, as JavaScript leaves it where it cuts a text: the event is read, the body kept exactly.

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::Value;
use support::cases::cases;
use support::samples::message_of;
use support::signing::Signs;
use usher_core::providers::{Allfly, Luma, Lunacal};

fn event<P: Signs>(body: &str) -> Value {
    let message = message_of::<P>(body.as_bytes()).expect("it is queued");
    serde_json::from_str(&message.body).expect("the message is JSON")
}

fn guest(name: &str) -> String {
    format!(r#"{{"type":"guest.registered","data":{{"id":"gst-1","user_name":"{name}"}}}}"#)
}

fn name(name: &str) -> Value {
    event::<Luma>(&guest(name))["data"]["person"]["name"].clone()
}

#[test]
fn half_a_character_is_read_as_a_replacement_and_the_rest_as_it_is() {
    assert_eq!(name(r"Maya \ud83d"), "Maya \u{FFFD}");
    assert_eq!(name(r"\uDE00 Maya"), "\u{FFFD} Maya");
    assert_eq!(name(r"\ud83d\ud83d\ude00\ude00"), "\u{FFFD}😀\u{FFFD}");
    assert_eq!(name(r"\ud83d\u0041"), "\u{FFFD}A");
    assert_eq!(name(r"\ud83dA\nB"), "\u{FFFD}A\nB");
    assert_eq!(name(r"\\ud83d \ud83d"), "\\ud83d \u{FFFD}", "an escaped backslash is no escape");
    assert_eq!(name(r#"\"\ud83d\\"#), "\"\u{FFFD}\\");
}

#[test]
fn the_body_is_kept_exactly_as_base64() {
    let body = guest(r"Maya \ud83d");
    let event = event::<Luma>(&body);
    assert_eq!(event["type"], "usher.registration.created");
    assert_eq!(event["data"].get("raw"), None);
    let kept = event["data"]["raw_base64"].as_str().expect("raw_base64");
    assert_eq!(STANDARD.decode(kept).expect("base64"), body.as_bytes());
}

#[test]
fn it_is_so_for_every_provider() {
    let booking =
        r#"{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-01-01T00:00:00Z","payload":{"uid":"\ud83d"}}"#;
    assert_eq!(event::<Lunacal>(booking)["type"], "usher.booking.created");
    let attendee = r#"{"type":"event_attendee.joined_event","data":{"name":"\ud83d"}}"#;
    assert_eq!(event::<Allfly>(attendee)["type"], "usher.registration.created");
}

#[test]
fn what_is_no_json_besides_is_still_unrecognized() {
    for body in [
        r#"{"type":"guest.registered","data":"\ud83d"#,
        r#""\ud83"#,
        r#""\ud83d\"#,
        r#""\ud83d\u"#,
        r"\ud83d",
    ] {
        assert_eq!(event::<Luma>(body)["type"], "usher.unrecognized", "{body}");
    }
}

/// A piece of JSON text within a string, and the UTF-16 it stands for.
fn piece() -> impl Strategy<Value = (String, Vec<u16>)> {
    let escape = |unit: u16| (format!("\\u{unit:04x}"), vec![unit]);
    let literal = |text: &str, meant: &str| Just((text.to_owned(), meant.encode_utf16().collect()));
    prop_oneof![
        any::<u16>().prop_map(escape),
        (0xD800..=0xDFFF_u16).prop_map(escape),
        (0xD800..=0xDFFF_u16).prop_map(|unit| (format!("\\u{unit:X}"), vec![unit])),
        literal(r"\\", r"\"),
        literal(r#"\""#, "\""),
        literal("ud83d", "ud83d"),
        literal("é😀", "é😀"),
    ]
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn any_sequence_of_escapes_is_read_as_utf_16_is(pieces in prop::collection::vec(piece(), 0..12)) {
        let (texts, units): (Vec<String>, Vec<Vec<u16>>) = pieces.into_iter().unzip();
        let expected = String::from_utf16_lossy(&units.concat());
        prop_assert_eq!(name(&format!("<{}>", texts.concat())), format!("<{expected}>"));
    }
}
