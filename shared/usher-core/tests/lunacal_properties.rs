//! What holds of every body of Lunacal, however it is damaged: fields removed, nulled, of another type, in the place of
//! others.

mod support;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use support::booking::booking;
use support::cases::cases;
use support::samples::samples;
use support::table::{data, facts, read};
use usher_core::provider::Reading;

/// One change of a body. The places are chosen from those that the body has.
#[derive(Debug, Clone)]
enum Damage {
    Remove(Index),
    Put(Index, Value),
    Copy(Index, Index),
    Swap(Index, Index),
}

/// What people type, and what senders write in its place.
fn typed() -> impl Strategy<Value = String> {
    let known = vec![
        "Cork",
        "14 Harbour Lane",
        "+353871234567",
        "12",
        "St.Mary",
        "meet.kiln.example",
        "https://kiln.example/1",
        "javascript://x",
        "data:text/html,x",
        "integrations:zoom",
        "integrations:a b",
        "inPerson",
        "phone",
        "link",
        "ted@okafor.example",
        "seat-1",
        "seat-2",
        "desk",
        "",
    ];
    prop_oneof![
        "[ -~äé]{0,24}",
        "[a-z]{2,9}:(//)?[ -~]{0,9}",
        prop::sample::select(known).prop_map(str::to_owned)
    ]
}

fn damage() -> impl Strategy<Value = Damage> {
    let values = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        typed().prop_map(Value::from),
    ];
    prop_oneof![
        any::<Index>().prop_map(Damage::Remove),
        (any::<Index>(), values).prop_map(|(place, value)| Damage::Put(place, value)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Damage::Copy(from, to)),
        (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Damage::Swap(one, other)),
    ]
}

/// Every place of a body but the body itself and its trigger, without which it is read as nothing.
fn places(body: &Value) -> Vec<String> {
    fn of(value: &Value, pointer: &str, all: &mut Vec<String>) {
        let mut member = |name: &str, value: &Value| {
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            if pointer != "/triggerEvent" {
                all.push(pointer.clone());
                of(value, &pointer, all);
            }
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| member(name, value)),
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(index, value)| member(&index.to_string(), value));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    of(body, "", &mut all);
    all
}

fn apply(body: &mut Value, damage: &Damage) {
    let places = places(body);
    if places.is_empty() {
        return;
    }
    let put = |body: &mut Value, place: &String, value: Value| {
        // The place is gone where it was a part of what was replaced.
        if let Some(old) = body.pointer_mut(place) {
            *old = value;
        }
    };
    match damage {
        Damage::Remove(index) => {
            let place: &String = index.get(&places);
            let (parent, name) = place.rsplit_once('/').expect("a pointer");
            match body.pointer_mut(parent) {
                Some(Value::Object(members)) => {
                    members.remove(&name.replace("~1", "/").replace("~0", "~"));
                }
                Some(Value::Array(list)) => {
                    list.remove(name.parse().expect("an index"));
                }
                _ => {}
            }
        }
        Damage::Put(index, value) => put(body, index.get(&places), value.clone()),
        Damage::Copy(from, to) => {
            let value = body.pointer(from.get::<String>(&places)).cloned().unwrap_or_default();
            put(body, to.get(&places), value);
        }
        Damage::Swap(one, other) => {
            let (one, other): (&String, &String) = (one.get(&places), other.get(&places));
            let values = [one, other].map(|place| body.pointer(place).cloned().unwrap_or_default());
            let [first, second] = values;
            put(body, one, second);
            put(body, other, first);
        }
    }
}

fn bodies() -> Vec<Value> {
    samples()
        .into_iter()
        .filter(|sample| sample.provider == "lunacal")
        .map(|sample| serde_json::from_slice(&sample.body).expect("a sample is JSON"))
        .collect()
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// What a body tells of one person in one place, as the event has it.
fn people(body: &Value) -> Vec<Value> {
    let of = |person: &Value| {
        let id =
            text(&person["id"]).map(str::to_owned).or_else(|| person["id"].as_i64().map(|id| id.to_string()));
        let language = text(&person["locale"]).or_else(|| text(&person["language"]["locale"]));
        json!({
            "id": id, "name": text(&person["name"]), "first_name": text(&person["firstName"]),
            "last_name": text(&person["lastName"]), "email": text(&person["email"]), "phone": text(&person["phoneNumber"]),
            "username": text(&person["username"]), "timezone": text(&person["timeZone"]), "language": language,
        })
    };
    let mut all = Vec::new();
    for payload in [body, &body["payload"], &body["data"]] {
        all.push(of(&payload["organizer"]));
        for attendee in payload["attendees"].as_array().into_iter().flatten() {
            let mut attendee = of(attendee);
            attendee["id"] = Value::Null;
            all.push(attendee);
        }
        let name = &payload["responses"]["name"]["value"];
        let parts = [text(&name["firstName"]), text(&name["lastName"])];
        let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        all.push(json!({
            "name": text(name).unwrap_or(&joined), "first_name": parts[0], "last_name": parts[1],
            "email": text(&payload["responses"]["email"]["value"]),
        }));
        for address in [
            &payload["cancelledBy"],
            &payload["rescheduledBy"],
            &payload["metadata"]["bookerEmail"],
            &payload["paymentData"]["data"]["metadata"]["bookerEmail"],
        ] {
            all.push(json!({"email": text(address)}));
        }
    }
    all
}

/// The people of an event: each with their place.
fn told(data: &Value) -> Vec<(&'static str, &Value)> {
    let attendees =
        data["attendees"].as_array().into_iter().flatten().map(|one| ("attendees", &one["person"]));
    [
        ("person", &data["person"]),
        ("host", &data["host"]),
        ("canceled_by", &data["booking"]["canceled_by"]),
        ("rescheduled_by", &data["booking"]["rescheduled_by"]),
    ]
    .into_iter()
    .filter(|(_, person)| person.is_object())
    .chain(attendees)
    .collect()
}

/// Every word that Usher doesn't know, wherever it stands.
fn others(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(other) = members.get("other").and_then(Value::as_str) {
                all.push(other.to_owned());
            }
            members.values().for_each(|value| others(value, all));
        }
        Value::Array(list) => list.iter().for_each(|value| others(value, all)),
        _ => {}
    }
}

