//! What happened to a booking: a seat, a meeting or the rest of a series, and the facts that one trigger may tell.

mod support;

use serde_json::{Value, json};
use support::booking::{booking, ines, seated, ted, told, with};
use support::table::facts;

const CANCELED: &str = "BOOKING_CANCELLED";

fn told_booking(trigger: &str, changes: Value) -> Value {
    told(trigger, changes)["booking"].clone()
}

fn scope(trigger: &str, changes: Value) -> Value {
    told_booking(trigger, changes)["scope"].clone()
}

#[test]
fn one_seat_given_up_is_not_the_meeting_canceled() {
    let attendees = json!([seated(ines(), 9001, "seat-1"), seated(ted(), 9002, "seat-2")]);
    let seat = told_booking(CANCELED, json!({"attendees": attendees, "attendeeSeatId": "seat-1"}));
    assert_eq!((&seat["scope"], &seat["seat_id"]), (&json!("seat"), &json!("seat-1")));
    let meeting = told_booking(CANCELED, json!({"attendees": attendees, "seatsPerTimeSlot": 8}));
    assert_eq!((&meeting["scope"], meeting.get("seat_id")), (&json!("meeting"), None));
}

#[test]
fn who_pays_where_there_are_seats_pays_for_theirs() {
    for trigger in ["BOOKING_PAID", "BOOKING_PAYMENT_INITIATED"] {
        assert_eq!(scope(trigger, json!({"seatsPerTimeSlot": 8})), "seat");
        assert_eq!(scope(trigger, json!({"seatsPerTimeSlot": null})), "meeting");
    }
}

/// The ancestor's older versions put the seat's holder there as the row of the database, and say nothing of the seat.
#[test]
fn a_seat_given_up_is_told_from_the_row_of_its_holder_where_its_id_is_missing() {
    let row = with(ines(), json!({"id": 9001, "bookingId": 501}));
    assert_eq!(scope(CANCELED, json!({"attendees": [row], "seatsPerTimeSlot": 8})), "seat");
    for changes in [
        json!({"attendees": [row], "seatsPerTimeSlot": null}),
        json!({"attendees": [row], "seatsPerTimeSlot": 0}),
        json!({"attendees": [row, row], "seatsPerTimeSlot": 8}),
        json!({"attendees": [ines()], "seatsPerTimeSlot": 8}),
        json!({"attendees": [seated(ines(), 9001, "seat-1")], "seatsPerTimeSlot": 8}),
    ] {
        assert_eq!(scope(CANCELED, changes.clone()), "meeting", "{changes}");
    }
    assert_eq!(scope("BOOKING_CREATED", json!({"attendees": [row], "seatsPerTimeSlot": 8})), "meeting");
}

#[test]
fn the_rest_of_a_series_is_not_one_meeting_of_it() {
    let rule = json!({"freq": 2, "count": 6, "interval": 1});
    let starts = json!(["2026-12-01T18:00:00.000Z", "2026-12-08T18:00:00.000Z"]);
    for changes in [
        json!({"recurringEvent": rule, "cancelledDates": starts}),
        json!({"cancelledDates": starts}),
        json!({"recurringEvent": rule}),
        json!({"cancelledDates": ["2026-12-08T18:00:00Z"]}),
    ] {
        assert_eq!(scope(CANCELED, changes.clone()), "rest_of_series", "{changes}");
    }
    for changes in [
        json!({"recurringEvent": null, "cancelledDates": null}),
        json!({"cancelledDates": []}),
        json!({"cancelledDates": ["2026-12-01T18:00:00.000Z"]}),
        json!({"cancelledDates": ["soon"]}),
    ] {
        assert_eq!(scope(CANCELED, changes.clone()), "meeting", "{changes}");
    }
    assert_eq!(scope("BOOKING_CREATED", json!({"recurringEvent": rule})), "meeting");
    let told = told_booking(CANCELED, json!({"recurringEvent": rule, "cancelledDates": starts}));
    assert_eq!(told["canceled_starts"], json!(["2026-12-01T18:00:00Z", "2026-12-08T18:00:00Z"]));
    assert_eq!(told["series"], json!({"frequency": "weekly", "interval": 1, "count": 6}));
}

#[test]
fn a_request_for_another_time_is_not_a_plain_cancellation() {
    let requested = json!({"requestReschedule": true, "cancelledBy": "nuala@kiln.example"});
    let told = told_booking(CANCELED, requested);
    assert_eq!(told["reschedule_requested"], true);
    assert_eq!(told["canceled_by"]["name"], "Nuala Byrne");
    for changes in [json!({}), json!({"requestReschedule": false}), json!({"requestReschedule": "true"})] {
        assert_eq!(told_booking(CANCELED, changes).get("reschedule_requested"), None);
    }
}

