//! The typed `data` of an event: one vocabulary, whoever sent it.
//!
//! Every field is there where the provider says it and left out where it doesn't. Times are RFC 3339 in UTC; ids are
//! the provider's own; amounts are in minor units of their currency.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_with::skip_serializing_none;

/// What happened, in terms that are the same for every provider, and exactly what was sent.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Data {
    /// Who registered, subscribed or booked.
    pub person: Option<Person>,
    /// Who is booked, or who organises.
    pub host: Option<Person>,
    /// The event or meeting it is about.
    pub event: Option<Gathering>,
    pub registration: Option<Registration>,
    /// The one ticket this delivery is about.
    pub ticket: Option<Ticket>,
    /// All tickets of the person's registration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Ticket>,
    pub booking: Option<Booking>,
    /// The payment this delivery is about, or that the booking carries.
    pub payment: Option<Payment>,
    /// All orders of the person's registration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<Payment>,
    pub subscriber: Option<Subscriber>,
    /// What the person answered to the host's questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// The body exactly as received, byte for byte, where it is JSON that SQS can carry.
    pub raw: Option<Box<RawValue>>,
    /// The body's bytes as base64, where they are not.
    pub raw_base64: Option<String>,
}

/// A human being, as far as the provider says.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    pub id: Option<String>,
    /// The full name.
    pub name: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub username: Option<String>,
    /// An IANA time zone.
    pub timezone: Option<String>,
    /// A BCP 47 language tag.
    pub language: Option<String>,
}

/// An event or a meeting: something with a time and a place.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gathering {
    pub id: Option<String>,
    pub title: Option<String>,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    /// The IANA time zone it takes place in.
    pub timezone: Option<String>,
    pub url: Option<String>,
    /// Where to join online.
    pub meeting_url: Option<String>,
    pub place: Option<Place>,
    /// The provider's word: `public`, `members-only`, `private`.
    pub visibility: Option<String>,
    pub calendar_id: Option<String>,
}

/// Where something takes place.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The provider's word: `offline`, `zoom`, `integrations:google:meet`.
    pub kind: Option<String>,
    pub address: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub country: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

/// A person's place at an event.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registration {
    pub id: Option<String>,
    /// The provider's word: `approved`, `pending_approval`, `invited`, `declined`, `waitlist`, `session`.
    pub status: Option<String>,
    pub invited_at: Option<Timestamp>,
    pub registered_at: Option<Timestamp>,
    /// When the person first opened the online event.
    pub joined_at: Option<Timestamp>,
    /// The earliest check-in of any of the registration's tickets.
    pub checked_in_at: Option<Timestamp>,
}

#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ticket {
    pub id: Option<String>,
    pub type_id: Option<String>,
    pub name: Option<String>,
    pub price: Option<Money>,
    /// Whether the money was taken.
    pub captured: Option<bool>,
    pub checked_in_at: Option<Timestamp>,
}

/// An amount of money, exact.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Money {
    /// In minor units (ISO 4217): 400 is 4.00 in USD, 400 in JPY.
    pub amount: i64,
    /// Upper-case ISO 4217 code; absent where the provider names none, as for what is free.
    pub currency: Option<String>,
}

/// A booked appointment. Its time and place are in `event`.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Booking {
    pub id: Option<String>,
    pub uid: Option<String>,
    /// The provider's word: `ACCEPTED`, `PENDING`, `CANCELLED`, `REJECTED`.
    pub status: Option<String>,
    /// Why it was canceled or rejected.
    pub reason: Option<String>,
    /// The booking that this one replaces.
    pub previous: Option<PreviousBooking>,
}

#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreviousBooking {
    pub id: Option<String>,
    pub uid: Option<String>,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
}

#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Payment {
    pub id: Option<String>,
    /// The payment processor's own id, such as a Stripe payment intent.
    pub external_id: Option<String>,
    pub amount: Option<Money>,
    /// Whether the money was taken.
    pub captured: Option<bool>,
    pub coupon: Option<String>,
}

/// Somebody who follows a calendar.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Subscriber {
    pub id: Option<String>,
    /// The provider's word: `approved`, `pending`, `approved-pending-payment`, `declined`.
    pub status: Option<String>,
    pub subscribed_at: Option<Timestamp>,
}

/// One question and its answer.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// The provider's id of the question.
    pub id: Option<String>,
    pub question: Option<String>,
    /// In the provider's form: text, a truth value, a list, or an object.
    pub value: serde_json::Value,
}
