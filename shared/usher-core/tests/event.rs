//! For any body whatever: reading never panics, the event is JSON, gives back the bytes received and fits the queue.

mod support;

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;
use support::cases::cases;
use support::now;
use usher_core::event::{Deduplication, Event, Origin};
use usher_core::normalize;
use usher_core::parsed_body::ParsedBody;
use usher_core::policy::Policy;
use usher_core::provider::Provider;
use usher_core::providers::{Allfly, Luma, Lunacal};
use usher_core::queue::Message;
use usher_core::trace::Trace;

const SQS_LIMIT: usize = 1024 * 1024;

fn message<P: Provider>(body: &[u8]) -> Option<(Event, Message)> {
    let ledger_key = format!("{}#msg_1", P::NAME);
    let origin = Origin {
        provider: P::NAME,
        id: format!("{}:msg_1", P::NAME),
        received: now(),
        deduplication: Deduplication::Checked,
        replay: 0,
        trace: Trace::default(),
    };
    // Not `Reading::attempt`, which would catch a panic.
    let body = ParsedBody::parse(body);
    let facts = P::read(&body).into_facts()?;
    Some(normalize::message(facts, &body, &ledger_key, &origin))
}

/// What SQS carries unchanged (Amazon SQS, SendMessage).
fn is_carried(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The bytes that a consumer finds in the event.
fn received(encoded: &str, event: &Value) -> Vec<u8> {
    let data = &event["data"];
    match (data.get("raw"), data.get("raw_base64")) {
        (None, Some(Value::String(base64))) => STANDARD.decode(base64).expect("it is base64"),
        (Some(_), None) => {
            let event: HashMap<&str, &RawValue> = serde_json::from_str(encoded).expect("it is an object");
            let data: HashMap<&str, &RawValue> =
                serde_json::from_str(event["data"].get()).expect("it is an object");
            data["raw"].get().as_bytes().to_vec()
        }
        _ => panic!("one of raw and raw_base64: {encoded}"),
    }
}

/// A consumer's parser takes the white space around a JSON value for its own.
fn trimmed(body: &[u8]) -> &[u8] {
    let blank = |byte: &u8| b" \t\r\n".contains(byte);
    let start = body.iter().position(|byte| !blank(byte)).unwrap_or(body.len());
    let end = body.iter().rposition(|byte| !blank(byte)).map_or(start, |last| last + 1);
    &body[start..end]
}

fn holds<P: Provider>(body: &[u8]) -> Result<(), TestCaseError> {
    let Some((_, message)) = message::<P>(body) else { return Ok(()) };
    prop_assert!(message.body.chars().all(is_carried));
    let size = message.body.len()
        + message.attributes.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
    prop_assert!(size <= SQS_LIMIT, "{} bytes", size);

    let event: Value = serde_json::from_str(&message.body).expect("the message is JSON");
    let found = received(&message.body, &event);
    if event["data"].get("raw").is_none() {
        prop_assert_eq!(&found, body);
    } else {
        prop_assert_eq!(&found, trimmed(body));
        let text = std::str::from_utf8(body).expect("raw is text");
        let as_received = format!(r#""raw":{text}}}}}"#);
        prop_assert!(message.body.ends_with(&as_received), "byte for byte, white space included");
    }
    has_what_cloudevents_requires(&event)?;
    can_be_filtered_by(&message)
}

/// CloudEvents 1.0, "Required attributes" and the format of `time`.
fn has_what_cloudevents_requires(event: &Value) -> Result<(), TestCaseError> {
    prop_assert_eq!(&event["specversion"], "1.0");
    for name in ["id", "source", "type", "datacontenttype", "dataschema", "provider"] {
        prop_assert!(event[name].as_str().is_some_and(|text| !text.is_empty()), "{}", name);
    }
    for name in ["subject", "providertype"] {
        let text = event.get(name).map(|value| value.as_str().expect("it is text"));
        prop_assert!(text.is_none_or(|text| (1..=128).contains(&text.len())), "{name}");
        prop_assert!(text.is_none_or(|text| !text.contains(char::is_control)), "{name}");
    }
    let source = event["source"].as_str().expect("checked above");
    prop_assert!(
        source.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte)),
        "{}",
        source
    );
    for name in ["time", "receivedtime"] {
        let time = event[name].as_str().expect("a time");
        let date = time.as_bytes();
        prop_assert!(
            date[..4].iter().all(u8::is_ascii_digit) && date[4] == b'-' && time.ends_with('Z'),
            "{}",
            time
        );
    }
    Ok(())
}

