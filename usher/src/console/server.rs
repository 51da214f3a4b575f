//! The page's server: its routes, and the door in front of them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;

use super::guard::HEADERS;
use super::problem::Problem;
use super::state::Console;
use super::{api, page};
use crate::terminal::Failure;

/// Serves the page until the process ends.
pub(super) async fn serve(listener: TcpListener, console: Arc<Console>) -> Result<(), Failure> {
    let routes = Router::new()
        .route("/", get(page::index))
        .route("/{file}", get(page::file))
        .route("/api/stream", get(api::stream::stream))
        .route("/api/look", post(api::look::look))
        .route("/api/delivery", get(api::delivery::delivery))
        .route("/api/queue", get(api::queue::queue))
        .route("/api/raw", get(api::delivery::raw))
        .route("/api/sample-of", get(api::delivery::sample))
        .route("/api/replay/plan", post(api::replay::plan))
        .route("/api/replay", post(api::replay::replay))
        .route("/api/forward", post(api::forward::forward))
        .route("/api/sample", post(api::samples::send))
        .fallback(api::not_found)
        .layer(from_fn_with_state(Arc::clone(&console), admit))
        .with_state(console);
    axum::serve(listener, routes).await.map_err(Failure::from)
}

/// Lets a request through to the server, or answers 403.
async fn admit(State(console): State<Arc<Console>>, request: Request, next: Next) -> Response {
    let checked = console.guard.check(request.method(), request.uri().path(), request.headers());
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(refused) => Problem::new(StatusCode::FORBIDDEN, refused.to_string()).into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
