//! Counts by provider and type, which show many deliveries without showing personal data.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::terminal::count;
use crate::terminal::table::table;

/// The number of deliveries of each kind, and the times of the first and the last receipt.
#[derive(Default)]
pub(crate) struct Tally {
    kinds: BTreeMap<Vec<String>, usize>,
    received: Option<(Timestamp, Timestamp)>,
}

impl Tally {
    pub(crate) fn add(&mut self, kind: impl IntoIterator<Item = String>, received: Timestamp) {
        *self.kinds.entry(kind.into_iter().collect()).or_default() += 1;
        let (first, last) = self.received.unwrap_or((received, received));
        self.received = Some((first.min(received), last.max(received)));
    }

    pub(crate) fn total(&self) -> usize {
        self.kinds.values().sum()
    }

    /// Prints `3 events, received 2026-… to 2026-…`.
    pub(crate) fn summary(&self, what: &str) -> String {
        let total = count(self.total(), what);
        match self.received {
            None => total,
            Some((first, last)) if first == last => format!("{total}, received {first:.3}"),
            Some((first, last)) => format!("{total}, received {first:.3} to {last:.3}"),
        }
    }

    /// Prints one line per kind. `head` names the columns, the last of which is the count.
    pub(crate) fn table(&self, head: &[&str]) -> String {
        let rows = self.kinds.iter().map(|(kind, number)| {
            let mut row = kind.clone();
            row.push(number.to_string());
            row
        });
        table(head, &rows.collect::<Vec<_>>())
    }
}
