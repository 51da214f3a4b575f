//! The typed `data` of an event: one vocabulary, whoever sent it.
//!
//! Every field is there where the provider says it and left out where it doesn't. Times are RFC 3339 in UTC; ids are
//! the provider's own; amounts are in minor units of their currency. Each field names the providers' fields it comes
//! from; the whole tables are in `provider/*/shape.rs`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_with::skip_serializing_none;

use super::drift::Drift;
use super::words::{BookingStatus, PlaceKind, Platform, RegistrationStatus, SubscriberStatus, Visibility};

/// What happened, in terms that are the same for every provider, and exactly what was sent.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Data {
    /// Who registered, subscribed or booked. Absent in events about an event as such.
    pub person: Option<Person>,
    /// Who is booked, or who organises.
    pub host: Option<Person>,
    /// The event or meeting it is about. Absent in events about a subscriber.
    pub event: Option<Gathering>,
    /// The person's place at the event: in `usher.registration.*` and `usher.ticket.issued`.
    pub registration: Option<Registration>,
    /// The one ticket this delivery is about: in `usher.ticket.issued`.
    pub ticket: Option<Ticket>,
    /// All tickets of the person's registration, `ticket` among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Ticket>,
    /// The appointment: in `usher.booking.*` and `usher.payment.*`.
    pub booking: Option<Booking>,
    /// The payment this delivery is about, or that the booking carries. Absent where there is nothing to pay.
    pub payment: Option<Payment>,
    /// All orders of the person's registration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<Payment>,
    /// The subscription: in `usher.subscriber.*`.
    pub subscriber: Option<Subscriber>,
    /// What was given back: in `usher.registration.refunded`. Luma `refund`, its `amount` and `currency`.
    pub refund: Option<Money>,
    /// What the person answered to the host's questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Where the body deviates from what the provider documents: 20 such places at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drift: Vec<Drift>,
    /// The body exactly as received, byte for byte, where it is JSON that SQS can carry; else there is `raw_base64`.
    pub raw: Option<Box<RawValue>>,
    /// The body's bytes as base64, where `raw` can't have them.
    pub raw_base64: Option<String>,
}

/// A human being, as far as the provider says.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Person {
    /// The provider's id of the person. Luma `user_id`, `user_api_id`, and a user's `id` or `api_id`; Lunacal `id`;
    /// Allfly `id`.
    pub id: Option<String>,
    /// The full name. Luma `user_name`, `name`, `host_name`; Lunacal `name`; Allfly `name`, `full_name`.
    pub name: Option<String>,
    /// Mostly absent even where `name` is there. Luma `user_first_name`, `first_name`; Lunacal `firstName`; Allfly
    /// `first_name`.
    pub first_name: Option<String>,
    /// As `first_name`. Luma `user_last_name`, `last_name`; Lunacal `lastName`; Allfly `last_name`.
    pub last_name: Option<String>,
    /// Luma `user_email`, `email`; Lunacal `email`; Allfly `email`.
    pub email: Option<String>,
    /// As the person typed it; E.164 where the provider checks it. Luma `phone_number`; Lunacal `phoneNumber`; Allfly
    /// `phone`, `phone_number`.
    pub phone: Option<String>,
    /// The name in the address of the person's page. Lunacal `username`.
    pub username: Option<String>,
    /// The person's IANA time zone. Lunacal `timeZone`.
    pub timezone: Option<String>,
    /// A BCP 47 language tag. Lunacal `locale`.
    pub language: Option<String>,
}

