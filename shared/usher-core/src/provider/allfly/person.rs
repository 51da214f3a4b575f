//! The person of an AllFly body. All that is said of them comes from one object: fields of two may be two people's.

use crate::event::data::Person;
use crate::provider::fields::Field;

/// Reads the attendee: from an object of their own, or else from the fields beside the attendee's id.
pub fn person(data: Field<'_, '_>) -> Option<Person> {
    let attendee = data.get("attendee");
    let event_attendee = data.get("event_attendee");
    // The id of an `event_attendee` is that of their place at one event; a user's is the same at every event.
    let nested = [
        of_user(attendee.get("user")),
        of_attendee(attendee, &["user_id", "id"]),
        of_user(event_attendee.get("user")),
        of_attendee(event_attendee, &["user_id"]),
        of_user(data.get("user")),
    ];
    nested.into_iter().flatten().next().or_else(|| beside_the_id(data))
}

fn of_user(user: Field<'_, '_>) -> Option<Person> {
    of_attendee(user, &["id", "user_id"])
}

fn of_attendee(object: Field<'_, '_>, ids: &[&str]) -> Option<Person> {
    let person = Person { id: object.first(ids, Field::id), name: name(object), ..contact(object) };
    (person != Person::default()).then_some(person)
}

/// Reads the person whose fields stand among those of other things: an `id` there is the attendee's, and a `name` may be the
/// event's or the ticket's. It is a person's beside other fields that only people have, or where nothing is of an event or
/// a ticket.
fn beside_the_id(data: Field<'_, '_>) -> Option<Person> {
    let mut person = Person { id: data.first(&["user_id", "userId"], Field::id), ..contact(data) };
    let is_of_others =
        |name: &str| ["event", "ticket", "start", "end"].iter().any(|other| name.starts_with(other));
    let others = data.entries().any(|(name, value)| is_of_others(name) && !value.is_empty());
    person.name = if person != Person::default() || !others { name(data) } else { full_name(data) };
    (person != Person::default()).then_some(person)
}

fn name(object: Field<'_, '_>) -> Option<String> {
    object.get("name").text().or_else(|| full_name(object))
}

fn full_name(object: Field<'_, '_>) -> Option<String> {
    object.first(&["full_name", "fullName"], Field::text)
}

/// Reads what only people have.
fn contact(object: Field<'_, '_>) -> Person {
    Person {
        first_name: object.first(&["first_name", "firstName"], Field::text),
        last_name: object.first(&["last_name", "lastName"], Field::text),
        email: object.get("email").text(),
        phone: object.first(&["phone", "phone_number", "phoneNumber"], Field::text),
        ..Person::default()
    }
}
