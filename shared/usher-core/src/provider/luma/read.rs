//! What Luma's bodies say. Shapes are those of Luma's OpenAPI webhook schemas; older deliveries carry `api_id` where
//! `id` is expected.

use serde_json_borrow::Value;

use crate::data::{Answer, Data, Gathering, Payment, Person, Place, Registration, Subscriber, Ticket};
use crate::fields::Field;
use crate::money::money;
use crate::reading::{EventType, Facts, Reading};

pub fn read(body: &[u8]) -> Reading {
    let Ok(body) = serde_json::from_slice::<Value<'_>>(body) else { return Reading::unrecognized() };
    let body = Field::root(&body);
    let Some(provider_type) = body.get("type").text() else { return Reading::unrecognized() };
    let data = body.get("data");
    let facts = match &*provider_type {
        "event.created" => event(EventType::EventCreated, data),
        "event.updated" => event(EventType::EventUpdated, data),
        "event.canceled" => event(EventType::EventCanceled, data),
        "calendar.event.added" => event(EventType::EventListed, data),
        "calendar.event.submitted" => event(EventType::EventSubmitted, data),
        "guest.registered" => guest(EventType::RegistrationCreated, data),
        "guest.updated" => guest(EventType::RegistrationUpdated, data),
        "guest.refunded" => guest(EventType::RegistrationRefunded, data),
        "ticket.registered" => ticket_issued(data),
        "calendar.person.subscribed" => subscriber(EventType::SubscriberAdded, data),
        "calendar.person.unsubscribed" => subscriber(EventType::SubscriberRemoved, data),
        _ => return Reading::Unrecognized { provider_type: Some(provider_type) },
    };
    Reading::Event(Box::new(Facts { provider_type, ..facts }))
}

fn event(event_type: EventType, data: Field<'_, '_>) -> Facts {
    let gathering = gathering(data);
    Facts {
        event_type,
        subject: gathering.id.clone(),
        account: gathering.calendar_id.clone(),
        time: (event_type == EventType::EventCreated).then(|| data.get("created_at").time()).flatten(),
        data: Data { host: host(data), event: Some(gathering), ..Data::default() },
        ..Facts::default()
    }
}

/// `guest.registered`, `guest.updated` and `guest.refunded` have one shape; only the type tells them apart.
fn guest(event_type: EventType, data: Field<'_, '_>) -> Facts {
    let registration = registration(data);
    let event = data.get("event").is_object().then(|| gathering(data.get("event")));
    let orders = data.get("event_ticket_orders").items().map(order).collect();
    Facts {
        event_type,
        subject: registration.id.clone(),
        account: event.as_ref().and_then(|event| event.calendar_id.clone()),
        time: (event_type == EventType::RegistrationCreated).then_some(registration.registered_at).flatten(),
        data: Data {
            person: Some(person(data, "user_")),
            event,
            tickets: data.get("event_tickets").items().map(ticket).collect(),
            orders,
            answers: data.get("registration_answers").items().map(answer).collect(),
            registration: Some(registration),
            ..Data::default()
        },
        ..Facts::default()
    }
}

/// A guest, plus the one ticket the delivery is about: three tickets bought are three deliveries, one guest.
fn ticket_issued(data: Field<'_, '_>) -> Facts {
    let ticket = data.get("event_ticket").is_object().then(|| ticket(data.get("event_ticket")));
    let guest = guest(EventType::TicketIssued, data);
    Facts {
        group: guest.subject.clone(),
        subject: ticket.as_ref().and_then(|ticket| ticket.id.clone()).or(guest.subject),
        time: data.get("registered_at").time(),
        data: Data { ticket, ..guest.data },
        ..guest
    }
}