/// One version of the ancestor writes `requestReschedule: true` for every seat given up, though no host asked.
#[test]
fn who_gives_up_a_seat_does_not_ask_for_another_time() {
    let changes = json!({"requestReschedule": true, "attendeeSeatId": "seat-1", "attendees": [seated(ines(), 9001, "seat-1")]});
    assert_eq!(told_booking(CANCELED, changes).get("reschedule_requested"), None);
}

#[test]
fn a_seat_moved_into_another_meeting_is_known_by_the_one_it_left() {
    let changes = json!({"uid": null, "rescheduleUid": "uidOld", "seatsPerTimeSlot": 8});
    let facts = facts("lunacal", &booking("BOOKING_RESCHEDULED", changes.clone()));
    assert_eq!(facts.subject.as_deref(), Some("uidOld"));
    let told = told_booking("BOOKING_RESCHEDULED", changes);
    assert_eq!((&told["scope"], told.get("uid")), (&json!("seat"), None));
    assert_eq!(told["previous"]["uid"], "uidOld");
    let whole = json!({"rescheduleUid": "uidOld", "seatsPerTimeSlot": 8});
    assert_eq!(scope("BOOKING_RESCHEDULED", whole), "meeting");
}

#[test]
fn a_booking_without_a_uid_is_known_by_its_number() {
    let subject =
        |changes: Value| facts("lunacal", &booking("BOOKING_CREATED", changes)).subject.expect("a subject");
    assert_eq!(subject(json!({})), "uidA");
    assert_eq!(subject(json!({"uid": null})), "501");
}

#[test]
fn a_booking_and_its_moves_are_in_one_group() {
    let group = |trigger: &str, changes: Value| facts("lunacal", &booking(trigger, changes)).group;
    let created = group("BOOKING_CREATED", json!({}));
    let moved = group("BOOKING_RESCHEDULED", json!({"uid": "uidB", "rescheduleUid": "uidA", "iCalUID": "x"}));
    let moved_again = group("BOOKING_RESCHEDULED", json!({"uid": "uidC", "rescheduleUid": "uidB"}));
    let canceled = group(CANCELED, json!({"uid": "uidC", "eventTypeId": "12"}));
    assert_eq!(created.as_deref(), Some("event-type:12"));
    assert_eq!([&moved, &moved_again, &canceled], [&created; 3]);
    assert_ne!(created, group("BOOKING_CREATED", json!({"eventTypeId": 13})));
    // Without a type the subject of the booking that is moved is its group.
    let untyped =
        group("BOOKING_RESCHEDULED", json!({"eventTypeId": null, "uid": "uidB", "rescheduleUid": "uidA"}));
    assert_eq!(untyped.as_deref(), Some("uidA"));
    assert_eq!(group("BOOKING_CREATED", json!({"eventTypeId": null})), None);
}

#[test]
fn the_reason_is_the_one_of_what_happened() {
    let answered = json!({
        "email": {"label": "email_address", "value": "ted@okafor.example"},
        "rescheduleReason": {"label": "reason_for_reschedule", "value": "Kiln repaired"},
    });
    let reason = |trigger: &str, changes: Value| told_booking(trigger, changes).get("reason").cloned();
    assert_eq!(reason("BOOKING_RESCHEDULED", json!({"responses": answered})), Some(json!("Kiln repaired")));
    // A booking that was moved before keeps that answer.
    assert_eq!(reason(CANCELED, json!({"responses": answered})), None);
    assert_eq!(
        reason("BOOKING_REJECTED", json!({"responses": answered, "rejectionReason": "Away"})),
        Some(json!("Away"))
    );
    assert_eq!(
        reason(CANCELED, json!({"cancellationReason": " ", "rejectionReason": "flu"})),
        Some(json!("flu"))
    );
}

#[test]
fn a_bookings_links_its_calendar_uid_and_what_takes_its_place_are_told() {
    let told = told_booking(
        CANCELED,
        json!({
            "rescheduleUrl": "https://lunacal.example/reschedule/uidA",
            "cancelUrl": "https://lunacal.example/booking/uidA?cancel=true",
            "iCalUID": "uidA@Lunacal.ai",
            "rescheduledToUid": "uidB",
        }),
    );
    assert_eq!(told["reschedule_url"], "https://lunacal.example/reschedule/uidA");
    assert_eq!(told["cancel_url"], "https://lunacal.example/booking/uidA?cancel=true");
    assert_eq!(told["calendar_uid"], "uidA@Lunacal.ai");
    assert_eq!(told["next_uid"], "uidB");
}
