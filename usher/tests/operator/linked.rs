//! The console links an event's fields with the places in the body that they came from, and replaces persons in samples.

#![allow(dead_code, reason = "the modules are parts of the console, which uses all of them")]

#[path = "../../src/console/links.rs"]
mod links;
#[path = "../../src/console/marks.rs"]
mod marks;
#[path = "../../src/console/places.rs"]
mod places;
#[path = "../../src/console/redact.rs"]
mod redact;

use bytes::Bytes;
use events::{Provider, samples};
use jiff::Timestamp;
use links::{Basis, Link, links};
use marks::Marker;
use places::{Scalar, parse, places as places_of};
use redact::redacted;
use usher_core::ledger::{Packed, StoredDelivery};
use usher_core::normalize::rebuild;
use usher_core::policy::Policy;
use usher_core::provider::{Provider as _, Shape};
use usher_core::providers::{Calcom, Luma, Lunacal, READERS};
use usher_core::trace::Trace;

/// Links the event of a body with it.
fn linked(provider: Provider, body: &str) -> Vec<Link> {
    let stored = StoredDelivery {
        ledger_key: format!("{provider}#1"),
        body: Packed::pack(&Bytes::copy_from_slice(body.as_bytes())),
        received: Timestamp::UNIX_EPOCH,
        replay: 0,
        trace: Trace::default(),
    };
    let Ok((event, _)) = rebuild(&stored, &READERS, Policy::MAX_BODY_BYTES) else { return Vec::new() };
    let provider_type = event.providertype.clone().unwrap_or_default();
    let event = serde_json::to_string(&event).unwrap();
    links(&parse(&event).unwrap(), &parse(body).unwrap(), documented(provider, &provider_type))
}

fn documented(provider: Provider, provider_type: &str) -> Option<Shape> {
    match provider {
        Provider::Luma => Luma::documented(provider_type),
        Provider::Lunacal => Lunacal::documented(provider_type),
        Provider::Calcom => Calcom::documented(provider_type),
        Provider::Allfly | Provider::Standard => None,
    }
}

fn from<'l>(links: &'l [Link], field: &str) -> Vec<&'l str> {
    let link = links.iter().find(|link| link.field.exact == field);
    link.map(|link| link.from.iter().map(|place| place.exact.as_str()).collect()).unwrap_or_default()
}

#[test]
fn a_field_leads_to_the_documented_place_even_if_its_value_changed_its_form() {
    let sample = events::sample("luma/guest.registered").unwrap();
    let links = linked(Provider::Luma, std::str::from_utf8(&sample.body).unwrap());
    assert_eq!(from(&links, "data.person.email"), ["data.user_email"]);
    assert_eq!(from(&links, "data.event.duration_seconds"), ["data.event.duration_interval"]);
    assert_eq!(from(&links, "data.event.tags[0]"), ["data.event.tags[0].name"]);
    assert_eq!(from(&links, "data.answers[2].question"), ["data.registration_answers[2].label"]);
}

#[test]
fn places_that_hold_the_same_are_all_named() {
    let body = r#"{"type":"event.created","data":{"id":"evt-1","api_id":"evt-1","name":"Night"}}"#;
    let links = linked(Provider::Luma, body);
    assert_eq!(from(&links, "data.event.id"), ["data.id", "data.api_id"]);
    let other = body.replacen("evt-1", "evt-2", 1);
    assert_eq!(from(&linked(Provider::Luma, &other), "data.event.id"), ["data.id"], "the values decide");
}

#[test]
fn without_documentation_the_value_decides_and_a_short_one_is_not_linked() {
    let sample = events::sample("allfly/event_attendee.joined_event").unwrap();
    let links = linked(Provider::Allfly, std::str::from_utf8(&sample.body).unwrap());
    assert!(links.len() >= 3 && links.iter().all(|link| link.basis == Basis::Value), "{links:?}");
    let telling = |scalar: &Option<Scalar>| matches!(scalar, Some(Scalar::Text(text) | Scalar::Number(text)) if text.chars().count() >= 3);
    assert!(links.iter().all(|link| telling(&link.field.scalar)));
}

/// The samples are all that the providers publish, so their links are those that a person meets.
#[test]
fn most_fields_of_every_documented_sample_are_linked() {
    for sample in samples().unwrap() {
        let sample = events::sample(&sample.name).unwrap();
        if matches!(sample.provider, Provider::Allfly | Provider::Standard) {
            continue;
        }
        let links = linked(sample.provider, std::str::from_utf8(&sample.body).unwrap());
        // A custom template puts the booking elsewhere, where the tables do not reach, and Cal.com's meetings have no
        // envelope around it.
        let is_moved = [".data", ".template"].iter().any(|end| sample.name.ends_with(end))
            || sample.name.starts_with("calcom/MEETING_");
        let exact = links.iter().filter(|link| link.from.len() == 1).count();
        assert!(
            links.is_empty() || is_moved || exact * 10 >= links.len() * 7,
            "{}: {exact} of {}",
            sample.name,
            links.len()
        );
    }
}

#[test]
fn a_sample_keeps_its_form_and_no_address_or_number_of_a_person() {
    for sample in samples().unwrap() {
        let body = String::from_utf8(events::sample(&sample.name).unwrap().body).unwrap();
        let new = redacted(&body).unwrap();
        let (before, after) = (parse(&body).unwrap(), parse(&new).unwrap());
        let (before, after) = (places_of(&before), places_of(&after));
        let paths =
            |places: &[places::Place]| places.iter().map(|place| place.exact.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&before), paths(&after), "{}", sample.name);
        for place in &before {
            let Some(Scalar::Text(text)) = &place.scalar else { continue };
            let last = place.path.rsplit('.').next().unwrap();
            if last.ends_with("email") && text.contains('@') && !text.starts_with("person") {
                assert!(!new.contains(text.as_str()), "{}: {}", sample.name, place.exact);
            }
            if last == "user_name" || last == "phone_number" && !text.is_empty() {
                assert!(!new.contains(text.as_str()), "{}: {}", sample.name, place.exact);
            }
        }
    }
}

#[test]
fn what_is_not_a_persons_stays_as_it_was_sent() {
    let body = r#"{ "type":"x", "name" : "Night Market", "price":1.50,"email":"ada@example.org","note":"for ada@example.org" }"#;
    let new = redacted(body).unwrap();
    assert!(
        new.contains(r#""price":1.50,"email":"person1@example.com","note":"for person1@example.com" }"#),
        "{new}"
    );
    assert_eq!(redacted("no JSON"), None);
}

#[test]
fn places_are_counted_as_a_browser_counts() {
    let text = format!("{}é😀x", "ab".repeat(300));
    let marker = Marker::of(&text);
    let start = text.find('x').unwrap();
    assert_eq!(marker.mark(&(start..start + 1)), (603, 604), "an emoji is two of JavaScript's units");
    assert_eq!(marker.mark(&(0..text.len())), (0, 604));
}

#[test]
fn a_body_that_nests_too_deeply_has_no_places() {
    assert!(parse(&"[".repeat(100_000)).is_none(), "else a stranger's body would end the console");
    assert!(parse("{\"a\":1,}").is_none(), "it is JSON, and nothing looser");
}
