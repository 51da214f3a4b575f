//! The facts of one event, before its envelope is made, and the vocabulary of types.

use jiff::Timestamp;

use super::attribute::attribute_safe;
use super::data::Data;
use super::drift::Drift;

/// The facts that an event is made of.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The type in Usher's vocabulary.
    pub event_type: EventType,
    /// The type in the provider's vocabulary. Empty where it gave none.
    pub provider_type: String,
    /// The provider's id of the guest, ticket, event or booking that the event is about.
    pub subject: Option<String>,
    /// The entity whose events stay in order on a FIFO queue, if that is not the subject.
    pub group: Option<String>,
    /// The account at the provider that it happened in: the last part of `source`.
    pub account: Option<String>,
    /// The time at which it happened, where the provider says so.
    pub time: Option<Timestamp>,
    /// The typed data.
    pub data: Data,
}

impl Facts {
    /// Returns the facts of a body of a type or shape that Usher doesn't know.
    pub fn unrecognized(provider_type: Option<String>) -> Self {
        Self {
            provider_type: provider_type.unwrap_or_default(),
            data: Data { drift: vec![Drift::unrecognized()], ..Data::default() },
            ..Self::default()
        }
    }

    /// Adds the name of the sender, where the ledger key tells it and the body does not: as the account and the subject.
    #[must_use]
    pub fn of_sender(self, sender: Option<&str>) -> Self {
        let name = || sender.map(str::to_owned);
        Self { account: self.account.or_else(name), subject: self.subject.or_else(name), ..self }
    }

    /// Returns the entity whose events stay in order, if it is not the subject. It is as safe as a subject, so that
    /// another event about the same entity gets the same group.
    pub fn group(&self) -> Option<String> {
        self.group.clone().map(attribute_safe)
    }
}

macro_rules! event_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The types of Usher's own events: one vocabulary for all providers.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub enum EventType { $($(#[$doc])* $variant,)* }

        impl EventType {
            /// All types, in the order of this list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the CloudEvents `type`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns all CloudEvents `type`s.
            #[cfg(feature = "schema")]
            pub(crate) fn names() -> Vec<&'static str> {
                Self::ALL.iter().map(|event_type| event_type.as_str()).collect()
            }
        }
    };
}

event_types! {
    EventCreated = "usher.event.created",
    EventUpdated = "usher.event.updated",
    EventCanceled = "usher.event.canceled",
    /// An event was put on a calendar.
    EventListed = "usher.event.listed",
    /// An event was proposed for a calendar.
    EventSubmitted = "usher.event.submitted",
    RegistrationCreated = "usher.registration.created",
    /// Approval, check-in, answers: Luma has no check-in type of its own.
    RegistrationUpdated = "usher.registration.updated",
    RegistrationRefunded = "usher.registration.refunded",
    TicketIssued = "usher.ticket.issued",
    SubscriberAdded = "usher.subscriber.added",
    SubscriberRemoved = "usher.subscriber.removed",
    BookingRequested = "usher.booking.requested",
    BookingCreated = "usher.booking.created",
    BookingRescheduled = "usher.booking.rescheduled",
    BookingCanceled = "usher.booking.canceled",
    BookingRejected = "usher.booking.rejected",
    PaymentInitiated = "usher.payment.initiated",
    PaymentSucceeded = "usher.payment.succeeded",
    /// The time of a booked meeting has come.
    MeetingStarted = "usher.meeting.started",
    /// The time of a booked meeting is over.
    MeetingEnded = "usher.meeting.ended",
    /// The host marked attendees of a meeting as not having come, or took that back.
    AttendanceUpdated = "usher.attendance.updated",
    /// From any sender of Standard Webhooks: its own type is `providertype`, and its body is in `raw` or `raw_base64`.
    Received = "usher.received",
    /// Verified, but of a type or shape Usher doesn't know: the bytes are in `raw` or `raw_base64`.
    #[default]
    Unrecognized = "usher.unrecognized",
}
