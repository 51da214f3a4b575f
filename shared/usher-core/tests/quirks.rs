//! Bodies that no sample shows: older shapes, broken ones, and those that would break a message if they were let.

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use support::samples::message_of;
use support::signing::Signs;
use usher_core::event::{Deduplication, Event, Facts, Origin};

use usher_core::providers::{Allfly, Luma, Lunacal};
use usher_core::trace::Trace;

/// The event as a consumer parses it, and as it is sent.
fn event<P: Signs>(body: &[u8]) -> (Value, String) {
    let encoded = message_of::<P>(body).expect("it is queued").body;
    (serde_json::from_str(&encoded).expect("the message is JSON"), encoded)
}

fn luma(body: &str) -> (Value, String) {
    event::<Luma>(body.as_bytes())
}

/// StoredDelivery byte for byte as JSON.
fn is_raw(body: &str) {
    let (_, encoded) = luma(body);
    assert!(encoded.ends_with(&format!(r#""raw":{body}}}}}"#)), "{encoded}");
}

/// StoredDelivery byte for byte as base64.
fn is_base64(body: &[u8]) {
    let (event, _) = event::<Luma>(body);
    let data = event["data"].as_object().expect("data is an object");
    let base64 = data["raw_base64"].as_str().expect("raw_base64");
    assert_eq!(STANDARD.decode(base64).expect("it is base64"), body);
    assert!(!data.contains_key("raw"));
}

#[test]
fn an_older_delivery_has_api_id_where_an_id_is_expected() {
    let (event, _) = luma(
        r#"{"type":"ticket.registered","data":{"api_id":"gst-1","user_api_id":"usr-1","event":{"api_id":"evt-1",
            "calendar_api_id":"cal-1"},"event_ticket":{"api_id":"tkt-1","event_ticket_type_api_id":"ett-1"}}}"#,
    );
    assert_eq!((&event["subject"], &event["source"]), (&"tkt-1".into(), &"/luma/cal-1".into()));
    let data = &event["data"];
    assert_eq!(data["registration"]["id"], "gst-1");
    assert_eq!(data["person"]["id"], "usr-1");
    assert_eq!(data["event"]["id"], "evt-1");
    assert_eq!((&data["ticket"]["id"], &data["ticket"]["type_id"]), (&"tkt-1".into(), &"ett-1".into()));
}

#[test]
fn a_check_in_is_an_update_that_says_when() {
    let (event, _) = luma(
        r#"{"type":"guest.updated","data":{"id":"gst-1","event_tickets":[{"checked_in_at":null},
            {"checked_in_at":"2026-06-12T22:41:37.250Z"},{"checked_in_at":"2026-06-12T21:00:00+02:00"}]}}"#,
    );
    assert_eq!(event["type"], "usher.registration.updated");
    assert_eq!(event["data"]["registration"]["checked_in_at"], "2026-06-12T19:00:00Z", "the earliest");
}

