//! The typed `data` of an event: one vocabulary, whoever sent it.
//!
//! A field is there where the provider says it and left out where it doesn't. Times are RFC 3339 in UTC; ids are the
//! provider's own; amounts are in minor units of their currency. Each field says what it means, where each provider has it,
//! and what its absence means where that is more than "not said". The whole tables are in `provider/*/shape.rs`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_with::skip_serializing_none;

use super::drift::Drift;
use super::words::{
    BookingScope, BookingStatus, Frequency, PlaceKind, Platform, RegistrationStatus, SubscriberStatus,
    Visibility,
};

/// The facts of what happened, in terms that are the same for every provider, and exactly what was sent.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Data {
    /// The person who acted: who registered, subscribed, booked, paid, or gave up a seat. For a cancellation or a move of a
    /// whole meeting it is the person who had booked; who called it off is `booking.canceled_by`. Absent in events about an
    /// event as such, and where the body names nobody: with several attendees, position says nothing. Lunacal: for a payment
    /// the attendee of the `bookerEmail` in `metadata`, or in the `data` of `paymentData`; else the holder of
    /// `attendeeSeatId`; else the attendee of the address in `responses`; else the only attendee.
    pub person: Option<Person>,
    /// The person who is booked, or who organises: for Luma the creator of the event (`user_id`), else its only host, else
    /// the name of the host elsewhere. Absent where several host it and the body doesn't say who created it: see `hosts`.
    pub host: Option<Person>,
    /// Everybody who hosts the event, `host` among them, in the provider's order. Luma `hosts`. Most events about guests have
    /// none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<Person>,
    /// Everybody who attends the meeting, guests included, in the provider's order. In `usher.booking.*`,
    /// `usher.payment.*` and `usher.meeting.*`; in `usher.attendance.updated` those whose mark changed. Lunacal
    /// `attendees`. One who gives up a seat is listed in that event, and in no later one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attendees: Vec<Attendee>,
    /// The event or meeting it is about. Absent in events about a subscriber.
    pub event: Option<Gathering>,
    /// The person's place at the event: in `usher.registration.*` and `usher.ticket.issued`. One new Luma guest gives
    /// `usher.registration.created`, `usher.registration.updated` and a `usher.ticket.issued` for each ticket, in no certain
    /// order. `usher.registration.created` comes again when a guest cancels and registers once more.
    pub registration: Option<Registration>,
    /// The one ticket this delivery is about: in `usher.ticket.issued`.
    pub ticket: Option<Ticket>,
    /// All tickets of the person's registration, `ticket` among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Ticket>,
    /// The appointment: in `usher.booking.*`, `usher.payment.*`, `usher.meeting.*` and `usher.attendance.updated`. What is said
    /// of Lunacal's bookings holds for Cal.com's.
    pub booking: Option<Booking>,
    /// The payment this delivery is about, or that the booking carries. Absent where there is nothing to pay.
    pub payment: Option<Payment>,
    /// All orders of the person's registration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<Payment>,
    /// The subscription: in `usher.subscriber.*`. `usher.subscriber.removed` is an opt-out: the person unsubscribed, blocked
    /// the calendar or reported it as spam, and must not be written to.
    pub subscriber: Option<Subscriber>,
    /// The money given back by this one refund: in `usher.registration.refunded`. The sum of all refunds so far is in
    /// `orders[].refunded`. Luma `refund`, its `amount` and `currency`. Refunds made in Stripe send no event.
    pub refund: Option<Money>,
    /// The person's answers to the host's questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// The places where the body deviates from what the provider documents: 20 such places at most.
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
    /// The provider's id of the person, the same in every event. Luma `user_id`, `user_api_id`, and a user's `id` or
    /// `api_id`; Lunacal `id` of the organizer; AllFly `user_id`, and `id` of a `user` or an `attendee`. Absent for those who
    /// book at Lunacal, whose `id` is a row number of one booking: compare `email`. Absent for AllFly's attendees whose
    /// fields stand beside the registration's `id`.
    pub id: Option<String>,
    /// The full name. Luma `user_name`, `name`, `host_name`; Lunacal `name`; AllFly `name`, `full_name`. Absent where the `name`
    /// of an AllFly body may be the event's or the ticket's.
    pub name: Option<String>,
    /// The given name. Mostly absent even where `name` is there. Luma `user_first_name`, `first_name`; Lunacal `firstName`;
    /// AllFly `first_name`.
    pub first_name: Option<String>,
    /// The family name, as `first_name`. Luma `user_last_name`, `last_name`; Lunacal `lastName`; AllFly `last_name`.
    pub last_name: Option<String>,
    /// The e-mail address, as the person wrote it: compare without regard to case. Luma `user_email`, `email`; Lunacal
    /// `email`; AllFly `email`.
    pub email: Option<String>,
    /// The telephone number, as the person typed it; E.164 where the provider checks it. Luma `phone_number`; Lunacal
    /// `phoneNumber`; AllFly `phone`, `phone_number`.
    pub phone: Option<String>,
    /// The name in the address of the person's page. Lunacal `username`.
    pub username: Option<String>,
    /// The person's IANA time zone. Lunacal `timeZone`.
    pub timezone: Option<String>,
    /// A BCP 47 language tag. Lunacal `locale`.
    pub language: Option<String>,
}

