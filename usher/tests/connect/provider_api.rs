//! The webhooks of Luma's and AllFly's APIs, as their documents describe them.

use std::sync::Mutex;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::aws::none;
use crate::calcom_api;
use crate::http::{Reply, Request};
use crate::world::{State, Webhook, lock, secret};

pub const KEY: &str = "key-never-to-be-printed";
const ALLFLY: &str = "/api/connect/v1/webhooks";
/// The number of webhooks on one page of Luma's list.
const PAGE: usize = 1;

pub fn all_types(provider: &str) -> Vec<String> {
    let all: &[&str] = match provider {
        "luma" => &["*"],
        "calcom" => &calcom_api::ALL_TRIGGERS,
        _ => &["event_attendee.joined_event", "event_attendee.ticket_success"],
    };
    all.iter().map(ToString::to_string).collect()
}

pub fn answer(provider: &str, state: &Mutex<State>, request: &Request) -> Reply {
    let (reply, slow) = {
        let mut state = lock(state);
        state.api_requests += 1;
        let (reply, operation) =
            if state.is_dead { (none(), "") } else { operate(provider, &mut state, request) };
        let is_lost = state.unanswered.iter().position(|lost| *lost == operation);
        if let Some(lost) = is_lost {
            state.unanswered.remove(lost);
        }
        let slow = state.slow.take_if(|slow| *slow == operation).is_some();
        (if state.is_dead || is_lost.is_some() { none() } else { reply }, slow)
    };
    if slow {
        sleep(Duration::from_secs(12));
    }
    reply
}

