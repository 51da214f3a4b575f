//! Lunacal bodies of an invented studio: Ted Okafor books with Nuala Byrne.

use serde_json::{Value, json};

use super::table::{data, facts};

/// Returns the body of an ordinary booking, with some members of its payload put for others. Null removes a member.
pub fn booking(trigger: &str, changes: Value) -> Value {
    let mut payload = json!({
        "title": "Pottery between Nuala Byrne and Ted Okafor",
        "startTime": "2026-12-01T18:00:00Z",
        "endTime": "2026-12-01T18:30:00Z",
        "organizer": {"id": 77, "name": "Nuala Byrne", "email": "nuala@kiln.example"},
        "responses": {
            "name": {"label": "your_name", "value": "Ted Okafor"},
            "email": {"label": "email_address", "value": "ted@okafor.example"},
        },
        "attendees": [ted()],
        "location": "",
        "eventTypeId": 12,
        "uid": "uidA",
        "bookingId": 501,
        "metadata": {},
        "status": "ACCEPTED",
    });
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    let members = payload.as_object_mut().expect("an object");
    for (name, value) in changes {
        if value.is_null() {
            members.remove(&name);
        } else {
            members.insert(name, value);
        }
    }
    json!({"triggerEvent": trigger, "createdAt": "2026-11-27T08:38:00.463Z", "payload": payload})
}

pub fn ted() -> Value {
    json!({"name": "Ted Okafor", "email": "ted@okafor.example", "timeZone": "Europe/Dublin"})
}

pub fn ines() -> Value {
    json!({"name": "Ines Duarte", "email": "ines@duarte.example", "timeZone": "Europe/Lisbon"})
}

/// Returns an attendee with more members.
pub fn with(person: Value, members: Value) -> Value {
    let (Value::Object(mut person), Value::Object(members)) = (person, members) else {
        panic!("both are objects")
    };
    person.extend(members);
    Value::Object(person)
}

/// Returns an attendee who holds a seat, as the row of the database that the sender puts there.
pub fn seated(person: Value, row: i64, seat: &str) -> Value {
    with(person, json!({"id": row, "bookingId": 501, "bookingSeat": {"id": row, "referenceUid": seat}}))
}

/// Returns the typed data of the body, without drift.
pub fn told(trigger: &str, changes: Value) -> Value {
    data(&facts("lunacal", &booking(trigger, changes)))
}
