//! Verified input is stored and queued byte for byte, whatever its content and encoding.

use events::{Provider, random};
use usher_core::policy::Policy;

use crate::accepted::{UNRECOGNIZED, accepted};
use stacks::delivery::{Delivery, unique_text};
use stacks::mailbox::Received;
use stacks::stack::STANDARD;

/// The providers whose deliveries have an id besides the body. Lunacal's need a body that names its moment.
const NAMED_BY_HEADER: [Provider; 2] = [Provider::Luma, Provider::Allfly];

#[test]
fn an_unknown_type_is_kept_and_passed_on() {
    for (provider, field) in
        [(Provider::Luma, "type"), (Provider::Lunacal, "triggerEvent"), (Provider::Allfly, "type")]
    {
        // A parser would print this in another way: spaces, escapes, numbers, a repeated name.
        let odd = r#" "n" : 1.50e+2, "\u0041\/" :[ ],"n":-0 , "ü":"ß𝄞" "#;
        let moment = r#""createdAt":"2026-01-01T00:00:00Z""#;
        let body =
            format!("{{ \"{field}\":\"guest.levitated\",{moment},{odd},\"of\":\"{}\" }}", unique_text());
        let message = accepted(&STANDARD, &Delivery::new(provider, body.clone()));
        assert_unrecognized(&message, Some("guest.levitated"));
        message.assert_carries(body.as_bytes());
    }
}

#[test]
fn a_body_that_is_not_json_is_kept_and_passed_on() {
    for provider in NAMED_BY_HEADER {
        for body in [
            format!("plain text, {}", unique_text()),
            format!(r#"{{"cut off": "{}"#, unique_text()),
            // SQS would silently replace this character.
            format!("{{\"noncharacter\": \"\u{FFFF}\", \"of\": \"{}\"}}", unique_text()),
        ] {
            let message = accepted(&STANDARD, &Delivery::new(provider, body.clone()));
            assert_unrecognized(&message, None);
            message.assert_carries_as_base64(body.as_bytes());
        }
    }
}

#[test]
fn an_empty_body_is_kept_and_passed_on() {
    for provider in NAMED_BY_HEADER {
        let message = accepted(&STANDARD, &Delivery::new(provider, ""));
        assert_unrecognized(&message, None);
        message.assert_carries_as_base64(b"");
    }
}

/// AWS passes on as base64 what it doesn't take for text. Signatures are over the bytes.
#[test]
fn a_body_that_travels_as_base64_is_verified_and_read_as_the_bytes_it_is() {
    for provider in Provider::ALL {
        let delivery = Delivery::any(provider);
        let message = as_binary(&delivery);
        assert_ne!(message.event()["type"], UNRECOGNIZED);
        message.assert_carries(&delivery.body);
    }
}

#[test]
fn bytes_that_are_no_text_are_kept_and_passed_on() {
    for provider in NAMED_BY_HEADER {
        let delivery = Delivery::new(provider, [&[0, 0xff, 0xfe, 0xc3, 0x28][..], &random::<16>()].concat());
        let message = as_binary(&delivery);
        assert_unrecognized(&message, None);
        message.assert_carries_as_base64(&delivery.body);
    }
}

/// The body can't be compressed, so this is the largest item and the largest message.
#[test]
fn the_largest_body_allowed_is_kept_and_passed_on() {
    let delivery = Delivery::new(Provider::Luma, random::<{ Policy::MAX_BODY_BYTES }>());
    as_binary(&delivery).assert_carries_as_base64(&delivery.body);
}

/// Sends a delivery with a content type that AWS treats as binary.
fn as_binary(delivery: &Delivery) -> Received {
    let mut request = STANDARD.sign(delivery);
    for (_, value) in request.headers.iter_mut().filter(|(name, _)| name == "Content-Type") {
        "application/octet-stream".clone_into(value);
    }
    STANDARD.send(delivery.provider, &request).assert_received();
    let stored = STANDARD.stored(delivery).expect("it is in the ledger");
    assert!(stored.is_settled());
    assert_eq!(stored.body(), delivery.body);
    STANDARD.mailbox.event(&delivery.event_id())
}

fn assert_unrecognized(message: &Received, provider_type: Option<&str>) {
    let event = message.event();
    assert_eq!(event["type"], UNRECOGNIZED);
    assert_eq!(event["providertype"].as_str(), provider_type);
}
