//! The queue of a stack in this process: what a consumer would have got.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::console::problem::Problem;
use crate::console::state::Console;

/// The number of messages that are shown.
const SHOWN: usize = 100;

/// The parts of a message that are nothing personal.
#[derive(Serialize, Deserialize)]
pub(in crate::console) struct Queued {
    id: String,
    #[serde(rename = "type")]
    event_type: String,
    replay: Option<u32>,
}

/// Lists the newest messages.
pub(in crate::console) async fn queue(
    State(console): State<Arc<Console>>,
) -> Result<Json<Vec<Queued>>, Problem> {
    let local = console.source.as_local().ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "a queue of SQS cannot be read without receiving from it")
    })?;
    let messages = local.queued();
    let newest = messages.iter().rev().take(SHOWN);
    Ok(Json(newest.filter_map(|message| serde_json::from_str(&message.body).ok()).collect()))
}