fn holds(body: &Value) -> Result<(), TestCaseError> {
    let Reading::Event(facts) = read("lunacal", body.to_string().as_bytes()) else { return Ok(()) };
    let mut data = data(&facts);
    // An answer is passed on with whatever is in it.
    data.as_object_mut().expect("an object").remove("answers");
    let people = people(body);
    for (place, person) in told(&data) {
        let members = person.as_object().expect("an object");
        let is_one = |source: &Value| members.iter().all(|(name, value)| source[name] == *value);
        prop_assert!(people.iter().any(is_one), "{}: {} is of nobody in {}", place, person, body);
    }
    let mut words = Vec::new();
    others(&data, &mut words);
    for word in words {
        let is_word = word.starts_with(|first: char| first.is_ascii_alphabetic())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-:".contains(&byte));
        prop_assert!(is_word, "{:?} is no word: {}", word, body);
    }
    if let Some(link) = data["event"]["meeting_url"].as_str() {
        let link = link.to_ascii_lowercase();
        prop_assert!(link.starts_with("https://") || link.starts_with("http://"), "{}: {}", link, body);
    }
    Ok(())
}

#[test]
fn it_holds_of_the_samples_themselves() {
    for body in bodies() {
        holds(&body).expect("it holds");
    }
}

/// Up to four people, each recognizable by the number in whatever is told of them.
fn attendee(number: usize, seat: Option<usize>) -> Value {
    let mut person = json!({
        "id": 9000 + number, "name": format!("Name {number}"), "email": format!("P{number}@people.example"),
        "phoneNumber": format!("+35387000000{number}"), "timeZone": format!("Zone/{number}"),
    });
    if let Some(seat) = seat {
        person["bookingSeat"] = json!({"referenceUid": format!("seat-{seat}")});
    }
    person
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn a_damaged_body_is_read_without_mixing_people_or_taking_free_text_for_words(
        sample in any::<Index>(),
        damages in prop::collection::vec(damage(), 1..12),
    ) {
        thread_local!(static BODIES: Vec<Value> = bodies());
        let mut body = BODIES.with(|bodies| sample.get(bodies).clone());
        for damage in &damages {
            apply(&mut body, damage);
        }
        holds(&body)?;
    }

    #[test]
    fn whoever_holds_the_seat_acted_and_nobody_of_another_seat(
        seats in prop::collection::vec(prop::option::of(0_usize..5), 0..5),
        seat in 0_usize..5,
        answering in prop::option::of(0_usize..5),
        trigger in prop::sample::select(vec!["BOOKING_CREATED", "BOOKING_CANCELLED", "BOOKING_RESCHEDULED"]),
    ) {
        let attendees: Vec<Value> =
            seats.iter().enumerate().map(|(number, seat)| attendee(number, *seat)).collect();
        let responses = answering.map(|number| json!({
            "name": {"value": format!("Name {number}")},
            "email": {"value": format!(" p{number}@PEOPLE.example ")},
        }));
        let body = booking(trigger, json!({
            "attendees": attendees, "attendeeSeatId": format!("seat-{seat}"), "responses": responses,
        }));
        let person = data(&facts("lunacal", &body))["person"].clone();
        let name = |number: usize| json!(format!("Name {number}"));
        let holders: Vec<usize> = (0..seats.len()).filter(|number| seats[*number] == Some(seat)).collect();
        if let [holder] = holders[..] {
            prop_assert_eq!(&person["name"], &name(holder));
            prop_assert_eq!(&person["phone"], &attendees[holder]["phoneNumber"]);
        }
        for other in (0..seats.len()).filter(|number| seats[*number].is_some_and(|held| held != seat)) {
            prop_assert_ne!(&person["name"], &name(other), "{}", body);
        }
        prop_assert_eq!(person.get("id"), None);
        holds(&body)?;
    }

    #[test]
    fn whatever_is_typed_for_a_place_is_no_word_and_no_script(
        [location, chosen, option, link, room] in prop::array::uniform5(typed()),
    ) {
        holds(&booking("BOOKING_CREATED", json!({
            "location": location,
            "responses": {"location": {"value": {"value": chosen, "optionValue": option}}},
            "metadata": {"videoCallUrl": link},
            "videoCallData": {"type": room, "url": room},
        })))?;
    }
}
