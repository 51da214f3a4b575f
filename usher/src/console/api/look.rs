//! The user's yes to the price of a look.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::console::state::Console;

/// Begins a look, or goes on with one that its bound has ended.
pub(in crate::console) async fn look(State(console): State<Arc<Console>>) -> StatusCode {
    console.board.wanted.notify_one();
    StatusCode::ACCEPTED
}
