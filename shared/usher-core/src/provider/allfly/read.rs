//! What AllFly Connect's bodies say. Their fields are unpublished, so names are tried, and whatever is not found stays
//! in `raw`.

use serde_json_borrow::Value;

use crate::data::{Data, Gathering, Person, Registration, Ticket};
use crate::fields::Field;
use crate::reading::{EventType, Facts, Reading};

pub fn read(body: &[u8]) -> Reading {
    let Ok(body) = serde_json::from_slice::<Value<'_>>(body) else { return Reading::unrecognized() };
    let body = Field::root(&body);
    let named = ["type", "event_type", "eventType", "event"].iter().find_map(|name| body.get(name).text());
    let Some(provider_type) = named else { return Reading::unrecognized() };
    let event_type = match &*provider_type {
        "event_attendee.joined_event" => EventType::RegistrationCreated,
        "event_attendee.ticket_success" => EventType::TicketIssued,
        _ => return Reading::Unrecognized { provider_type: Some(provider_type) },
    };
    let data =
        ["data", "payload"].iter().map(|name| body.get(name)).find(|data| data.is_object()).unwrap_or(body);
    Reading::Event(Box::new(facts(event_type, provider_type, data)))
}

fn facts(event_type: EventType, provider_type: String, data: Field<'_, '_>) -> Facts {
    let attendee_id = data.first(&["event_attendee_id", "attendee_id", "id"]).id();
    let ticket = data.get("ticket").is_object().then(|| ticket(data.get("ticket")));
    let ticket_id = ticket.as_ref().and_then(|ticket: &Ticket| ticket.id.clone());
    let is_ticket = event_type == EventType::TicketIssued;
    let event = gathering(data);
    Facts {
        event_type,
        provider_type,
        subject: if is_ticket { ticket_id.or_else(|| attendee_id.clone()) } else { attendee_id.clone() },
        group: attendee_id.clone(),
        account: None,
        time: data.first(&["created_at", "createdAt", "timestamp"]).time(),
        data: Data {
            person: person(data),
            event: (event != Gathering::default()).then_some(event),
            registration: attendee_id.map(|id| Registration { id: Some(id), ..Registration::default() }),
            ticket,
            ..Data::default()
        },
    }
}

fn person(data: Field<'_, '_>) -> Option<Person> {
    let nested = ["attendee", "event_attendee", "user"]
        .iter()
        .map(|name| data.get(name))
        .find(|field| field.is_object());
    let fields = nested.unwrap_or(data);
    let person = Person {
        id: nested.and_then(|fields| fields.get("id").id()),
        name: fields.first(&["name", "full_name", "fullName"]).text(),
        first_name: fields.first(&["first_name", "firstName"]).text(),
        last_name: fields.first(&["last_name", "lastName"]).text(),
        email: fields.get("email").text(),
        phone: fields.first(&["phone", "phone_number", "phoneNumber"]).text(),
        ..Person::default()
    };
    (person != Person::default()).then_some(person)
}

fn gathering(data: Field<'_, '_>) -> Gathering {
    let event = data.get("event");
    if !event.is_object() {
        return Gathering {
            id: data.first(&["event_id", "eventId"]).id(),
            title: data.first(&["event_name", "eventName", "event_title"]).text(),
            ..Gathering::default()
        };
    }
    Gathering {
        id: event.get("id").id(),
        title: event.first(&["name", "title"]).text(),
        start: event.first(&["start", "start_at", "start_time", "start_date"]).time(),
        end: event.first(&["end", "end_at", "end_time", "end_date"]).time(),
        timezone: event.first(&["timezone", "time_zone"]).text(),
        url: event.get("url").text(),
        ..Gathering::default()
    }
}

fn ticket(ticket: Field<'_, '_>) -> Ticket {
    Ticket {
        id: ticket.first(&["id", "ticket_id", "number"]).id(),
        type_id: ticket.first(&["type_id", "ticket_type_id"]).id(),
        name: ticket.first(&["name", "type", "title"]).text(),
        ..Ticket::default()
    }
}
