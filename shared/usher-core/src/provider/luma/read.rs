//! The reading of Luma's bodies. Shapes are those of Luma's OpenAPI webhook schemas; older deliveries carry `api_id` where
//! `id` is expected.

use serde_json::{Map, Value as Json};
use serde_json_borrow::Value;

use super::id::id;
use super::place::{self, Found};
use super::{people, shape};
use crate::event::data::{Answer, Coupon, Data, Gathering, Payment, Place, Registration, Subscriber, Ticket};
use crate::event::words::{PlaceKind, Platform, RegistrationStatus, SubscriberStatus, Visibility};
use crate::event::{EventType, Facts};
use crate::parsed_body::ParsedBody;
use crate::provider::fields::Field;
use crate::provider::money::minor;
use crate::provider::reading::Reading;
use crate::provider::shape::deviations_with_moved;

pub fn reading(body: &ParsedBody<'_>) -> Reading {
    body.with_json(of).unwrap_or_else(Reading::unrecognized)
}

fn of(json: &Value<'_>) -> Reading {
    let body = Field::root(json);
    let Some(provider_type) = body.get("type").text() else { return Reading::unrecognized() };
    // A body without the fields that make it one of its type is unrecognized, too.
    let Some((mut facts, place)) = facts(&provider_type, body) else {
        return Reading::Unrecognized { provider_type: Some(provider_type) };
    };
    facts.data.drift = deviations_with_moved(json, shape::of(&provider_type), place.moved);
    Reading::Event(Box::new(Facts { provider_type, ..facts }))
}

fn facts(provider_type: &str, body: Field<'_, '_>) -> Option<(Facts, &'static place::Place)> {
    let of_event = |event_type| place::event(body).map(|found| event(event_type, found));
    let of_listing = |event_type| place::listing(body).map(|found| event(event_type, found));
    let of_guest = |event_type| place::guest(body).and_then(|found| guest(event_type, body, found));
    let of_subscriber = |event_type| place::subscriber(body).map(|found| subscriber(event_type, found));
    match provider_type {
        "event.created" => of_event(EventType::EventCreated),
        "event.updated" => of_event(EventType::EventUpdated),
        "event.canceled" => of_event(EventType::EventCanceled),
        "calendar.event.added" => of_listing(EventType::EventListed),
        "calendar.event.submitted" => of_listing(EventType::EventSubmitted),
        "guest.registered" => of_guest(EventType::RegistrationCreated),
        "guest.updated" => of_guest(EventType::RegistrationUpdated),
        "guest.refunded" => of_guest(EventType::RegistrationRefunded),
        "ticket.registered" => of_guest(EventType::TicketIssued),
        "calendar.person.subscribed" => of_subscriber(EventType::SubscriberAdded),
        "calendar.person.unsubscribed" => of_subscriber(EventType::SubscriberRemoved),
        _ => None,
    }
}

fn event(event_type: EventType, (data, place): Found<'_, '_>) -> (Facts, &'static place::Place) {
    let gathering = gathering(data);
    let calendar = gathering.submitted_to_calendar_id.as_ref().or(gathering.calendar_id.as_ref());
    let facts = Facts {
        event_type,
        subject: gathering.id.clone(),
        // A webhook belongs to the calendar that an event is submitted to, not to the event's own.
        account: calendar.cloned(),
        time: (event_type == EventType::EventCreated).then(|| data.get("created_at").time()).flatten(),
        data: Data {
            host: people::host(data),
            hosts: people::hosts(data),
            event: Some(gathering),
            ..Data::default()
        },
        ..Facts::default()
    };
    (facts, place)
}

