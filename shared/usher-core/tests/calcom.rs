//! Cal.com: a signature is required, every trigger is known, and a delivery names itself by its moment.

mod support;

use support::samples::message_of;
use support::signing::{Signs, post};
use support::table::read;
use support::{NOW, now, policy};
use usher_core::event::{Event, Facts};
use usher_core::ledger::Key;
use usher_core::parsed_body::ParsedBody;
use usher_core::provider::{self, Provider, Reading};
use usher_core::providers::{Calcom, Lunacal};
use usher_core::request::Request;
use usher_core::secret::KeyringError;
use usher_core::signature::{Refusal, Verified};

/// The triggers of the sender, but for the ping (`WebhookTriggerEvents` of Cal.com's database).
const TRIGGERS: [&str; 21] = [
    "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
    "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
    "BOOKING_CANCELLED",
    "BOOKING_CREATED",
    "BOOKING_NO_SHOW_UPDATED",
    "BOOKING_PAID",
    "BOOKING_PAYMENT_INITIATED",
    "BOOKING_REJECTED",
    "BOOKING_REQUESTED",
    "BOOKING_RESCHEDULED",
    "DELEGATION_CREDENTIAL_ERROR",
    "FORM_SUBMITTED",
    "FORM_SUBMITTED_NO_EVENT",
    "INSTANT_MEETING",
    "MEETING_ENDED",
    "MEETING_STARTED",
    "OOO_CREATED",
    "RECORDING_READY",
    "RECORDING_TRANSCRIPTION_GENERATED",
    "ROUTING_FORM_FALLBACK_HIT",
    "WRONG_ASSIGNMENT_REPORT",
];

fn outcome(request: &Request) -> Result<Verified, Refusal> {
    provider::verify::<Calcom>(request, &Calcom::keyring(), &policy::<Calcom>(), now())
}

fn with_signature(value: &str) -> Request {
    post(&[("x-cal-signature-256", value)], Calcom::BODY.as_bytes())
}

fn facts(body: &str) -> Facts {
    match read("calcom", body.as_bytes()) {
        Reading::Event(facts) => *facts,
        other => panic!("not an event: {other:?}"),
    }
}

fn key(body: &str) -> Key {
    let verified = outcome(&Calcom::sign(Calcom::SECRET, "", NOW, body.as_bytes())).expect("it is genuine");
    Calcom::key(&verified, &ParsedBody::parse(verified.body()))
}

#[test]
fn a_signature_is_required() {
    assert!(outcome(&Calcom::genuine(NOW)).is_ok());
    let unsigned = post(&[], Calcom::BODY.as_bytes());
    assert_eq!(outcome(&unsigned).err(), Some(Refusal::MissingSignature));
    assert_eq!(outcome(&with_signature(&"0".repeat(64))).err(), Some(Refusal::WrongSignature));
    assert_eq!(outcome(&with_signature("x")).err(), Some(Refusal::MalformedSignature));
}

#[test]
fn a_webhook_without_a_secret_is_refused_with_the_cause() {
    let refusal = outcome(&with_signature("no-secret-provided")).expect_err("it proves nothing");
    assert_eq!(refusal, Refusal::NoSecretAtSender);
    assert_eq!(refusal.cause(), "signature_without_secret");
}

