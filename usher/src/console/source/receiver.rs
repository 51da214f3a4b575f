//! The port that webhooks come in by, for a stack in this process.
//!
//! It is not the page's port: what a tunnel makes public must not lead to the page.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use events::Provider;
use tokio::net::TcpListener;
use usher_core::policy::Policy;
use usher_core::{outcome, request};

use super::local::LocalStack;
use crate::terminal::Failure;

/// The number of bytes that are read of a body: a few times what is accepted, as Lambda reads more, too. Then the answer
/// comes from the pipeline.
const MAX_READ: usize = 4 * Policy::MAX_BODY_BYTES;

/// Receives webhooks and runs the relay, if there is a port for them; else waits for ever.
pub(in crate::console) async fn serve(
    listener: Option<TcpListener>,
    local: Option<&Arc<LocalStack>>,
) -> Result<(), Failure> {
    let (Some(listener), Some(local)) = (listener, local) else {
        return std::future::pending().await;
    };
    let routes = Router::new().route("/{provider}", any(receive)).with_state(Arc::clone(local));
    tokio::select! {
        ended = axum::serve(listener, routes) => ended.map_err(Failure::from),
        () = local.relay() => Ok(()),
    }
}

async fn receive(
    State(local): State<Arc<LocalStack>>,
    Path(provider): Path<String>,
    request: Request,
) -> Response {
    let Ok(provider) = provider.parse::<Provider>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_READ).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = request::Request {
        method: parts.method,
        headers: parts.headers,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body,
    };
    match local.receive(provider, &request).await {
        Some(outcome) => answer(outcome.answer()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(answer: outcome::Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let header = answer.header.map(|header| [header]);
    match header {
        Some(header) => (status, [(CONTENT_TYPE, "application/json")], header, answer.body).into_response(),
        None => (status, [(CONTENT_TYPE, "application/json")], answer.body).into_response(),
    }
}