/// SQS refuses empty values; filter policies match exact strings.
fn can_be_filtered_by(message: &Message) -> Result<(), TestCaseError> {
    prop_assert!(message.attributes.iter().any(|(name, _)| *name == "provider"));
    prop_assert!(message.attributes.iter().any(|(name, _)| *name == "type"));
    for (_, value) in &message.attributes {
        prop_assert!(
            !value.is_empty() && value.len() <= 128 && value.bytes().all(|byte| byte.is_ascii_graphic())
        );
    }
    for id in [&message.group, &message.deduplication_id] {
        prop_assert!(id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
    Ok(())
}

fn holds_for_all(body: &[u8]) -> Result<(), TestCaseError> {
    holds::<Luma>(body)?;
    holds::<Lunacal>(body)?;
    holds::<Allfly>(body)
}

/// Every name that a mapping looks for, so that strange values get where they can do harm.
const NAMES: &str = "type data id api_id name user_name user_email event event_ticket event_tickets amount currency \
     registered_at start_at end_at timezone calendar_id calendar hosts coordinate latitude geo_address_json \
     registration_answers label value answer membership status user email triggerEvent createdAt payload organizer \
     attendees responses uid bookingId price location startTime metadata externalId couponData event_type attendee \
     ticket created_at timestamp";

const TYPES: &str = "guest.registered guest.updated guest.refunded ticket.registered event.created event.canceled \
     calendar.event.added calendar.person.subscribed BOOKING_CREATED BOOKING_PAID BOOKING_RESCHEDULED \
     event_attendee.joined_event event_attendee.ticket_success 2026-05-21T18:00:00.000Z -009999-01-02T00:00:00Z \
     9999-12-31T23:59:59.999999999Z 2026-05-21";

fn word(words: &'static str) -> impl Strategy<Value = String> {
    prop::sample::select(words.split_whitespace().collect::<Vec<_>>()).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    let anything = prop::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter);
    let harmful = prop::sample::select(vec![
        "\u{FFFE}",
        "a\u{FFFF}b",
        "\0",
        "\u{7f}\u{85}",
        "\"\\",
        "\u{2028}",
        " ",
        "😀",
    ]);
    prop_oneof![2 => word(TYPES), 1 => anything, 1 => harmful.prop_map(str::to_owned)]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        let name = prop_oneof![9 => word(NAMES), 1 => text()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A body of a known type with anything at all as its data.
fn known(data: &Value, named: &str) -> String {
    serde_json::json!({
        "type": named, "triggerEvent": named, "createdAt": data, "data": data, "payload": data,
    })
    .to_string()
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn any_bytes_come_through(body in prop::collection::vec(any::<u8>(), 0..300)) {
        holds_for_all(&body)?;
    }

    #[test]
    fn any_text_comes_through(body in "[ \\t\\r\\n]{0,3}\\PC{0,80}[ \\t\\r\\n]{0,3}") {
        holds_for_all(body.as_bytes())?;
    }

    #[test]
    fn any_json_comes_through(value in json(), before in "[ \\t\\r\\n]{0,3}", after in "[ \\t\\r\\n]{0,3}") {
        holds_for_all(format!("{before}{value}{after}").as_bytes())?;
    }

    #[test]
    fn any_json_as_the_data_of_a_known_type_comes_through(data in json(), named in word(TYPES)) {
        holds_for_all(known(&data, &named).as_bytes())?;
    }
}

#[test]
fn the_largest_body_that_does_not_compress_fits_the_queue() {
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(Policy::MAX_BODY_BYTES)
    .collect();
    holds_for_all(&noise).expect("it fits");
}

/// What is normalized repeats what is raw, some of it escaped: the message must not grow over the limit.
#[test]
fn the_largest_body_of_characters_that_grow_fits_the_queue() {
    for (character, bytes) in [("\u{FFFE}", 3), ("\\u0001", 6), ("😀", 4), ("x", 1)] {
        let text = character.repeat((Policy::MAX_BODY_BYTES - 100) / bytes);
        holds::<Luma>(format!(r#"{{"type":"guest.updated","data":{{"id":"{text}"}}}}"#).as_bytes())
            .expect("it fits");
        holds::<Luma>(format!(r#"{{"type":"guest.updated","data":{{"user_name":"{text}"}}}}"#).as_bytes())
            .expect("it fits");
        holds::<Luma>(
            format!(r#"{{"type":"event.created","data":{{"id":"evt-1","calendar_id":"{text}"}}}}"#)
                .as_bytes(),
        )
        .expect("it fits");
        holds::<Allfly>(format!(r#"{{"type":"{text}"}}"#).as_bytes()).expect("it fits");
        holds::<Lunacal>(
            format!(r#"{{"triggerEvent":"BOOKING_CREATED","payload":{{"uid":"{text}"}}}}"#).as_bytes(),
        )
        .expect("it fits");
    }
}

/// What was received is what must arrive; what it says is repeated as far as there is room.
#[test]
fn typed_data_that_would_make_a_message_too_large_is_left_out() {
    // The host's zone is the meeting's, too: twice six bytes and once four for each three received.
    let zone = "\u{FFFE}".repeat(80_000);
    let body = format!(
        r#"{{"triggerEvent":"BOOKING_CREATED","payload":{{"uid":"u","organizer":{{"timeZone":"{zone}"}}}}}}"#
    );
    let (_, message) = message::<Lunacal>(body.as_bytes()).expect("it is queued");
    let event: Value = serde_json::from_str(&message.body).expect("the message is JSON");
    let names: Vec<&String> = event["data"].as_object().expect("an object").keys().collect();
    assert_eq!(names, ["raw_base64"]);
    assert_eq!(event["type"], "usher.booking.created");
}