/// Carries a request out, and returns the name of the operation, too.
fn operate(provider: &str, state: &mut State, request: &Request) -> (Reply, &'static str) {
    if !state.refusals.is_empty() {
        let (status, after) = state.refusals.remove(0);
        let mut reply = Reply::json(status, r#"{"message":"as the test wants it"}"#);
        reply.headers.extend(after.map(|after| ("retry-after", after.to_owned())));
        return (reply, "refused");
    }
    let sent = match provider {
        "luma" => request.header("x-luma-api-key").map(str::to_owned),
        _ => {
            request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned)
        }
    };
    if sent.as_deref() != Some(KEY) {
        return (Reply::json(401, r#"{"message":"invalid key"}"#), "unauthorized");
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    match provider {
        "luma" => luma(state, request, &body),
        "calcom" => calcom_api::operate(state, request, &body),
        _ => allfly(state, request, &body),
    }
}

fn luma(state: &mut State, request: &Request, body: &Value) -> (Reply, &'static str) {
    let shown = |webhook: &Webhook| {
        let status = if webhook.enabled { "active" } else { "paused" };
        json!({ "id": webhook.id, "url": webhook.url, "event_types": webhook.types, "status": status,
                "secret": webhook.secret, "created_at": "2026-08-01T10:00:00.000Z" })
    };
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/v1/webhooks/list") => {
            let cursor = request.query.strip_prefix("pagination_cursor=").unwrap_or("0");
            let from: usize = cursor.parse().unwrap();
            let entries: Vec<Value> = state.webhooks.iter().skip(from).take(PAGE).map(shown).collect();
            let has_more = from + PAGE < state.webhooks.len();
            let next = has_more.then(|| (from + PAGE).to_string());
            (ok(&json!({ "entries": entries, "has_more": has_more, "next_cursor": next })), "list")
        }
        ("POST", "/v2/webhooks/create") => {
            let url = body["url"].as_str().unwrap();
            if state.webhooks.iter().any(|webhook| webhook.url == url) {
                return (Reply::json(400, r#"{"message":"URL is taken"}"#), "create");
            }
            // Luma has no way to create one that is paused.
            let created = create(state, url, true, &body["event_types"]);
            (created.map_or_else(none, |webhook| ok(&shown(&webhook))), "create")
        }
        ("POST", "/v2/webhooks/update") => {
            let enabled = body["status"].as_str().map(|status| status == "active");
            let updated = update(state, &id, enabled, &body["event_types"]);
            (updated.map_or_else(none, |webhook| ok(&shown(&webhook))), "update")
        }
        ("POST", "/v1/webhooks/delete") => (delete(state, &id), "delete"),
        other => panic!("{other:?} is not documented"),
    }
}

fn allfly(state: &mut State, request: &Request, body: &Value) -> (Reply, &'static str) {
    let shown = |webhook: &Webhook| {
        json!({ "id": webhook.id, "url": webhook.url, "description": "", "enabled": webhook.enabled,
                "event_subscriptions": webhook.types, "headers": {} })
    };
    let rest = request.path.strip_prefix(ALLFLY).unwrap();
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    match (request.method.as_str(), &parts[..]) {
        ("GET", []) => {
            let listed = state.webhooks.iter().filter(|webhook| !state.is_late || webhook.id == "foreign");
            (ok(&listed.map(shown).collect::<Value>()), "list")
        }
        ("POST", []) => {
            let enabled = body["enabled"].as_bool().unwrap_or(false);
            let created = create(state, body["url"].as_str().unwrap(), enabled, &body["event_subscriptions"]);
            (created.map_or_else(none, |webhook| ok(&shown(&webhook))), "create")
        }
        ("PUT", [id]) => {
            let updated = update(state, id, body["enabled"].as_bool(), &body["event_subscriptions"]);
            (updated.map_or_else(none, |webhook| ok(&shown(&webhook))), "update")
        }
        ("DELETE", [id]) => (delete(state, id), "delete"),
        ("GET", [id, "secret"]) => {
            assert_ne!(*id, "foreign", "somebody else's secret is asked for");
            let webhook = state.webhooks.iter().find(|webhook| webhook.id == *id).unwrap();
            (ok(&json!({ "key": webhook.secret })), "secret")
        }
        ("POST", [id, "secret", "rotate"]) => {
            if state.change("rotate") {
                state.created += 1;
                let new = secret(&format!("rotated{}", state.created));
                state.webhooks.iter_mut().find(|webhook| webhook.id == *id).unwrap().secret = new;
            }
            (Reply::json(204, ""), "rotate")
        }
        other => panic!("{other:?} is not documented"),
    }
}

pub fn create(state: &mut State, url: &str, enabled: bool, types: &Value) -> Option<Webhook> {
    if !state.change("create") {
        return None;
    }
    state.created += 1;
    let id = format!("wh{}", state.created);
    let webhook = Webhook {
        secret: secret(&id),
        id,
        url: url.to_owned(),
        enabled,
        types: texts(types).unwrap_or_default(),
    };
    state.webhooks.push(webhook.clone());
    Some(webhook)
}

pub fn update(state: &mut State, id: &str, enabled: Option<bool>, types: &Value) -> Option<Webhook> {
    let known = state.secrets();
    let what = match enabled {
        Some(true) => "enable",
        Some(false) => "disable",
        None => "subscribe",
    };
    if !state.change(what) {
        return None;
    }
    let webhook = state.webhooks.iter_mut().find(|webhook| webhook.id == id).unwrap();
    webhook.enabled = enabled.unwrap_or(webhook.enabled);
    webhook.types = texts(types).unwrap_or_else(|| webhook.types.clone());
    let webhook = webhook.clone();
    if enabled == Some(true) && !known.contains(&webhook.secret) {
        state.faults.push(format!("{id} was enabled before the function knew its secret"));
    }
    Some(webhook)
}

pub fn delete(state: &mut State, id: &str) -> Reply {
    if state.change("delete") {
        state.webhooks.retain(|webhook| webhook.id != id);
    }
    ok(&json!({}))
}

pub fn texts(types: &Value) -> Option<Vec<String>> {
    Some(types.as_array()?.iter().map(|kind| kind.as_str().unwrap().to_owned()).collect())
}

pub fn ok(body: &Value) -> Reply {
    Reply::json(200, body.to_string())
}
