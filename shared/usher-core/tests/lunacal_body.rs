//! Which bodies of Lunacal are bookings, where their fields may stand, and what of them is drift.

mod support;

use serde_json::{Value, json};
use support::booking::{booking, told};
use support::table::{data, facts, read};
use usher_core::event::Problem::{NotATime, UnexpectedType, UnknownField};
use usher_core::event::{Drift, EventType, Problem};
use usher_core::provider::Reading;

const TRIGGERS: [&str; 7] = [
    "BOOKING_CREATED",
    "BOOKING_CANCELLED",
    "BOOKING_RESCHEDULED",
    "BOOKING_REQUESTED",
    "BOOKING_REJECTED",
    "BOOKING_PAYMENT_INITIATED",
    "BOOKING_PAID",
];

/// What the provider calls a body that is no event of ours.
fn unrecognized(body: &Value) -> Option<String> {
    match read("lunacal", body.to_string().as_bytes()) {
        Reading::Unrecognized { provider_type } => provider_type,
        other => panic!("{body} is recognized: {other:?}"),
    }
}

fn drift(body: &Value) -> Vec<(String, Problem)> {
    facts("lunacal", body).data.drift.into_iter().map(|Drift { path, problem }| (path, problem)).collect()
}

#[test]
fn a_trigger_without_a_booking_is_unrecognized_under_its_name() {
    for trigger in TRIGGERS {
        for rest in [
            json!({}),
            json!({"payload": null}),
            json!({"payload": {}}),
            json!({"payload": [1]}),
            json!({"payload": {"title": "Pottery", "attendees": [{"email": "ted@okafor.example"}]}}),
            json!({"payload": {"uid": "", "bookingId": null, "rescheduleUid": " ", "startTime": "soon"}}),
            json!({"data": {"id": 7}}),
            // The sender never puts JSON into a text.
            json!({"payload": "{\"uid\":\"uidA\"}"}),
            json!({"text": "Pottery with Nuala was booked"}),
        ] {
            let mut body = rest;
            body["triggerEvent"] = json!(trigger);
            assert_eq!(unrecognized(&body).as_deref(), Some(trigger), "{body}");
        }
    }
}

#[test]
fn any_of_the_fields_that_make_a_booking_makes_it_one() {
    for member in [
        json!({"uid": "uidA"}),
        json!({"bookingId": 501}),
        json!({"rescheduleUid": "uidA"}),
        json!({"startTime": "2026-12-01T18:00:00Z"}),
    ] {
        let facts = facts("lunacal", &json!({"triggerEvent": "BOOKING_CREATED", "payload": member}));
        assert_eq!(facts.event_type, EventType::BookingCreated);
    }
}

#[test]
fn an_unknown_trigger_keeps_its_name() {
    for trigger in ["MEETING_ENDED", "BOOKING_NO_SHOW_UPDATED", "booking_created"] {
        let body = booking(trigger, json!({}));
        assert_eq!(unrecognized(&body).as_deref(), Some(trigger));
    }
    assert_eq!(unrecognized(&json!({"payload": {"uid": "uidA"}})), None);
}

#[test]
fn the_same_fields_in_other_places_are_read_the_same() {
    let body = booking("BOOKING_CANCELLED", json!({"cancellationReason": "flu"}));
    let expected = facts("lunacal", &body);
    let in_data =
        json!({"triggerEvent": "BOOKING_CANCELLED", "createdAt": body["createdAt"], "data": body["payload"]});
    let mut at_root = body["payload"].clone();
    at_root["triggerEvent"] = json!("BOOKING_CANCELLED");
    at_root["createdAt"] = body["createdAt"].clone();
    for moved in [in_data, at_root] {
        let facts = facts("lunacal", &moved);
        assert_eq!(data(&facts), data(&expected));
        assert_eq!(
            (&facts.subject, &facts.group, &facts.account),
            (&expected.subject, &expected.group, &expected.account)
        );
        assert_eq!(facts.time, expected.time);
        assert_eq!(facts.data.drift, []);
    }
}

#[test]
fn a_payload_that_is_a_booking_is_read_whatever_stands_beside_it() {
    let mut body = booking("BOOKING_CREATED", json!({}));
    body["uid"] = json!("uidOfAnother");
    body["data"] = json!({"uid": "uidOfAThird"});
    assert_eq!(facts("lunacal", &body).subject.as_deref(), Some("uidA"));
    let told = [("uid".to_owned(), UnknownField), ("data".to_owned(), UnknownField)];
    assert!(told.iter().all(|one| drift(&body).contains(one)));
}

#[test]
fn a_field_that_is_new_is_told_in_every_place() {
    let booking = json!({"uid": "uidA", "newly": 1});
    let moved = |place: &str| json!({"triggerEvent": "BOOKING_CREATED", place: booking});
    assert_eq!(drift(&moved("payload")), [("payload.newly".to_owned(), UnknownField)]);
    assert_eq!(drift(&moved("data")), [("data.newly".to_owned(), UnknownField)]);
    let at_root = json!({"triggerEvent": "BOOKING_CREATED", "uid": "uidA", "newly": 1});
    assert_eq!(drift(&at_root), [("newly".to_owned(), UnknownField)]);
}

