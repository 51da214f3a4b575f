//! A genuine delivery is answered 200, stored in the ledger and put on the queue in full.

use std::time::Duration;

use events::Provider;
use jiff::Timestamp;
use serde_json::Value;
use usher_core::policy::Policy;

use stacks::delivery::{Delivery, samples_of};
use stacks::mailbox::Received;
use stacks::stack::{STANDARD, Stack};

#[test]
fn every_sample_of_luma_is_stored_and_queued_once() {
    every_sample(&STANDARD, Provider::Luma);
}

#[test]
fn every_sample_of_lunacal_is_stored_and_queued_once() {
    every_sample(&STANDARD, Provider::Lunacal);
}

#[test]
fn every_sample_of_allfly_is_stored_and_queued_once() {
    every_sample(&STANDARD, Provider::Allfly);
}

#[test]
fn every_sample_of_calcom_is_stored_and_queued_once() {
    every_sample(&STANDARD, Provider::Calcom);
}

#[test]
fn every_sample_of_standard_is_stored_and_queued_once() {
    every_sample(&STANDARD, Provider::Standard);
}

/// Sends each sample and checks everything that results from it.
pub fn every_sample(stack: &Stack, provider: Provider) {
    let mut sent = Vec::new();
    for sample in samples_of(provider) {
        let delivery = Delivery::of(&sample);
        let message = accepted(stack, &delivery);
        message.assert_carries(&delivery.body);
        let event = message.event();
        assert_eq!(event["type"], type_of(&sample.name), "{}", sample.name);
        // The sender of the stack's secret has no name.
        let has_subject = event["type"] != UNRECOGNIZED && provider != Provider::Standard;
        assert_eq!(event["subject"].is_string(), has_subject, "{} has a subject", sample.name);
        sent.push(delivery);
    }
    stack.assert_queued_once(&sent);
}

/// Sends a delivery that must be accepted, and returns its message.
pub fn accepted(stack: &Stack, delivery: &Delivery) -> Received {
    stack.post(delivery).assert_received();
    // Usher stores the delivery before it answers. With SQS up, as here, it also settles it before.
    let stored = stack.stored(delivery).expect("it is in the ledger");
    assert!(stored.is_settled(), "{} is left pending", delivery.pk());
    assert!(recently(stored.received()));
    let kept_for = i64::try_from(Policy::RETENTION.as_secs()).expect("it is some days");
    assert_eq!(stored.expires_at(), Some(stored.received().as_second() + kept_for));
    assert_eq!(stored.body(), delivery.body);

    let message = stack.mailbox.event(&delivery.event_id());
    assert_is_complete(&message, delivery.provider);
    let event = message.event();
    assert_eq!(time(&event["receivedtime"]), stored.received());
    message
}

/// The type of verified input that no reader understands.
pub const UNRECOGNIZED: &str = "usher.unrecognized";