/// One of those who attend a meeting.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Attendee {
    /// The person who attends.
    pub person: Person,
    /// The id of the person's seat. Lunacal `referenceUid`, of `bookingSeat` or of the attendee. Absent where the meeting has
    /// no seats, and mostly for the person who has just booked: `booking.seat_id` is then theirs.
    pub seat_id: Option<String>,
    /// True if the host marked the person as not having come; false takes the mark back. In `usher.attendance.updated`.
    /// Cal.com `noShow`.
    pub no_show: Option<bool>,
}

/// An event or a meeting: something with a time and a place.
#[cfg_attr(feature = "schema", serde_with::apply(Option<Timestamp> => #[schemars(with = "Option<crate::event::date_time::DateTime>")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Gathering {
    /// The provider's id of the event, or of the type of meeting that was booked. Luma `id`, `api_id`; Lunacal
    /// `eventTypeId`; AllFly `id`, `event_id`.
    pub id: Option<String>,
    /// The title. Luma `name`; Lunacal `eventTitle`, `title`; AllFly `name`, `title`, `event_name`, `event_title`.
    pub title: Option<String>,
    /// The time at which it begins. Luma `start_at`; Lunacal `startTime`; AllFly `start`, `start_at`, `start_time`,
    /// `start_date`. Absent where that is a day without a time.
    pub start: Option<Timestamp>,
    /// The time at which it ends; an event listed from elsewhere may have none. Luma `end_at`; Lunacal `endTime`; AllFly
    /// `end`, `end_at`, `end_time`, `end_date`.
    pub end: Option<Timestamp>,
    /// The IANA time zone it takes place in. Luma `timezone`; Lunacal the host's; AllFly `timezone`, `time_zone`.
    pub timezone: Option<String>,
    /// The address of its public page. Luma `url`; AllFly `url`.
    pub url: Option<String>,
    /// The link to join it online. Luma `meeting_url`, and `zoom_meeting_url` in older deliveries; Lunacal
    /// `videoCallUrl` in `metadata`, else `url` of `videoCallData`,
    /// else of `additionalInformation` the `hangoutLink` or the `uri` of the entry point whose `entryPointType` is video, else
    /// `location` where that is a link. `https://` is put before a link without a scheme, and links of other schemes are left
    /// to `raw`. Absent where there is none yet.
    pub meeting_url: Option<String>,
    /// The place. Absent where that is not settled.
    pub place: Option<Place>,
    /// The audience that may see it. Luma `visibility`.
    pub visibility: Option<Visibility>,
    /// The calendar it is on. Luma `calendar_id`, `calendar_api_id`, and a calendar's `id`. `usher.event.listed` may come
    /// more than once for one event and calendar: when it is created on it, approved, moved there, or made public.
    pub calendar_id: Option<String>,
    /// The calendar it was proposed for: in `usher.event.submitted`. Luma `id` of `submitted_to_calendar`. Approving or
    /// rejecting it at Luma takes this id where the API key is an organization's.
    pub submitted_to_calendar_id: Option<String>,
    /// The platform it is kept on. Luma `platform`.
    pub platform: Option<Platform>,
    /// The description as plain text; other forms are in `raw`. Luma `description`; Lunacal `eventDescription`.
    pub description: Option<String>,
    /// The address of its picture. Luma `cover_url`.
    pub image_url: Option<String>,
    /// The length in seconds, as the provider states it; usually `end` less `start`. Luma `duration_interval`; Lunacal
    /// `length`.
    pub duration_seconds: Option<i64>,
    /// The time at which it was made. Luma `created_at`.
    pub created_at: Option<Timestamp>,
    /// The host's own labels. Luma `name` of each tag.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// The place of something.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Place {
    /// The kind of place: in person, by telephone, or by what means online. Luma `location_type`; Lunacal the kind that was
    /// chosen in `responses.location`, else `location`, else for a link the `type` of `videoCallData`. A `location` that is
    /// free text is in person.
    pub kind: Option<PlaceKind>,
    /// The name of the place. Luma `address`.
    pub name: Option<String>,
    /// The address, as far as it is known: Luma `full_address`, a postal one; Lunacal `location`, as the host or the booker
    /// typed it.
    pub address: Option<String>,
    /// The telephone number to call. Lunacal `location` where that is one.
    pub phone: Option<String>,
    /// The way to find it, as the host put it. Luma `description` of the address.
    pub directions: Option<String>,
    /// Luma `city`.
    pub city: Option<String>,
    /// The state or province. Luma `region`.
    pub region: Option<String>,
    /// The country, by its name. Luma `country`.
    pub country: Option<String>,
    /// Degrees north, WGS 84. Luma `latitude`, else `geo_latitude`.
    pub latitude: Option<f64>,
    /// Degrees east, WGS 84. Luma `longitude`, else `geo_longitude`.
    pub longitude: Option<f64>,
}

