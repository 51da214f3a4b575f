//! What was shown already.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use usher_core::archive::Stored;
use usher_core::ledger::State;

/// How far a pass looks back behind the one before it: a pass takes a while, a read may be a second old, clocks differ,
/// and a handler dates what it sent as of its receipt.
const MARGIN: Duration = Duration::from_mins(2);

/// One state of one delivery.
type Seen = (String, Timestamp, u32, &'static str, u32);

pub(crate) struct Follow {
    /// When the pass before the present one began.
    last: Timestamp,
    present: Timestamp,
    seen: HashSet<Seen>,
    /// Those that the present pass came across: others are too old to come again.
    met: HashSet<Seen>,
    /// Nothing that happened before is shown.
    since: Timestamp,
}

impl Follow {
    pub(crate) fn since(since: Timestamp) -> Self {
        Self { last: since, present: since, seen: HashSet::new(), met: HashSet::new(), since }
    }

    /// Begins a pass. Tells since when things must have changed for it to look at them.
    pub(crate) fn next_pass(&mut self, now: Timestamp) -> Timestamp {
        self.last = std::mem::replace(&mut self.present, now);
        self.seen = std::mem::take(&mut self.met);
        self.last.checked_sub(MARGIN).map_or(self.since, |from| from.max(self.since))
    }

    /// The delivery, unless it was shown in the state that it is in.
    pub(crate) fn unless_shown(&mut self, stored: Stored) -> Option<Stored> {
        let attempt = if stored.state() == State::Sent { 0 } else { stored.attempt };
        let seen = (stored.pk.clone(), stored.received, stored.replay, stored.state().as_str(), attempt);
        let new = !self.seen.contains(&seen);
        self.met.insert(seen);
        new.then_some(stored)
    }
}