#[test]
fn an_unknown_type_is_unrecognized_under_its_own_name() {
    for (event, named) in [
        (event::<Luma>(br#"{"type":"guest.teleported","data":{}}"#).0, "guest.teleported"),
        (event::<Lunacal>(br#"{"triggerEvent":"MEETING_ENDED","payload":{}}"#).0, "MEETING_ENDED"),
        (event::<Allfly>(br#"{"eventType":"flight.landed"}"#).0, "flight.landed"),
    ] {
        assert_eq!((&event["type"], &event["providertype"]), (&"usher.unrecognized".into(), &named.into()));
        assert_eq!(event["time"], event["receivedtime"]);
        let names: Vec<&String> = event["data"].as_object().expect("an object").keys().collect();
        assert_eq!(names, ["drift", "raw"], "only what was received, and that it is not known");
        assert_eq!(event["data"]["drift"], serde_json::json!([{"path": "", "problem": "unrecognized"}]));
    }
}

#[test]
fn a_known_type_in_another_case_is_not_that_type() {
    assert_eq!(luma(r#"{"type":"Guest.Registered"}"#).0["type"], "usher.unrecognized");
    assert_eq!(event::<Lunacal>(br#"{"triggerEvent":"ping"}"#).0["type"], "usher.unrecognized");
}

#[test]
fn a_known_type_without_any_of_its_fields_is_unrecognized_under_its_name_and_kept() {
    for body in [
        r#"{"type":"guest.registered"}"#,
        r#"{"type":"guest.registered","data":null}"#,
        r#"{"type":"guest.registered","data":[1]}"#,
    ] {
        let (event, _) = luma(body);
        assert_eq!(event["type"], "usher.unrecognized");
        assert_eq!(event["providertype"], "guest.registered");
        assert_eq!(event["data"]["drift"], serde_json::json!([{"path": "", "problem": "unrecognized"}]));
        is_raw(body);
    }
}

#[test]
fn fields_of_another_type_are_left_to_raw() {
    let (event, _) = luma(
        r#"{"type":"guest.registered","data":{"id":7,"user_name":{"a":1},"user_email":["x"],"registered_at":0,
            "event_tickets":{"0":1},"event":"evt-1","approval_status":true}}"#,
    );
    assert_eq!(event["subject"], "7", "an id may be a number");
    assert_eq!(event["time"], event["receivedtime"]);
    for name in ["person", "event", "tickets"] {
        assert_eq!(event["data"].get(name), None, "{name}");
    }
}

#[test]
fn what_is_not_json_is_kept_as_base64() {
    for body in ["", " ", "<xml/>", "{", "{}{}", "{\"a\":}", "{'a':1}", "nul", "01", "\u{FEFF}{}", "// {}"] {
        assert_eq!(luma(body).0["type"], "usher.unrecognized");
        is_base64(body.as_bytes());
    }
}

#[test]
fn what_is_not_utf_8_is_kept_as_base64() {
    for body in
        [&[0xff][..], b"{\"a\":\"\xff\"}", b"{\"a\":\"\xc0\x80\"}", b"{\"a\":\"\xed\xa0\x80\"}", &[0; 9]]
    {
        is_base64(body);
    }
}

#[test]
fn any_json_value_at_the_top_is_kept_as_it_is() {
    for body in ["[]", "[1,{\"type\":\"guest.registered\"}]", "null", "true", "-0", "\"text\"", "{}"] {
        assert_eq!(luma(body).0["type"], "usher.unrecognized");
        is_raw(body);
    }
}

#[test]
fn spaces_escapes_numbers_and_order_are_kept_as_they_are() {
    for body in [
        " {} ",
        "\r\n{\t\"b\" : 1,\n \"a\":\r2}\n\n",
        r#"{"a":"\u0041\/\u00e9é\ud83d\ude00😀"}"#,
        r#"{"a":1.0,"b":1e2,"c":1E+2,"d":-0,"e":0.10}"#,
        r#"{"a":12345678901234567890123456789,"b":0.1234567890123456789012345678901}"#,
        r#"{"a":"\u0000\u001f\u007f"}"#,
        "{\"a\":\"\u{7f}\u{85}\u{2028}\u{FFFD}\"}",
    ] {
        is_raw(body);
    }
}

#[test]
fn duplicate_names_are_kept_and_the_first_type_counts_throughout() {
    let body = r#"{"type":"guest.registered","type":"guest.updated","data":{"id":"a","id":"b"}}"#;
    is_raw(body);
    let (event, _) = luma(body);
    assert_eq!(event["providertype"], "guest.registered");
    assert_eq!(event["type"], "usher.registration.created");
}

#[test]
fn numbers_that_no_float_holds_are_kept_as_base64() {
    is_base64(br#"{"a":1e400}"#);
}

/// SQS puts U+FFFD in their place without a word.
#[test]
fn characters_that_sqs_does_not_carry_are_kept_as_base64_and_escaped_where_normalized() {
    let body = "{\"type\":\"guest.updated\",\"data\":{\"id\":\"g\",\"user_name\":\"A\u{FFFE}B\u{FFFF}\"}}";
    is_base64(body.as_bytes());
    let (event, encoded) = luma(body);
    assert_eq!(event["data"]["person"]["name"], "A\u{FFFE}B\u{FFFF}");
    assert!(encoded.contains(r"A\ufffeB\uffff") && !encoded.contains(['\u{FFFE}', '\u{FFFF}']));
}

#[test]
fn escaped_characters_that_sqs_does_not_carry_can_stay() {
    is_raw(r#"{"type":"guest.updated","data":{"user_name":"A\ufffeB"}}"#);
    let (event, encoded) = luma(r#"{"type":"guest.updated","data":{"user_name":"A\ufffeB"}}"#);
    assert_eq!(event["data"]["person"]["name"], "A\u{FFFE}B");
    assert!(!encoded.contains('\u{FFFE}'));
}

/// They are no characters, and many a parser refuses the whole text for one.
#[test]
fn lone_surrogates_are_kept_as_base64() {
    for body in [r#"{"a":"\ud800"}"#, r#"{"a":"\udc00\ud800"}"#, r#"{"\ud83d":1}"#] {
        is_base64(body.as_bytes());
    }
}

/// A consumer's parser with the usual limit of 128 has to get through the event, two levels around the body included.
#[test]
fn a_body_nested_too_deeply_for_consumers_is_kept_as_base64() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let in_objects = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    for body in [nested(125), in_objects(125)] {
        is_raw(&body);
    }
    for body in [nested(126), in_objects(126), nested(127), nested(128), nested(100_000), "[".repeat(100_000)]
    {
        is_base64(body.as_bytes());
    }
}

#[test]
fn a_time_that_rfc_3339_can_not_write_is_left_to_raw() {
    for time in
        ["-009999-01-02T00:00:00Z", "-000001-12-31T23:59:59Z", "2026-05-21T18:00:00", "2026-05-21", "now", ""]
    {
        let (event, _) =
            luma(&format!(r#"{{"type":"guest.registered","data":{{"id":"g","registered_at":"{time}"}}}}"#));
        assert_eq!(event["time"], event["receivedtime"], "{time}");
        assert!(event["data"]["registration"].get("registered_at").is_none(), "{time}");
    }
}

#[test]
fn an_allfly_event_has_its_time_in_its_data_or_beside_it() {
    let time = |body: &[u8]| event::<Allfly>(body).0["time"].clone();
    let beside =
        br#"{"type":"event_attendee.joined_event","timestamp":"2026-06-01T16:05:09Z","data":{"id":"a"}}"#;
    assert_eq!(time(beside), "2026-06-01T16:05:09Z");
    let both = br#"{"type":"event_attendee.joined_event","timestamp":"2026-06-01T16:05:09Z",
        "data":{"id":"a","created_at":"2026-06-01T16:05:08Z"}}"#;
    assert_eq!(time(both), "2026-06-01T16:05:08Z");
}

#[test]
fn an_account_that_would_swell_the_source_is_left_out() {
    let source = |account: &str| {
        luma(&format!(r#"{{"type":"event.created","data":{{"id":"e","calendar_id":"{account}"}}}}"#)).0["source"]
            .clone()
    };
    assert_eq!(source("cal 1/é"), "/luma/cal%201%2F%C3%A9");
    assert_eq!(source(&"x".repeat(128)), format!("/luma/{}", "x".repeat(128)));
    assert_eq!(source(&"x".repeat(129)), "/luma");
}

#[test]
fn a_replay_and_only_a_replay_has_its_number() {
    assert!(luma("{}").0.get("replay").is_none());
}

/// The relay knows the time of receipt as the ledger keeps it; its copy must say the same as the handler's.
#[test]
fn the_time_of_receipt_is_cut_to_the_millisecond_that_the_ledger_keeps() {
    let origin = Origin {
        provider: "luma",
        id: "luma:evt_1".to_owned(),
        received: "2026-01-31T18:00:01.2049999Z".parse().expect("a time"),
        deduplication: Deduplication::Checked,
        replay: 0,
        trace: Trace::default(),
    };
    let event = Event::new(Facts::unrecognized(None), &origin);
    assert_eq!(event.receivedtime.to_string(), "2026-01-31T18:00:01.204Z");
}
