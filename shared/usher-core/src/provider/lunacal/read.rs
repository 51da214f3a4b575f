//! The reading of Lunacal's bodies: a trigger, a moment, and a booking.

use serde_json_borrow::Value;

use super::shape::{BODY, BODY_WITH_DATA, FLAT_BODY};
use crate::event::{EventType, Facts};
use crate::parsed_body::ParsedBody;
use crate::provider::booking;
use crate::provider::fields::Field;
use crate::provider::reading::Reading;
use crate::provider::shape::{Shape, deviations};

pub fn reading(body: &ParsedBody<'_>) -> Reading {
    body.with_json(of).unwrap_or_else(Reading::unrecognized)
}

fn of(json: &Value<'_>) -> Reading {
    let body = Field::root(json);
    let Some(provider_type) = body.get("triggerEvent").text() else { return Reading::unrecognized() };
    let event_type = match &*provider_type {
        "BOOKING_REQUESTED" => EventType::BookingRequested,
        "BOOKING_CREATED" => EventType::BookingCreated,
        "BOOKING_RESCHEDULED" => EventType::BookingRescheduled,
        "BOOKING_CANCELLED" => EventType::BookingCanceled,
        "BOOKING_REJECTED" => EventType::BookingRejected,
        "BOOKING_PAYMENT_INITIATED" => EventType::PaymentInitiated,
        "BOOKING_PAID" => EventType::PaymentSucceeded,
        "PING" => return Reading::Ping,
        _ => return Reading::Unrecognized { provider_type: Some(provider_type) },
    };
    let Some((payload, shape)) = payload(body) else {
        return Reading::Unrecognized { provider_type: Some(provider_type) };
    };
    let mut facts = booking::facts(payload, event_type);
    facts.data.drift = deviations(json, shape);
    Reading::Event(Box::new(Facts { provider_type, time: body.get("createdAt").time(), ..facts }))
}

/// Returns the booking and the form of the body that has it there. A custom template may leave the envelope out or name
/// it otherwise. The sender never puts JSON into a text, so such a payload is none.
fn payload<'v, 'b>(body: Field<'v, 'b>) -> Option<(Field<'v, 'b>, Shape)> {
    [(body.get("payload"), BODY), (body.get("data"), BODY_WITH_DATA), (body, FLAT_BODY)]
        .into_iter()
        .find(|(payload, _)| booking::is_booking(*payload))
}
