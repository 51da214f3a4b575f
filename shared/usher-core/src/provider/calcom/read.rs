//! The reading of Cal.com's bodies: a trigger, a moment, and a booking or what happened to one.

use serde_json_borrow::Value;

use crate::event::data::{Attendee, Booking, Data, Person};
use crate::event::{EventType, Facts};
use crate::parsed_body::ParsedBody;
use crate::provider::booking::{self, envelope};
use crate::provider::fields::Field;
use crate::provider::reading::Reading;
use crate::provider::shape::repeated_members;

/// The triggers that are known and have no type of their own.
const WITHOUT_A_TYPE: [&str; 11] = [
    "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
    "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
    "DELEGATION_CREDENTIAL_ERROR",
    "FORM_SUBMITTED",
    "FORM_SUBMITTED_NO_EVENT",
    "INSTANT_MEETING",
    "OOO_CREATED",
    "RECORDING_READY",
    "RECORDING_TRANSCRIPTION_GENERATED",
    "ROUTING_FORM_FALLBACK_HIT",
    "WRONG_ASSIGNMENT_REPORT",
];

pub fn reading(body: &ParsedBody<'_>) -> Reading {
    body.with_json(of).unwrap_or_else(Reading::unrecognized)
}

/// Returns whether no other delivery can have the same bytes: the body says when it was made, or it is about the start or
/// the end of one meeting, which come once.
pub fn holds_its_moment(json: &Value<'_>) -> bool {
    let body = Field::root(json);
    let is_meeting = body.get("triggerEvent").text().as_deref().and_then(meeting_type).is_some();
    body.get("createdAt").time().is_some() || (is_meeting && body.get("uid").id().is_some())
}

fn of(json: &Value<'_>) -> Reading {
    let body = Field::root(json);
    let Some(provider_type) = body.get("triggerEvent").text() else { return Reading::unrecognized() };
    if provider_type == "PING" {
        return Reading::Ping;
    }
    let facts = if let Some(event_type) = booking::trigger(&provider_type) {
        envelope::booking(json, event_type)
    } else if let Some(event_type) = meeting_type(&provider_type) {
        meeting(json, event_type)
    } else if provider_type == "BOOKING_NO_SHOW_UPDATED" {
        attendance(json)
    } else {
        // Without drift: the operator need not be told of what is known.
        WITHOUT_A_TYPE
            .contains(&&*provider_type)
            .then(|| Facts { time: body.get("createdAt").time(), ..Facts::default() })
    };
    match facts {
        Some(facts) => Reading::Event(Box::new(Facts { provider_type, ..facts })),
        None => Reading::Unrecognized { provider_type: Some(provider_type) },
    }
}

fn meeting_type(trigger: &str) -> Option<EventType> {
    match trigger {
        "MEETING_STARTED" => Some(EventType::MeetingStarted),
        "MEETING_ENDED" => Some(EventType::MeetingEnded),
        _ => None,
    }
}

/// Reads the start or the end of a meeting. The body is a row of the sender's database, beside the trigger or in `payload`:
/// its `createdAt` is the booking's own, its `id` the booking's number, its `user` the host.
fn meeting(json: &Value<'_>, event_type: EventType) -> Option<Facts> {
    let body = Field::root(json);
    let row = [body.get("payload"), body].into_iter().find(|row| booking::is_booking(*row))?;
    let mut facts = booking::facts(row, event_type);
    let host = booking::person_of(row.get("user"));
    facts.account = facts.account.or_else(|| host.as_ref()?.id.clone());
    facts.data.host = facts.data.host.or(host);
    // A meeting is in its host's time zone.
    let timezone = facts.data.host.as_ref().and_then(|host| host.timezone.clone());
    if let Some(event) = &mut facts.data.event {
        event.timezone = event.timezone.take().or(timezone);
    }
    if let Some(booking) = &mut facts.data.booking {
        booking.id = booking.id.take().or_else(|| row.get("id").id());
    }
    facts.subject = facts.subject.or_else(|| row.get("id").id());
    let moment = if event_type == EventType::MeetingStarted { "startTime" } else { "endTime" };
    facts.time = row.get(moment).time();
    facts.data.drift = repeated_members(json);
    Some(facts)
}

/// Reads who did not come.
fn attendance(json: &Value<'_>) -> Option<Facts> {
    let body = Field::root(json);
    let payload = body.get("payload");
    let booking = Booking {
        uid: payload.get("bookingUid").id(),
        id: payload.get("bookingId").id(),
        ..Booking::default()
    };
    let attendee = |attendee: Field<'_, '_>| Attendee {
        person: Person { email: attendee.get("email").text(), ..Person::default() },
        no_show: attendee.get("noShow").bool(),
        ..Attendee::default()
    };
    Some(Facts {
        event_type: EventType::AttendanceUpdated,
        subject: Some(booking.uid.clone().or_else(|| booking.id.clone())?),
        time: body.get("createdAt").time(),
        data: Data {
            attendees: payload.get("attendees").objects().map(attendee).collect(),
            booking: Some(booking),
            drift: repeated_members(json),
            ..Data::default()
        },
        ..Facts::default()
    })
}
