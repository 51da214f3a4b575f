//! Replays: first the plan, then the yes.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use events::{hex, random};
use serde::Deserialize;
use serde_json::{Value, json};
use usher_core::ledger::Transition;

use super::{allowed, find};
use crate::console::problem::Problem;
use crate::console::state::Console;
use crate::ledger::event;

#[derive(Deserialize)]
pub(in crate::console) struct Wanted {
    id: String,
}

#[derive(Deserialize)]
pub(in crate::console) struct Agreed {
    plan: String,
}

/// Says what a replay would do, and keeps the delivery as it was seen. Changes nothing.
pub(in crate::console) async fn plan(
    State(console): State<Arc<Console>>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Value>, Problem> {
    allowed(&console)?;
    let seen = find(&console, &wanted.id).await?;
    seen.replayable(None).map_err(|why| {
        Problem::new(StatusCode::CONFLICT, format!("{} cannot be replayed: {why}", wanted.id))
    })?;
    let made = event(&seen)
        .transpose()
        .map_err(|why| Problem::new(StatusCode::CONFLICT, format!("{} makes no event: {why}", wanted.id)))?;
    let event_type = made.map(|(event, _)| event.event_type);
    let answer = json!({ "id": wanted.id, "type": event_type, "replay": seen.replay + 1 });
    let plan = console.plans.keep(seen);
    let mut answer = answer;
    answer["plan"] = plan.into();
    Ok(Json(answer))
}

/// Carries out a plan, unless the delivery has changed since it was shown.
pub(in crate::console) async fn replay(
    State(console): State<Arc<Console>>,
    Json(agreed): Json<Agreed>,
) -> Result<Json<Value>, Problem> {
    allowed(&console)?;
    let seen = console.plans.take(&agreed.plan).ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "this plan was carried out or is too old: ask for the replay again",
        )
    })?;
    let done = console.source.replay(&seen, &hex(&random::<8>())).await.map_err(Problem::upstream)?;
    if done == Transition::Overtaken {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "it has changed since: another replay or an erasure came first. Nothing was done",
        ));
    }
    let _ = find(&console, &seen.event_id()).await;
    Ok(Json(json!({ "id": seen.event_id(), "replay": seen.replay + 1 })))
}