/// An event or a meeting: something with a time and a place.
#[cfg_attr(feature = "schema", serde_with::apply(Option<Timestamp> => #[schemars(with = "Option<crate::event::date_time::DateTime>")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Gathering {
    /// The provider's id of the event, or of the type of meeting that was booked. Luma `id`, `api_id`; Lunacal
    /// `eventTypeId`; Allfly `id`, `event_id`.
    pub id: Option<String>,
    /// Luma `name`; Lunacal `eventTitle`, `title`; Allfly `name`, `title`, `event_name`.
    pub title: Option<String>,
    /// When it begins. Luma `start_at`; Lunacal `startTime`; Allfly `start`, `start_at`.
    pub start: Option<Timestamp>,
    /// When it ends; an event listed from elsewhere may have none. Luma `end_at`; Lunacal `endTime`; Allfly `end`,
    /// `end_at`.
    pub end: Option<Timestamp>,
    /// The IANA time zone it takes place in. Luma `timezone`; Lunacal the host's; Allfly `timezone`.
    pub timezone: Option<String>,
    /// Its public page. Luma `url`; Allfly `url`.
    pub url: Option<String>,
    /// Where to join online. Luma `meeting_url`; Lunacal `location` where that is a link.
    pub meeting_url: Option<String>,
    /// Where it takes place. Absent where that is not settled.
    pub place: Option<Place>,
    /// Who may see it. Luma `visibility`.
    pub visibility: Option<Visibility>,
    /// The calendar it is on. Luma `calendar_id`, `calendar_api_id`, and a calendar's `id`.
    pub calendar_id: Option<String>,
    /// Where it is kept. Luma `platform`.
    pub platform: Option<Platform>,
    /// As plain text; other forms are in `raw`. Luma `description`; Lunacal `eventDescription`.
    pub description: Option<String>,
    /// Its picture. Luma `cover_url`.
    pub image_url: Option<String>,
    /// In seconds, as the provider states it; usually `end` less `start`. Luma `duration_interval`; Lunacal `length`.
    pub duration_seconds: Option<i64>,
    /// When it was made. Luma `created_at`.
    pub created_at: Option<Timestamp>,
    /// The host's own labels. Luma `name` of each tag.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// Where something takes place.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Place {
    /// In person, or by what means online. Luma `location_type`; Lunacal `location` where that is no link.
    pub kind: Option<PlaceKind>,
    /// What the place is called. Luma `address`.
    pub name: Option<String>,
    /// The full postal address. Luma `full_address`.
    pub address: Option<String>,
    /// How to find it, as the host put it. Luma `description` of the address.
    pub directions: Option<String>,
    /// Luma `city`.
    pub city: Option<String>,
    /// State or province. Luma `region`.
    pub region: Option<String>,
    /// By its name. Luma `country`.
    pub country: Option<String>,
    /// Degrees north, WGS 84. Luma `latitude`.
    pub latitude: Option<f64>,
    /// Degrees east, WGS 84. Luma `longitude`.
    pub longitude: Option<f64>,
}

/// A person's place at an event.
#[cfg_attr(feature = "schema", serde_with::apply(Option<Timestamp> => #[schemars(with = "Option<crate::event::date_time::DateTime>")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Registration {
    /// The provider's id of the guest or attendee. Luma `id`, `api_id`; Allfly `event_attendee_id`, `attendee_id`, `id`.
    pub id: Option<String>,
    /// How far it is. Luma `approval_status`.
    pub status: Option<RegistrationStatus>,
    /// When the person was invited; absent for who came by themselves. Luma `invited_at`.
    pub invited_at: Option<Timestamp>,
    /// When the person registered. Luma `registered_at`.
    pub registered_at: Option<Timestamp>,
    /// When the person first opened the online event. Luma `joined_at`.
    pub joined_at: Option<Timestamp>,
    /// The earliest check-in of any of the registration's tickets. Luma `checked_in_at`.
    pub checked_in_at: Option<Timestamp>,
    /// What the person's ticket code leads to, for whoever checks it in. Luma `check_in_qr_code`.
    pub check_in_url: Option<String>,
    /// The `utm_source` of the link that the person came by. Luma `utm_source`.
    pub utm_source: Option<String>,
}

/// A right to attend, bought or free.
#[cfg_attr(feature = "schema", serde_with::apply(Option<Timestamp> => #[schemars(with = "Option<crate::event::date_time::DateTime>")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Ticket {
    /// The provider's id of the ticket. Luma `id`, `api_id`; Allfly `id`, `ticket_id`, `number`.
    pub id: Option<String>,
    /// What kind of ticket it is, by the provider's id. Luma `event_ticket_type_id`, `event_ticket_type_api_id`; Allfly
    /// `type_id`, `ticket_type_id`.
    pub type_id: Option<String>,
    /// What kind of ticket it is, in words. Luma `name`; Allfly `name`, `type`, `title`.
    pub name: Option<String>,
    /// As the provider states it, beside discount and tax. Luma `amount` and `currency`; Allfly `price`, `amount` or
    /// `total`, and `currency`.
    pub price: Option<Money>,
    /// The part of the price that a coupon took off. Luma `amount_discount`.
    pub discount: Option<Money>,
    /// The tax on it. Luma `amount_tax`.
    pub tax: Option<Money>,
    /// Whether the money was taken. Luma `is_captured`.
    pub captured: Option<bool>,
    /// When it was checked in; absent until then. Luma `checked_in_at`.
    pub checked_in_at: Option<Timestamp>,
}

