//! JSON that a parser refuses for one odd value: the event is read, and the body kept exactly.

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use support::samples::message_of;
use support::signing::Signs;
use usher_core::providers::{Allfly, Luma, Lunacal};

/// Returns the event of a body, whose bytes it must hold.
fn event<P: Signs>(body: &str) -> Value {
    let message = message_of::<P>(body.as_bytes()).expect("it is queued");
    let event: Value = serde_json::from_str(&message.body).expect("the message is JSON");
    let kept = event["data"]["raw_base64"].as_str().expect("raw_base64");
    assert_eq!(STANDARD.decode(kept).expect("base64"), body.as_bytes());
    event
}

#[test]
fn a_byte_order_mark_hides_no_known_type() {
    let guest = event::<Luma>(
        "\u{feff}{\"type\":\"guest.registered\",\"data\":{\"id\":\"gst-1\",\"user_name\":\"Maya\"}}",
    );
    assert_eq!(
        (&guest["type"], &guest["data"]["person"]["name"]),
        (&"usher.registration.created".into(), &"Maya".into())
    );
    let booking = "\u{feff}{\"triggerEvent\":\"BOOKING_CREATED\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"payload\":{\"uid\":\"x\"}}";
    assert_eq!(event::<Lunacal>(booking)["type"], "usher.booking.created");
}

#[test]
fn a_number_beyond_a_double_hides_no_known_type() {
    for number in ["1e400", "-1e400", "1.5E+999", &"9".repeat(400)] {
        let body = format!(
            r#"{{"type":"guest.registered","data":{{"id":"gst-1","odd":{number},"user_name":"1e400 \"1e400"}}}}"#
        );
        let guest = event::<Luma>(&body);
        assert_eq!(guest["type"], "usher.registration.created", "{number}");
        assert_eq!(guest["data"]["person"]["name"], "1e400 \"1e400", "a text stays as it is");
    }
    let attendee = r#"{"type":"event_attendee.joined_event","data":{"name":"x","n":[1e999, 2]}}"#;
    assert_eq!(event::<Allfly>(attendee)["type"], "usher.registration.created");
}

#[test]
fn all_at_once_hide_no_known_type() {
    let body = "\u{feff}{\"type\":\"guest.registered\",\"data\":{\"id\":\"gst-1\",\"n\":1e400,\"user_name\":\"M \\ud83d\"}}";
    assert_eq!(event::<Luma>(body)["data"]["person"]["name"], "M \u{FFFD}");
}

#[test]
fn what_is_no_json_besides_is_still_unrecognized() {
    for body in [
        "\u{feff}",
        "\u{feff}{\"type\":\"guest.registered\"",
        "{\"type\":\"guest.registered\",\"n\":1e400",
        "1e400.1e400",
    ] {
        assert_eq!(event::<Luma>(body)["type"], "usher.unrecognized", "{body}");
    }
}
