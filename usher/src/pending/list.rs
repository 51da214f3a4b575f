//! The entries of the pending index.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use usher_core::ledger::{Backlog, Pending, SHARDS, shard};

use crate::terminal::table::table;
use crate::terminal::time::age;
use crate::terminal::{Failure, count, counter};

/// The entries asked for at once. An entry is about 100 bytes, so a page costs a few read units.
const PAGE: usize = 1_000;

/// The time after which an event that is due should have been sent: the relay runs each minute.
const OVERDUE: Duration = Duration::from_mins(2);

/// All pending deliveries, the longest waiting first.
pub(crate) struct PendingList(Vec<Pending>);

impl PendingList {
    /// Reads the index, shard by shard.
    pub(crate) async fn read(ledger: &impl Backlog) -> Result<Self, Failure> {
        let counter = counter("Reading pending events:");
        let mut pending: Vec<Pending> = Vec::new();
        for part in 0..SHARDS {
            let mut after: Option<Pending> = None;
            loop {
                let page = ledger.pending(part, after.as_ref(), PAGE).await?;
                counter.inc(page.len() as u64);
                pending.extend_from_slice(&page);
                // DynamoDB ends a page at a megabyte, so a short page need not be the last. An empty one is.
                after = match page.into_iter().next_back() {
                    Some(last) => Some(last),
                    None => break,
                };
            }
        }
        counter.finish_and_clear();
        // An entry that a relay leases meanwhile moves back in its part of the index, and is read again there.
        pending.sort_by(|one, other| (&one.ledger_key, other.due).cmp(&(&other.ledger_key, one.due)));
        pending.dedup_by(|later, first| later.ledger_key == first.ledger_key);
        pending.sort_by_key(|pending| pending.received);
        Ok(Self(pending))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the time of receipt of the one that has waited longest.
    pub(crate) fn oldest(&self) -> Option<Timestamp> {
        self.0.first().map(|oldest| oldest.received)
    }

    /// Returns whether the relay should have sent one by now.
    pub(crate) fn is_overdue(&self, now: Timestamp) -> bool {
        self.0.iter().any(|pending| pending.due + OVERDUE <= now)
    }

    pub(crate) fn text(&self, limit: usize, now: Timestamp) -> String {
        let Some(oldest) = self.0.first() else {
            return "Nothing is pending: everything was sent.".to_owned();
        };
        let mut text = format!(
            "{} pending, the oldest received {} ago. By part of the index:\n\n",
            count(self.0.len(), "event"),
            age(oldest.received, now)
        );
        let parts = self.parts().map(|(part, pending)| {
            let oldest = pending.first().map(|oldest| format!("{} ago", age(oldest.received, now)));
            vec![part.to_string(), pending.len().to_string(), oldest.unwrap_or_default()]
        });
        text.push_str(&table(&["PART", "EVENTS", "OLDEST"], &parts.collect::<Vec<_>>()));
        let events = self.0.iter().take(limit).map(|pending| {
            let due = if pending.due > now {
                format!("in {}", age(now, pending.due))
            } else {
                format!("since {}", age(pending.due, now))
            };
            vec![pending.ledger_key.clone(), format!("{} ago", age(pending.received, now)), due]
        });
        let head = ["LEDGER KEY", "RECEIVED", "DUE"];
        let _ = write!(text, "\n{}", table(&head, &events.collect::<Vec<_>>()));
        if self.0.len() > limit {
            let _ = writeln!(text, "  … and {} more (--limit)", self.0.len() - limit);
        }
        text
    }

    pub(crate) fn json(&self, limit: usize) -> Value {
        let parts = self.parts().map(|(part, pending)| {
            let oldest = pending.first().map(|oldest| oldest.received);
            json!({ "part": part, "count": pending.len(), "oldest": oldest })
        });
        let events = self.0.iter().take(limit).map(
            |pending| json!({ "key": pending.ledger_key, "received": pending.received, "due": pending.due }),
        );
        json!({ "pending": {
            "count": self.0.len(),
            "oldest": self.0.first().map(|oldest| oldest.received),
            "parts": parts.collect::<Vec<_>>(),
            "events": events.collect::<Vec<_>>(),
        } })
    }

    /// Returns the parts of the index that are not empty, with their entries.
    fn parts(&self) -> impl Iterator<Item = (u32, Vec<&Pending>)> {
        let of = |part| self.0.iter().filter(|pending| shard(&pending.ledger_key) == part).collect();
        (0..SHARDS)
            .map(move |part| (part, of(part)))
            .filter(|(_, pending): &(u32, Vec<_>)| !pending.is_empty())
    }
}
