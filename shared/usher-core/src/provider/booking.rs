//! Bookings as Cal.com's sender tells them, which Lunacal inherited.
//!
//! Pure: these files read a booking and the envelope around it, and know no provider.

mod answers;
mod appointment;
pub mod envelope;
mod meeting;
mod payment;
mod people;
mod place;
pub mod shape;

use super::fields::Field;
use crate::event::data::{Booking, Data};
use crate::event::{EventType, Facts};

pub use people::person_of;

/// Returns the type of event that a trigger about a whole booking stands for.
pub fn trigger(name: &str) -> Option<EventType> {
    Some(match name {
        "BOOKING_REQUESTED" => EventType::BookingRequested,
        "BOOKING_CREATED" => EventType::BookingCreated,
        "BOOKING_RESCHEDULED" => EventType::BookingRescheduled,
        "BOOKING_CANCELLED" => EventType::BookingCanceled,
        "BOOKING_REJECTED" => EventType::BookingRejected,
        "BOOKING_PAYMENT_INITIATED" => EventType::PaymentInitiated,
        "BOOKING_PAID" => EventType::PaymentSucceeded,
        _ => return None,
    })
}

/// Returns whether an object holds any of the fields that make a booking.
pub fn is_booking(payload: Field<'_, '_>) -> bool {
    payload.first(&["uid", "bookingId", "rescheduleUid"], Field::id).is_some()
        || payload.get("startTime").time().is_some()
}

/// Reads what happened to a booking. The caller adds what only its envelope tells: the provider's type, the time, drift.
pub fn facts(payload: Field<'_, '_>, event_type: EventType) -> Facts {
    let answered = people::answering(payload);
    let host = people::host(payload);
    let attendees = people::attendees(payload);
    let mut booking = appointment::booking(payload, event_type);
    let called_off_by =
        |name: &str| people::named(payload.get(name), host.as_ref(), &attendees, answered.as_ref());
    booking.canceled_by = called_off_by("cancelledBy");
    booking.rescheduled_by = called_off_by("rescheduledBy");
    Facts {
        event_type,
        subject: subject(&booking),
        group: group(payload, &booking),
        account: payload.get("organizer").get("id").id(),
        data: Data {
            person: people::acting(payload, event_type, &booking, &attendees, answered),
            host,
            attendees,
            event: Some(meeting::meeting(payload)),
            payment: payment::payment(payload, event_type),
            answers: answers::answers(payload),
            booking: Some(booking),
            ..Data::default()
        },
        ..Facts::default()
    }
}

/// Returns the booking's id. A seat that was moved into a meeting of others has none yet: the one it left is known.
fn subject(booking: &Booking) -> Option<String> {
    let previous = booking.previous.as_ref().and_then(|previous| previous.uid.as_ref());
    booking.uid.as_ref().or(previous).or(booking.id.as_ref()).cloned()
}

/// Returns what keeps a booking and all its moves in one order.
///
/// A booking gets a new `uid` with each move and names only the one before, and its `iCalUID` changes with the host's
/// calendar. The type of meeting is all that stays. It is marked as one, since its number could be a booking's, too.
fn group(payload: Field<'_, '_>, booking: &Booking) -> Option<String> {
    let event_type = payload.get("eventTypeId").id().map(|id| format!("event-type:{id}"));
    event_type.or_else(|| booking.previous.as_ref()?.uid.clone())
}