/// An amount of money, exact.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Money {
    /// In minor units (ISO 4217): 400 is 4.00 in USD, 400 in JPY.
    pub amount: i64,
    /// Upper-case ISO 4217 code, or the provider's word in upper case where it isn't one (Luma's `SOLANA_USDC`); absent
    /// where the provider names none, as for what is free.
    pub currency: Option<String>,
}

/// A booked appointment. Its time and place are in `event`.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Booking {
    /// The provider's number of the booking. Lunacal `bookingId`.
    pub id: Option<String>,
    /// The booking's id in links and calendars. Lunacal `uid`.
    pub uid: Option<String>,
    /// How far it is. Lunacal `status`.
    pub status: Option<BookingStatus>,
    /// Why it was canceled or rejected. Lunacal `cancellationReason`, `rejectionReason`.
    pub reason: Option<String>,
    /// The booking that this one replaces: in `usher.booking.rescheduled`.
    pub previous: Option<PreviousBooking>,
}

/// A booking that another took the place of.
#[cfg_attr(feature = "schema", serde_with::apply(Option<Timestamp> => #[schemars(with = "Option<crate::event::date_time::DateTime>")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PreviousBooking {
    /// Lunacal `rescheduleId`.
    pub id: Option<String>,
    /// Lunacal `rescheduleUid`.
    pub uid: Option<String>,
    /// When it would have begun. Lunacal `rescheduleStartTime`.
    pub start: Option<Timestamp>,
    /// When it would have ended. Lunacal `rescheduleEndTime`.
    pub end: Option<Timestamp>,
}

/// Money that changes hands, or an order for it.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Payment {
    /// The provider's id of the payment or order. Luma `id`, `api_id`; Lunacal `paymentId`.
    pub id: Option<String>,
    /// The payment processor's own id, such as a Stripe payment intent. Lunacal `externalId`.
    pub external_id: Option<String>,
    /// As the provider states it, beside discount and tax. Luma `amount` and `currency`; Lunacal `price`
    /// and `currency`.
    pub amount: Option<Money>,
    /// The part of the amount that the coupon took off. Luma `amount_discount`.
    pub discount: Option<Money>,
    /// The tax on it. Luma `amount_tax`.
    pub tax: Option<Money>,
    /// Whether the money was taken. Luma `is_captured`; for Lunacal the type of the event says so.
    pub captured: Option<bool>,
    /// The coupon that was applied, if any.
    pub coupon: Option<Coupon>,
}

/// What made it cheaper.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Coupon {
    /// Luma `api_id`.
    pub id: Option<String>,
    /// What the person typed. Luma `code`; Lunacal `couponCode`.
    pub code: Option<String>,
    /// In percent: 50 halves the price. Luma `percent_off`; Lunacal `discountValue` where `discountType` is a percentage.
    pub percent_off: Option<f64>,
    /// What it takes off, where that is an amount. Luma `cents_off` and `currency`.
    pub amount_off: Option<Money>,
}

/// Somebody who follows a calendar.
#[cfg_attr(feature = "schema", serde_with::apply(Option<Timestamp> => #[schemars(with = "Option<crate::event::date_time::DateTime>")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Subscriber {
    /// The provider's id of the subscription. Luma `id`, `api_id`.
    pub id: Option<String>,
    /// How far the membership is; absent without one. Luma `status`.
    pub status: Option<SubscriberStatus>,
    /// When the person subscribed. Luma `created_at`.
    pub subscribed_at: Option<Timestamp>,
    /// The paid tier of a membership. Luma `calendar_membership_tier_id`.
    pub tier_id: Option<String>,
}

/// One question and its answer.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Answer {
    /// The provider's id of the question. Luma `question_id`; Lunacal the name of the response.
    pub id: Option<String>,
    /// As the person read it. Luma `label`; Lunacal `label`.
    pub question: Option<String>,
    /// In the provider's form: text, a truth value, a list, an object; null where there is no answer. Luma `value`,
    /// `answer`; Lunacal `value`.
    pub value: serde_json::Value,
}
