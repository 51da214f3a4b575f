//! What Luma's bodies say of people, money, answers and events, in the shapes that no schema shows.

mod support;

use serde_json::{Value, json};
use support::table::{data, facts, read};
use usher_core::event::Facts;
use usher_core::event::Problem::{NotATime, UnexpectedType, UnknownField};
use usher_core::provider::Reading;

const FIELD_REFUND: &str = r#"{"type":"guest.refunded","data":{"id":"gst-7","user_id":"usr-7","user_email":"ted@okafor.example",
    "event_ticket_orders":[{"id":"evo-1","amount":5000,"amount_refunded":3500,"currency":"eur"}],
    "refund":{"amount":1500,"currency":"eur"}}}"#;

fn luma(provider_type: &str, data: Value) -> Facts {
    let mut body = json!({"type": provider_type});
    body["data"] = data;
    facts("luma", &body)
}

fn typed(provider_type: &str, said: Value) -> Value {
    data(&luma(provider_type, said))
}

fn is_hollow(body: &Value) {
    match read("luma", body.to_string().as_bytes()) {
        Reading::Unrecognized { provider_type } => {
            assert_eq!(provider_type.as_deref(), body["type"].as_str(), "{body}");
        }
        other => panic!("{body} is read: {other:?}"),
    }
}

fn drift(facts: &Facts) -> Vec<(&str, usher_core::event::Problem)> {
    facts.data.drift.iter().map(|drift| (&*drift.path, drift.problem)).collect()
}

#[test]
fn what_was_refunded_so_far_stands_beside_what_was_refunded_now() {
    let body: Value = serde_json::from_str(FIELD_REFUND).expect("JSON");
    let data = data(&facts("luma", &body));
    assert_eq!(data["orders"][0]["amount"], json!({"amount": 5000, "currency": "EUR"}));
    assert_eq!(data["orders"][0]["refunded"], json!({"amount": 3500, "currency": "EUR"}));
    assert_eq!(data["refund"], json!({"amount": 1500, "currency": "EUR"}));
}

#[test]
fn a_refund_that_the_body_does_not_state_is_not_made_up_from_the_orders() {
    let order = json!({"id": "evo-1", "amount_refunded": 3500, "currency": "eur"});
    let data = typed("guest.refunded", json!({"id": "g", "event_ticket_orders": [order]}));
    assert_eq!(data.get("refund"), None);
    assert_eq!(data["orders"][0]["refunded"]["amount"], 3500);
}

#[test]
fn refunds_are_in_minor_units_of_any_currency() {
    for (currency, code) in [("jpy", "JPY"), ("eur", "EUR"), ("kwd", "KWD"), ("solana_usdc", "SOLANA_USDC")] {
        let order = json!({"amount_refunded": 2750, "currency": currency});
        let said =
            json!({"id": "g", "event_ticket_orders": [order], "refund": {"amount": 1, "currency": currency}});
        let data = typed("guest.refunded", said);
        assert_eq!(data["orders"][0]["refunded"], json!({"amount": 2750, "currency": code}));
        assert_eq!(data["refund"], json!({"amount": 1, "currency": code}));
    }
}

#[test]
fn the_host_is_the_creator_wherever_the_list_has_them() {
    let hosts = json!([{"id": "usr-1", "name": "Lena"}, {"id": "usr-2", "name": "Tomasz"}]);
    let data = typed("event.updated", json!({"id": "e", "user_id": "usr-2", "hosts": hosts}));
    assert_eq!(data["host"], json!({"id": "usr-2", "name": "Tomasz"}));
    assert_eq!(data["hosts"], hosts);
}

#[test]
fn a_creator_who_is_not_listed_has_no_name_of_another() {
    let hosts = json!([{"id": "usr-1", "name": "Lena"}]);
    let said = json!({"id": "e", "user_id": "usr-9", "hosts": hosts, "host_name": "The Map Room"});
    assert_eq!(typed("event.updated", said)["host"], json!({"id": "usr-9"}));
}

#[test]
fn of_several_hosts_none_is_the_host_by_position() {
    let hosts = json!([{"id": "usr-1", "name": "Lena"}, {"id": "usr-2", "name": "Tomasz"}]);
    let data = typed("calendar.event.added", json!({"id": "e", "hosts": hosts}));
    assert_eq!((data.get("host"), &data["hosts"]), (None, &hosts));
    let one =
        typed("calendar.event.added", json!({"id": "e", "hosts": [{"id": "usr-1", "name": "Lena"}, {}]}));
    assert_eq!(one["host"], json!({"id": "usr-1", "name": "Lena"}));
}