/// A person's place at an event.
#[cfg_attr(feature = "schema", serde_with::apply(Option<Timestamp> => #[schemars(with = "Option<crate::event::date_time::DateTime>")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Registration {
    /// The provider's id of the guest or attendee. Luma `id`, `api_id`; AllFly `event_attendee_id`, `attendee_id`, `id` of an
    /// `event_attendee`, else `id` beside the attendee's fields.
    pub id: Option<String>,
    /// The stage it is at. Luma `approval_status`.
    pub status: Option<RegistrationStatus>,
    /// The time of the invitation; absent for people who came by themselves. Luma `invited_at`.
    pub invited_at: Option<Timestamp>,
    /// The time at which the person registered. Luma `registered_at`.
    pub registered_at: Option<Timestamp>,
    /// The time at which the person first opened the online event; absent until then. Luma `joined_at`.
    pub joined_at: Option<Timestamp>,
    /// The earliest check-in of any of the registration's tickets; absent until then. Luma `checked_in_at` of each ticket,
    /// and of the guest in older deliveries.
    pub checked_in_at: Option<Timestamp>,
    /// The link in the person's ticket code, for the staff that checks it in. Luma `check_in_qr_code`.
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
    /// The provider's id of the ticket. Luma `id`, `api_id`; AllFly `id`, `ticket_id`, `number`, `ticket_number`.
    pub id: Option<String>,
    /// The provider's id of the kind of ticket. Luma `event_ticket_type_id`, `event_ticket_type_api_id`; AllFly `type_id`,
    /// `ticket_type_id`.
    pub type_id: Option<String>,
    /// The name of the kind of ticket. Luma `name`; AllFly `name`, `type`, `title`, `ticket_name`.
    pub name: Option<String>,
    /// The price, as the provider states it, beside discount and tax. Luma `amount` and `currency`. Absent for AllFly, which
    /// publishes neither the field nor its unit: the body's own is in `raw`.
    pub price: Option<Money>,
    /// The part of the price that a coupon took off. Luma `amount_discount`.
    pub discount: Option<Money>,
    /// The tax on it. Luma `amount_tax`.
    pub tax: Option<Money>,
    /// True once the money was taken. Luma `is_captured`.
    pub captured: Option<bool>,
    /// The time at which it was checked in; absent until then. Luma `checked_in_at`.
    pub checked_in_at: Option<Timestamp>,
}

