//! Any sender of Standard Webhooks: several endpoints by name, and ids that belong to their sender.

mod support;

use support::pipeline::deliver_now;
use support::signing::{Signs, post, standard_tag};
use support::{NOW, now, policy};
use usher_core::event::Event;
use usher_core::ledger::packed::Packed;
use usher_core::ledger::{Delivery, StoredDelivery};
use usher_core::normalize;
use usher_core::parsed_body::ParsedBody;
use usher_core::provider::{self, Provider, Reading};
use usher_core::providers::{READERS, Standard};
use usher_core::request::Request;
use usher_core::signature::{Refusal, Verified};
use usher_core::trace::Trace;

const ACME: &str = "whsec_c2VjcmV0IG9mIGFjbWU=";
const GLOBEX: &str = "whsec_c2VjcmV0IG9mIGdsb2JleA==";

fn named(request: &Request) -> Result<Verified, Refusal> {
    let document = format!(r#"{{"signing":{{"acme":["{ACME}"],"globex":["{GLOBEX}"]}}}}"#);
    let policy = policy::<Standard>();
    let keyring = provider::keyring::<Standard>(&document, &policy).expect("a good document");
    provider::verify::<Standard>(request, &keyring, &policy, now())
}

fn delivery(request: &Request) -> Delivery {
    let verified = named(request).expect("it is genuine");
    let body = ParsedBody::parse(verified.body());
    Delivery::new(
        Standard::NAME,
        &Standard::key(&verified, &body),
        &verified,
        now(),
        "token",
        Trace::default(),
    )
}

fn event(delivery: &Delivery) -> Event {
    let stored = StoredDelivery {
        ledger_key: delivery.ledger_key.clone(),
        body: Packed::pack(&delivery.body),
        received: delivery.received,
        replay: 0,
        trace: Trace::default(),
    };
    normalize::rebuild(&stored, &READERS, 1 << 20).expect("it can be sent").0
}

fn of(secret: &str, id: &str, body: &[u8]) -> Request {
    Standard::sign(secret, id, NOW, body)
}

#[test]
fn the_secrets_name_is_the_sender_in_source_and_subject_for_the_relay_too() {
    let event = event(&delivery(&of(ACME, "msg_1", Standard::BODY.as_bytes())));
    assert_eq!(event.id, "standard:acme/msg_1");
    assert_eq!(event.source, "/standard/acme");
    assert_eq!(event.subject.as_deref(), Some("acme"));
    assert_eq!(event.event_type, "usher.received");
    assert_eq!(event.providertype.as_deref(), Some("contact.created"));
    assert_eq!(event.time.to_string(), "2026-06-12T14:03:27.512Z");
}

/// Else one sender could use up the ids of another's deliveries to come.
#[test]
fn two_senders_may_give_the_same_id() {
    let (one, other) = (delivery(&of(ACME, "msg_1", b"{}")), delivery(&of(GLOBEX, "msg_1", b"{}")));
    assert_eq!(one.ledger_key, "standard#acme/msg_1");
    assert_eq!(other.ledger_key, "standard#globex/msg_1");
}

#[test]
fn an_id_cannot_pass_for_a_sender() {
    let ledger_key = delivery(&of(ACME, "globex/msg_1", b"{}")).ledger_key;
    assert!(ledger_key.starts_with("standard#acme/~"), "{ledger_key}");
    let (ledger, queue) = support::fakes::fakes();
    deliver_now::<Standard>(&of(Standard::SECRET, "globex/msg_1", b"{}"), &ledger, &queue);
    let event: Event = serde_json::from_str(&queue.memory.messages()[0].body).expect("an event");
    assert_eq!((event.source.as_str(), event.subject), ("/standard", None), "no name is configured");
}

#[test]
fn both_names_of_the_headers_are_read_and_never_mixed() {
    let (time, body) = (NOW.to_string(), b"{}");
    let signature = standard_tag(ACME, "msg_1", &time, body);
    let svix = [("svix-id", "msg_1"), ("svix-timestamp", &*time), ("svix-signature", &*signature)];
    assert!(named(&post(&svix, body)).is_ok());
    let mixed = [("webhook-id", "msg_1"), ("svix-timestamp", &*time), ("svix-signature", &*signature)];
    assert_eq!(named(&post(&mixed, body)).err(), Some(Refusal::MissingDeliveryId));
}

#[test]
fn a_delivery_is_good_for_five_minutes_either_way() {
    let at = |seconds| named(&Standard::sign(ACME, "msg_1", NOW + seconds, b"{}")).err();
    assert_eq!((at(-300), at(300)), (None, None));
    assert_eq!((at(-301), at(301)), (Some(Refusal::Stale), Some(Refusal::FromTheFuture)));
}

#[test]
fn any_body_is_an_event() {
    for body in [&b"{}"[..], b"[1]", b"not JSON", b"\xff\xfe", b"", br#"{"type":7}"#] {
        let Reading::Event(facts) = Standard::read(&ParsedBody::parse(&bytes::Bytes::copy_from_slice(body)))
        else {
            panic!("{body:?} is no event");
        };
        assert_eq!(facts.event_type.as_str(), "usher.received");
        assert!(facts.data.drift.is_empty() && facts.provider_type.is_empty(), "{body:?}");
    }
}

#[test]
fn a_secret_that_is_not_base64_is_refused() {
    let policy = policy::<Standard>();
    assert!(provider::keyring::<Standard>(r#"{"signing":{"acme":["not base64!"]}}"#, &policy).is_err());
    assert!(provider::keyring::<Standard>(r#"{"signing":[]}"#, &policy).is_err());
}
