//! The page's server: its state and its routes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use events::{hex, random};
use tokio::net::TcpListener;
use usher_core::ledger::operator::Item;

use super::board::Board;
use super::guard::{self, Guard};
use super::source::Source;
use super::{api, page};
use crate::terminal::Failure;

/// All that the page's server works with.
pub(super) struct Console {
    pub(super) source: Source,
    pub(super) board: Arc<Board>,
    pub(super) guard: Guard,
    /// Whether the page may change or send anything.
    pub(super) allows_changes: bool,
    /// The origin that webhooks are posted to, where they are received in this process.
    pub(super) webhooks: Option<String>,
    pub(super) plans: Plans,
}

/// The number of plans that are remembered. Older ones have to be made anew.
const MAX_PLANS: usize = 100;

/// The replays that were shown and not yet agreed to: the item of each as it was seen.
#[derive(Default)]
pub(super) struct Plans(Mutex<BTreeMap<(u64, String), Item>>);

impl Plans {
    /// Keeps what was shown, and returns the name of the plan.
    pub(super) fn keep(&self, seen: Item) -> String {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = plans.last_key_value().map_or(0, |((number, _), _)| number + 1);
        let name = format!("{number}-{}", hex(&random::<8>()));
        plans.insert((number, name.clone()), seen);
        while plans.len() > MAX_PLANS {
            plans.pop_first();
        }
        name
    }

    /// Takes a plan, so that it is carried out once.
    pub(super) fn take(&self, name: &str) -> Option<Item> {
        let number = name.split_once('-')?.0.parse().ok()?;
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.remove(&(number, name.to_owned()))
    }
}

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
        .layer(from_fn_with_state(Arc::clone(&console), guard::admit))
        .with_state(console);
    axum::serve(listener, routes).await.map_err(Failure::from)
}
