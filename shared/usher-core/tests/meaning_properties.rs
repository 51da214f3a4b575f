//! What holds for any body that resembles a real one: reading it never panics, never makes one person of two, and never
//! puts free text where consumers expect one of a few words.
//!
//! The bodies are the samples with fields removed, set to null, set to other values, or moved into other objects.

mod support;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use support::cases::cases;
use support::samples::samples;
use support::table::{data, read};
use usher_core::provider::Reading;

/// The providers whose events always say something. Those that don't yet are left out.
const HOLLOW_IS_UNRECOGNIZED: [&str; 3] = ["luma", "lunacal", "allfly"];

/// A change of one place in a body.
#[derive(Debug, Clone)]
enum Change {
    Remove,
    Null,
    Set(Value),
    /// Puts it into another object under its own name, and takes it away where it stood.
    Move(Index),
    /// Puts it into another object under its own name, and leaves it where it stands.
    Copy(Index),
    /// Reverses the order of a list.
    Reverse,
    /// Removes one of the fields that tell who somebody is.
    Forget(Index),
    /// Gives another object the fields of a stranger, as far as it has none of its own.
    Stranger(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Remove),
        Just(Change::Null),
        value().prop_map(Change::Set),
        any::<Index>().prop_map(Change::Move),
        any::<Index>().prop_map(Change::Copy),
        Just(Change::Reverse),
        any::<Index>().prop_map(Change::Forget),
        any::<Index>().prop_map(Change::Stranger),
    ]
}

/// Values of all types, most of them what people type, or what stands elsewhere in such bodies.
fn value() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!("14 Harbour Lane, 2nd floor"),
        json!("+353 87 123 4567"),
        json!("on hold until Monday"),
        json!("12"),
        json!("Köln"),
        json!("https://video.example/room"),
        json!("brand_new"),
        json!("someone@elsewhere.example"),
        json!(" Someone@Elsewhere.example "),
        json!("1795732820800"),
        json!("2026-09-14"),
        json!(""),
        json!(0),
        json!(-17),
        json!(4.5),
        json!(1_795_732_820),
        json!(i64::MAX),
        json!(true),
        json!(false),
        json!([]),
        json!({}),
        json!(["x", {"id": "usr-other", "name": "Someone Else"}]),
        json!({"id": "usr-other", "name": "Someone Else", "email": "someone@elsewhere.example"}),
    ])
}

/// Somebody who is in no sample, under all names that providers give to what tells who somebody is.
const STRANGER: [(&str, &str); 12] = [
    ("id", "usr-stranger"),
    ("user_id", "usr-stranger"),
    ("name", "A Stranger"),
    ("user_name", "A Stranger"),
    ("full_name", "A Stranger"),
    ("host_name", "A Stranger"),
    ("first_name", "Stranger"),
    ("firstName", "Stranger"),
    ("email", "stranger@elsewhere.example"),
    ("user_email", "stranger@elsewhere.example"),
    ("bookerEmail", "stranger@elsewhere.example"),
    ("cancelledBy", "stranger@elsewhere.example"),
];

/// The JSON pointers of all values of a body but itself, and of its objects with itself.
fn places(body: &Value) -> (Vec<String>, Vec<String>) {
    fn walk(value: &Value, pointer: &str, all: &mut Vec<String>, objects: &mut Vec<String>) {
        let mut step = |name: &str, inner: &Value| {
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            all.push(pointer.clone());
            walk(inner, &pointer, all, objects);
        };
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, inner)| step(name, inner));
                objects.push(pointer.to_owned());
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, inner)| step(&index.to_string(), inner));
            }
            _ => {}
        }
    }
    let (mut all, mut objects) = (Vec::new(), Vec::new());
    walk(body, "", &mut all, &mut objects);
    (all, objects)
}

fn changed(mut body: Value, at: Index, change: Change) -> Value {
    let (all, objects) = places(&body);
    if all.is_empty() {
        return body;
    }
    let pointer = at.get(all.as_slice());
    let (parent, name) = pointer.rsplit_once('/').expect("it is not the root");
    let object = |into: &Index| into.get(objects.as_slice()).clone();
    match change {
        Change::Null => *body.pointer_mut(pointer).expect("it is there") = Value::Null,
        Change::Set(value) => *body.pointer_mut(pointer).expect("it is there") = value,
        Change::Remove => remove(&mut body, parent, name),
        Change::Copy(into) => put(&mut body, pointer, &object(&into), name),
        Change::Move(into) => {
            let into = object(&into);
            // Not into its own object, nor into itself.
            if into != parent && !format!("{into}/").starts_with(&format!("{pointer}/")) {
                put(&mut body, pointer, &into, name);
                remove(&mut body, parent, name);
            }
        }
        Change::Forget(which) => {
            let tells =
                |name: &str| ["id", "name", "email"].iter().any(|part| name.to_lowercase().contains(part));
            let telling: Vec<(&str, &str)> = all
                .iter()
                .filter_map(|pointer| pointer.rsplit_once('/'))
                .filter(|(_, name)| tells(name))
                .collect();
            if !telling.is_empty() {
                let (parent, name) = which.get(&telling);
                remove(&mut body, parent, name);
            }
        }
        Change::Stranger(into) => {
            let members = body.pointer_mut(&object(&into)).and_then(Value::as_object_mut).expect("an object");
            for (name, value) in STRANGER {
                members.entry(name).or_insert(json!(value));
            }
        }
        Change::Reverse => {
            if let Some(list) = body.pointer_mut(pointer).and_then(Value::as_array_mut) {
                list.reverse();
            }
        }
    }
    body
}

