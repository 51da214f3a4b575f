//! Luma's documented fields, and where each goes: the webhook schemas of Luma's OpenAPI document, as of 2026, and what older
//! deliveries have in their place.

use crate::provider::shape::Expect::{
    Anything, Bool, Duration, Id, List, Number, Object, Text, Time, Whole, Word,
};
use crate::provider::shape::{Expect, Shape, parts, raw, to};

/// Returns the documented fields of a body of this type.
pub fn of(provider_type: &str) -> Shape {
    match provider_type {
        "event.created" | "event.updated" | "event.canceled" => EVENT_BODY,
        "calendar.event.added" | "calendar.event.submitted" => LISTING_BODY,
        "calendar.person.subscribed" | "calendar.person.unsubscribed" => SUBSCRIBER_BODY,
        _ => GUEST_BODY,
    }
}

const EVENT_BODY: Shape = &[raw("type", Text), parts("data", Object(EVENT))];
const LISTING_BODY: Shape = &[raw("type", Text), parts("data", Object(LISTING))];
const SUBSCRIBER_BODY: Shape = &[raw("type", Text), parts("data", Object(SUBSCRIBER))];
const GUEST_BODY: Shape = &[raw("type", Text), parts("data", Object(GUEST))];

const PLATFORM: Expect = Word(&["luma", "external"]);

pub(super) const EVENT: Shape = &[
    to("platform", PLATFORM, "event.platform"),
    to("id", Id, "event.id"),
    // Older deliveries have it in place of `id`.
    to("api_id", Id, "event.id"),
    to("user_id", Id, "host.id"),
    to("user_api_id", Id, "host.id"),
    to("calendar_id", Id, "event.calendar_id"),
    to("calendar_api_id", Id, "event.calendar_id"),
    to("start_at", Time, "event.start"),
    to("duration_interval", Duration, "event.duration_seconds"),
    to("end_at", Time, "event.end"),
    to("created_at", Time, "event.created_at"),
    to("timezone", Text, "event.timezone"),
    to("name", Text, "event.title"),
    to("description", Text, "event.description"),
    raw("description_md", Text),
    parts("geo_address_json", Object(ADDRESS)),
    parts("coordinate", Object(COORDINATE)),
    to("meeting_url", Text, "event.meeting_url"),
    // The older name, where the meeting is Zoom's.
    to("zoom_meeting_url", Text, "event.meeting_url"),
    // `missing` says that there is no place.
    to(
        "location_type",
        Word(&["discord", "meet", "twitch", "twitter", "youtube", "zoom", "offline", "missing", "unknown"]),
        "event.place.kind",
    ),
    raw("location_visibility", Word(&["public", "guests-only"])),
    to("cover_url", Text, "event.image_url"),
    raw("registration_questions", List(&Anything)),
    to("url", Text, "event.url"),
    to("visibility", Word(&["public", "members-only", "private"]), "event.visibility"),
    raw("waitlist_status", Word(&["disabled", "enabled"])),
    // How full it is changes with each guest, and Luma sends no event for that.
    raw("registration_open", Bool),
    raw("require_approval", Bool),
    raw("spots_remaining", Whole),
    raw("max_capacity", Whole),
    // The lowest price on offer, not what anybody paid.
    raw("display_price", Object(&[raw("amount", Whole), raw("currency", Text), raw("is_flexible", Bool)])),
    raw("guest_count", Anything),
    raw("access", Text),
    raw("slug", Text),
    // Settings of the event's page, which the host makes.
    raw("can_register_for_multiple_tickets", Bool),
    raw("name_requirement", Text),
    raw("phone_number_requirement", Text),
    raw("reminders_disabled", Bool),
    raw("show_guest_list", Bool),
    raw("tint_color", Text),
    raw("feedback_email", Object(&[raw("enabled", Bool), raw("delay", Duration)])),
    // Deprecated for `coordinate`.
    to("geo_latitude", Text, "event.place.latitude"),
    to("geo_longitude", Text, "event.place.longitude"),
    parts(
        "tags",
        List(&Object(&[
            raw("id", Id),
            raw("api_id", Id),
            to("name", Text, "event.tags"),
            raw("color", Text),
        ])),
    ),
    // Luma's API has them beside the event; its webhooks document them for listings only.
    parts("hosts", List(&Object(HOST))),
];

