//! Where a booked meeting takes place: the link to join it, and the place, which is an address, a telephone or a kind.

mod support;

use serde_json::{Value, json};
use support::booking::told;

fn event(changes: Value) -> Value {
    told("BOOKING_CREATED", changes)["event"].clone()
}

fn place(changes: Value) -> Value {
    event(changes).get("place").cloned().unwrap_or(Value::Null)
}

/// An answer to the question where, as a button with a text beside it.
fn chosen(value: &str, option: &str) -> Value {
    json!({"location": {"label": "location", "value": {"value": value, "optionValue": option}}})
}

#[test]
fn the_link_is_found_wherever_the_sender_keeps_it() {
    let members = [
        ("metadata", json!({"videoCallUrl": "https://one.example/1"}), "https://one.example/1"),
        (
            "videoCallData",
            json!({"type": "daily_video", "url": "https://two.example/2"}),
            "https://two.example/2",
        ),
        (
            "additionalInformation",
            json!({"hangoutLink": "https://three.example/3"}),
            "https://three.example/3",
        ),
        (
            "additionalInformation",
            json!({"entryPoints": [
                {"entryPointType": "phone", "uri": "tel:+35312345678"},
                {"entryPointType": "more", "uri": "https://no.example"},
                {"entryPointType": "video", "uri": "https://four.example/4"},
            ]}),
            "https://four.example/4",
        ),
        ("location", json!("https://five.example/5"), "https://five.example/5"),
    ];
    for (index, (name, value, link)) in members.iter().enumerate() {
        assert_eq!(event(json!({*name: value}))["meeting_url"], *link, "{name}");
        // It is chosen before all that come after it.
        let mut all = json!({});
        for (name, value, _) in members[index..].iter().rev() {
            all[*name] = value.clone();
        }
        assert_eq!(event(all)["meeting_url"], *link, "{name} with the others");
    }
}

#[test]
fn what_is_no_link_hides_none() {
    let changes = json!({
        "metadata": {"videoCallUrl": ""},
        "videoCallData": {"url": "integrations:daily"},
        "additionalInformation": {"hangoutLink": "ask Nuala"},
        "location": "https://kiln.example/room",
    });
    assert_eq!(event(changes)["meeting_url"], "https://kiln.example/room");
    assert_eq!(event(json!({"metadata": {"videoCallUrl": 7}})).get("meeting_url"), None);
}

#[test]
fn a_link_without_a_scheme_gets_one() {
    for (typed, link) in [
        ("whereby.example/kiln", "https://whereby.example/kiln"),
        ("Meet.Kiln.example/Room?pin=7", "https://Meet.Kiln.example/Room?pin=7"),
        ("meet.kiln.example", "https://meet.kiln.example"),
        ("kiln.example:8443/room", "https://kiln.example:8443/room"),
        ("HTTP://kiln.example", "HTTP://kiln.example"),
        (" https://kiln.example/j/1 Passcode: 4711", "https://kiln.example/j/1"),
    ] {
        let event = event(json!({"location": typed}));
        assert_eq!(event["meeting_url"], link, "{typed}");
        assert_eq!(event["place"], json!({"kind": "online"}), "{typed}");
    }
}

/// Or who books could make a consumer's page run a script.
#[test]
fn only_a_link_of_the_web_is_a_link() {
    for typed in [
        "javascript://kiln.example/%0Aalert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "zoommtg://kiln.example",
    ] {
        assert_eq!(event(json!({"location": typed})).get("meeting_url"), None, "{typed}");
        assert_eq!(event(json!({"metadata": {"videoCallUrl": typed}})).get("meeting_url"), None, "{typed}");
    }
}

#[test]
fn an_address_is_an_address_and_no_word() {
    for address in [
        "14 Harbour Lane, Cork T12 X3Y4",
        "Cork",
        "Room 7",
        "12",
        "St. Mary",
        "St.Mary",
        "Rm.4",
        "Köln",
        "desk@kiln.example",
        "51.8985, -8.4756",
        "meet",
        "unknown",
        "discord",
        "Ring the bell.",
    ] {
        let expected = json!({"kind": "in_person", "address": address});
        assert_eq!(place(json!({"location": address})), expected, "{address}");
        // Older senders put the value itself where newer ones put its kind.
        assert_eq!(
            place(json!({"location": address, "responses": chosen(address, "")})),
            expected,
            "{address}"
        );
        assert_eq!(
            place(json!({"location": address, "responses": chosen("attendeeInPerson", address)})),
            expected,
            "{address}"
        );
    }
}

