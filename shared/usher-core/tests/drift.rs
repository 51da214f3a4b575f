//! What deviates from the documents is told, and costs the rest of the event nothing.

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use support::cases::cases;
use support::table::{Documented, Found, at, data, documented, entries, facts, read, with, without};
use usher_core::event::Facts;
use usher_core::event::Problem::{
    DuplicateMember, NotADuration, NotATime, NotAWholeNumber, UnexpectedType, UnknownField, UnknownValue,
};
use usher_core::event::{Drift, Problem};
use usher_core::provider::Reading;
use usher_core::provider::shape::{Expect, MAX_DRIFT};

/// They say what the body is, and hold all there is to read of it: another value makes it another body.
const WHAT_MAKES_THE_BODY: [&str; 4] = ["type", "triggerEvent", "data", "payload"];

fn drift(path: &str, problem: Problem) -> Drift {
    Drift { path: path.to_owned(), problem }
}

/// All fields that may be of another type, each in its sample.
fn fields() -> Vec<(Documented, Found)> {
    let all = documented().into_iter().flat_map(|sample| {
        let found = sample.found();
        found.into_iter().map(move |field| (sample.clone(), field))
    });
    all.filter(|(_, field)| !WHAT_MAKES_THE_BODY.contains(&&*field.path)).collect()
}

fn changed(sample: &Documented, field: &Found, value: Value) -> Facts {
    let facts = facts(sample.provider, &with(&sample.body, &field.pointer, value));
    assert_eq!(facts.provider_type, sample.provider_type, "the same type");
    facts
}

/// Values of all types, and what is wrong with each where that is expected.
fn deviations(expect: &Expect) -> Vec<(Value, Problem)> {
    let due = |value: &Value| match expect {
        Expect::Text | Expect::Word(_) | Expect::Duration => value.is_string(),
        Expect::Bool => value.is_boolean(),
        Expect::Number | Expect::Whole => value.is_number(),
        // The number of a time may be Unix seconds.
        Expect::Time | Expect::Id => value.is_string() || value.is_number(),
        Expect::Object(_) | Expect::Map(_) => value.is_object(),
        Expect::List(_) => value.is_array(),
        Expect::Anything => true,
    };
    let others = [json!("words"), json!(17), json!(true), json!(["words"]), json!({"a": 1})];
    let of_another_type = others.into_iter().filter(|value| !due(value)).map(|value| (value, UnexpectedType));
    let of_another_form = match expect {
        Expect::Time => ["next Monday", "2026-05-21"]
            .map(|text| (json!(text), NotATime))
            .into_iter()
            .chain([(json!(17), NotATime), (json!(1.5), NotATime)])
            .collect(),
        Expect::Duration => vec![(json!("three hours"), NotADuration), (json!("P1M"), NotADuration)],
        Expect::Whole | Expect::Id => vec![(json!(1.5), NotAWholeNumber), (json!(1e300), NotAWholeNumber)],
        _ => Vec::new(),
    };
    of_another_type.chain(of_another_form).collect()
}

#[test]
fn a_value_of_another_type_or_form_is_told_and_costs_nothing_but_itself() {
    for (sample, field) in fields() {
        let absent = data(&facts(sample.provider, &without(&sample.body, [&*field.pointer])));
        for (value, problem) in deviations(&field.known.expect) {
            let told = format!("{}: {} is {value}", sample.name, field.path);
            let facts = changed(&sample, &field, value);
            assert_eq!(facts.data.drift, [drift(&field.path, problem)], "{told}");
            assert_eq!(data(&facts), absent, "{told}");
        }
    }
}

#[test]
fn a_field_that_nobody_documents_is_told_wherever_it_stands_and_changes_nothing() {
    for sample in documented() {
        let before = data(&sample.facts());
        let objects =
            sample.found().into_iter().filter(|field| matches!(field.known.expect, Expect::Object(_)));
        let mut places: Vec<(String, String)> = vec![(String::new(), "newly_sent".to_owned())];
        places.extend(objects.map(|field| (field.pointer, format!("{}.newly_sent", field.path))));
        for (pointer, path) in places {
            let mut body = sample.body.clone();
            let Some(object) = body.pointer_mut(&pointer).and_then(Value::as_object_mut) else { continue };
            object.insert("newly_sent".to_owned(), json!({"private": "words"}));
            let facts = facts(sample.provider, &body);
            assert_eq!(facts.data.drift, [drift(&path, UnknownField)], "{}", sample.name);
            assert_eq!(data(&facts), before, "{}: {path}", sample.name);
        }
    }
}