#[test]
fn a_token_in_the_url_does_not_stand_for_a_signature() {
    let keyring = provider::keyring::<Calcom>(r#"{"url":["a-long-token"]}"#, &policy::<Calcom>());
    assert_eq!(keyring.err(), Some(KeyringError::NoSigningSecret));
}

#[test]
fn the_version_of_the_body_is_not_believed() {
    let headers = |version| {
        let mut request = Calcom::genuine(NOW);
        request.headers.insert("x-cal-webhook-version", http::HeaderValue::from_static(version));
        outcome(&request).map(|verified| verified.body().clone()).ok()
    };
    assert!(headers("2021-10-20").is_some());
    assert_eq!(headers("2021-10-20"), headers("2099-01-01"));
}

#[test]
fn every_trigger_of_the_sender_is_known_and_none_without_a_type_of_its_own_is_drift() {
    for trigger in TRIGGERS {
        let payload = r#"{"uid":"1","bookingUid":"1","startTime":"2026-06-16T08:30:00Z","endTime":"2026-06-16T09:00:00Z"}"#;
        let body = format!(
            r#"{{"triggerEvent":"{trigger}","createdAt":"2026-06-12T14:03:27Z","payload":{payload}}}"#
        );
        let facts = facts(&body);
        assert_eq!(facts.provider_type, trigger);
        assert!(facts.time.is_some(), "{trigger}");
        if facts.event_type.as_str() == "usher.unrecognized" {
            assert!(facts.data.drift.is_empty(), "{trigger}: {:?}", facts.data.drift);
        }
    }
}

#[test]
fn a_trigger_that_is_new_is_drift() {
    let reading = read("calcom", br#"{"triggerEvent":"BOOKING_TELEPORTED","payload":{}}"#);
    assert!(
        matches!(reading, Reading::Unrecognized { provider_type: Some(name) } if name == "BOOKING_TELEPORTED")
    );
}

#[test]
fn a_booking_reads_as_lunacals() {
    let body = include_bytes!("../../../events/lunacal/BOOKING_RESCHEDULED.json");
    let event = |message: Option<usher_core::queue::Message>| -> Event {
        serde_json::from_str(&message.expect("it is no ping").body).expect("an event")
    };
    let (one, other) = (event(message_of::<Calcom>(body)), event(message_of::<Lunacal>(body)));
    assert_eq!(one.event_type, other.event_type);
    assert_eq!(one.data.booking, other.data.booking);
    assert_eq!(one.data.person, other.data.person);
}

/// The row's own `createdAt` is when the booking was made, days before.
#[test]
fn a_meeting_starts_and_ends_when_it_was_booked_for() {
    let body = |trigger: &str| {
        format!(
            r#"{{"triggerEvent":"{trigger}","id":7,"uid":"u","createdAt":"2026-06-01T00:00:00Z","startTime":"2026-06-16T08:30:00Z","endTime":"2026-06-16T09:00:00Z","user":{{"id":3,"email":"host@example.com"}}}}"#
        )
    };
    let (started, ended) = (facts(&body("MEETING_STARTED")), facts(&body("MEETING_ENDED")));
    assert_eq!(started.time.map(|time| time.to_string()).as_deref(), Some("2026-06-16T08:30:00Z"));
    assert_eq!(ended.time.map(|time| time.to_string()).as_deref(), Some("2026-06-16T09:00:00Z"));
    assert_eq!(started.account.as_deref(), Some("3"));
    assert_eq!(started.data.booking.and_then(|booking| booking.id).as_deref(), Some("7"));
}

#[test]
fn a_mark_of_absence_is_told_of_each_attendee_and_can_be_taken_back() {
    let body = r#"{"triggerEvent":"BOOKING_NO_SHOW_UPDATED","createdAt":"2026-06-16T09:04:10Z","payload":{"bookingUid":"u","attendees":[{"email":"a@example.com","noShow":true},{"email":"b@example.com","noShow":false}]}}"#;
    let marks: Vec<_> = facts(body).data.attendees.iter().map(|attendee| attendee.no_show).collect();
    assert_eq!(marks, [Some(true), Some(false)]);
}

#[test]
fn a_body_that_holds_its_moment_names_itself_and_no_other_does() {
    assert_eq!(key(Calcom::BODY), Key::Body);
    assert_eq!(key(r#"{"triggerEvent":"MEETING_STARTED","uid":"u"}"#), Key::Body);
    assert_eq!(key(r#"{"triggerEvent":"BOOKING_CREATED","uid":"u"}"#), Key::Unnamed);
    assert_eq!(key("name=Sam"), Key::Unnamed);
}
