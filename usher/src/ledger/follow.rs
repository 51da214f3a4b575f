//! The memory of what a following command has shown.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use usher_core::ledger::State;
use usher_core::ledger::operator::Item;

/// The time that a pass looks back behind the one before it. A pass takes a while, a read may be a second old, clocks
/// differ, and a handler dates an event that it sent by its receipt.
const MARGIN: Duration = Duration::from_mins(2);

/// One state of one delivery: key, receipt, replay, state and attempt.
type Shown = (String, Timestamp, u32, &'static str, u32);

/// The states that were shown in the latest passes through the ledger.
pub(crate) struct Follow {
    /// The beginning of the pass before the current one.
    last: Timestamp,
    /// The beginning of the current pass.
    current: Timestamp,
    shown: HashSet<Shown>,
    /// The states that the current pass has met. Older ones cannot come again.
    met: HashSet<Shown>,
    /// The time before which nothing is shown.
    since: Timestamp,
}

impl Follow {
    pub(crate) fn since(since: Timestamp) -> Self {
        Self { last: since, current: since, shown: HashSet::new(), met: HashSet::new(), since }
    }

    /// Begins a pass. Returns the time since which an item must have changed for the pass to read it.
    pub(crate) fn next_pass(&mut self, now: Timestamp) -> Timestamp {
        self.last = std::mem::replace(&mut self.current, now);
        self.shown = std::mem::take(&mut self.met);
        self.last.checked_sub(MARGIN).map_or(self.since, |from| from.max(self.since))
    }

    /// Returns the delivery, unless it was already shown in its present state.
    pub(crate) fn unless_shown(&mut self, stored: Item) -> Option<Item> {
        let attempt = if stored.state() == State::Sent { 0 } else { stored.attempt };
        let state =
            (stored.ledger_key.clone(), stored.received, stored.replay, stored.state().as_str(), attempt);
        let new = !self.shown.contains(&state);
        self.met.insert(state);
        new.then_some(stored)
    }
}
