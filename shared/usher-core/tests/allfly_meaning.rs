//! What AllFly's unpublished bodies say: names are tried, people are never mixed, sums are never guessed.

mod support;

use serde_json::{Value, json};
use support::table::{data, facts, read};
use usher_core::event::Problem::{DuplicateMember, NotATime};
use usher_core::event::{Facts, Problem};
use usher_core::provider::Reading;

const JOINED: &str = "event_attendee.joined_event";
const TICKET: &str = "event_attendee.ticket_success";

fn allfly(provider_type: &str, said: &Value) -> Facts {
    facts("allfly", &json!({"type": provider_type, "data": said}))
}

fn person(said: &Value) -> Value {
    data(&allfly(JOINED, said))["person"].clone()
}

fn drift(facts: &Facts) -> Vec<(&str, Problem)> {
    facts.data.drift.iter().map(|drift| (&*drift.path, drift.problem)).collect()
}

#[test]
fn a_sum_whose_unit_is_unpublished_is_left_to_raw() {
    for sums in [
        json!({"id": "t", "price": "384.20", "currency": "USD"}),
        json!({"id": "t", "amount": 38420, "currency": "usd", "discount": "5.00"}),
        json!({"id": "t", "total": 384, "currency": "JPY"}),
    ] {
        let data =
            data(&allfly(TICKET, &json!({"id": "a", "ticket": sums, "price": "1.00", "currency": "USD"})));
        assert_eq!(data["ticket"], json!({"id": "t"}), "{sums}");
        assert_eq!((data.get("payment"), data.get("orders")), (None, None));
    }
}

#[test]
fn a_nested_person_is_never_completed_from_the_fields_beside() {
    let beside = |nested: Value| {
        let mut said = nested;
        said["id"] = json!("att_1");
        said["name"] = json!("Spring Offsite");
        said["email"] = json!("desk@allfly.example");
        said
    };
    let ted = json!({"id": "usr_1", "name": "Ted Okafor"});
    for nested in [
        json!({"attendee": ted}),
        json!({"user": ted}),
        json!({"attendee": {"id": "att_1", "user": ted}}),
        json!({"event_attendee": {"id": "att_1", "email": "desk@allfly.example", "user": ted}}),
        json!({"event_attendee": {"id": "att_1", "user_id": "usr_1", "name": "Ted Okafor"}}),
        json!({"attendee": {}, "user": ted}),
    ] {
        assert_eq!(person(&beside(nested.clone())), ted, "{nested}");
    }
}

#[test]
fn the_id_of_a_registration_is_no_person_s() {
    let flat = json!({"id": "att_1", "email": "ted@okafor.example", "name": "Ted"});
    assert_eq!(person(&flat), json!({"name": "Ted", "email": "ted@okafor.example"}));
    assert_eq!(data(&allfly(JOINED, &flat))["registration"], json!({"id": "att_1"}));
    let nested = json!({"id": "row_9", "event_attendee": {"id": "att_1", "email": "ted@okafor.example"}});
    assert_eq!(person(&nested), json!({"email": "ted@okafor.example"}));
    assert_eq!(data(&allfly(JOINED, &nested))["registration"], json!({"id": "att_1"}));
}

#[test]
fn a_name_that_may_be_the_event_s_or_the_ticket_s_is_no_person_s() {
    for said in [
        json!({"id": "att_1", "name": "Spring Offsite", "event_id": "ev_1"}),
        json!({"id": "att_1", "name": "Spring Offsite", "start_at": "2026-09-14T15:00:00Z"}),
        json!({"id": "tkt_1", "name": "Return flight", "ticket_number": "999"}),
        json!({"id": "att_1", "name": "Spring Offsite", "event": {"id": "ev_1"}}),
    ] {
        assert_eq!(person(&said), Value::Null, "{said}");
    }
    let full =
        json!({"id": "att_1", "name": "Spring Offsite", "full_name": "Ted Okafor", "event_id": "ev_1"});
    assert_eq!(person(&full), json!({"name": "Ted Okafor"}));
    assert_eq!(person(&json!({"id": "att_1", "name": "Ted Okafor"})), json!({"name": "Ted Okafor"}));
}

