//! The booking itself: which part of it an event is about, its links, and what it replaces.

use super::answers;
use crate::event::EventType;
use crate::event::data::{Booking, PreviousBooking, Series};
use crate::event::words::{BookingScope, BookingStatus, Frequency};
use crate::provider::fields::Field;

/// Reads a booking, without the people who canceled or moved it.
pub fn booking(payload: Field<'_, '_>, event_type: EventType) -> Booking {
    let scope = scope(payload, event_type);
    Booking {
        id: payload.get("bookingId").id(),
        uid: payload.get("uid").id(),
        calendar_uid: payload.get("iCalUID").text(),
        status: payload.get("status").word(BookingStatus::from_word),
        scope: Some(scope),
        seat_id: payload.get("attendeeSeatId").id(),
        reason: reason(payload, event_type),
        // One version of the sender writes true for every seat that is given up, though no host asked.
        reschedule_requested: (scope != BookingScope::Seat)
            .then(|| payload.get("requestReschedule").bool().filter(|requested| *requested))
            .flatten(),
        reschedule_url: payload.get("rescheduleUrl").text(),
        cancel_url: payload.get("cancelUrl").text(),
        series: series(payload.get("recurringEvent")),
        canceled_starts: payload.get("cancelledDates").elements().filter_map(Field::time).collect(),
        previous: previous(payload),
        next_uid: payload.get("rescheduledToUid").id(),
        ..Booking::default()
    }
}

/// Returns the part of the booking that the event is about.
fn scope(payload: Field<'_, '_>, event_type: EventType) -> BookingScope {
    let is_canceled = event_type == EventType::BookingCanceled;
    // Everybody pays for a seat of their own.
    let is_payment = matches!(event_type, EventType::PaymentInitiated | EventType::PaymentSucceeded);
    if payload.get("attendeeSeatId").id().is_some()
        || (is_payment && has_seats(payload))
        || is_seat_moved(payload)
        || (is_canceled && is_seat_given_up(payload))
    {
        BookingScope::Seat
    } else if is_canceled && is_rest_of_series(payload) {
        BookingScope::RestOfSeries
    } else {
        BookingScope::Meeting
    }
}

fn has_seats(payload: Field<'_, '_>) -> bool {
    payload.get("seatsPerTimeSlot").integer().is_some_and(|seats| seats > 0)
}

/// A seat that is moved into a meeting of others has no booking of its own; a meeting that is moved has.
fn is_seat_moved(payload: Field<'_, '_>) -> bool {
    has_seats(payload) && payload.get("uid").id().is_none() && payload.get("rescheduleUid").id().is_some()
}

/// Older versions of the sender don't name the seat that is given up. They tell it all the same: they list its holder
/// alone, as the row of the database, which knows its booking. Of a whole meeting they list people without such a number.
fn is_seat_given_up(payload: Field<'_, '_>) -> bool {
    let mut attendees = payload.get("attendees").objects();
    let (Some(attendee), None) = (attendees.next(), attendees.next()) else { return false };
    has_seats(payload)
        && attendee.get("bookingId").id().is_some()
        && attendee.get("bookingSeat").get("referenceUid").id().is_none()
}

/// The sender states the rule of a series with a cancellation only if all that remains of it is canceled. Versions that
/// list what they canceled name other starts beside the meeting's own.
fn is_rest_of_series(payload: Field<'_, '_>) -> bool {
    let start = payload.get("startTime").time();
    payload.get("recurringEvent").is_object()
        || payload
            .get("cancelledDates")
            .elements()
            .filter_map(Field::time)
            .any(|canceled| start.is_none_or(|start| start != canceled))
}

/// Reads the reason. The answer to `rescheduleReason` stays with a booking that was moved, so it says nothing of why that
/// was canceled later.
fn reason(payload: Field<'_, '_>, event_type: EventType) -> Option<String> {
    let ends = matches!(event_type, EventType::BookingCanceled | EventType::BookingRejected);
    payload
        .first(&["cancellationReason", "rejectionReason"], Field::text)
        .or_else(|| if ends { None } else { answers::value(payload, "rescheduleReason").text() })
}

fn series(rule: Field<'_, '_>) -> Option<Series> {
    let series = Series {
        frequency: rule.get("freq").id().and_then(|frequency| Frequency::from_word(&frequency)),
        interval: rule.get("interval").integer(),
        count: rule.get("count").integer(),
    };
    (series != Series::default()).then_some(series)
}

/// On a move `uid` and `bookingId` are the new booking, `reschedule…` the old one.
fn previous(payload: Field<'_, '_>) -> Option<PreviousBooking> {
    let previous = PreviousBooking {
        id: payload.get("rescheduleId").id(),
        uid: payload.get("rescheduleUid").id(),
        start: payload.get("rescheduleStartTime").time(),
        end: payload.get("rescheduleEndTime").time(),
    };
    (previous != PreviousBooking::default()).then_some(previous)
}
