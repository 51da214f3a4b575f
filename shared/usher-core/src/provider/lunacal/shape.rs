//! Lunacal's fields, and where each goes: from its seven published payloads, whose vocabulary is Cal.com's.

use crate::provider::shape::Expect::{Anything, Bool, Id, List, Map, Object, Text, Time, Whole, Word};
use crate::provider::shape::{Shape, parts, raw, to};

/// What a body of any of the seven types holds.
pub const BODY: Shape = &[
    raw("triggerEvent", Text),
    // The event's `time`.
    raw("createdAt", Time),
    parts("payload", Object(PAYLOAD)),
];

const PAYLOAD: Shape = &[
    raw("bookerUrl", Text),
    raw("type", Text),
    to("title", Text, "event.title"),
    raw("eventTypeTitle", Text),
    raw("customCalendarInviteHeading", Text),
    raw("description", Text),
    raw("additionalNotes", Text),
    raw("customInputs", Anything),
    to("startTime", Time, "event.start"),
    to("endTime", Time, "event.end"),
    parts("organizer", Object(ORGANIZER)),
    parts("responses", Map(RESPONSE)),
    // The same answers once more.
    raw("userFieldsResponses", Anything),
    parts("attendees", List(&Object(ATTENDEE))),
    to("location", Text, "event.place.kind"),
    raw("conferenceCredentialId", Id),
    raw("conferenceData", Anything),
    // Null, a list, or empty.
    raw("destinationCalendar", Anything),
    raw("hideCalendarNotes", Bool),
    raw("requiresConfirmation", Bool),
    to("eventTypeId", Id, "event.id"),
    raw("seatsShowAttendees", Bool),
    raw("seatsPerTimeSlot", Whole),
    raw("seatsShowAvailabilityCount", Bool),
    raw("schedulingType", Text),
    raw("recurringEvent", Anything),
    raw("iCalUID", Text),
    raw("iCalSequence", Whole),
    raw("disableCancelling", Bool),
    raw("disableRescheduling", Bool),
    to("uid", Id, "booking.uid"),
    raw("appsStatus", Anything),
    raw("team", Anything),
    to("eventTitle", Text, "event.title"),
    to("eventDescription", Text, "event.description"),
    to("price", Whole, "payment.amount.amount"),
    to("currency", Text, "payment.amount.currency"),
    // Minutes.
    to("length", Whole, "event.duration_seconds"),
    to("bookingId", Id, "booking.id"),
    to("rescheduleId", Id, "booking.previous.id"),
    to("rescheduleUid", Id, "booking.previous.uid"),
    to("rescheduleStartTime", Time, "booking.previous.start"),
    to("rescheduleEndTime", Time, "booking.previous.end"),
    parts("metadata", Object(METADATA)),
    to("status", Word(&["ACCEPTED", "PENDING", "CANCELLED", "REJECTED"]), "booking.status"),
    to("paymentId", Id, "payment.id"),
    parts("couponData", Object(COUPON)),
    raw("rescheduleUrl", Text),
    raw("cancelUrl", Text),
    to("cancellationReason", Text, "booking.reason"),
    to("rejectionReason", Text, "booking.reason"),
];

const ORGANIZER: Shape = &[
    to("id", Id, "host.id"),
    to("name", Text, "host.name"),
    to("email", Text, "host.email"),
    to("username", Text, "host.username"),
    to("timeZone", Text, "host.timezone"),
    parts("language", Object(&[to("locale", Text, "host.language")])),
    raw("timeFormat", Text),
    raw("utcOffset", Whole),
];

const ATTENDEE: Shape = &[
    to("email", Text, "person.email"),
    to("name", Text, "person.name"),
    to("firstName", Text, "person.first_name"),
    to("lastName", Text, "person.last_name"),
    to("phoneNumber", Text, "person.phone"),
    to("timeZone", Text, "person.timezone"),
    parts("language", Object(&[to("locale", Text, "person.language")])),
    raw("utcOffset", Whole),
    raw("status", Bool),
    raw("referenceUid", Id),
];

const RESPONSE: Shape = &[
    to("label", Text, "answers[].question"),
    // Absent, text, a list, or `{optionValue, value}`.
    to("value", Anything, "answers[].value"),
    raw("isHidden", Bool),
];

const METADATA: Shape = &[
    raw("identifier", Text),
    // The payload's own, once more.
    raw("bookingId", Id),
    raw("eventTypeId", Id),
    raw("bookerEmail", Text),
    raw("eventTitle", Text),
    // The payment intent.
    to("externalId", Id, "payment.external_id"),
];

const COUPON: Shape = &[
    to("couponCode", Text, "payment.coupon.code"),
    // Says whether `discountValue` is a percentage; what else it might be is not documented.
    to("discountType", Text, "payment.coupon.percent_off"),
    to("discountValue", Anything, "payment.coupon.percent_off"),
    // In major units, unlike `price`, of a currency that isn't stated.
    raw("discountedPrice", Anything),
    raw("guestEmail", Text),
    raw("usedAt", Time),
];