fn subscriber(event_type: EventType, data: Field<'_, '_>) -> Facts {
    let mut person = person(data.get("user"), "");
    person.email = person.email.or_else(|| data.get("email").text());
    let subscriber = Subscriber {
        id: id(data),
        status: data.get("membership").get("status").text(),
        subscribed_at: data.get("created_at").time(),
    };
    Facts {
        event_type,
        subject: subscriber.id.clone(),
        time: (event_type == EventType::SubscriberAdded).then_some(subscriber.subscribed_at).flatten(),
        data: Data { person: Some(person), subscriber: Some(subscriber), ..Data::default() },
        ..Facts::default()
    }
}

fn id(object: Field<'_, '_>) -> Option<String> {
    object.first(&["id", "api_id"]).id()
}

fn person(object: Field<'_, '_>, prefix: &str) -> Person {
    let field = |name: &str| object.get(&format!("{prefix}{name}"));
    Person {
        id: if prefix.is_empty() { id(object) } else { object.first(&["user_id", "user_api_id"]).id() },
        name: field("name").text(),
        first_name: field("first_name").text(),
        last_name: field("last_name").text(),
        email: field("email").text(),
        phone: object.get("phone_number").text(),
        ..Person::default()
    }
}

fn host(event: Field<'_, '_>) -> Option<Person> {
    if let Some(host) = event.get("hosts").items().next() {
        return Some(person(host, ""));
    }
    let host =
        Person { id: event.get("user_id").id(), name: event.get("host_name").text(), ..Person::default() };
    (host != Person::default()).then_some(host)
}

fn gathering(event: Field<'_, '_>) -> Gathering {
    let calendar = event.get("calendar");
    Gathering {
        id: id(event),
        title: event.get("name").text(),
        start: event.get("start_at").time(),
        end: event.get("end_at").time(),
        timezone: event.get("timezone").text(),
        url: event.get("url").text(),
        meeting_url: event.get("meeting_url").text(),
        place: place(event),
        visibility: event.get("visibility").text(),
        calendar_id: event.first(&["calendar_id", "calendar_api_id"]).id().or_else(|| id(calendar)),
    }
}

fn place(event: Field<'_, '_>) -> Option<Place> {
    let address = event.get("geo_address_json");
    let coordinate = event.get("coordinate");
    let place = Place {
        kind: event.get("location_type").text(),
        address: address.get("full_address").text().or_else(|| address.get("address").text()),
        city: address.get("city").text(),
        region: address.get("region").text(),
        country: address.get("country").text(),
        latitude: coordinate.get("latitude").float(),
        longitude: coordinate.get("longitude").float(),
    };
    (place != Place::default()).then_some(place)
}

fn registration(guest: Field<'_, '_>) -> Registration {
    let check_ins = guest.get("event_tickets").items().chain([guest.get("event_ticket")]);
    Registration {
        id: id(guest),
        status: guest.get("approval_status").text(),
        invited_at: guest.get("invited_at").time(),
        registered_at: guest.get("registered_at").time(),
        joined_at: guest.get("joined_at").time(),
        checked_in_at: check_ins.filter_map(|ticket| ticket.get("checked_in_at").time()).min(),
    }
}

fn ticket(ticket: Field<'_, '_>) -> Ticket {
    Ticket {
        id: id(ticket),
        type_id: ticket.first(&["event_ticket_type_id", "event_ticket_type_api_id"]).id(),
        name: ticket.get("name").text(),
        price: money(ticket.get("amount"), ticket.get("currency")),
        captured: ticket.get("is_captured").bool(),
        checked_in_at: ticket.get("checked_in_at").time(),
    }
}

fn order(order: Field<'_, '_>) -> Payment {
    Payment {
        id: id(order),
        amount: money(order.get("amount"), order.get("currency")),
        captured: order.get("is_captured").bool(),
        coupon: order.get("coupon_info").get("code").text(),
        ..Payment::default()
    }
}

/// `answer` is the older name of `value`; both are sent.
fn answer(answer: Field<'_, '_>) -> Answer {
    Answer {
        id: answer.get("question_id").id(),
        question: answer.get("label").text(),
        value: answer.first(&["value", "answer"]).to_json().unwrap_or_default(),
    }
}
