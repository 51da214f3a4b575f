//! What Lunacal's bodies say: Cal.com's payloads with Lunacal's additions.

use serde_json_borrow::Value;

use super::shape;
use crate::event::data::{Answer, Booking, Coupon, Data, Gathering, Payment, Person, Place, PreviousBooking};
use crate::event::words::{BookingStatus, PlaceKind};
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
    let payload = body.get("payload");
    let booking = booking(payload);
    Reading::Event(Box::new(Facts {
        event_type,
        provider_type,
        subject: booking.uid.clone().or_else(|| booking.id.clone()),
        group: None,
        account: payload.get("organizer").get("id").id(),
        time: body.get("createdAt").time(),
        data: Data {
            person: payload.get("attendees").objects().next().map(person),
            host: payload.get("organizer").is_object().then(|| person(payload.get("organizer"))),
            event: Some(gathering(payload)),
            payment: payment(payload, event_type),
            answers: answers(payload.get("responses")),
            booking: Some(booking),
            drift: deviations(json, shape::BODY),
            ..Data::default()
        },
    }))
}

fn person(person: Field<'_, '_>) -> Person {
    Person {
        id: person.get("id").id(),
        name: person.get("name").text(),
        first_name: person.get("firstName").text(),
        last_name: person.get("lastName").text(),
        email: person.get("email").text(),
        phone: person.get("phoneNumber").text(),
        username: person.get("username").text(),
        timezone: person.get("timeZone").text(),
        language: person.get("language").get("locale").text(),
    }
}

fn gathering(payload: Field<'_, '_>) -> Gathering {
    let location = payload.get("location").text();
    let is_link = |location: &String| location.starts_with("https://") || location.starts_with("http://");
    Gathering {
        // The type of meeting that was booked; the booking has its own id.
        id: payload.get("eventTypeId").id(),
        title: payload.first(&["eventTitle", "title"], Field::text),
        start: payload.get("startTime").time(),
        end: payload.get("endTime").time(),
        timezone: payload.get("organizer").get("timeZone").text(),
        meeting_url: location.clone().filter(is_link),
        place: location
            .filter(|location| !is_link(location))
            .map(|kind| Place { kind: PlaceKind::from_word(&kind), ..Place::default() }),
        description: payload.get("eventDescription").text(),
        duration_seconds: payload.get("length").integer().and_then(|minutes| minutes.checked_mul(60)),
        ..Gathering::default()
    }
}

/// On a reschedule `uid` and `bookingId` are the new booking, `reschedule…` the old one.
fn booking(payload: Field<'_, '_>) -> Booking {
    let previous = PreviousBooking {
        id: payload.get("rescheduleId").id(),
        uid: payload.get("rescheduleUid").id(),
        start: payload.get("rescheduleStartTime").time(),
        end: payload.get("rescheduleEndTime").time(),
    };
    Booking {
        id: payload.get("bookingId").id(),
        uid: payload.get("uid").id(),
        status: payload.get("status").word(BookingStatus::from_word),
        reason: payload.first(&["cancellationReason", "rejectionReason"], Field::text),
        previous: (previous != PreviousBooking::default()).then_some(previous),
        ..Booking::default()
    }
}

/// Only where there is something to pay: free bookings carry `price` 0 or null with a currency all the same.
fn payment(payload: Field<'_, '_>, event_type: EventType) -> Option<Payment> {
    let amount = minor(payload.get("price"), payload.get("currency")).filter(|price| price.amount != 0);
    let payment = Payment {
        id: payload.get("paymentId").id(),
        external_id: payload.get("metadata").get("externalId").id(),
        amount,
        captured: match event_type {
            EventType::PaymentInitiated => Some(false),
            EventType::PaymentSucceeded => Some(true),
            _ => None,
        },
        coupon: payload.get("couponData").is_object().then(|| coupon(payload.get("couponData"))),
        ..Payment::default()
    };
    (payment != Payment::default()).then_some(payment)
}

fn coupon(coupon: Field<'_, '_>) -> Coupon {
    let is_percentage = coupon.get("discountType").str() == Some("PERCENTAGE_OFF");
    Coupon {
        code: coupon.get("couponCode").text(),
        percent_off: is_percentage.then(|| coupon.get("discountValue").float()).flatten(),
        ..Coupon::default()
    }
}

/// `responses.<slug>`: `value` may be absent, text, a list, or `{optionValue, value}`.
fn answers(responses: Field<'_, '_>) -> Vec<Answer> {
    responses
        .entries()
        .filter_map(|(slug, response)| {
            Some(Answer {
                id: Some(slug.to_owned()),
                question: response.get("label").text(),
                value: response.get("value").to_json()?,
            })
        })
        .collect()
}