#[test]
fn a_free_map_is_no_drift() {
    let free = json!({"utm_source": "x", "plan": {"tier": [1, {"deep": true}]}, "bookerEmail": 7, "videoCallUrl": ["x"]});
    assert_eq!(drift(&booking("BOOKING_PAID", json!({"metadata": free}))), []);
    let answered = json!({"anything": {"label": "?", "value": {"deep": [1]}}});
    assert_eq!(drift(&booking("BOOKING_PAID", json!({"responses": answered}))), []);
}

#[test]
fn what_the_sender_is_known_to_keep_to_itself_is_no_drift() {
    let known = json!({
        "hashedLink": "x", "team": {"id": 1, "name": "Kiln", "members": []}, "organizationId": 3, "org": {"id": 3},
        "platformClientId": "x", "platformRescheduleUrl": "x", "platformCancelUrl": "x", "platformBookingUrl": "x",
        "oneTimePassword": "x", "delegationCredentialId": "x", "domainWideDelegationCredentialId": "x",
        "customReplyToEmail": "x@kiln.example", "hasOrganizerChanged": true, "hideOrganizerEmail": true,
        "hideCalendarEventDetails": true, "recurrence": "RRULE:FREQ=WEEKLY", "smsReminderNumber": "+353871234567",
        "existingRecurringEvent": {"recurringEventId": "x"}, "paymentInfo": {"link": "https://pay.example"},
        "assignmentReason": [{"reasonEnum": "x", "reasonString": "y"}], "downloadLink": "https://kiln.example/r",
    });
    assert_eq!(drift(&booking("BOOKING_CREATED", known)), []);
}

#[test]
fn the_moment_is_read_in_every_form_and_told_where_it_is_none() {
    let at = |created_at: Value| {
        let mut body = booking("BOOKING_CREATED", json!({}));
        body["createdAt"] = created_at;
        body
    };
    for moment in [
        json!("2026-11-27T08:38:00.463Z"),
        json!("2026-11-27T09:38:00.463+01:00"),
        json!(1_795_768_680_463_i64),
        json!("1795768680463"),
    ] {
        let body = at(moment.clone());
        let time = facts("lunacal", &body).time.expect("a time");
        assert_eq!(
            (time.to_string().as_str(), drift(&body).len()),
            ("2026-11-27T08:38:00.463Z", 0),
            "{moment}"
        );
    }
    assert_eq!(
        facts("lunacal", &at(json!(1_795_768_680))).time.expect("a time").to_string(),
        "2026-11-27T08:38:00Z"
    );
    for (moment, problem) in
        [(json!("yesterday"), NotATime), (json!(17), NotATime), (json!(true), UnexpectedType)]
    {
        let body = at(moment.clone());
        assert_eq!(facts("lunacal", &body).time, None, "{moment}");
        assert_eq!(drift(&body), [("createdAt".to_owned(), problem)], "{moment}");
    }
    let body = booking("BOOKING_CANCELLED", json!({"cancelledDates": ["soon"], "startTime": "then"}));
    assert_eq!(
        drift(&body).into_iter().map(|(path, _)| path).collect::<std::collections::BTreeSet<_>>(),
        ["payload.cancelledDates[]", "payload.startTime"].map(str::to_owned).into()
    );
}

#[test]
fn answers_are_read_in_the_first_place_that_has_any() {
    let answers =
        |changes: Value| told("BOOKING_CREATED", changes).get("answers").cloned().unwrap_or(json!([]));
    let of = |value: &str| json!({"glaze": {"label": "Which glaze?", "value": value}});
    let told = |value: &str| json!([{"id": "glaze", "question": "Which glaze?", "value": value}]);
    let older = json!({"Which glaze?": "ash"});
    assert_eq!(
        answers(
            json!({"responses": of("celadon"), "userFieldsResponses": of("tenmoku"), "customInputs": older})
        ),
        told("celadon")
    );
    for none in [Value::Null, json!({}), json!({"glaze": {"label": "Which glaze?"}}), json!([])] {
        let changes = json!({"responses": none, "userFieldsResponses": of("tenmoku"), "customInputs": older});
        assert_eq!(answers(changes), told("tenmoku"), "{none}");
        let changes = json!({"responses": none, "userFieldsResponses": none, "customInputs": older});
        assert_eq!(
            answers(changes),
            json!([{"id": "Which glaze?", "question": "Which glaze?", "value": "ash"}])
        );
    }
    assert_eq!(answers(json!({"responses": null, "customInputs": {"Left-handed?": null}})), json!([]));
}

#[test]
fn an_answer_that_is_there_twice_is_read_once() {
    let body = br#"{"triggerEvent":"BOOKING_CREATED","payload":{"uid":"u","responses":{
        "glaze":{"label":"?","value":"first"},"glaze":{"label":"?","value":"second"}}}}"#;
    let Reading::Event(facts) = read("lunacal", body) else { panic!("an event") };
    assert_eq!(data(&facts)["answers"], json!([{"id": "glaze", "question": "?", "value": "first"}]));
    assert!(!facts.data.drift.is_empty());
}
