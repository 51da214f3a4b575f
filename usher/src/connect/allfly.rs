//! The webhooks of AllFly's Connect API. It documents these operations alone, and no host.

use serde_json::{Value, json};
use ureq::http::Method;

use super::answer::{has_all, list, member, secret, types};
use super::api::{Api, ApiError};
use super::webhook::{FunctionUrl, Webhook};

/// The types that AllFly documents.
const ALL_TYPES: [&str; 2] = ["event_attendee.joined_event", "event_attendee.ticket_success"];
const WEBHOOKS: &str = "/api/connect/v1/webhooks";

/// Lists the webhooks at the function's URL, each with its secret. The secrets of others are not asked for.
pub(crate) fn webhooks_at(api: &Api, url: &FunctionUrl) -> Result<Vec<Webhook>, ApiError> {
    let page = api.get(WEBHOOKS, "list the webhooks")?;
    let mut found = Vec::new();
    for entry in list(api.provider, &page, &["data", "webhooks", "items"])? {
        if let Some(variant) = member(entry, "url").and_then(|entry| url.variant(entry)) {
            found.push(webhook(api, entry, variant)?);
        }
    }
    Ok(found)
}

/// Creates a webhook that is not enabled.
pub(crate) fn create(api: &Api, url: &str) -> Result<(), ApiError> {
    let body =
        json!({ "url": url, "description": "Usher", "enabled": false, "event_subscriptions": ALL_TYPES });
    api.change(&Method::POST, WEBHOOKS, Some(&body), "create the webhook").map(drop)
}

/// Enables or disables a webhook. What a change leaves out stays as it is.
pub(crate) fn set_enabled(api: &Api, id: &str, enabled: bool) -> Result<(), ApiError> {
    let action = if enabled { "enable the webhook" } else { "disable the webhook" };
    put(api, id, &json!({ "enabled": enabled }), action)
}

/// Subscribes a webhook to every documented type.
pub(crate) fn subscribe(api: &Api, id: &str) -> Result<(), ApiError> {
    put(api, id, &json!({ "event_subscriptions": ALL_TYPES }), "subscribe to all types")
}

/// Replaces the secret. AllFly signs with the old one, too, for 24 hours.
pub(crate) fn rotate_secret(api: &Api, id: &str) -> Result<(), ApiError> {
    api.change(&Method::POST, &of(id, "/secret/rotate"), None, "rotate the secret").map(drop)
}

/// Deletes a webhook.
pub(crate) fn delete(api: &Api, id: &str) -> Result<(), ApiError> {
    api.change(&Method::DELETE, &of(id, ""), None, "delete the webhook").map(drop)
}

fn put(api: &Api, id: &str, body: &Value, action: &'static str) -> Result<(), ApiError> {
    api.change(&Method::PUT, &of(id, ""), Some(body), action).map(drop)
}

/// Returns the path of a webhook or of something in it.
fn of(id: &str, rest: &str) -> String {
    // An id with a slash or a question mark must not lead to another operation.
    format!("{WEBHOOKS}/{}{rest}", usher_core::secret::Secret::new(id).expose_in_url())
}

fn webhook(api: &Api, entry: &Value, variant: u32) -> Result<Webhook, ApiError> {
    let unexpected = |fault| ApiError::Unexpected { provider: api.provider, fault };
    let id = match entry.get("id") {
        Some(Value::Number(number)) => number.to_string(),
        _ => member(entry, "id").ok_or(unexpected("a webhook has no id"))?.to_owned(),
    };
    let answer = api.get(&of(&id, "/secret"), "show the webhook's secret")?;
    let key = member(&answer, "key").ok_or(unexpected("there is no key in its secret"))?;
    let types = types(entry, "event_subscriptions");
    Ok(Webhook {
        url: member(entry, "url").unwrap_or_default().to_owned(),
        variant,
        is_enabled: entry.get("enabled").and_then(Value::as_bool).unwrap_or(false),
        has_all_types: has_all(&types, &ALL_TYPES),
        types,
        secret: secret(api.provider, key)?,
        id,
    })
}