#[test]
fn a_subscriber_is_never_made_of_two_people() {
    let user = json!({"id": "usr-1", "name": "Ada", "email": "ada@example.com"});
    let person = |said: Value| typed("calendar.person.unsubscribed", said)["person"].clone();
    let both = person(json!({"id": "c", "email": "bea@example.com", "user": user}));
    assert_eq!(both, user);
    let nameless =
        person(json!({"id": "c", "email": "bea@example.com", "user": {"id": "usr-1", "name": "Ada"}}));
    assert_eq!(nameless, json!({"email": "bea@example.com"}));
    let unaddressed = person(json!({"id": "c", "user": {"id": "usr-1", "name": "Ada"}}));
    assert_eq!(unaddressed, json!({"id": "usr-1", "name": "Ada"}));
}

#[test]
fn an_answer_told_in_the_older_place_only_is_read() {
    let answers = |said: Value| {
        typed("guest.registered", json!({"id": "g", "registration_answers": [said]}))["answers"][0]["value"]
            .clone()
    };
    for empty in [json!(null), json!(""), json!(" "), json!([]), json!({})] {
        assert_eq!(answers(json!({"value": empty, "answer": "older"})), "older", "{empty}");
    }
    for stated in [json!(false), json!(0), json!("newer"), json!(["a"])] {
        assert_eq!(answers(json!({"value": stated, "answer": "older"})), stated);
    }
    let older = json!({"answer": "Acme (CTO)", "answer_company": "Acme", "answer_job_title": "CTO"});
    assert_eq!(answers(older), json!({"company": "Acme", "job_title": "CTO"}));
    assert_eq!(answers(json!({"value": "", "answer": null})), "");
    assert_eq!(answers(json!({"label": "Why?"})), Value::Null);
}

#[test]
fn an_answer_in_both_places_is_one_answer() {
    let answers = json!([{"question_id": "q", "value": "yes", "answer": "yes"}]);
    let data = typed("guest.registered", json!({"id": "g", "registration_answers": answers}));
    assert_eq!(data["answers"], json!([{"id": "q", "value": "yes"}]));
}

#[test]
fn coordinates_come_from_one_place() {
    let place = |said: Value| typed("event.updated", said)["event"]["place"].clone();
    let older = json!({"id": "e", "geo_latitude": "35.01", "geo_longitude": "135.76"});
    assert_eq!(place(older), json!({"latitude": 35.01, "longitude": 135.76}));
    let half = json!({"id": "e", "coordinate": {"latitude": 1.5}, "geo_latitude": "35.01", "geo_longitude": "135.76"});
    assert_eq!(place(half), json!({"latitude": 35.01, "longitude": 135.76}));
    for odd in ["", "north", "NaN", "inf"] {
        assert_eq!(
            place(json!({"id": "e", "geo_latitude": odd, "geo_longitude": "1"})),
            Value::Null,
            "{odd}"
        );
    }
}

#[test]
fn blanks_around_a_word_or_in_its_place_do_not_matter() {
    for (word, status) in [(" approved ", json!("approved")), ("", Value::Null), ("  ", Value::Null)] {
        let facts = luma("guest.updated", json!({"id": "g", "approval_status": word}));
        assert_eq!((&data(&facts)["registration"]["status"], drift(&facts)), (&status, vec![]), "{word:?}");
    }
}

#[test]
fn a_status_that_is_free_text_is_no_status() {
    let status = |word: &str| {
        typed("guest.updated", json!({"id": "g", "approval_status": word}))["registration"]["status"].clone()
    };
    assert_eq!(status("approved"), "approved");
    assert_eq!(status("on_hold"), json!({"other": "on_hold"}));
    for text in ["On hold until Monday", "+353871234567", "12", "", "Köln"] {
        assert_eq!(status(text), Value::Null, "{text}");
    }
}

#[test]
fn a_place_that_is_free_text_is_no_kind() {
    let kind = |word: &str| {
        typed("event.updated", json!({"id": "e", "location_type": word}))["event"]["place"]["kind"].clone()
    };
    assert_eq!(kind("offline"), "in_person");
    assert_eq!(kind("missing"), Value::Null);
    for text in ["14 Harbour Lane", "https://meet.example/x", "+1 202 555 0143"] {
        assert_eq!(kind(text), Value::Null, "{text}");
    }
}

#[test]
fn a_known_type_without_what_makes_it_one_is_unrecognized() {
    let empty =
        [json!(null), json!({}), json!([]), json!("x"), json!({"created_at": "2026-05-21T18:00:00Z"})];
    for provider_type in [
        "event.created",
        "event.updated",
        "event.canceled",
        "calendar.event.added",
        "calendar.event.submitted",
        "guest.registered",
        "guest.updated",
        "guest.refunded",
        "ticket.registered",
        "calendar.person.subscribed",
        "calendar.person.unsubscribed",
    ] {
        for data in &empty {
            is_hollow(&json!({"type": provider_type, "data": data}));
        }
        is_hollow(&json!({"type": provider_type}));
        // The delivery's own id and time.
        is_hollow(&json!({"type": provider_type, "id": "whd-1", "created_at": "2026-05-21T18:00:00Z"}));
        is_hollow(
            &json!({"type": provider_type, "data": {"id": null, "name": "", "user_email": " ", "email": "", "user": {}}}),
        );
    }
    for said in [
        json!({"approval_status": "approved", "event": {}}),
        json!({"event": {"newly_sent": 1}, "event_ticket": {"id": "t"}}),
        json!({"event_tickets": [{"id": "t"}]}),
    ] {
        is_hollow(&json!({"type": "guest.registered", "data": said}));
    }
    is_hollow(&json!({"type": "event.updated", "data": {"name": {"a": 1}, "start_at": "soon"}}));
}

