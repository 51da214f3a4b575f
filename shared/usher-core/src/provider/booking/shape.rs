//! The fields of a booking, and where each goes: from Lunacal's seven published payloads and from the source of Cal.com's
//! sender, which they come from.

use crate::provider::shape::Expect::{Anything, Bool, Id, List, Map, Object, Text, Time, Whole, Word};
use crate::provider::shape::{Known, Shape, parts, raw, to};

const TRIGGER_EVENT: Known = raw("triggerEvent", Text);
/// The event's `time`.
const CREATED_AT: Known = raw("createdAt", Time);

/// The documented form of a body of any of the seven types.
pub const ENVELOPE: Shape = &[TRIGGER_EVENT, CREATED_AT, parts("payload", Object(PAYLOAD))];

/// A custom template's form, with the booking in `data`.
pub const ENVELOPE_WITH_DATA: Shape = &[TRIGGER_EVENT, CREATED_AT, parts("data", Object(PAYLOAD))];

/// A custom template's form, with the booking's fields beside the trigger: the sender offers them to templates so.
pub const FLAT: Shape = &{
    let mut shape = [TRIGGER_EVENT; PAYLOAD.len() + 2];
    shape[1] = CREATED_AT;
    let mut index = 0;
    while index < PAYLOAD.len() {
        shape[index + 2] = PAYLOAD[index];
        index += 1;
    }
    shape
};

/// The fields of a booking, in the sender's order.
const PAYLOAD: Shape = &[
    raw("bookerUrl", Text),
    raw("type", Text),
    to("title", Text, "event.title"),
    raw("eventTypeTitle", Text),
    raw("customCalendarInviteHeading", Text),
    raw("description", Text),
    raw("additionalNotes", Text),
    // Answers of older senders: the value under the question.
    to("customInputs", Anything, "answers[].value"),
    to("startTime", Time, "event.start"),
    to("endTime", Time, "event.end"),
    parts("organizer", Object(ORGANIZER)),
    // The names are the questions' own. The answers to `email` and `name` tell who booked, those to `location` and
    // `rescheduleReason` where and why.
    parts("responses", Map(RESPONSE)),
    // The same answers once more, without those to the sender's own questions.
    parts("userFieldsResponses", Map(RESPONSE)),
    parts("attendees", List(&Object(ATTENDEE))),
    // Or an address, a telephone number, a link.
    to("location", Text, "event.place.kind"),
    raw("conferenceCredentialId", Id),
    raw("conferenceData", Anything),
    // Null, a list, or empty.
    raw("destinationCalendar", Anything),
    raw("hideCalendarNotes", Bool),
    raw("requiresConfirmation", Bool),
    to("eventTypeId", Id, "event.id"),
    raw("seatsShowAttendees", Bool),
    to("seatsPerTimeSlot", Whole, "booking.scope"),
    raw("seatsShowAvailabilityCount", Bool),
    raw("schedulingType", Text),
    parts("recurringEvent", Object(RECURRING_EVENT)),
    to("iCalUID", Text, "booking.calendar_uid"),
    raw("iCalSequence", Whole),
    raw("disableCancelling", Bool),
    raw("disableRescheduling", Bool),
    to("uid", Id, "booking.uid"),
    raw("appsStatus", Anything),
    raw("team", Anything),
    to("eventTitle", Text, "event.title"),
    to("eventDescription", Text, "event.description"),
    to("price", Whole, "payment.list_price.amount"),
    to("currency", Text, "payment.list_price.currency"),
    // Minutes.
    to("length", Whole, "event.duration_seconds"),
    to("bookingId", Id, "booking.id"),
    to("rescheduleId", Id, "booking.previous.id"),
    to("rescheduleUid", Id, "booking.previous.uid"),
    to("rescheduleStartTime", Time, "booking.previous.start"),
    to("rescheduleEndTime", Time, "booking.previous.end"),
    // The embedding site adds any names. The sender's own: `videoCallUrl`; of payments `externalId`, `bookerEmail`.
    to("metadata", Anything, "event.meeting_url"),
    to("status", Word(&["ACCEPTED", "PENDING", "CANCELLED", "REJECTED", "AWAITING_HOST"]), "booking.status"),
    to("paymentId", Id, "payment.id"),
    parts("paymentData", Object(PAYMENT_DATA)),
    parts("couponData", Object(COUPON)),
    to("rescheduleUrl", Text, "booking.reschedule_url"),
    to("cancelUrl", Text, "booking.cancel_url"),
    to("cancellationReason", Text, "booking.reason"),
    to("rejectionReason", Text, "booking.reason"),
    to("cancelledBy", Text, "booking.canceled_by.email"),
    to("rescheduledBy", Text, "booking.rescheduled_by.email"),
    to("requestReschedule", Bool, "booking.reschedule_requested"),
    to("rescheduledToUid", Id, "booking.next_uid"),
    to("cancelledDates", List(&Time), "booking.canceled_starts"),
    to("attendeeSeatId", Id, "booking.seat_id"),
    parts("videoCallData", Object(VIDEO_CALL_DATA)),
    parts("additionalInformation", Object(ADDITIONAL_INFORMATION)),
    // Seldom more than null or false.
    raw("hashedLink", Text),
    raw("existingRecurringEvent", Anything),
    raw("recurrence", Text),
    raw("paymentInfo", Anything),
    raw("hideCalendarEventDetails", Bool),
    raw("hideOrganizerEmail", Bool),
    raw("hasOrganizerChanged", Bool),
    raw("platformClientId", Text),
    raw("platformRescheduleUrl", Text),
    raw("platformCancelUrl", Text),
    raw("platformBookingUrl", Text),
    raw("oneTimePassword", Text),
    raw("delegationCredentialId", Id),
    raw("domainWideDelegationCredentialId", Id),
    raw("customReplyToEmail", Text),
    raw("organizationId", Id),
    raw("org", Anything),
    raw("assignmentReason", Anything),
    raw("smsReminderNumber", Text),
    raw("downloadLink", Text),
    raw("downloadLinks", Anything),
];

