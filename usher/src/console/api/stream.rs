//! The stream of server-sent events that keeps an open page up to date.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use events::samples;
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::console::board::Message;
use crate::console::state::Console;

/// The time after which a silent stream shows that it is alive: the page tells a dead connection by it.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// Streams what is on the board, and then each change of it.
pub(in crate::console) async fn stream(
    State(console): State<Arc<Console>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let session = Event::default().event("session").data(session(&console).to_string());
    let (all, updates) = console.board.follow();
    let first = stream::iter(std::iter::once(session).chain(all.into_iter().map(event)));
    let later = stream::unfold((console, updates), |(console, updates)| async move {
        let (messages, updates) = next(&console, updates).await?;
        Some((stream::iter(messages.into_iter().map(event)), (console, updates)))
    });
    Sse::new(first.chain(later.flatten()).map(Ok)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Returns the next message, or all of the board to a page that is too far behind.
async fn next(
    console: &Console,
    mut updates: Receiver<Message>,
) -> Option<(Vec<Message>, Receiver<Message>)> {
    match updates.recv().await {
        Ok(message) => Some((vec![message], updates)),
        Err(RecvError::Lagged(_)) => Some(console.board.follow()),
        Err(RecvError::Closed) => None,
    }
}

fn event((kind, content): Message) -> Event {
    Event::default().event(kind).data(content)
}

/// Describes this console to the page. No secret is in it.
fn session(console: &Console) -> Value {
    let source = &console.source;
    let samples: Vec<String> = if source.takes_samples() {
        samples().unwrap_or_default().into_iter().map(|sample| sample.name).collect()
    } else {
        Vec::new()
    };
    let providers = source.providers().into_iter().map(|(provider, is_made_up)| {
        let url = console.webhooks.as_ref().map(|origin| format!("{origin}/{provider}"));
        json!({ "name": provider.name(), "url": url, "made_up": is_made_up })
    });
    json!({
        "stack": source.name(),
        "local": source.as_local().is_some(),
        "allows_changes": console.allows_changes,
        "discreet": console.board.discreet,
        "providers": providers.collect::<Vec<_>>(),
        "samples": samples,
    })
}
