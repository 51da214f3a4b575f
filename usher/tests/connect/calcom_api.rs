//! The webhooks of Cal.com's API v2, as its document describes them.

use serde_json::{Value, json};

use crate::aws::none;
use crate::http::{Reply, Request};
use crate::provider_api::{create, delete, ok, update};
use crate::world::{State, Webhook};

/// The triggers that need no delay beside them.
pub const ALL_TRIGGERS: [&str; 15] = [
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

fn shown(webhook: &Webhook) -> Value {
    json!({ "id": webhook.id, "subscriberUrl": webhook.url, "active": webhook.enabled, "triggers": webhook.types,
            "secret": webhook.secret, "payloadTemplate": null, "userId": 7 })
}

fn data(body: &Value) -> Reply {
    ok(&json!({ "status": "success", "data": body }))
}

/// Carries a request out, and returns the name of the operation, too.
pub fn operate(state: &mut State, request: &Request, body: &Value) -> (Reply, &'static str) {
    let rest = request.path.strip_prefix("/v2/webhooks").unwrap();
    match (request.method.as_str(), rest.trim_start_matches('/')) {
        ("GET", "") => {
            let skip = request.query.split('&').find_map(|part| part.strip_prefix("skip="));
            let skip: usize = skip.unwrap_or("0").parse().unwrap();
            let listed = state.webhooks.iter().filter(|webhook| !state.is_late || webhook.id == "foreign");
            (data(&listed.skip(skip).map(shown).collect::<Value>()), "list")
        }
        ("POST", "") => {
            let active = body["active"].as_bool().unwrap();
            let created = create(state, body["subscriberUrl"].as_str().unwrap(), active, &body["triggers"]);
            // The sender signs with the secret that it was given.
            let given = body["secret"].as_str().unwrap().to_owned();
            let created = created.map(|webhook| Webhook { secret: given, ..webhook });
            if let (Some(created), Some(last)) = (&created, state.webhooks.last_mut()) {
                last.secret.clone_from(&created.secret);
            }
            (created.map_or_else(none, |webhook| data(&shown(&webhook))), "create")
        }
        ("PATCH", id) => {
            let updated = update(state, id, body["active"].as_bool(), &body["triggers"]);
            (updated.map_or_else(none, |webhook| data(&shown(&webhook))), "update")
        }
        ("DELETE", id) => (delete(state, id), "delete"),
        other => panic!("{other:?} is not documented"),
    }
}
