//! AllFly's scheme, Standard Webhooks: two sets of header names, versions, and what is signed.

mod support;

use http::HeaderValue;
use support::signing::{Signs, post, standard_tag};
use support::{NOW, now, policy};
use usher_core::provider;
use usher_core::providers::Allfly;
use usher_core::request::Request;
use usher_core::signature::{MAX_SIGNATURES, Refusal, Verified};

const BODY: &[u8] = Allfly::BODY.as_bytes();

fn outcome(request: &Request) -> Result<Verified, Refusal> {
    provider::verify::<Allfly>(request, &Allfly::keyring(), &policy::<Allfly>(), now())
}

fn with_signature(signature: &str) -> Result<Verified, Refusal> {
    let mut request = Allfly::genuine(NOW);
    let signature = HeaderValue::from_str(signature).expect("a header value");
    request.headers.insert("svix-signature", signature);
    outcome(&request)
}

fn right() -> String {
    standard_tag(Allfly::SECRET, "msg_1", &NOW.to_string(), BODY)
}

const WRONG: &str = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const ASYMMETRIC: &str =
    "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

#[test]
fn the_right_one_of_several_signatures_passes_wherever_it_stands() {
    let right = right();
    for header in [
        format!("{right} {WRONG}"),
        format!("{WRONG} {right}"),
        format!("{WRONG} {ASYMMETRIC} v2,x {right}"),
        format!("{right} {ASYMMETRIC}"),
        format!("v1,notbase64! {right}"),
        format!("nocomma {right}"),
        format!("  {right}  "),
    ] {
        assert!(with_signature(&header).is_ok(), "{header}");
    }
}

#[test]
fn the_number_of_signatures_looked_at_is_bounded() {
    let list =
        |wrong_ones: usize| with_signature(&format!("{}{}", format!("{WRONG} ").repeat(wrong_ones), right()));
    assert!(list(MAX_SIGNATURES - 1).is_ok());
    assert_eq!(list(MAX_SIGNATURES).err(), Some(Refusal::WrongSignature));
}

#[test]
fn what_is_not_a_v1_signature_is_refused_for_what_it_is() {
    let right = right();
    let tag = right.trim_start_matches("v1,");
    for (header, refusal) in [
        (WRONG.to_owned(), Refusal::WrongSignature),
        (ASYMMETRIC.to_owned(), Refusal::UnknownScheme),
        (format!("v2,{tag}"), Refusal::UnknownScheme),
        (format!("V1,{tag}"), Refusal::UnknownScheme),
        (format!(",{tag}"), Refusal::UnknownScheme),
        (tag.to_owned(), Refusal::MalformedSignature),
        ("v1".to_owned(), Refusal::MalformedSignature),
        ("v1,".to_owned(), Refusal::MalformedSignature),
        (format!("v1,{}", tag.trim_end_matches('=')), Refusal::MalformedSignature),
        (format!("v1,{tag},{tag}"), Refusal::MalformedSignature),
        ("v1,aGFsZg==".to_owned(), Refusal::MalformedSignature),
    ] {
        assert_eq!(with_signature(&header).err(), Some(refusal), "{header}");
    }
}

/// The three headers under names that start with `prefix`, genuine.
fn named(prefix: &str) -> Request {
    let names = ["id", "timestamp", "signature"].map(|name| format!("{prefix}-{name}"));
    let timestamp = NOW.to_string();
    post(&[(&names[0], "msg_1"), (&names[1], &timestamp), (&names[2], &right())], BODY)
}

#[test]
fn the_names_of_the_specification_pass_too() {
    let verified = outcome(&named("webhook")).expect("it is genuine");
    assert_eq!(verified.delivery_id(), Some("msg_1"));
}

#[test]
fn each_header_is_needed() {
    for prefix in ["svix", "webhook"] {
        for (name, refusal) in [
            ("id", Refusal::MissingDeliveryId),
            ("timestamp", Refusal::MissingTimestamp),
            ("signature", Refusal::MissingSignature),
        ] {
            let name = format!("{prefix}-{name}");
            let mut request = named(prefix);
            request.headers.remove(&name);
            assert_eq!(outcome(&request).err(), Some(refusal), "without {name}");
        }
    }
}