const HOST: Shape = &[
    to("id", Id, "hosts[].id"),
    to("api_id", Id, "hosts[].id"),
    to("name", Text, "hosts[].name"),
    to("first_name", Text, "hosts[].first_name"),
    to("last_name", Text, "hosts[].last_name"),
    to("email", Text, "hosts[].email"),
    raw("avatar_url", Text),
];

const ADDRESS: Shape = &[
    to("address", Text, "event.place.name"),
    to("city", Text, "event.place.city"),
    to("region", Text, "event.place.region"),
    to("country", Text, "event.place.country"),
    raw("city_state", Text),
    to("full_address", Text, "event.place.address"),
    raw("google_maps_place_id", Text),
    raw("apple_maps_place_id", Text),
    to("description", Text, "event.place.directions"),
];

const COORDINATE: Shape =
    &[to("longitude", Number, "event.place.longitude"), to("latitude", Number, "event.place.latitude")];

/// An event as put on a calendar: Luma's own, or one from elsewhere.
pub(super) const LISTING: Shape = &[
    to("platform", PLATFORM, "event.platform"),
    to("id", Id, "event.id"),
    to("api_id", Id, "event.id"),
    to("name", Text, "event.title"),
    to("url", Text, "event.url"),
    to("cover_url", Text, "event.image_url"),
    to("start_at", Time, "event.start"),
    to("end_at", Time, "event.end"),
    to("timezone", Text, "event.timezone"),
    parts("calendar", Object(CALENDAR)),
    parts("hosts", List(&Object(HOST))),
    // External events only.
    to("host_name", Text, "host.name"),
    // `calendar.event.submitted` only.
    parts("submitted_to_calendar", Object(SUBMITTED_TO_CALENDAR)),
];

const CALENDAR: Shape = &[
    to("id", Id, "event.calendar_id"),
    raw("name", Text),
    raw("slug", Text),
    raw("avatar_url", Text),
    raw("url", Text),
    raw("description", Text),
    raw("social_image_url", Text),
    raw("cover_image_url", Text),
    raw("is_personal", Bool),
    raw("location", Anything),
    raw("coordinate", Anything),
    raw("instagram_handle", Text),
    raw("twitter_handle", Text),
    raw("youtube_handle", Text),
    raw("website", Text),
];

const SUBMITTED_TO_CALENDAR: Shape = &[
    to("id", Id, "event.submitted_to_calendar_id"),
    raw("name", Text),
    raw("slug", Text),
    raw("avatar_url", Text),
    raw("url", Text),
    raw("description", Text),
    raw("social_image_url", Text),
    raw("cover_image_url", Text),
    raw("is_personal", Bool),
    raw("location", Anything),
    raw("coordinate", Anything),
    raw("instagram_handle", Text),
    raw("twitter_handle", Text),
    raw("youtube_handle", Text),
    raw("website", Text),
];

pub(super) const GUEST: Shape = &[
    to("id", Id, "registration.id"),
    to("user_id", Id, "person.id"),
    to("user_email", Text, "person.email"),
    to("user_name", Text, "person.name"),
    to("user_first_name", Text, "person.first_name"),
    to("user_last_name", Text, "person.last_name"),
    to(
        "approval_status",
        Word(&["approved", "session", "pending_approval", "invited", "declined", "waitlist"]),
        "registration.status",
    ),
    to("check_in_qr_code", Text, "registration.check_in_url"),
    raw("eth_address", Text),
    to("invited_at", Time, "registration.invited_at"),
    to("joined_at", Time, "registration.joined_at"),
    to("phone_number", Text, "person.phone"),
    to("registered_at", Time, "registration.registered_at"),
    // Older deliveries have it here; newer ones for each ticket.
    to("checked_in_at", Time, "registration.checked_in_at"),
    parts("registration_answers", List(&Object(ANSWER))),
    raw("solana_address", Text),
    to("utm_source", Text, "registration.utm_source"),
    parts("event_tickets", List(&Object(TICKETS))),
    // Deprecated for `utm_source`.
    raw("custom_source", Text),
    parts("event_ticket_orders", List(&Object(ORDER))),
    parts("event", Object(EVENT)),
    // `ticket.registered` only: the one ticket it is about.
    parts("event_ticket", Object(TICKET)),
    // `guest.refunded` only.
    parts("refund", Object(&[to("amount", Whole, "refund.amount"), to("currency", Text, "refund.currency")])),
    to("api_id", Id, "registration.id"),
    to("user_api_id", Id, "person.id"),
];