#[test]
fn a_telephone_number_is_a_number_to_call() {
    for number in ["+353871234567", "+353 (87) 123-4567", "919999999999", "021 427 0000"] {
        let expected = json!({"kind": "phone", "phone": number});
        for changes in [
            json!({"location": number}),
            json!({"location": number, "responses": chosen("phone", number)}),
            json!({"location": "phone", "responses": chosen("phone", number)}),
            json!({"location": "", "responses": chosen("userPhone", number)}),
        ] {
            assert_eq!(place(changes.clone()), expected, "{changes}");
        }
    }
    assert_eq!(
        place(json!({"location": "tel:+353871234567"})),
        json!({"kind": "phone", "phone": "+353871234567"})
    );
    let in_words = json!({"location": "087 1234567, ask for Ted", "responses": chosen("phone", "")});
    assert_eq!(place(in_words), json!({"kind": "phone", "phone": "087 1234567, ask for Ted"}));
}

#[test]
fn a_word_of_the_senders_list_is_the_kind() {
    for (word, kind) in [
        ("inPerson", json!("in_person")),
        ("attendeeInPerson", json!("in_person")),
        ("phone", json!("phone")),
        ("userPhone", json!("phone")),
        ("link", json!("online")),
        ("conferencing", json!("online")),
        ("integrations:daily", json!("built_in_video")),
        ("integrations:google:meet", json!("google_meet")),
        ("integrations:zoom", json!("zoom")),
        ("integrations:office365_video", json!("teams")),
        ("integrations:tandem", json!({"other": "integrations:tandem"})),
        ("somewhereElse", json!({"other": "somewhereElse"})),
    ] {
        assert_eq!(place(json!({"location": word})), json!({"kind": kind}), "{word}");
        assert_eq!(
            place(json!({"location": "", "responses": chosen(word, "")})),
            json!({"kind": kind}),
            "{word}"
        );
        let as_text = json!({"location": {"label": "location", "value": word}});
        assert_eq!(place(json!({"location": "", "responses": as_text})), json!({"kind": kind}), "{word}");
    }
}

#[test]
fn the_answers_say_of_what_kind_the_text_is() {
    for (kind, option, location, expected) in [
        ("integrations:zoom", "", "https://kiln.zoom.example/j/1", json!({"kind": "zoom"})),
        (
            "inPerson",
            "",
            "https://maps.example/kiln",
            json!({"kind": "in_person", "address": "https://maps.example/kiln"}),
        ),
        ("inPerson", "", "353871234567", json!({"kind": "in_person", "address": "353871234567"})),
        ("inPerson", "1 Quay, Cork", "", json!({"kind": "in_person", "address": "1 Quay, Cork"})),
        ("inPerson", "1 Quay, Cork", "inPerson", json!({"kind": "in_person", "address": "1 Quay, Cork"})),
        ("link", "", "my room", json!({"kind": "online", "address": "my room"})),
        (
            "somewhereElse",
            "the pier",
            "the pier",
            json!({"kind": {"other": "somewhereElse"}, "address": "the pier"}),
        ),
        ("hologram", "deck 7", "deck 7", json!({"kind": {"other": "hologram"}, "address": "deck 7"})),
        ("deck 8", "deck 7", "deck 7", json!({"kind": "in_person", "address": "deck 7"})),
        ("Cork", "1 Quay", "1 Quay", json!({"kind": "in_person", "address": "1 Quay"})),
    ] {
        let changes = json!({"location": location, "responses": chosen(kind, option)});
        assert_eq!(place(changes), expected, "{kind} {option} {location}");
    }
    let maps = json!({"location": "https://maps.example/kiln", "responses": chosen("inPerson", "")});
    assert_eq!(event(maps).get("meeting_url"), None, "a map is no meeting");
}

#[test]
fn a_link_typed_beside_the_kind_is_the_link() {
    let event = event(json!({"location": "link", "responses": chosen("link", "kiln.example/room")}));
    assert_eq!(event["meeting_url"], "https://kiln.example/room");
    assert_eq!(event["place"], json!({"kind": "online"}));
}

#[test]
fn the_room_tells_of_what_kind_a_link_is() {
    let room = |kind: &str| json!({"location": "https://kiln.example/1", "videoCallData": {"type": kind, "url": "https://kiln.example/1"}});
    assert_eq!(place(room("zoom_video")), json!({"kind": "zoom"}));
    assert_eq!(place(room("a room of ours")), json!({"kind": "online"}));
    assert_eq!(
        place(json!({"location": "Cork", "videoCallData": {"type": "zoom_video"}})),
        json!({"kind": "in_person", "address": "Cork"})
    );
}

#[test]
fn no_location_is_no_place() {
    for changes in [
        json!({"location": ""}),
        json!({"location": " "}),
        json!({"location": null}),
        json!({"location": 7}),
        json!({"responses": chosen("", "")}),
    ] {
        assert_eq!(place(changes.clone()), Value::Null, "{changes}");
    }
}