#[test]
fn no_header_may_come_twice() {
    for name in ["svix-id", "svix-timestamp", "svix-signature"] {
        let mut request = named("svix");
        let value = request.headers[name].clone();
        request.headers.append(name, value);
        assert_eq!(outcome(&request).err(), Some(Refusal::MalformedSignature), "{name} twice");
    }
}

#[test]
fn an_empty_id_is_a_missing_one() {
    let timestamp = NOW.to_string();
    let signature = standard_tag(Allfly::SECRET, "", &timestamp, BODY);
    let headers = [("svix-id", ""), ("svix-timestamp", &timestamp), ("svix-signature", &signature)];
    assert_eq!(outcome(&post(&headers, BODY)).err(), Some(Refusal::MissingDeliveryId));
}

/// Otherwise a sender could have one id verified and another one used as the key.
#[test]
fn wrong_svix_headers_do_not_fall_back_to_right_webhook_headers() {
    let mut both = named("webhook");
    both.headers.insert("svix-signature", HeaderValue::from_static(WRONG));
    assert_eq!(outcome(&both).err(), Some(Refusal::MissingDeliveryId));

    both.headers.insert("svix-id", HeaderValue::from_static("msg_1"));
    both.headers.insert("svix-timestamp", HeaderValue::from(NOW));
    assert_eq!(outcome(&both).err(), Some(Refusal::WrongSignature));
}

#[test]
fn an_id_of_the_other_names_is_never_mixed_in() {
    let mut request = named("webhook");
    request.headers.insert("svix-id", HeaderValue::from_static("msg_of_another"));
    assert_eq!(outcome(&request).expect("it is genuine").delivery_id(), Some("msg_1"));

    let mut request = named("svix");
    request.headers.insert("webhook-id", HeaderValue::from_static("msg_of_another"));
    assert_eq!(outcome(&request).expect("it is genuine").delivery_id(), Some("msg_1"));
}

#[test]
fn a_timestamp_has_one_spelling() {
    let signed = |timestamp: &str| {
        let signature = standard_tag(Allfly::SECRET, "msg_1", timestamp, BODY);
        let headers = [("svix-id", "msg_1"), ("svix-timestamp", timestamp), ("svix-signature", &signature)];
        outcome(&post(&headers, BODY)).err()
    };
    for timestamp in ["", "-1700000000", "+1700000000", "+5", " 1700000000", "1700000000 ", "1.7e9", "now"] {
        assert_eq!(signed(timestamp), Some(Refusal::MalformedTimestamp), "{timestamp:?}");
    }
    assert_eq!(signed("9223372036854775808"), Some(Refusal::MalformedTimestamp));
    assert_eq!(signed("9223372036854775807"), Some(Refusal::FromTheFuture));
    assert_eq!(signed("0"), Some(Refusal::Stale));
}

/// The parts are signed joined by dots, so a dot in the id would let the same signature hold for another cut of them:
/// here an old delivery gets a timestamp out of its body.
#[test]
fn an_id_with_a_dot_is_refused_so_that_a_captured_delivery_can_not_be_cut_elsewhere() {
    let old = (NOW - 86_400).to_string();
    let captured =
        standard_tag(Allfly::SECRET, "msg_1", &old, format!("{{\"name\":\"x.{NOW}.{{}}").as_bytes());
    let id = format!("msg_1.{old}.{{\"name\":\"x");
    let timestamp = NOW.to_string();
    let headers = [("svix-id", id.as_str()), ("svix-timestamp", &timestamp), ("svix-signature", &captured)];
    assert_eq!(outcome(&post(&headers, b"{}")).err(), Some(Refusal::MalformedDeliveryId));
}

#[test]
fn the_prefix_of_the_secret_is_optional() {
    let bare = support::signing::keyring(&["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]);
    assert!(provider::verify::<Allfly>(&Allfly::genuine(NOW), &bare, &policy::<Allfly>(), now()).is_ok());
}
