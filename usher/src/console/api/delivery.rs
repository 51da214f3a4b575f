//! One delivery, and the bytes of its body.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use usher_core::ledger::operator::Item;
use usher_core::policy::Policy;

use super::find;
use crate::console::detail::Detail;
use crate::console::problem::Problem;
use crate::console::redact;
use crate::console::state::Console;

#[derive(Deserialize)]
pub(in crate::console) struct Asked {
    id: String,
    /// `true` if personal data may be shown, in a console that hides it.
    #[serde(default)]
    reveal: bool,
}

/// Shows a delivery.
pub(in crate::console) async fn delivery(
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Json<Detail>, Problem> {
    let item = find(&console, &asked.id).await?;
    Ok(Json(Detail::new(&item, asked.reveal || !console.board.discreet)))
}

/// Hands out the body, byte for byte.
pub(in crate::console) async fn raw(
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let item = find(&console, &asked.id).await?;
    // The page makes a file of it. As a page of its own it would be the sender's text in this origin.
    let headers = [(CONTENT_TYPE, "application/octet-stream"), (CONTENT_DISPOSITION, "attachment")];
    Ok((headers, body(&item)?).into_response())
}

/// Hands out the body as a sample, with other persons in it.
pub(in crate::console) async fn sample(
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let item = find(&console, &asked.id).await?;
    let body = body(&item)?;
    let text = std::str::from_utf8(&body).ok().and_then(redact::redacted).ok_or_else(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the body is not JSON, so persons cannot be found in it",
        )
    })?;
    let headers = [(CONTENT_TYPE, "application/octet-stream"), (CONTENT_DISPOSITION, "attachment")];
    Ok((headers, text).into_response())
}

fn body(item: &Item) -> Result<Vec<u8>, Problem> {
    let packed = item.body.as_ref().ok_or_else(|| Problem::new(StatusCode::GONE, "its body was erased"))?;
    Ok(packed.unpack(Policy::MAX_BODY_BYTES).map_err(Problem::upstream)?.to_vec())
}
