//! What an event's attributes may hold of a provider's free text.

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::samples::message_of;
use usher_core::providers::Luma;
use usher_core::queue::Message;

fn message(provider_type: &str, id: &str) -> Message {
    let body = serde_json::json!({"type": provider_type, "data": {"id": id}});
    message_of::<Luma>(body.to_string().as_bytes()).expect("it is queued")
}

fn event(provider_type: &str, id: &str) -> Value {
    serde_json::from_str(&message(provider_type, id).body).expect("it is JSON")
}

fn subject(id: &str) -> String {
    event("guest.updated", id)["subject"].as_str().expect("there is one").to_owned()
}

#[test]
fn a_subject_as_providers_send_it_is_passed_on_as_it_is() {
    let longest = "x".repeat(128);
    for id in ["gst-abc123", "~", "50% é 😀", &longest] {
        assert_eq!(subject(id), id);
    }
}

/// CloudEvents 1.0, "Type System": what a String may not hold.
#[test]
fn a_subject_holds_no_character_that_cloudevents_forbids() {
    for forbidden in
        ['\0', '\n', '\u{1B}', '\u{7F}', '\u{9F}', '\u{FDD0}', '\u{FFFE}', '\u{1FFFF}', '\u{10FFFE}']
    {
        let subject = subject(&format!("gst-{forbidden}1"));
        assert!(subject.starts_with("gst-1~"), "{subject:?}");
        assert!(!subject.contains(forbidden), "{subject:?}");
    }
}

#[test]
fn a_subject_is_at_most_128_bytes_long() {
    for long in ["x".repeat(129), "x".repeat(100_000), "é".repeat(65), "😀".repeat(40), "\u{1}".repeat(500)]
    {
        let subject = subject(&long);
        assert!(subject.len() <= 128, "{subject}");
        assert!(subject.contains('~'), "{subject}");
    }
}

#[test]
fn different_ids_have_different_subjects_and_equal_ones_the_same() {
    let long = "x".repeat(200);
    let ids = [
        long.clone(),
        format!("{long}y"),
        "gst\u{1}".to_owned(),
        "gst\u{2}".to_owned(),
        "gst\u{1}\u{1}".to_owned(),
        "gst".to_owned(),
    ];
    let subjects: BTreeSet<String> = ids.iter().map(|id| subject(id)).collect();
    assert_eq!(subjects.len(), ids.len(), "{subjects:?}");
    assert_eq!(subjects, ids.iter().map(|id| subject(id)).collect());
}

#[test]
fn a_type_of_any_length_is_bounded_and_the_body_is_not_touched() {
    let long = "guest.".repeat(1000);
    let event = event(&long, "gst-1");
    let provider_type = event["providertype"].as_str().expect("there is one");
    assert!(provider_type.starts_with("guest.guest.") && provider_type.len() <= 128, "{provider_type}");
    assert_eq!(event["data"]["raw"]["type"], *long);
}

/// `ticket.registered` names its guest apart from its subject, `guest.updated` as its subject.
#[test]
fn events_about_one_guest_stay_in_one_group_however_long_its_id() {
    for id in ["gst-1".to_owned(), "x".repeat(1000)] {
        assert_eq!(message("ticket.registered", &id).group, message("guest.updated", &id).group);
    }
}