const ANSWER: Shape = &[
    to("label", Text, "answers[].question"),
    to("question_id", Id, "answers[].id"),
    to("value", Anything, "answers[].value"),
    // The older name of `value`. For a company its parts are in two members of their own.
    to("answer", Anything, "answers[].value"),
    to("answer_company", Text, "answers[].value.company"),
    to("answer_job_title", Text, "answers[].value.job_title"),
    // The form of the question.
    raw("multiple", Bool),
    raw("multiline", Bool),
    raw(
        "question_type",
        Word(&[
            "agree-check",
            "company",
            "dropdown",
            "multi-select",
            "phone-number",
            "terms",
            "github",
            "instagram",
            "linkedin",
            "long-text",
            "telegram",
            "text",
            "twitter",
            "youtube",
            "url",
        ]),
    ),
];

const TICKETS: Shape = &[
    to("id", Id, "tickets[].id"),
    to("amount", Whole, "tickets[].price.amount"),
    to("amount_discount", Whole, "tickets[].discount.amount"),
    to("amount_tax", Whole, "tickets[].tax.amount"),
    to("currency", Text, "tickets[].price.currency"),
    to("checked_in_at", Time, "tickets[].checked_in_at"),
    to("event_ticket_type_id", Id, "tickets[].type_id"),
    to("event_ticket_type_api_id", Id, "tickets[].type_id"),
    to("is_captured", Bool, "tickets[].captured"),
    to("name", Text, "tickets[].name"),
    // Documented for orders only, whose sum is the one that is told.
    raw("amount_refunded", Whole),
    to("api_id", Id, "tickets[].id"),
];

const TICKET: Shape = &[
    to("id", Id, "ticket.id"),
    to("amount", Whole, "ticket.price.amount"),
    to("amount_discount", Whole, "ticket.discount.amount"),
    to("amount_tax", Whole, "ticket.tax.amount"),
    to("currency", Text, "ticket.price.currency"),
    to("checked_in_at", Time, "ticket.checked_in_at"),
    to("event_ticket_type_id", Id, "ticket.type_id"),
    to("event_ticket_type_api_id", Id, "ticket.type_id"),
    to("is_captured", Bool, "ticket.captured"),
    to("name", Text, "ticket.name"),
    raw("amount_refunded", Whole),
    to("api_id", Id, "ticket.id"),
];

const ORDER: Shape = &[
    to("id", Id, "orders[].id"),
    to("amount", Whole, "orders[].amount.amount"),
    to("amount_discount", Whole, "orders[].discount.amount"),
    to("amount_tax", Whole, "orders[].tax.amount"),
    to("amount_refunded", Whole, "orders[].refunded.amount"),
    to("currency", Text, "orders[].amount.currency"),
    parts("coupon_info", Object(COUPON)),
    to("is_captured", Bool, "orders[].captured"),
    to("api_id", Id, "orders[].id"),
];

const COUPON: Shape = &[
    to("api_id", Id, "orders[].coupon.id"),
    to("percent_off", Number, "orders[].coupon.percent_off"),
    to("cents_off", Whole, "orders[].coupon.amount_off.amount"),
    to("currency", Text, "orders[].coupon.amount_off.currency"),
    to("code", Text, "orders[].coupon.code"),
];

pub(super) const SUBSCRIBER: Shape = &[
    to("id", Id, "subscriber.id"),
    to("api_id", Id, "subscriber.id"),
    to("created_at", Time, "subscriber.subscribed_at"),
    // What Luma has counted of the person is a matter of its reports.
    raw("event_approved_count", Whole),
    raw("event_checked_in_count", Whole),
    raw("revenue_usd_cents", Whole),
    raw("tags", List(&Object(&[raw("id", Id), raw("name", Text)]))),
    parts(
        "membership",
        Object(&[
            to(
                "status",
                Word(&["approved", "pending", "approved-pending-payment", "declined"]),
                "subscriber.status",
            ),
            to("calendar_membership_tier_id", Id, "subscriber.tier_id"),
        ]),
    ),
    to("email", Text, "person.email"),
    parts(
        "user",
        Object(&[
            to("id", Id, "person.id"),
            to("api_id", Id, "person.id"),
            to("name", Text, "person.name"),
            raw("avatar_url", Text),
            to("email", Text, "person.email"),
            to("first_name", Text, "person.first_name"),
            to("last_name", Text, "person.last_name"),
        ]),
    ),
];