#[test]
fn a_body_dated_in_unix_seconds_or_milliseconds_has_that_time() {
    for (timestamp, time) in [
        (json!(1_795_732_820_800_i64), "2026-11-26T22:40:20.8Z"),
        (json!(1_795_732_820), "2026-11-26T22:40:20Z"),
        (json!("1795732820800"), "2026-11-26T22:40:20.8Z"),
        (json!("1795732820"), "2026-11-26T22:40:20Z"),
        (json!("2026-11-26T22:40:20Z"), "2026-11-26T22:40:20Z"),
    ] {
        for body in [
            json!({"type": JOINED, "timestamp": timestamp, "data": {"id": "a"}}),
            json!({"type": JOINED, "data": {"id": "a", "created_at": timestamp}}),
        ] {
            let facts = facts("allfly", &body);
            assert_eq!(facts.time.map(|time| time.to_string()).as_deref(), Some(time), "{body}");
            assert_eq!(drift(&facts), [], "{body}");
        }
    }
}

#[test]
fn a_time_that_can_not_be_read_is_drift_at_its_place() {
    for unreadable in
        [json!("soon"), json!("2026-09-14"), json!(17), json!(true), json!({"seconds": 1}), json!([1])]
    {
        let body = json!({"type": JOINED, "timestamp": unreadable, "data": {"id": "a", "createdAt": unreadable,
            "event": {"id": "e", "start": unreadable, "end_date": unreadable}}});
        let facts = facts("allfly", &body);
        let paths = ["data.createdAt", "data.event.start", "data.event.end_date", "timestamp"];
        assert_eq!(drift(&facts), paths.map(|path| (path, NotATime)), "{unreadable}");
        assert_eq!(facts.time, None);
        assert_eq!(data(&facts)["event"], json!({"id": "e"}));
    }
    for nothing in [json!(null), json!(false), json!(""), json!(" ")] {
        let body = json!({"type": JOINED, "timestamp": nothing, "data": {"id": "a", "event": {"id": "e", "start": nothing}}});
        assert_eq!(drift(&facts("allfly", &body)), [], "{nothing}");
    }
}

#[test]
fn an_unreadable_time_does_not_hide_a_readable_one() {
    let body =
        json!({"type": JOINED, "timestamp": 1_795_732_820, "data": {"id": "a", "created_at": "yesterday"}});
    let facts = facts("allfly", &body);
    assert_eq!(facts.time.map(|time| time.to_string()).as_deref(), Some("2026-11-26T22:40:20Z"));
    assert_eq!(drift(&facts), [("data.created_at", NotATime)]);
}

#[test]
fn a_known_type_without_attendee_event_or_ticket_is_unrecognized() {
    for provider_type in [JOINED, TICKET] {
        for body in [
            json!({"type": provider_type}),
            json!({"type": provider_type, "data": null}),
            json!({"type": provider_type, "data": {}}),
            json!({"type": provider_type, "data": [{"id": "a"}]}),
            json!({"type": provider_type, "data": {"status": "joined", "event": {}, "ticket": {}, "attendee": {}}}),
            // The delivery's own id and time.
            json!({"type": provider_type, "id": "msg_1", "timestamp": 1_795_732_820}),
        ] {
            match read("allfly", body.to_string().as_bytes()) {
                Reading::Unrecognized { provider_type: named } => {
                    assert_eq!(named.as_deref(), Some(provider_type));
                }
                other => panic!("{body} is read: {other:?}"),
            }
        }
    }
}

#[test]
fn the_same_fields_are_read_wherever_they_stand() {
    let said = json!({"event_attendee_id": "att_1", "email": "ted@okafor.example", "event_id": "ev_1", "ticket_id": "tkt_1"});
    let mut at_the_root = said.clone();
    at_the_root["event_type"] = json!(TICKET);
    let expected = data(&allfly(TICKET, &said));
    for body in [
        json!({"type": TICKET, "data": {"object": said}}),
        json!({"type": TICKET, "payload": said}),
        json!({"type": TICKET, "data": {}, "payload": said}),
        json!({"event": TICKET, "data": said}),
        at_the_root,
    ] {
        assert_eq!(data(&facts("allfly", &body)), expected, "{body}");
    }
    assert_eq!(expected["ticket"], json!({"id": "tkt_1"}));
}

#[test]
fn members_that_are_there_twice_are_drift() {
    let body = format!(
        r#"{{"type":"{JOINED}","data":{{"id":"a","id":"b","attendee":{{"email":"x","email":"y"}}}}}}"#
    );
    let Reading::Event(facts) = read("allfly", body.as_bytes()) else { panic!("it is read") };
    assert_eq!(drift(&facts), [("data.attendee.email", DuplicateMember), ("data.id", DuplicateMember)]);
}
