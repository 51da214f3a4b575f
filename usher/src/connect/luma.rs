//! Luma's API of webhooks (its OpenAPI description, `/v1/webhooks` and `/v2/webhooks`).
//!
//! Neither the URL nor the secret of a webhook can be changed, and a new one is active from the start.

use serde_json::{Value, json};
use ureq::http::Method;

use super::answer::{has_all, list, member, secret, types};
use super::api::{Api, ApiError};
use super::webhook::{FunctionUrl, Webhook};

/// The subscription to every type, also to those that Luma will add.
const ALL_TYPES: &str = "*";
/// The largest number of pages that are read: no calendar has so many webhooks.
const MAX_PAGES: usize = 50;

/// Lists the webhooks at the function's URL.
pub(crate) fn webhooks_at(api: &Api, url: &FunctionUrl) -> Result<Vec<Webhook>, ApiError> {
    let mut found = Vec::new();
    let mut path = "/v1/webhooks/list".to_owned();
    for _ in 0..MAX_PAGES {
        let page = api.get(&path, "list the webhooks")?;
        for entry in list(api.provider, &page, &["entries"])? {
            let own = member(entry, "url").and_then(|entry| url.variant(entry));
            if let Some(variant) = own {
                found.push(webhook(api, entry, variant)?);
            }
        }
        match page.get("next_cursor").and_then(Value::as_str) {
            Some(cursor) if page.get("has_more") == Some(&Value::Bool(true)) => {
                path = format!("/v1/webhooks/list?pagination_cursor={}", escaped(cursor));
            }
            _ => return Ok(found),
        }
    }
    Err(ApiError::Unexpected { provider: api.provider, fault: "the list of webhooks does not end" })
}

/// Creates a webhook and pauses it at once, before the function knows its secret.
pub(crate) fn create(api: &Api, url: &str) -> Result<(), ApiError> {
    let body = json!({ "url": url, "event_types": [ALL_TYPES] });
    let created = api.change(&Method::POST, "/v2/webhooks/create", Some(&body), "create the webhook")?;
    // If the answer is not understood, the next look at the list finds the webhook, and pauses it.
    match member(created.get("webhook").unwrap_or(&created), "id") {
        Some(id) => set_enabled(api, id, false),
        None => Ok(()),
    }
}

/// Resumes or pauses a webhook.
pub(crate) fn set_enabled(api: &Api, id: &str, enabled: bool) -> Result<(), ApiError> {
    let (status, action) =
        if enabled { ("active", "resume the webhook") } else { ("paused", "pause the webhook") };
    update(api, &json!({ "id": id, "status": status }), action)
}

/// Subscribes a webhook to every type.
pub(crate) fn subscribe(api: &Api, id: &str) -> Result<(), ApiError> {
    update(api, &json!({ "id": id, "event_types": [ALL_TYPES] }), "subscribe to all types")
}

/// Deletes a webhook.
pub(crate) fn delete(api: &Api, id: &str) -> Result<(), ApiError> {
    let body = json!({ "id": id });
    api.change(&Method::POST, "/v1/webhooks/delete", Some(&body), "delete the webhook").map(drop)
}

fn update(api: &Api, body: &Value, action: &'static str) -> Result<(), ApiError> {
    api.change(&Method::POST, "/v2/webhooks/update", Some(body), action).map(drop)
}

fn webhook(api: &Api, entry: &Value, variant: u32) -> Result<Webhook, ApiError> {
    let text = |name, fault| {
        let text = member(entry, name).map(str::to_owned);
        text.ok_or(ApiError::Unexpected { provider: api.provider, fault })
    };
    let types = types(entry, "event_types");
    Ok(Webhook {
        id: text("id", "a webhook has no id")?,
        url: text("url", "a webhook has no url")?,
        variant,
        is_enabled: text("status", "a webhook has no status")? == "active",
        has_all_types: has_all(&types, &[ALL_TYPES]),
        types,
        secret: secret(api.provider, &text("secret", "a webhook has no secret")?)?,
    })
}

/// Escapes a cursor for a query.
fn escaped(cursor: &str) -> String {
    usher_core::secret::Secret::new(cursor).expose_in_url()
}
