//! What a provider module makes of a verified body.

use jiff::Timestamp;

use crate::data::Data;

/// The result of reading a body. Reading can't fail: promise 5 is that verified input is never refused for its shape.
#[derive(Debug, Clone)]
pub enum Reading {
    /// A known type, with what could be read of it.
    Event(Box<Facts>),
    /// A test of the connection: answered and counted, not queued.
    Ping,
    /// Anything else: queued with its bytes, under the type the provider gave it, if it gave one.
    Unrecognized { provider_type: Option<String> },
}

impl Reading {
    pub fn unrecognized() -> Self {
        Self::Unrecognized { provider_type: None }
    }
}

/// What the event of a known type says.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub event_type: EventType,
    pub provider_type: String,
    /// What the event is about: a guest, a ticket, an event, a booking, by the provider's id.
    pub subject: Option<String>,
    /// What has to stay in order on a FIFO queue, if that is not the subject.
    pub group: Option<String>,
    /// Whose account it happened in, at the provider: the last part of `source`.
    pub account: Option<String>,
    /// When it happened, where the provider says so.
    pub time: Option<Timestamp>,
    pub data: Data,
}

macro_rules! event_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The types of Usher's own events: one vocabulary for all providers.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub enum EventType { $($(#[$doc])* $variant,)* }

        impl EventType {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The CloudEvents `type`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// All CloudEvents `type`s.
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
    /// Verified, but of a type or shape Usher doesn't know: the bytes are in `raw` or `raw_base64`.
    #[default]
    Unrecognized = "usher.unrecognized",
}
