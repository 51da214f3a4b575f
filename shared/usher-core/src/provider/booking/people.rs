//! The people of a booking: who acted, who attends, who is booked. All fields of a person come from one place of the body:
//! those of two people are never put together.

use super::answers;
use crate::event::EventType;
use crate::event::data::{Attendee, Booking, Person};
use crate::event::words::BookingScope;
use crate::provider::fields::{Field, same_address};

/// Returns the person who is booked.
pub fn host(payload: Field<'_, '_>) -> Option<Person> {
    person_of(payload.get("organizer"))
}

/// Returns the person of an account at the sender, whose id is the same in every event.
pub fn person_of(account: Field<'_, '_>) -> Option<Person> {
    account.is_object().then(|| Person { id: account.get("id").id(), ..person(account) })
}

/// Returns everybody who attends, in the sender's order.
pub fn attendees(payload: Field<'_, '_>) -> Vec<Attendee> {
    payload
        .get("attendees")
        .objects()
        .map(|attendee| Attendee {
            // Its `id` is the number of a row, another one in each booking.
            person: person(attendee),
            seat_id: attendee
                .get("bookingSeat")
                .get("referenceUid")
                .id()
                .or_else(|| attendee.get("referenceUid").id()),
            no_show: None,
        })
        .filter(|attendee| *attendee != Attendee::default())
        .collect()
}

fn person(person: Field<'_, '_>) -> Person {
    Person {
        id: None,
        name: person.get("name").text(),
        first_name: person.get("firstName").text(),
        last_name: person.get("lastName").text(),
        email: person.get("email").text(),
        phone: person.get("phoneNumber").text(),
        username: person.get("username").text(),
        timezone: person.get("timeZone").text(),
        // With a new seat the sender writes the booker's language beside everybody; a row's own is `locale`.
        language: person.get("locale").text().or_else(|| person.get("language").get("locale").text()),
    }
}

/// Returns the person whom the answers name by an address: who booked, as they wrote it.
pub fn answering(payload: Field<'_, '_>) -> Option<Person> {
    let named = of_email(answers::value(payload, "email"))?;
    let name = answers::value(payload, "name");
    let (first_name, last_name) = (name.get("firstName").text(), name.get("lastName").text());
    let parts: Vec<&str> = [&first_name, &last_name].into_iter().flatten().map(String::as_str).collect();
    let joined = (!parts.is_empty()).then(|| parts.join(" "));
    Some(Person { name: name.text().or(joined), first_name, last_name, ..named })
}

/// Returns the person who acted: who paid, else who holds the seat it is about, else whom the answers name, else the only
/// one who attends. Position says nothing.
pub fn acting(
    payload: Field<'_, '_>,
    event_type: EventType,
    booking: &Booking,
    attendees: &[Attendee],
    answered: Option<Person>,
) -> Option<Person> {
    if matches!(event_type, EventType::PaymentInitiated | EventType::PaymentSucceeded)
        && let Some(payer) = payer(payload)
    {
        let known = answered.filter(|answered| share_an_address(answered, &payer));
        return Some(whose(attendees.iter(), known.unwrap_or(payer)));
    }
    if let Some(seat) = &booking.seat_id {
        return in_seat(seat, event_type, attendees, answered);
    }
    match answered {
        // A seat without an id is told by its holder, who is listed alone. The answers are those of whoever booked first.
        _ if event_type == EventType::BookingCanceled && booking.scope == Some(BookingScope::Seat) => {
            only(attendees.iter()).map(|one| one.person.clone())
        }
        Some(answered) => Some(whose(attendees.iter(), answered)),
        None => only(attendees.iter()).map(|one| one.person.clone()),
    }
}

/// Returns the person whose seat it is.
///
/// A seat that nobody holds is a new one, whose booker is found by the answers, or one that was given up. Then the sender
/// lists its holder alone, and the answers are those of whoever booked first. A person who is known to hold another seat
/// is never taken for the one meant.
fn in_seat(
    seat: &str,
    event_type: EventType,
    attendees: &[Attendee],
    answered: Option<Person>,
) -> Option<Person> {
    let holds = |attendee: &&Attendee| attendee.seat_id.as_deref() == Some(seat);
    if let Some(holder) = only(attendees.iter().filter(holds)) {
        return Some(holder.person.clone());
    }
    let (others, free): (Vec<&Attendee>, Vec<&Attendee>) =
        attendees.iter().partition(|attendee| attendee.seat_id.as_deref().is_some_and(|other| other != seat));
    let sole = if others.is_empty() { only(free.iter().copied()) } else { None };
    match (sole, answered) {
        (Some(sole), None) => Some(sole.person.clone()),
        (Some(sole), Some(_)) if event_type == EventType::BookingCanceled => Some(sole.person.clone()),
        (_, Some(answered)) => {
            let of_another_seat = others.iter().any(|other| share_an_address(&other.person, &answered));
            let listed = of_address(free.into_iter(), &answered).map(|one| one.person.clone());
            if of_another_seat { listed } else { listed.or(Some(answered)) }
        }
        (None, None) => None,
    }
}

/// Returns the person whom the payment names.
fn payer(payload: Field<'_, '_>) -> Option<Person> {
    let intent = payload.get("paymentData").get("data");
    [payload, intent].into_iter().find_map(|beside| of_email(beside.get("metadata").get("bookerEmail")))
}

/// Returns the person whom a field names by an address, with what the body knows of them.
pub fn named(
    field: Field<'_, '_>,
    host: Option<&Person>,
    attendees: &[Attendee],
    answered: Option<&Person>,
) -> Option<Person> {
    let named = of_email(field)?;
    let attendee = of_address(attendees.iter(), &named).map(|attendee| &attendee.person);
    let known = [host, attendee, answered].into_iter().flatten();
    Some(known.into_iter().find(|known| share_an_address(known, &named)).cloned().unwrap_or(named))
}

/// Returns the person of whom an address is all that is known; `None` where the field holds anything else.
fn of_email(field: Field<'_, '_>) -> Option<Person> {
    let email = field.text().filter(|text| is_address(text))?;
    Some(Person { email: Some(email), ..Person::default() })
}

fn is_address(text: &str) -> bool {
    !text.contains(char::is_whitespace)
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}

/// Returns the attendee that a person is, else the person as they are known already.
fn whose<'a>(attendees: impl Iterator<Item = &'a Attendee>, person: Person) -> Person {
    of_address(attendees, &person).map_or(person, |attendee| attendee.person.clone())
}

/// Returns the attendee of a person's address, unless several share it.
fn of_address<'a>(attendees: impl Iterator<Item = &'a Attendee>, person: &Person) -> Option<&'a Attendee> {
    only(attendees.filter(|attendee| share_an_address(&attendee.person, person)))
}

fn share_an_address(one: &Person, other: &Person) -> bool {
    matches!((&one.email, &other.email), (Some(one), Some(other)) if same_address(one, other))
}

/// Returns the element of a list of one.
fn only<T>(mut list: impl Iterator<Item = T>) -> Option<T> {
    let first = list.next()?;
    list.next().is_none().then_some(first)
}
