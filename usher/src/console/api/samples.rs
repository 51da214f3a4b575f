//! Sending a sample, to a stack on this machine.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::allowed;
use crate::console::problem::Problem;
use crate::console::state::Console;

#[derive(Deserialize)]
pub(in crate::console) struct Wanted {
    sample: String,
}

/// Sends a sample, signed as its provider would sign it.
pub(in crate::console) async fn send(
    State(console): State<Arc<Console>>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Value>, Problem> {
    allowed(&console)?;
    if !console.source.takes_samples() {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "samples go to a stack on this machine only: here one would be a real event for your consumers",
        ));
    }
    let sample = events::sample(&wanted.sample)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    let status = console.source.send_sample(sample).await.map_err(Problem::upstream)?;
    console.board.wanted.notify_one();
    Ok(Json(json!({ "status": status })))
}
