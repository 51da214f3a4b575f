//! The tables of documented fields are complete, and what they say of each field is true.

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::table::{Documented, Found, at, data, documented, entries, facts, without};

/// Without it nothing can be read.
const NAMES_OF_THE_TYPE: [&str; 2] = ["type", "triggerEvent"];

/// What an event's data holds without its being the first target of any field.
const DERIVED: [&str; 18] = [
    // The one host of a list of one, or the one whose id is stated beside the list.
    "host.id",
    "host.name",
    "host.first_name",
    "host.last_name",
    "host.email",
    // A meeting is in its host's time zone.
    "event.timezone",
    // From the type of the event.
    "payment.captured",
    // A location is a kind of place, or a link.
    "event.meeting_url",
    // The name of an answer in the map of answers.
    "answers[].id",
    // One currency is stated for several amounts.
    "ticket.discount.currency",
    "ticket.tax.currency",
    "tickets[].discount.currency",
    "tickets[].tax.currency",
    "orders[].discount.currency",
    "orders[].tax.currency",
    "orders[].refunded.currency",
    "orders[].coupon.amount_off.currency",
    "refund.currency",
];

/// The same of bookings.
const DERIVED_OF_BOOKINGS: [&str; 19] = [
    // One of those who attend, or as the answers have them.
    "person.name",
    "person.first_name",
    "person.last_name",
    "person.phone",
    "person.timezone",
    "person.language",
    // One of those whom the body knows otherwise.
    "booking.canceled_by.id",
    "booking.canceled_by.name",
    "booking.canceled_by.username",
    "booking.canceled_by.timezone",
    "booking.canceled_by.language",
    "booking.rescheduled_by.name",
    "booking.rescheduled_by.first_name",
    "booking.rescheduled_by.last_name",
    "booking.rescheduled_by.timezone",
    "booking.rescheduled_by.language",
    // A location may be one.
    "event.place.address",
    "event.place.phone",
    // All of a payment is given back.
    "payment.refunded.currency",
];

fn target(field: &Found) -> Option<&'static str> {
    field.known.to.filter(|target| !target.is_empty())
}

/// What the data of a changed sample holds in one place.
fn held(sample: &Documented, body: &Value, target: &str) -> Vec<Value> {
    at(&data(&facts(sample.provider, body)), target).into_iter().cloned().collect()
}

/// Returns `true` if the field decides what its target holds: as things are, or where no other field has the same target.
fn decides(sample: &Documented, field: &Found, target: &str) -> bool {
    let others: Vec<Found> =
        sample.found().into_iter().filter(|other| other.known.to == Some(target)).collect();
    let alone = without(
        &sample.body,
        others.iter().filter(|other| other.path != field.path).map(|other| &*other.pointer),
    );
    [&sample.body, &alone].into_iter().any(|body| {
        let before = held(sample, body, target);
        !before.is_empty() && before != held(sample, &without(body, [&*field.pointer]), target)
    })
}

#[test]
fn every_field_of_every_sample_is_documented_in_its_providers_table() {
    for sample in documented() {
        let drift = sample.facts().data.drift;
        assert!(drift.is_empty(), "{}: {drift:?}", sample.name);
    }
}

#[test]
fn every_mapped_field_goes_where_the_table_says() {
    let mut shown = BTreeSet::new();
    let mut listed = BTreeSet::new();
    for sample in documented() {
        let key = |path: &str, target: &str| format!("{} {path} → {target}", sample.provider);
        listed.extend(
            entries(sample.shape)
                .into_iter()
                .filter_map(|(path, known)| Some(key(&path, known.to.filter(|target| !target.is_empty())?))),
        );
        for field in sample.found() {
            let Some(target) = target(&field) else { continue };
            if decides(&sample, &field, target) {
                shown.insert(key(&field.path, target));
            }
        }
    }
    let untrue: Vec<&String> = listed.difference(&shown).collect();
    assert!(untrue.is_empty(), "no sample shows that these are so: {untrue:#?}");
}

#[test]
fn every_field_left_to_raw_is_left_to_raw() {
    for sample in documented() {
        let before = data(&sample.facts());
        for field in sample.found() {
            if field.known.to.is_none() && !NAMES_OF_THE_TYPE.contains(&&*field.path) {
                let after = data(&facts(sample.provider, &without(&sample.body, [&*field.pointer])));
                assert_eq!(before, after, "{}: {} goes somewhere", sample.name, field.path);
            }
        }
    }
}

#[test]
fn whatever_the_data_of_an_event_holds_is_a_fields_target() {
    for sample in documented() {
        let targets: BTreeSet<&str> =
            entries(sample.shape).iter().filter_map(|(_, known)| known.to).collect();
        for path in leaves(&data(&sample.facts())) {
            // An answer is passed on with whatever is in it.
            let known = path.starts_with("answers[].value") || targets.contains(path.trim_end_matches("[]"));
            let derived = DERIVED.contains(&&*path) || DERIVED_OF_BOOKINGS.contains(&&*path);
            assert!(known || derived, "{}: where does {path} come from?", sample.name);
        }
    }
}

/// The paths of all values that hold no others.
fn leaves(value: &Value) -> BTreeSet<String> {
    let joined = |name: &str, rest: String| {
        let dot = if rest.is_empty() || rest.starts_with("[]") { "" } else { "." };
        format!("{name}{dot}{rest}")
    };
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| leaves(value).into_iter().map(move |rest| joined(name, rest)))
            .collect(),
        Value::Array(items) => items.iter().flat_map(leaves).map(|rest| joined("[]", rest)).collect(),
        _ => BTreeSet::from([String::new()]),
    }
}