const ORGANIZER: Shape = &[
    to("id", Id, "host.id"),
    to("name", Text, "host.name"),
    to("email", Text, "host.email"),
    to("username", Text, "host.username"),
    raw("usernameInOrg", Text),
    to("timeZone", Text, "host.timezone"),
    parts("language", Object(&[to("locale", Text, "host.language")])),
    to("locale", Text, "host.language"),
    to("phoneNumber", Text, "host.phone"),
    raw("timeFormat", Text),
    raw("utcOffset", Whole),
];

/// The first of these fields are what the booker wrote, the rest a row of the sender's database.
const ATTENDEE: Shape = &[
    to("email", Text, "attendees[].person.email"),
    to("name", Text, "attendees[].person.name"),
    to("firstName", Text, "attendees[].person.first_name"),
    to("lastName", Text, "attendees[].person.last_name"),
    to("phoneNumber", Text, "attendees[].person.phone"),
    to("timeZone", Text, "attendees[].person.timezone"),
    parts("language", Object(&[to("locale", Text, "attendees[].person.language")])),
    raw("utcOffset", Whole),
    raw("status", Bool),
    to("referenceUid", Id, "attendees[].seat_id"),
    // The number of the row, another one in each booking.
    raw("id", Id),
    // Tells that a seat is given up, where nothing else does.
    to("bookingId", Id, "booking.scope"),
    to("locale", Text, "attendees[].person.language"),
    parts("bookingSeat", Object(BOOKING_SEAT)),
    raw("noShow", Bool),
];

const BOOKING_SEAT: Shape = &[
    raw("id", Id),
    to("referenceUid", Id, "attendees[].seat_id"),
    raw("bookingId", Id),
    raw("attendeeId", Id),
    raw("data", Anything),
    raw("metadata", Anything),
];

const RESPONSE: Shape = &[
    to("label", Text, "answers[].question"),
    // Absent, text, a list, or `{optionValue, value}`.
    to("value", Anything, "answers[].value"),
    raw("isHidden", Bool),
];

const RECURRING_EVENT: Shape = &[
    // RFC 5545's units, numbered from yearly.
    to("freq", Id, "booking.series.frequency"),
    to("count", Whole, "booking.series.count"),
    to("interval", Whole, "booking.series.interval"),
    raw("dtstart", Time),
    raw("until", Time),
    raw("tzid", Text),
];

const PAYMENT_DATA: Shape = &[
    to("id", Id, "payment.id"),
    raw("uid", Text),
    raw("appId", Text),
    raw("bookingId", Id),
    to("amount", Whole, "payment.amount.amount"),
    raw("fee", Whole),
    to("currency", Text, "payment.amount.currency"),
    raw("success", Bool),
    to("refunded", Bool, "payment.refunded.amount"),
    // The processor's own record: its `metadata` names the payer.
    to("data", Anything, "person.email"),
    to("externalId", Id, "payment.external_id"),
    raw("paymentOption", Text),
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

const VIDEO_CALL_DATA: Shape = &[
    to("type", Text, "event.place.kind"),
    raw("id", Id),
    raw("password", Text),
    to("url", Text, "event.meeting_url"),
];

const ADDITIONAL_INFORMATION: Shape = &[
    to("hangoutLink", Text, "event.meeting_url"),
    parts("entryPoints", List(&Object(ENTRY_POINT))),
    raw("conferenceData", Anything),
];

const ENTRY_POINT: Shape = &[
    to("entryPointType", Text, "event.meeting_url"),
    to("uri", Text, "event.meeting_url"),
    raw("label", Text),
    raw("pin", Text),
    raw("accessCode", Text),
    raw("meetingCode", Text),
    raw("passcode", Text),
    raw("password", Text),
];