/// An amount of money, exact.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Money {
    /// The amount in minor units (ISO 4217): 400 is 4.00 in USD, 400 in JPY, 0.400 in KWD.
    pub amount: i64,
    /// The upper-case ISO 4217 code, or the provider's word in upper case where it isn't one (Luma's `SOLANA_USDC`). Absent
    /// where the provider names none, as for free tickets.
    pub currency: Option<String>,
}

/// A booked appointment. Its time and place are in `event`.
#[cfg_attr(
    feature = "schema",
    serde_with::apply(
        Vec<Timestamp> => #[schemars(with = "Vec<crate::event::date_time::DateTime>")]
    )
)]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Booking {
    /// The provider's number of the booking. Lunacal `bookingId`.
    pub id: Option<String>,
    /// The booking's id in links. A moved booking has a new one. Lunacal `uid`. Absent for a seat that was moved into a
    /// meeting that had been booked before.
    pub uid: Option<String>,
    /// The meeting's id in calendars (RFC 5545, UID). Lunacal `iCalUID`.
    pub calendar_uid: Option<String>,
    /// The stage it is at. Lunacal `status`.
    pub status: Option<BookingStatus>,
    /// The part that the event is about: a seat, the meeting, or the rest of a series. Lunacal `attendeeSeatId`,
    /// `cancelledDates` and `recurringEvent` tell; where a seat has no id, `seatsPerTimeSlot` with a payment, with the
    /// `bookingId` of the only attendee, or without a `uid`.
    pub scope: Option<BookingScope>,
    /// The id of the seat that the event is about. Lunacal `attendeeSeatId`. Absent where it is about the whole meeting, and
    /// where an older sender tells of a seat without its id.
    pub seat_id: Option<String>,
    /// The reason for the cancellation, rejection or move, as it was typed. Lunacal `cancellationReason`, `rejectionReason`,
    /// and, unless it is canceled or rejected, the answer to `rescheduleReason`.
    pub reason: Option<String>,
    /// The person who canceled it. Lunacal `cancelledBy`, an address, with what the body knows of its holder: the host, an
    /// attendee or the booker. Absent where it is no address.
    pub canceled_by: Option<Person>,
    /// The person who moved it. Lunacal `rescheduledBy`, as `canceled_by`.
    pub rescheduled_by: Option<Person>,
    /// True if the host canceled to ask for another time: the booker is invited to book again. Lunacal `requestReschedule`.
    /// Absent means no.
    pub reschedule_requested: Option<bool>,
    /// The link to move it. Lunacal `rescheduleUrl`.
    pub reschedule_url: Option<String>,
    /// The link to cancel it. Lunacal `cancelUrl`.
    pub cancel_url: Option<String>,
    /// The series it is one of. Lunacal `recurringEvent`. Absent for a single meeting.
    pub series: Option<Series>,
    /// The starts of the meetings of the series that were canceled together. Lunacal `cancelledDates`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub canceled_starts: Vec<Timestamp>,
    /// The booking that this one replaces: in `usher.booking.rescheduled`.
    pub previous: Option<PreviousBooking>,
    /// The `uid` of the booking that takes its place, where that exists already. Lunacal `rescheduledToUid`.
    pub next_uid: Option<String>,
}

