//! The people of Luma's bodies. All that is said of a person comes from one object of the body: fields of two objects may
//! be two people's.

use super::id::id;
use crate::event::data::Person;
use crate::provider::fields::Field;

/// Reads the person who is a guest. Returns `None` where the guest's object names nobody.
pub fn guest(guest: Field<'_, '_>) -> Option<Person> {
    let person = Person {
        id: guest.first(&["user_id", "user_api_id"], Field::id),
        name: guest.get("user_name").text(),
        first_name: guest.get("user_first_name").text(),
        last_name: guest.get("user_last_name").text(),
        email: guest.get("user_email").text(),
        phone: guest.get("phone_number").text(),
        ..Person::default()
    };
    named(person)
}

/// Reads the person who subscribed: the user, or else the address beside it.
///
/// A user without an address is passed over for the address. It is what the person is written to, and nothing says that
/// the user beside it is the same person.
pub fn subscriber(subscription: Field<'_, '_>) -> Option<Person> {
    let user = user(subscription.get("user"));
    let email = subscription.get("email").text();
    if user.email.is_none() && email.is_some() {
        return Some(Person { email, ..Person::default() });
    }
    named(user)
}

/// Reads the host: the creator, or else the only one, or else the name of the host elsewhere.
///
/// Of several hosts the first is not more of a host than the others, so the order tells nothing.
pub fn host(event: Field<'_, '_>) -> Option<Person> {
    let mut hosts = hosts(event);
    let creator = event.first(&["user_id", "user_api_id"], Field::id);
    if creator.is_some() {
        let listed = hosts.into_iter().find(|host| host.id == creator);
        return Some(listed.unwrap_or(Person { id: creator, ..Person::default() }));
    }
    if hosts.len() == 1 {
        return hosts.pop();
    }
    named(Person { name: event.get("host_name").text(), ..Person::default() })
}

/// Reads all hosts of an event.
pub fn hosts(event: Field<'_, '_>) -> Vec<Person> {
    event.get("hosts").objects().map(user).filter(|host| *host != Person::default()).collect()
}

/// Reads a user of Luma's.
fn user(user: Field<'_, '_>) -> Person {
    Person {
        id: id(user),
        name: user.get("name").text(),
        first_name: user.get("first_name").text(),
        last_name: user.get("last_name").text(),
        email: user.get("email").text(),
        phone: user.get("phone_number").text(),
        ..Person::default()
    }
}

fn named(person: Person) -> Option<Person> {
    (person != Person::default()).then_some(person)
}
