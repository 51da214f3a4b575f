//! The reading of AllFly Connect's bodies. Their fields are unpublished, so names are tried, and whatever is not found stays
//! in `raw`.

use jiff::Timestamp;
use serde_json_borrow::Value;

use super::person::person;
use crate::event::data::{Data, Gathering, Registration, Ticket};
use crate::event::{Drift, EventType, Facts, Problem};
use crate::parsed_body::ParsedBody;
use crate::provider::fields::Field;
use crate::provider::reading::Reading;
use crate::provider::shape::{MAX_DRIFT, repeated_members};

pub fn reading(body: &ParsedBody<'_>) -> Reading {
    body.with_json(of).unwrap_or_else(Reading::unrecognized)
}

fn of(json: &Value<'_>) -> Reading {
    let body = Field::root(json);
    let named = body.first(&["type", "event_type", "eventType", "event"], Field::text);
    let Some(provider_type) = named else { return Reading::unrecognized() };
    let event_type = match &*provider_type {
        "event_attendee.joined_event" => EventType::RegistrationCreated,
        "event_attendee.ticket_success" => EventType::TicketIssued,
        _ => return Reading::Unrecognized { provider_type: Some(provider_type) },
    };
    // A body without the fields that make it one of its type is unrecognized, too.
    let found = PLACES.iter().find_map(|place| Some((place, facts(event_type, body, place)?)));
    let Some((place, mut facts)) = found else {
        return Reading::Unrecognized { provider_type: Some(provider_type) };
    };
    // In the data, or beside it, as Standard Webhooks recommends.
    facts.time = time(at(body, place)).or_else(|| time(body));
    facts.data.drift = unreadable_times(body, place);
    facts.data.drift.extend(repeated_members(json));
    facts.data.drift.truncate(MAX_DRIFT);
    Reading::Event(Box::new(Facts { provider_type, ..facts }))
}

/// The places where the fields may stand: where Svix's senders put them, where others do, and the body itself.
const PLACES: [&[&str]; 4] = [&["data"], &["data", "object"], &["payload"], &[]];

fn at<'v, 'b>(body: Field<'v, 'b>, place: &[&str]) -> Field<'v, 'b> {
    place.iter().fold(body, |object, name| object.get(name))
}

/// Reads the fields of one place. Returns `None` where nothing there is of an attendee, an event or a ticket.
fn facts(event_type: EventType, body: Field<'_, '_>, place: &[&str]) -> Option<Facts> {
    let data = at(body, place);
    let attendee_id = data
        .first(&["event_attendee_id", "eventAttendeeId", "attendee_id", "attendeeId"], Field::id)
        .or_else(|| data.get("event_attendee").get("id").id());
    let own_id = data.get("id").id();
    let person = person(data);
    let event = gathering(data);
    let ticket = ticket(data);
    // Beside the type an `id` may be the delivery's, so alone it is of nobody.
    let has_id = attendee_id.is_some() || (own_id.is_some() && !place.is_empty());
    if !has_id && person.is_none() && event.is_none() && ticket.is_none() {
        return None;
    }
    let registration_id = attendee_id.or(own_id);
    let ticket_id = ticket.as_ref().and_then(|ticket| ticket.id.clone());
    let is_ticket = event_type == EventType::TicketIssued;
    Some(Facts {
        event_type,
        subject: ticket_id.filter(|_| is_ticket).or_else(|| registration_id.clone()),
        group: registration_id.clone(),
        data: Data {
            person,
            event,
            registration: registration_id.map(|id| Registration { id: Some(id), ..Registration::default() }),
            ticket,
            ..Data::default()
        },
        ..Facts::default()
    })
}

const TIMES: [&str; 3] = ["created_at", "createdAt", "timestamp"];
const STARTS: [&str; 4] = ["start", "start_at", "start_time", "start_date"];
const ENDS: [&str; 4] = ["end", "end_at", "end_time", "end_date"];

fn time(object: Field<'_, '_>) -> Option<Timestamp> {
    object.first(&TIMES, Field::time)
}

/// Reports the times that are there and can't be read: nothing else would say that the event has none.
fn unreadable_times(body: Field<'_, '_>, place: &[&str]) -> Vec<Drift> {
    let event = [place, &["event"]].concat();
    let mut looked_at: Vec<(Vec<&str>, &str)> = Vec::new();
    looked_at.extend(TIMES.map(|name| (place.to_vec(), name)));
    looked_at.extend(STARTS.iter().chain(&ENDS).map(|name| (event.clone(), *name)));
    if !place.is_empty() {
        looked_at.extend(TIMES.map(|name| (Vec::new(), name)));
    }
    let unreadable =
        looked_at.into_iter().filter(|(place, name)| at(body, place).get(name).is_unreadable_time());
    let path = |(place, name): (Vec<&str>, &str)| [place, vec![name]].concat().join(".");
    unreadable.map(|field| Drift { path: path(field), problem: Problem::NotATime }).collect()
}

fn gathering(data: Field<'_, '_>) -> Option<Gathering> {
    let event = data.get("event");
    let gathering = if event.is_object() {
        Gathering {
            id: event.first(&["id", "event_id"], Field::id),
            title: event.first(&["name", "title"], Field::text),
            start: event.first(&STARTS, Field::time),
            end: event.first(&ENDS, Field::time),
            timezone: event.first(&["timezone", "time_zone"], Field::text),
            url: event.get("url").text(),
            ..Gathering::default()
        }
    } else {
        Gathering {
            id: data.first(&["event_id", "eventId"], Field::id),
            title: data.first(&["event_name", "eventName", "event_title"], Field::text),
            ..Gathering::default()
        }
    };
    (gathering != Gathering::default()).then_some(gathering)
}

/// Reads the ticket, without its price: neither the field nor its unit is published.
fn ticket(data: Field<'_, '_>) -> Option<Ticket> {
    let ticket = data.get("ticket");
    let ticket = if ticket.is_object() {
        Ticket {
            id: ticket.first(&["id", "ticket_id", "number"], Field::id),
            type_id: ticket.first(&["type_id", "ticket_type_id"], Field::id),
            name: ticket.first(&["name", "type", "title"], Field::text),
            ..Ticket::default()
        }
    } else {
        Ticket {
            id: data.first(&["ticket_id", "ticketId", "ticket_number"], Field::id),
            type_id: data.first(&["ticket_type_id", "ticketTypeId"], Field::id),
            name: data.first(&["ticket_name", "ticketName"], Field::text),
            ..Ticket::default()
        }
    };
    (ticket != Ticket::default()).then_some(ticket)
}
