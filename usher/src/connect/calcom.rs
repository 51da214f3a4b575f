//! Cal.com's API of webhooks (API v2, `/v2/webhooks`): those of the user whose key it is.
//!
//! The sender's secret is chosen by whoever creates the webhook, so it is made here.

use events::{hex, random};
use serde_json::{Value, json};
use ureq::http::Method;

use super::answer::{has_all, list, member, secret, types};
use super::api::{Api, ApiError};
use super::webhook::{FunctionUrl, Webhook};

/// The triggers of the API's document that need no delay beside them.
const ALL_TRIGGERS: [&str; 15] = [
    "BOOKING_CREATED",
    "BOOKING_PAYMENT_INITIATED",
    "BOOKING_PAID",
    "BOOKING_RESCHEDULED",
    "BOOKING_REQUESTED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "BOOKING_NO_SHOW_UPDATED",
    "FORM_SUBMITTED",
    "MEETING_ENDED",
    "MEETING_STARTED",
    "RECORDING_READY",
    "INSTANT_MEETING",
    "RECORDING_TRANSCRIPTION_GENERATED",
    "OOO_CREATED",
];
const WEBHOOKS: &str = "/v2/webhooks";
/// The number of webhooks on one page of the list, the most that the API gives.
const PAGE: usize = 250;
/// The largest number of pages that are read: no user has so many webhooks.
const MAX_PAGES: usize = 40;

/// Lists the webhooks at the function's URL.
pub(crate) fn webhooks_at(api: &Api, url: &FunctionUrl) -> Result<Vec<Webhook>, ApiError> {
    let mut found = Vec::new();
    for page in 0..MAX_PAGES {
        let path = format!("{WEBHOOKS}?take={PAGE}&skip={}", page * PAGE);
        let answer = api.get(&path, "list the webhooks")?;
        let entries = list(api.provider, &answer, &["data"])?;
        for entry in entries {
            if let Some(variant) = member(entry, "subscriberUrl").and_then(|entry| url.variant(entry)) {
                found.push(webhook(api, entry, variant)?);
            }
        }
        if entries.len() < PAGE {
            return Ok(found);
        }
    }
    Err(ApiError::Unexpected { provider: api.provider, fault: "the list of webhooks does not end" })
}

/// Creates a webhook that is not active, with a secret that nobody has seen.
pub(crate) fn create(api: &Api, url: &str) -> Result<(), ApiError> {
    let secret = hex(&random::<32>());
    let body = json!({ "active": false, "subscriberUrl": url, "triggers": ALL_TRIGGERS, "secret": secret });
    api.change(&Method::POST, WEBHOOKS, Some(&body), "create the webhook").map(drop)
}

/// Activates or deactivates a webhook. What a change leaves out stays as it is.
pub(crate) fn set_enabled(api: &Api, id: &str, enabled: bool) -> Result<(), ApiError> {
    let action = if enabled { "activate the webhook" } else { "deactivate the webhook" };
    patch(api, id, &json!({ "active": enabled }), action)
}

/// Subscribes a webhook to the triggers.
pub(crate) fn subscribe(api: &Api, id: &str) -> Result<(), ApiError> {
    patch(api, id, &json!({ "triggers": ALL_TRIGGERS }), "subscribe to all triggers")
}

/// Deletes a webhook.
pub(crate) fn delete(api: &Api, id: &str) -> Result<(), ApiError> {
    api.change(&Method::DELETE, &of(id), None, "delete the webhook").map(drop)
}

fn patch(api: &Api, id: &str, body: &Value, action: &'static str) -> Result<(), ApiError> {
    api.change(&Method::PATCH, &of(id), Some(body), action).map(drop)
}

/// Returns the path of a webhook.
fn of(id: &str) -> String {
    // An id with a slash or a question mark must not lead to another operation.
    format!("{WEBHOOKS}/{}", usher_core::secret::Secret::new(id).expose_in_url())
}

fn webhook(api: &Api, entry: &Value, variant: u32) -> Result<Webhook, ApiError> {
    let unexpected = |fault| ApiError::Unexpected { provider: api.provider, fault };
    let key = member(entry, "secret").ok_or(unexpected(
        "it does not show the secret of the webhook at the function's URL: delete that webhook there, or store its secret \
         with `usher rotate calcom stage`",
    ))?;
    let types = types(entry, "triggers");
    Ok(Webhook {
        id: member(entry, "id").ok_or(unexpected("a webhook has no id"))?.to_owned(),
        url: member(entry, "subscriberUrl").unwrap_or_default().to_owned(),
        variant,
        is_enabled: entry.get("active").and_then(Value::as_bool).unwrap_or(false),
        has_all_types: has_all(&types, &ALL_TRIGGERS),
        types,
        secret: secret(api.provider, key)?,
    })
}
