//! What Luma's bodies say. Shapes are those of Luma's OpenAPI webhook schemas; older deliveries carry `api_id` where
//! `id` is expected.

use serde_json_borrow::Value;

use super::shape;
use crate::event::data::{
    Answer, Coupon, Data, Gathering, Payment, Person, Place, Registration, Subscriber, Ticket,
};
use crate::event::words::{PlaceKind, Platform, RegistrationStatus, SubscriberStatus, Visibility};
use crate::event::{EventType, Facts};
use crate::parsed_body::ParsedBody;
use crate::provider::fields::Field;
use crate::provider::money::minor;
use crate::provider::reading::Reading;
use crate::provider::shape::deviations;

pub fn reading(body: &ParsedBody<'_>) -> Reading {
    body.with_json(of).unwrap_or_else(Reading::unrecognized)
}

fn of(json: &Value<'_>) -> Reading {
    let body = Field::root(json);
    let Some(provider_type) = body.get("type").text() else { return Reading::unrecognized() };
    let data = body.get("data");
    let mut facts = match &*provider_type {
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
    facts.data.drift = deviations(json, shape::of(&provider_type));
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
    let orders = data.get("event_ticket_orders").objects().map(order).collect();
    Facts {
        event_type,
        subject: registration.id.clone(),
        account: event.as_ref().and_then(|event| event.calendar_id.clone()),
        time: (event_type == EventType::RegistrationCreated).then_some(registration.registered_at).flatten(),
        data: Data {
            person: Some(person(data, "user_")),
            host: host(data.get("event")),
            event,
            tickets: data.get("event_tickets").objects().map(ticket).collect(),
            orders,
            refund: minor(data.get("refund").get("amount"), data.get("refund").get("currency")),
            answers: data.get("registration_answers").objects().map(answer).collect(),
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
        status: data.get("membership").get("status").word(SubscriberStatus::from_word),
        subscribed_at: data.get("created_at").time(),
        tier_id: data.get("membership").get("calendar_membership_tier_id").id(),
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
    object.first(&["id", "api_id"], Field::id)
}

fn person(object: Field<'_, '_>, prefix: &str) -> Person {
    let field = |name: &str| object.get(&format!("{prefix}{name}"));
    Person {
        id: if prefix.is_empty() { id(object) } else { object.first(&["user_id", "user_api_id"], Field::id) },
        name: field("name").text(),
        first_name: field("first_name").text(),
        last_name: field("last_name").text(),
        email: field("email").text(),
        phone: object.get("phone_number").text(),
        ..Person::default()
    }
}

fn host(event: Field<'_, '_>) -> Option<Person> {
    if let Some(host) = event.get("hosts").objects().next() {
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
        visibility: event.get("visibility").word(Visibility::from_word),
        calendar_id: event.first(&["calendar_id", "calendar_api_id"], Field::id).or_else(|| id(calendar)),
        platform: event.get("platform").word(Platform::from_word),
        description: event.get("description").text(),
        image_url: event.get("cover_url").text(),
        duration_seconds: event.get("duration_interval").duration_seconds(),
        created_at: event.get("created_at").time(),
        tags: event.get("tags").objects().filter_map(|tag| tag.get("name").text()).collect(),
    }
}

fn place(event: Field<'_, '_>) -> Option<Place> {
    let address = event.get("geo_address_json");
    let coordinate = event.get("coordinate");
    let place = Place {
        kind: event
            .get("location_type")
            .word(|kind| if kind == "missing" { None } else { PlaceKind::from_word(kind) }),
        name: address.get("address").text(),
        address: address.get("full_address").text(),
        directions: address.get("description").text(),
        phone: None,
        city: address.get("city").text(),
        region: address.get("region").text(),
        country: address.get("country").text(),
        latitude: coordinate.get("latitude").float(),
        longitude: coordinate.get("longitude").float(),
    };
    (place != Place::default()).then_some(place)
}

fn registration(guest: Field<'_, '_>) -> Registration {
    let check_ins = guest.get("event_tickets").objects().chain([guest.get("event_ticket")]);
    Registration {
        id: id(guest),
        status: guest.get("approval_status").word(RegistrationStatus::from_word),
        invited_at: guest.get("invited_at").time(),
        registered_at: guest.get("registered_at").time(),
        joined_at: guest.get("joined_at").time(),
        checked_in_at: check_ins.filter_map(|ticket| ticket.get("checked_in_at").time()).min(),
        check_in_url: guest.get("check_in_qr_code").text(),
        utm_source: guest.get("utm_source").text(),
    }
}

fn ticket(ticket: Field<'_, '_>) -> Ticket {
    Ticket {
        id: id(ticket),
        type_id: ticket.first(&["event_ticket_type_id", "event_ticket_type_api_id"], Field::id),
        name: ticket.get("name").text(),
        price: minor(ticket.get("amount"), ticket.get("currency")),
        discount: minor(ticket.get("amount_discount"), ticket.get("currency")),
        tax: minor(ticket.get("amount_tax"), ticket.get("currency")),
        captured: ticket.get("is_captured").bool(),
        checked_in_at: ticket.get("checked_in_at").time(),
    }
}

fn order(order: Field<'_, '_>) -> Payment {
    Payment {
        id: id(order),
        amount: minor(order.get("amount"), order.get("currency")),
        discount: minor(order.get("amount_discount"), order.get("currency")),
        tax: minor(order.get("amount_tax"), order.get("currency")),
        captured: order.get("is_captured").bool(),
        coupon: order.get("coupon_info").is_object().then(|| coupon(order.get("coupon_info"))),
        ..Payment::default()
    }
}

fn coupon(coupon: Field<'_, '_>) -> Coupon {
    Coupon {
        id: id(coupon),
        code: coupon.get("code").text(),
        percent_off: coupon.get("percent_off").float(),
        amount_off: minor(coupon.get("cents_off"), coupon.get("currency")),
    }
}

/// `answer` is the older name of `value`; both are sent.
fn answer(answer: Field<'_, '_>) -> Answer {
    Answer {
        id: answer.get("question_id").id(),
        question: answer.get("label").text(),
        value: answer.first(&["value", "answer"], Field::to_json).unwrap_or_default(),
    }
}