/// `guest.registered`, `guest.updated` and `guest.refunded` have one shape; only the type tells them apart.
/// `ticket.registered` is a guest plus the one ticket it is about: three tickets bought are three deliveries, one guest.
///
/// Returns `None` where the body names neither guest, person, event nor ticket.
fn guest<'v, 'b>(
    event_type: EventType,
    body: Field<'v, 'b>,
    (data, place): Found<'v, 'b>,
) -> Option<(Facts, &'static place::Place)> {
    let part = |name| place.part(body, data, name);
    let tickets: Vec<Ticket> = part("event_tickets").objects().map(ticket).collect();
    let is_ticket = event_type == EventType::TicketIssued && part("event_ticket").is_object();
    let ticket = is_ticket.then(|| ticket(part("event_ticket")));
    let mut registration = registration(data);
    let check_ins = tickets.iter().chain(&ticket).filter_map(|ticket| ticket.checked_in_at);
    registration.checked_in_at = check_ins.chain(registration.checked_in_at).min();
    let person = people::guest(data);
    let event = part("event");
    let gathering = gathering(event);
    let has_event = gathering != Gathering::default();
    if registration.id.is_none() && person.is_none() && !has_event && ticket.is_none() {
        return None;
    }
    let is_first = matches!(event_type, EventType::RegistrationCreated | EventType::TicketIssued);
    let facts = Facts {
        event_type,
        subject: ticket.as_ref().and_then(|ticket| ticket.id.clone()).or_else(|| registration.id.clone()),
        group: registration.id.clone(),
        account: gathering.calendar_id.clone(),
        time: is_first.then_some(registration.registered_at).flatten(),
        data: Data {
            person,
            host: people::host(event),
            hosts: people::hosts(event),
            event: has_event.then_some(gathering),
            ticket,
            tickets,
            orders: part("event_ticket_orders").objects().map(order).collect(),
            refund: minor(part("refund").get("amount"), part("refund").get("currency")),
            answers: part("registration_answers").objects().map(answer).collect(),
            registration: (registration != Registration::default()).then_some(registration),
            ..Data::default()
        },
        ..Facts::default()
    };
    Some((facts, place))
}

fn subscriber(event_type: EventType, (data, place): Found<'_, '_>) -> (Facts, &'static place::Place) {
    let membership = data.get("membership");
    let subscriber = Subscriber {
        id: id(data),
        status: membership.get("status").word(SubscriberStatus::from_word),
        subscribed_at: data.get("created_at").time(),
        tier_id: membership.get("calendar_membership_tier_id").id(),
    };
    let facts = Facts {
        event_type,
        subject: subscriber.id.clone(),
        time: (event_type == EventType::SubscriberAdded).then_some(subscriber.subscribed_at).flatten(),
        data: Data {
            person: people::subscriber(data),
            subscriber: (subscriber != Subscriber::default()).then_some(subscriber),
            ..Data::default()
        },
        ..Facts::default()
    };
    (facts, place)
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
        meeting_url: event.first(&["meeting_url", "zoom_meeting_url"], Field::text),
        place: place(event),
        visibility: event.get("visibility").word(Visibility::from_word),
        calendar_id: event.first(&["calendar_id", "calendar_api_id"], Field::id).or_else(|| id(calendar)),
        submitted_to_calendar_id: id(event.get("submitted_to_calendar")),
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
    let (latitude, longitude) = coordinates(event).unzip();
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
        latitude,
        longitude,
    };
    (place != Place::default()).then_some(place)
}

/// Reads degrees north and east, both from one place: `coordinate`, or the two members that it replaces.
fn coordinates(event: Field<'_, '_>) -> Option<(f64, f64)> {
    let coordinate = event.get("coordinate");
    let pair = coordinate.get("latitude").float().zip(coordinate.get("longitude").float());
    let degrees = |name| event.get(name).trimmed()?.parse().ok().filter(|degrees: &f64| degrees.is_finite());
    pair.or_else(|| degrees("geo_latitude").zip(degrees("geo_longitude")))
}

fn registration(guest: Field<'_, '_>) -> Registration {
    Registration {
        id: id(guest),
        status: guest.get("approval_status").word(RegistrationStatus::from_word),
        invited_at: guest.get("invited_at").time(),
        registered_at: guest.get("registered_at").time(),
        joined_at: guest.get("joined_at").time(),
        // Older deliveries state it once for the guest.
        checked_in_at: guest.get("checked_in_at").time(),
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
        refunded: minor(order.get("amount_refunded"), order.get("currency")),
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

fn answer(answer: Field<'_, '_>) -> Answer {
    Answer {
        id: answer.get("question_id").id(),
        question: answer.get("label").text(),
        value: value(answer).unwrap_or_default(),
    }
}

/// Reads an answer from `value`, or from the older members that it replaces: both were sent for a while. There a company's
/// answer is in two members of its own, and `answer` repeats them as a sentence.
fn value(answer: Field<'_, '_>) -> Option<Json> {
    let stated = |name| Some(answer.get(name)).filter(|value| value.bool().is_some() || !value.is_empty());
    if let Some(value) = stated("value") {
        return value.to_json();
    }
    let parts = [("company", "answer_company"), ("job_title", "answer_job_title")];
    let text = |(name, older): (&str, &str)| Some((name.to_owned(), answer.get(older).text()?.into()));
    let company: Map<String, Json> = parts.into_iter().filter_map(text).collect();
    if !company.is_empty() {
        return Some(Json::Object(company));
    }
    answer.first(&["answer", "value"], Field::to_json)
}
