//! What the page shows: the newest deliveries, and how far they are known. Every page that is open follows it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use tokio::sync::{Notify, broadcast};
use usher_core::ledger::operator::Item;

use super::cost::Estimate;
use super::row::Row;

/// The number of rows in one message to the page.
const CHUNK: usize = 500;

/// The number of messages that a slow page may be behind before it gets all of it anew.
const BEHIND: usize = 256;

/// A message to the pages: the name of its kind, and its JSON.
pub(super) type Message = (&'static str, Arc<str>);

/// The state of the look at the ledger.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Look {
    pub(super) phase: Phase,
    /// The price of a look at everything, where the table says its size.
    pub(super) estimate: Option<Estimate>,
    /// The read units that one look may use.
    pub(super) max_read_units: u32,
    /// The read units used since the start.
    pub(super) used: f64,
    /// The seconds from one look to the next, while they follow each other.
    pub(super) every: Option<u64>,
    /// The reason why the last look failed.
    pub(super) problem: Option<String>,
}

/// The phases of a look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Phase {
    /// Nothing was read yet.
    #[default]
    Starting,
    /// The user is asked whether to spend the price.
    Asking,
    /// The ledger is being read.
    Reading,
    /// All of it was read, and changes are followed.
    Live,
    /// The bound was reached before the end: the list is a part of the ledger.
    Partial,
    /// The ledger could not be read.
    Failed,
}

/// Numbers that are read from elsewhere than the ledger's items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Figures {
    /// The messages on a queue in memory.
    pub(super) queued: Option<usize>,
    pub(super) dead_letters: Option<usize>,
    pub(super) pending: Option<usize>,
    pub(super) oldest_pending: Option<Timestamp>,
}

/// The newest deliveries.
pub(super) struct Board {
    known: Mutex<Known>,
    updates: broadcast::Sender<Message>,
    /// Wakes the look: the user agreed to the price, or wants to see it now.
    pub(super) wanted: Notify,
    newest: usize,
    pub(super) discreet: bool,
}

#[derive(Default)]
struct Known {
    rows: BTreeMap<(Timestamp, String), Row>,
    /// The times of receipt by key, with which a row is found.
    received: HashMap<String, Timestamp>,
    look: Look,
    figures: Figures,
}

impl Board {
    /// Makes a board of at most `newest` deliveries. A discreet one holds no personal data.
    pub(super) fn new(newest: usize, discreet: bool) -> Self {
        let (updates, _) = broadcast::channel(BEHIND);
        Self { known: Mutex::default(), updates, wanted: Notify::new(), newest, discreet }
    }

    /// Puts deliveries on the board, and tells the pages what is new about them.
    pub(super) fn put<'i>(&self, items: impl IntoIterator<Item = &'i Item>) {
        let mut known = self.lock();
        // Looks reach behind each other, so most of what they find is known. Making a row of it again would mean to
        // normalize its body again.
        let mut changed = Vec::new();
        for item in items {
            if !known.has(item) {
                let row = Row::new(item, self.discreet);
                known.put(row.clone());
                changed.push(row);
            }
        }
        known.forget_beyond(self.newest);
        changed.retain(|row| known.received.contains_key(&row.key));
        for chunk in changed.chunks(CHUNK) {
            let _ = self.updates.send(message("rows", &chunk));
        }
    }

    /// Changes what is known of the look, and tells the pages.
    pub(super) fn look(&self, change: impl FnOnce(&mut Look)) {
        let mut known = self.lock();
        let before = known.look.clone();
        change(&mut known.look);
        if known.look != before {
            let _ = self.updates.send(message("look", &known.look));
        }
    }

    pub(super) fn phase(&self) -> Phase {
        self.lock().look.phase
    }

    pub(super) fn put_figures(&self, figures: Figures) {
        let mut known = self.lock();
        if known.figures != figures {
            let _ = self.updates.send(message("figures", &figures));
            known.figures = figures;
        }
    }

    /// Returns the keys of at most `limit` pending deliveries, the oldest first.
    pub(super) fn pending(&self, limit: usize) -> Vec<String> {
        let known = self.lock();
        let pending = known.rows.values().filter(|row| row.state == "pending");
        pending.take(limit).map(|row| row.key.clone()).collect()
    }

    /// Returns messages that say all of it, and the channel of those that follow. None comes between the two.
    pub(super) fn follow(&self) -> (Vec<Message>, broadcast::Receiver<Message>) {
        let known = self.lock();
        let rows: Vec<&Row> = known.rows.values().rev().collect();
        let mut messages = vec![message("all", &json!([]))];
        messages.extend(rows.chunks(CHUNK).map(|chunk| message("rows", &chunk)));
        messages.push(message("figures", &known.figures));
        messages.push(message("look", &known.look));
        (messages, self.updates.subscribe())
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Returns whether a row shows the item as it is.
    fn has(&self, item: &Item) -> bool {
        let row = self.rows.get(&(item.received, item.ledger_key.clone()));
        row.is_some_and(|row| row.shows(item))
    }

    fn put(&mut self, row: Row) {
        // A delivery that came again after the ledger had dropped it has the same key and another time.
        let before = self.received.insert(row.key.clone(), row.received);
        if let Some(received) = before {
            self.rows.remove(&(received, row.key.clone()));
        }
        self.rows.insert((row.received, row.key.clone()), row);
    }

    fn forget_beyond(&mut self, newest: usize) {
        while self.rows.len() > newest {
            if let Some(((_, key), _)) = self.rows.pop_first() {
                self.received.remove(&key);
            }
        }
    }
}

fn message(kind: &'static str, content: &impl Serialize) -> Message {
    (kind, serde_json::to_string(content).expect("its keys are text").into())
}