#[test]
fn an_unknown_word_is_told_and_passed_on_as_other() {
    for (sample, field) in fields() {
        let Expect::Word(_) = field.known.expect else { continue };
        let facts = changed(&sample, &field, json!("Brand-New"));
        assert_eq!(facts.data.drift, [drift(&field.path, UnknownValue)], "{}", sample.name);
        if let Some(target) = field.known.to {
            assert_eq!(
                at(&data(&facts), target),
                [&json!({"other": "Brand-New"})],
                "{}: {target}",
                sample.name
            );
        }
    }
}

#[test]
fn every_documented_word_has_a_word_of_its_own() {
    for (sample, field) in fields() {
        let (Expect::Word(words), Some(target)) = (field.known.expect, field.known.to) else { continue };
        for word in words {
            let facts = changed(&sample, &field, json!(word));
            assert_eq!(facts.data.drift, []);
            let data = data(&facts);
            // There is no word for the absence of a place.
            let words = at(&data, target);
            assert!(words.len() == 1 || *word == "missing", "{}: {word}", sample.name);
            assert!(words.iter().all(|word| word.is_string()), "{}: {words:?}", sample.name);
        }
    }
}

#[test]
fn an_odd_element_of_a_list_is_told_and_the_others_are_read() {
    let body = json!({"type": "guest.registered", "data": {"id": "g", "event_tickets": [{"id": "a"}, 7, {"id": "b"}]}});
    let facts = facts("luma", &body);
    assert_eq!(facts.data.drift, [drift("data.event_tickets[]", UnexpectedType)]);
    let data = data(&facts);
    assert_eq!(data["tickets"], json!([{"id": "a"}, {"id": "b"}]));
}

#[test]
fn a_problem_that_many_elements_have_is_told_once() {
    let tickets = vec![json!({"id": "t", "seat": "A1"}); 30];
    let facts =
        facts("luma", &json!({"type": "guest.registered", "data": {"id": "g", "event_tickets": tickets}}));
    assert_eq!(facts.data.drift, [drift("data.event_tickets[].seat", UnknownField)]);
}

#[test]
fn a_body_of_nothing_but_deviations_lists_only_so_many_and_cuts_their_names() {
    let mut data: serde_json::Map<String, Value> =
        (0..1000).map(|number| (format!("{number}{}", "n".repeat(1000)), json!(1))).collect();
    data.insert("id".to_owned(), json!("g"));
    let drift = facts("luma", &json!({"type": "guest.registered", "data": data})).data.drift;
    assert_eq!(drift.len(), MAX_DRIFT);
    assert!(drift.iter().all(|drift| drift.path.len() < 100));
}

#[test]
fn a_new_field_that_says_nothing_is_no_deviation_and_one_that_says_something_is() {
    for sample in documented() {
        for nothing in [json!(null), json!(false), json!(""), json!(" "), json!([]), json!({})] {
            let mut body = sample.body.clone();
            body["newly_sent"] = nothing;
            assert_eq!(facts(sample.provider, &body).data.drift, [], "{}", sample.name);
        }
        for something in [json!(true), json!(0), json!("x"), json!([null]), json!({"a": null})] {
            let mut body = sample.body.clone();
            body["newly_sent"] = something;
            assert_eq!(facts(sample.provider, &body).data.drift, [drift("newly_sent", UnknownField)]);
        }
    }
}

/// The text of a sample with one of an object's members there once more, at the end.
fn with_member_twice(sample: &Documented, field: &Found) -> Option<String> {
    let (object, name) = field.pointer.rsplit_once('/')?;
    let mut body = sample.body.clone();
    body.pointer_mut(object)?.as_object_mut()?.insert("zzz_once_more".to_owned(), json!("another"));
    Some(body.to_string().replace("\"zzz_once_more\"", &json!(name).to_string()))
}

