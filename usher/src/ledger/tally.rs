//! Counts by provider and type: what of many deliveries may be shown without showing anybody's data.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::terminal::count;
use crate::terminal::table::table;

/// So many of each kind, and when the first and the last of all were received.
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

    /// `3 events, received 2026-… to 2026-…`.
    pub(crate) fn summary(&self, what: &str) -> String {
        let total = count(self.total(), what);
        match self.received {
            None => total,
            Some((first, last)) if first == last => format!("{total}, received {first}"),
            Some((first, last)) => format!("{total}, received {first} to {last}"),
        }
    }

    /// One line per kind. `head` names its columns, the count's last.
    pub(crate) fn table(&self, head: &[&str]) -> String {
        let rows = self.kinds.iter().map(|(kind, number)| {
            let mut row = kind.clone();
            row.push(number.to_string());
            row
        });
        table(head, &rows.collect::<Vec<_>>())
    }
}
