//! What the page asks for.

pub(super) mod delivery;
pub(super) mod forward;
pub(super) mod look;
pub(super) mod queue;
pub(super) mod replay;
pub(super) mod samples;
pub(super) mod stream;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use usher_core::ledger::operator::Item;

use super::server::Console;
use crate::ledger::ids;

/// The reason why a request has no result: a status, and a sentence for the person.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    sentence: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self { status, sentence: sentence.into() }
    }

    /// Makes the problem of something that did not answer.
    pub(super) fn upstream(error: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "problem": self.sentence }))).into_response()
    }
}

pub(super) async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is no such address")
}

/// Refuses what the page may not do.
fn allowed(console: &Console) -> Result<(), Problem> {
    if console.allows_changes {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "this console only looks: start it with --allow-changes to replay, post or send",
    ))
}

/// Reads one delivery as it is now, and shows the list what changed about it.
async fn find(console: &Console, id: &str) -> Result<Item, Problem> {
    let key = ids::key(id).map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    let found = console.source.get(&key).await.map_err(Problem::upstream)?;
    let item = found.ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            format!("no delivery {id} in this ledger: it may have expired, or belong to another stack"),
        )
    })?;
    console.board.put([&item]);
    Ok(item)
}