fn put(body: &mut Value, from: &str, into: &str, name: &str) {
    let value = body.pointer(from).cloned().expect("it is there");
    let object = body.pointer_mut(into).and_then(Value::as_object_mut).expect("an object");
    object.insert(name.to_owned(), value);
}

fn remove(body: &mut Value, parent: &str, name: &str) {
    match body.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.remove(name);
        }
        Some(Value::Array(items)) => {
            items.remove(name.parse().expect("an index"));
        }
        _ => {}
    }
}

/// The people of an event's data, wherever they are.
fn people<'v>(data: &'v Value) -> Vec<&'v Value> {
    let each = |list: &'v Value| list.as_array().into_iter().flatten();
    let mut people = vec![&data["person"], &data["host"]];
    people.extend(each(&data["hosts"]));
    people.extend(each(&data["attendees"]).map(|attendee| &attendee["person"]));
    people.extend([&data["booking"]["canceled_by"], &data["booking"]["rescheduled_by"]]);
    people.into_iter().filter(|person| person.is_object()).collect()
}

/// The fields that tell who a person is.
const IDENTITY: [&str; 5] = ["id", "name", "first_name", "last_name", "email"];

/// Returns the texts of a member: its own, or where it is a question of the booker's form, those of the answer one level
/// below. A name may be answered in two parts, which are joined.
fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()),
        // An id may be a number.
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let Value::Object(question) = value else { return text(value).into_iter().collect() };
    match question.get("value") {
        Some(Value::Object(parts)) => {
            let part = |name: &str| parts.get(name).and_then(text);
            let parts: Vec<String> = ["firstName", "lastName"].into_iter().filter_map(part).collect();
            [parts.join(" ")].into_iter().chain(parts).collect()
        }
        answer => answer.and_then(text).into_iter().collect(),
    }
}

/// Returns `true` if one object of the body holds, as members of its own, all that is said of a person.
fn is_of_one_object(person: &Value, body: &Value) -> bool {
    let said: Vec<&str> = IDENTITY.iter().filter_map(|name| person[name].as_str()).collect();
    let holds_all = |object: &serde_json::Map<String, Value>| {
        let held: Vec<String> = object.values().flat_map(texts).collect();
        said.iter().all(|said| held.iter().any(|held| held == said))
    };
    let (_, objects) = places(body);
    objects.iter().filter_map(|pointer| body.pointer(pointer)?.as_object()).any(holds_all)
}

/// Returns `true` if there is any value within the objects and lists.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().any(says_something),
        Value::Array(items) => items.iter().any(says_something),
        _ => true,
    }
}

/// The words that stand for what a provider's list has and Usher's doesn't. An answer is in the provider's own form.
fn other_words(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) if members.len() == 1 && members.contains_key("other") => {
            vec![members["other"].as_str().expect("a word is text")]
        }
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "answers")
            .flat_map(|(_, inner)| other_words(inner))
            .collect(),
        Value::Array(items) => items.iter().flat_map(other_words).collect(),
        _ => Vec::new(),
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-:".contains(letter))
}

/// A body that resembles one of the provider's samples.
fn body() -> impl Strategy<Value = (&'static str, Value)> {
    let all: Vec<(&'static str, Value)> = samples()
        .into_iter()
        .map(|sample| (sample.provider, serde_json::from_slice(&sample.body).expect("samples are JSON")))
        .collect();
    (prop::sample::select(all), prop::collection::vec((any::<Index>(), change()), 0..8)).prop_map(
        |((provider, body), changes)| {
            (provider, changes.into_iter().fold(body, |body, (at, change)| changed(body, at, change)))
        },
    )
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn a_body_that_resembles_a_real_one_is_read_for_what_it_says((provider, body) in body()) {
        // Not by `Reading::attempt`, which would catch a panic.
        let Reading::Event(facts) = read(provider, body.to_string().as_bytes()) else { return Ok(()) };
        let data = data(&facts);
        if HOLLOW_IS_UNRECOGNIZED.contains(&provider) {
            prop_assert!(says_something(&data), "an event of nothing");
        }
        for person in people(&data) {
            prop_assert!(is_of_one_object(person, &body), "{person} is of no one object");
        }
        for word in other_words(&data) {
            prop_assert!(is_word(word), "{word} is no word");
        }
    }
}

/// Or the property would hold whatever is read.
#[test]
fn a_person_of_two_objects_and_free_text_are_found_out() {
    let body =
        json!({"user": {"id": "usr-1", "name": " Ada "}, "email": "ada@example.com", "rows": [{"id": 7}]});
    for (person, of_one) in [
        (json!({"id": "usr-1", "name": "Ada"}), true),
        (json!({"id": "7"}), true),
        (json!({"id": "usr-1", "email": "ada@example.com"}), false),
        (json!({"id": "7", "name": "Ada"}), false),
    ] {
        assert_eq!(is_of_one_object(&person, &body), of_one, "{person}");
    }
    let data =
        json!({"event": {"place": {"kind": {"other": "a yurt"}}}, "answers": [{"value": {"other": "x y"}}]});
    assert_eq!(other_words(&data), ["a yurt"]);
    assert!(!is_word("a yurt") && !is_word("12") && !is_word("") && is_word("integrations:tandem"));
}