/// The rule of a series of meetings: one every `interval` of `frequency`, `count` times.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Series {
    /// The unit of the interval. Lunacal `freq` (RFC 5545, FREQ, numbered from yearly).
    pub frequency: Option<Frequency>,
    /// The number of units from one meeting to the next. Lunacal `interval`.
    pub interval: Option<i64>,
    /// The number of meetings. Lunacal `count`.
    pub count: Option<i64>,
}

/// A booking that another took the place of.
#[cfg_attr(feature = "schema", serde_with::apply(Option<Timestamp> => #[schemars(with = "Option<crate::event::date_time::DateTime>")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PreviousBooking {
    /// Its number. Lunacal `rescheduleId`.
    pub id: Option<String>,
    /// Its id in links. Lunacal `rescheduleUid`.
    pub uid: Option<String>,
    /// The time at which it would have begun. Lunacal `rescheduleStartTime`.
    pub start: Option<Timestamp>,
    /// The time at which it would have ended. Lunacal `rescheduleEndTime`.
    pub end: Option<Timestamp>,
}

/// Money that changes hands, or an order for it.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Payment {
    /// The provider's id of the payment or order. Luma `id`, `api_id`; Lunacal `paymentId`, else `id` of `paymentData`.
    pub id: Option<String>,
    /// The payment processor's own id, such as a Stripe payment intent. Lunacal `externalId` of `paymentData`, else of
    /// `metadata`.
    pub external_id: Option<String>,
    /// The sum that is or was to be charged. Luma `amount` and `currency` of an order; Lunacal `amount` and `currency` of
    /// `paymentData`. Absent where the provider does not say it: `list_price` is not what was charged.
    pub amount: Option<Money>,
    /// The price of the type of meeting, before coupons. Lunacal `price` and `currency`.
    pub list_price: Option<Money>,
    /// The part that the coupon took off. Luma `amount_discount`.
    pub discount: Option<Money>,
    /// The tax on it. Luma `amount_tax`.
    pub tax: Option<Money>,
    /// The sum given back so far, by all refunds of it. Luma `amount_refunded`; Lunacal all of `amount` where `refunded` of
    /// `paymentData` is true.
    pub refunded: Option<Money>,
    /// True once the money was taken. Luma `is_captured`; for Lunacal the type of the event says so.
    pub captured: Option<bool>,
    /// The coupon that was applied, if any.
    pub coupon: Option<Coupon>,
}

/// A coupon.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Coupon {
    /// The provider's id of the coupon. Luma `api_id`.
    pub id: Option<String>,
    /// The code that the person typed. Luma `code`; Lunacal `couponCode`.
    pub code: Option<String>,
    /// The percentage it takes off: 50 halves the price. Luma `percent_off`; Lunacal `discountValue` where `discountType` is
    /// a percentage.
    pub percent_off: Option<f64>,
    /// The amount it takes off, where it is of that kind. Luma `cents_off` and `currency`.
    pub amount_off: Option<Money>,
}

/// A follower of a calendar.
#[cfg_attr(feature = "schema", serde_with::apply(Option<Timestamp> => #[schemars(with = "Option<crate::event::date_time::DateTime>")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Subscriber {
    /// The provider's id of the subscription. Luma `id`, `api_id`.
    pub id: Option<String>,
    /// The stage of the membership; absent without one. Luma `status`.
    pub status: Option<SubscriberStatus>,
    /// The time at which the person subscribed. Luma `created_at`.
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
    /// The question, as the person read it. Luma `label`; Lunacal `label`.
    pub question: Option<String>,
    /// The answer in the provider's form: text, a truth value, a list, an object; null where there is no answer. Luma
    /// `value`, else the older `answer`; for a company an object of `company` and `job_title`, in older deliveries from
    /// `answer_company` and `answer_job_title`. Lunacal `value`, from `responses` or the older `userFieldsResponses`
    /// and `customInputs`.
    pub value: serde_json::Value,
}
