//! What AllFly Connect's bodies say. Their fields are unpublished, so names are tried, and whatever is not found stays
//! in `raw`.

use jiff::Timestamp;
use serde_json_borrow::Value;

use crate::event::data::{Data, Gathering, Person, Registration, Ticket};
use crate::event::{EventType, Facts};
use crate::parsed_body::ParsedBody;
use crate::provider::fields::Field;
use crate::provider::money::major;
use crate::provider::reading::Reading;

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
    let data =
        ["data", "payload"].iter().map(|name| body.get(name)).find(|data| data.is_object()).unwrap_or(body);
    let mut facts = facts(event_type, provider_type, data);
    // In the data, or beside it, as Standard Webhooks recommends.
    facts.time = time(data).or_else(|| time(body));
    Reading::Event(Box::new(facts))
}

fn facts(event_type: EventType, provider_type: String, data: Field<'_, '_>) -> Facts {
    let attendee_id = data.first(&["event_attendee_id", "attendee_id", "id"], Field::id);
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
        time: None,
        data: Data {
            person: person(data),
            event: (event != Gathering::default()).then_some(event),
            registration: attendee_id.map(|id| Registration { id: Some(id), ..Registration::default() }),
            ticket,
            ..Data::default()
        },
    }
}

fn time(object: Field<'_, '_>) -> Option<Timestamp> {
    object.first(&["created_at", "createdAt", "timestamp"], Field::time)
}

fn person(data: Field<'_, '_>) -> Option<Person> {
    let nested = ["attendee", "event_attendee", "user"]
        .iter()
        .map(|name| data.get(name))
        .find(|field| field.is_object());
    let fields = nested.unwrap_or(data);
    let person = Person {
        id: nested.and_then(|fields| fields.get("id").id()),
        name: fields.first(&["name", "full_name", "fullName"], Field::text),
        first_name: fields.first(&["first_name", "firstName"], Field::text),
        last_name: fields.first(&["last_name", "lastName"], Field::text),
        email: fields.get("email").text(),
        phone: fields.first(&["phone", "phone_number", "phoneNumber"], Field::text),
        ..Person::default()
    };
    (person != Person::default()).then_some(person)
}

fn gathering(data: Field<'_, '_>) -> Gathering {
    let event = data.get("event");
    if !event.is_object() {
        return Gathering {
            id: data.first(&["event_id", "eventId"], Field::id),
            title: data.first(&["event_name", "eventName", "event_title"], Field::text),
            ..Gathering::default()
        };
    }
    Gathering {
        id: event.get("id").id(),
        title: event.first(&["name", "title"], Field::text),
        start: event.first(&["start", "start_at", "start_time", "start_date"], Field::time),
        end: event.first(&["end", "end_at", "end_time", "end_date"], Field::time),
        timezone: event.first(&["timezone", "time_zone"], Field::text),
        url: event.get("url").text(),
        ..Gathering::default()
    }
}

fn ticket(ticket: Field<'_, '_>) -> Ticket {
    Ticket {
        id: ticket.first(&["id", "ticket_id", "number"], Field::id),
        type_id: ticket.first(&["type_id", "ticket_type_id"], Field::id),
        name: ticket.first(&["name", "type", "title"], Field::text),
        price: ticket.first(&["price", "amount", "total"], |amount| major(amount, ticket.get("currency"))),
        ..Ticket::default()
    }
}