#[test]
fn a_member_that_is_there_twice_is_told_wherever_it_stands_and_the_first_counts() {
    for sample in documented() {
        let before = data(&sample.facts());
        for field in sample.found().iter().filter(|field| !field.pointer.contains('~')) {
            let Some(body) = with_member_twice(&sample, field) else { continue };
            let Reading::Event(facts) = read(sample.provider, body.as_bytes()) else {
                panic!("it is read: {body}")
            };
            let told: Vec<&Drift> =
                facts.data.drift.iter().filter(|drift| drift.problem == DuplicateMember).collect();
            assert_eq!(told, [&drift(&field.path, DuplicateMember)], "{}", sample.name);
            assert_eq!(data(&facts), before, "{}: {}", sample.name, field.path);
        }
    }
}

#[test]
fn what_two_parsers_would_read_differently_is_told() {
    let body = br#"{"type":"guest.registered","type":"event.canceled","data":{"id":"a","id":"b"}}"#;
    let Reading::Event(facts) = read("luma", body) else { panic!("it is read") };
    assert_eq!(facts.provider_type, "guest.registered");
    assert_eq!(facts.data.drift, [drift("data.id", DuplicateMember), drift("type", DuplicateMember)]);
}

/// A name within a free map is whatever a person typed there.
#[test]
fn a_member_that_is_there_twice_in_a_free_map_is_told_without_its_name() {
    let body = br#"{"triggerEvent":"BOOKING_PAID","payload":{"uid":"u","responses":{"Private?":{"value":1},"Private?":{"value":2},
        "Secret?":{"label":"a","label":"b"}},"newly_sent":{"My diary":1,"My diary":2}}}"#;
    let Reading::Event(facts) = read("lunacal", body) else { panic!("it is read") };
    let told: Vec<&str> = facts
        .data
        .drift
        .iter()
        .filter(|drift| drift.problem == DuplicateMember)
        .map(|drift| &*drift.path)
        .collect();
    assert_eq!(told, ["payload.responses.*.label", "payload.responses.*", "payload.newly_sent.*"]);
}

/// Drift goes to metrics' eyes and logs of others: it names fields, and never says what they hold.
#[test]
fn no_path_holds_a_value_or_a_name_that_a_person_made_up() {
    for sample in documented() {
        for field in sample.found() {
            if WHAT_MAKES_THE_BODY.contains(&&*field.path) {
                continue;
            }
            let drift = changed(&sample, &field, json!("Private words")).data.drift;
            assert!(drift.iter().all(|drift| !drift.path.contains("Private")), "{}", field.path);
        }
    }
    let body = json!({"triggerEvent": "BOOKING_PAID", "payload": {"uid": "u", "responses": {"Are you Private?": {"odd": 1}}}});
    assert_eq!(facts("lunacal", &body).data.drift, [drift("payload.responses.*.odd", UnknownField)]);
}

#[test]
fn answers_to_questions_of_every_kind_are_among_the_samples() {
    let samples = documented();
    let of_kind = |kind: &str| {
        samples.iter().any(|sample| {
            let answers = &sample.body["data"]["registration_answers"];
            answers
                .as_array()
                .is_some_and(|answers| answers.iter().any(|answer| answer["question_type"] == kind))
        })
    };
    let guest = samples.iter().find(|sample| sample.name == "guest.registered").expect("the sample exists");
    let (_, known) = entries(guest.shape)
        .into_iter()
        .find(|(path, _)| path == "data.registration_answers[].question_type")
        .expect("the field is documented");
    let Expect::Word(kinds) = known.expect else { panic!("it is a word") };
    let missing: Vec<&&str> = kinds.iter().filter(|kind| !of_kind(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Any JSON. What stands for a value is told from what stands for a name by its first character.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "=[a-z]{0,9}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-z_]{0,9}", inner, 0..6)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn whatever_stands_in_place_of_a_documented_field_the_event_comes_out(index in any::<prop::sample::Index>(), value in any_json()) {
        thread_local!(static FIELDS: Vec<(Documented, Found)> = fields());
        FIELDS.with(|fields| {
            let (sample, field) = index.get(fields);
            let before = sample.facts();
            let facts = changed(sample, field, value);
            prop_assert_eq!(facts.event_type, before.event_type);
            prop_assert!(facts.data.drift.len() <= MAX_DRIFT);
            prop_assert!(facts.data.drift.iter().all(|drift| drift.path.starts_with(&field.path)));
            prop_assert!(facts.data.drift.iter().all(|drift| !drift.path.contains('=')));
            Ok(())
        })?;
    }
}
