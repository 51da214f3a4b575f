//! What the page asks for.

pub(super) mod delivery;
pub(super) mod forward;
pub(super) mod look;
pub(super) mod queue;
pub(super) mod replay;
pub(super) mod samples;
pub(super) mod stream;

use axum::http::StatusCode;
use usher_core::ledger::operator::Item;

use super::problem::Problem;
use super::state::Console;
use crate::ledger::ids;

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