#[test]
fn one_field_that_makes_it_one_is_enough() {
    for (provider_type, said) in [
        ("event.created", json!({"id": "e"})),
        ("event.created", json!({"api_id": "e"})),
        ("event.updated", json!({"name": "Night of Maps"})),
        ("event.canceled", json!({"start_at": "2026-05-21T18:00:00Z"})),
        ("calendar.event.added", json!({"name": "Night of Maps"})),
        ("guest.registered", json!({"api_id": "g"})),
        ("guest.updated", json!({"user_email": "ted@okafor.example"})),
        ("guest.refunded", json!({"event": {"id": "e"}})),
        ("ticket.registered", json!({"event_ticket": {"id": "t"}})),
        ("calendar.person.subscribed", json!({"email": "ted@okafor.example"})),
        ("calendar.person.unsubscribed", json!({"user": {"id": "usr-1"}})),
    ] {
        assert_ne!(typed(provider_type, said), json!({}), "{provider_type}");
    }
}

#[test]
fn a_guest_nested_beside_the_event_is_read_and_the_place_is_reported() {
    let guest =
        json!({"api_id": "gst-1", "user_api_id": "usr-1", "user_name": "Ted", "registered_at": "soon"});
    let event = json!({"api_id": "evt-1", "name": "Night of Maps", "calendar_api_id": "cal-1"});
    let ticket = json!({"api_id": "tkt-1"});
    let nested = json!({"guest": guest, "event": event, "event_ticket": ticket});
    for (body, place) in [
        (json!({"type": "ticket.registered", "data": nested}), "data.guest"),
        (
            json!({"type": "ticket.registered", "guest": guest, "event": event, "event_ticket": ticket}),
            "guest",
        ),
    ] {
        let facts = facts("luma", &body);
        let typed = data(&facts);
        assert_eq!(typed["person"], json!({"id": "usr-1", "name": "Ted"}), "{body}");
        assert_eq!(typed["registration"], json!({"id": "gst-1"}));
        assert_eq!((&typed["event"]["id"], &typed["ticket"]["id"]), (&json!("evt-1"), &json!("tkt-1")));
        assert_eq!((facts.subject.as_deref(), facts.group.as_deref()), (Some("tkt-1"), Some("gst-1")));
        let drift = drift(&facts);
        assert!(drift.contains(&(place, UnknownField)), "{drift:?}");
        assert!(drift.contains(&(&format!("{place}.registered_at"), NotATime)), "{drift:?}");
    }
}

#[test]
fn an_event_or_a_subscriber_that_stands_elsewhere_is_read_and_the_place_is_reported() {
    let event = json!({"id": "evt-1", "name": "Night of Maps", "end_at": "late"});
    for (body, at) in [
        (json!({"type": "event.created", "data": {"event": event}}), "data.event"),
        (json!({"type": "event.created", "event": event}), "event"),
        (json!({"type": "calendar.event.added", "data": {"event": event}}), "data.event"),
    ] {
        let facts = facts("luma", &body);
        assert_eq!(data(&facts)["event"], json!({"id": "evt-1", "title": "Night of Maps"}), "{body}");
        assert_eq!(drift(&facts), [(&*format!("{at}.end_at"), NotATime), (at, UnknownField)]);
    }
    let at_the_root =
        json!({"type": "event.updated", "id": "evt-1", "name": "Night of Maps", "start_at": true});
    let facts_at_the_root = facts("luma", &at_the_root);
    assert_eq!(data(&facts_at_the_root)["event"], json!({"id": "evt-1", "title": "Night of Maps"}));
    assert!(drift(&facts_at_the_root).contains(&("start_at", UnexpectedType)));
    let subscriber = json!({"type": "calendar.person.subscribed", "id": "c", "user": {"id": "usr-1"}});
    assert_eq!(
        data(&facts("luma", &subscriber)),
        json!({"person": {"id": "usr-1"}, "subscriber": {"id": "c"}})
    );
}

#[test]
fn an_event_submitted_to_a_calendar_happened_in_that_calendar() {
    let said = json!({"id": "e", "calendar": {"id": "cal-own"}, "submitted_to_calendar": {"id": "cal-to"}});
    let facts = luma("calendar.event.submitted", said);
    assert_eq!(facts.account.as_deref(), Some("cal-to"));
    assert_eq!(data(&facts)["event"]["calendar_id"], "cal-own");
    assert_eq!(data(&facts)["event"]["submitted_to_calendar_id"], "cal-to");
}