/// The events' types by the providers' types. A sample's name is the provider's type, and may have a variant behind one
/// more dot.
const TYPES: [(&str, &str); 40] = [
    ("luma/event.created", "usher.event.created"),
    ("luma/event.updated", "usher.event.updated"),
    ("luma/event.canceled", "usher.event.canceled"),
    ("luma/calendar.event.added", "usher.event.listed"),
    ("luma/calendar.event.submitted", "usher.event.submitted"),
    ("luma/guest.registered", "usher.registration.created"),
    ("luma/guest.updated", "usher.registration.updated"),
    ("luma/guest.refunded", "usher.registration.refunded"),
    ("luma/ticket.registered", "usher.ticket.issued"),
    ("luma/calendar.person.subscribed", "usher.subscriber.added"),
    ("luma/calendar.person.unsubscribed", "usher.subscriber.removed"),
    ("lunacal/BOOKING_REQUESTED", "usher.booking.requested"),
    ("lunacal/BOOKING_CREATED", "usher.booking.created"),
    ("lunacal/BOOKING_RESCHEDULED", "usher.booking.rescheduled"),
    ("lunacal/BOOKING_CANCELLED", "usher.booking.canceled"),
    ("lunacal/BOOKING_REJECTED", "usher.booking.rejected"),
    ("lunacal/BOOKING_PAYMENT_INITIATED", "usher.payment.initiated"),
    ("lunacal/BOOKING_PAID", "usher.payment.succeeded"),
    ("allfly/event_attendee.joined_event", "usher.registration.created"),
    ("allfly/event_attendee.ticket_success", "usher.ticket.issued"),
    ("calcom/BOOKING_REQUESTED", "usher.booking.requested"),
    ("calcom/BOOKING_CREATED", "usher.booking.created"),
    ("calcom/BOOKING_RESCHEDULED", "usher.booking.rescheduled"),
    ("calcom/BOOKING_CANCELLED", "usher.booking.canceled"),
    ("calcom/BOOKING_REJECTED", "usher.booking.rejected"),
    ("calcom/BOOKING_PAYMENT_INITIATED", "usher.payment.initiated"),
    ("calcom/BOOKING_PAID", "usher.payment.succeeded"),
    ("calcom/MEETING_STARTED", "usher.meeting.started"),
    ("calcom/MEETING_ENDED", "usher.meeting.ended"),
    ("calcom/BOOKING_NO_SHOW_UPDATED", "usher.attendance.updated"),
    ("calcom/AFTER_GUESTS_CAL_VIDEO_NO_SHOW", UNRECOGNIZED),
    ("calcom/AFTER_HOSTS_CAL_VIDEO_NO_SHOW", UNRECOGNIZED),
    ("calcom/FORM_SUBMITTED", UNRECOGNIZED),
    ("calcom/FORM_SUBMITTED_NO_EVENT", UNRECOGNIZED),
    ("calcom/INSTANT_MEETING", UNRECOGNIZED),
    ("calcom/OOO_CREATED", UNRECOGNIZED),
    ("calcom/RECORDING_READY", UNRECOGNIZED),
    ("calcom/RECORDING_TRANSCRIPTION_GENERATED", UNRECOGNIZED),
    ("standard/contact.created", "usher.received"),
    ("standard/without-a-type", "usher.received"),
];

fn type_of(sample: &str) -> &'static str {
    let is_of = |name: &str| {
        sample.strip_prefix(name).is_some_and(|special| special.is_empty() || special.starts_with('.'))
    };
    let (_, found) = TYPES
        .iter()
        .find(|(name, _)| is_of(name))
        .unwrap_or_else(|| panic!("say here what {sample} becomes"));
    found
}

/// Checks that the event has everything that CloudEvents requires and that the message has the attributes to filter by.
fn assert_is_complete(message: &Received, provider: Provider) {
    let event = message.event();
    let name = provider.name();
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(event["datacontenttype"], "application/json");
    assert_eq!(event["dataschema"], "urn:usher:event:1");
    assert_eq!(event["provider"], name);
    assert_eq!(event["deduplication"], "checked");
    let source = event["source"].as_str().expect("source is text");
    let account = source.strip_prefix(&format!("/{name}")).expect("source begins with the provider");
    assert!(account.is_empty() || account.starts_with('/'), "{source}");
    assert!(recently(time(&event["receivedtime"])));
    time(&event["time"]);

    // SQS accepts no empty attribute, so each is there exactly if the event has the member.
    let attributes = ["provider", "type", "providertype"].map(|name| (name, event[name].as_str()));
    let expected = attributes.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let found = message.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    assert!(found.eq(sorted(expected.collect())), "{:?}", message.attributes);
}

fn sorted<'t>(mut pairs: Vec<(&'t str, &'t str)>) -> Vec<(&'t str, &'t str)> {
    pairs.sort_unstable();
    pairs
}

fn time(rfc_3339: &Value) -> Timestamp {
    rfc_3339.as_str().expect("a time is text").parse().expect("it is RFC 3339")
}

fn recently(time: Timestamp) -> bool {
    time.duration_until(Timestamp::now()).unsigned_abs() < Duration::from_mins(1)
}
