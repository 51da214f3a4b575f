//! What the pending index lists.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};
use usher_core::ledger::{self, Pending, SHARDS};

use crate::terminal::table::table;
use crate::terminal::time::age;
use crate::terminal::{Failure, count, counter};

/// What is asked of the index at once. An entry is about 100 bytes, so a page is a few read units.
const PAGE: usize = 1_000;

/// All pending deliveries, the longest waiting first.
pub(crate) struct Backlog(Vec<Pending>);

impl Backlog {
    pub(crate) async fn read(ledger: &impl ledger::Backlog) -> Result<Self, Failure> {
        let counter = counter("Reading what is pending:");
        let mut pending: Vec<Pending> = Vec::new();
        for shard in 0..SHARDS {
            let mut after: Option<Pending> = None;
            loop {
                let page = ledger.pending(shard, after.as_ref(), PAGE).await?;
                counter.inc(page.len() as u64);
                pending.extend_from_slice(&page);
                // A page may be short and not the last: DynamoDB ends one at a megabyte. An empty one is.
                after = match page.into_iter().next_back() {
                    Some(last) => Some(last),
                    None => break,
                };
            }
        }
        counter.finish_and_clear();
        // What a relay leases meanwhile moves back in its part of the index, and is met again there.
        pending.sort_by(|one, other| (&one.pk, other.due).cmp(&(&other.pk, one.due)));
        pending.dedup_by(|later, first| later.pk == first.pk);
        pending.sort_by_key(|pending| pending.received);
        Ok(Self(pending))
    }

    pub(crate) fn text(&self, limit: usize, now: Timestamp) -> String {
        let Some(oldest) = self.0.first() else { return "Nothing is pending: all was sent.".to_owned() };
        let mut text = format!(
            "{} pending, the oldest received {} ago. By part of the index:\n\n",
            count(self.0.len(), "event"),
            age(oldest.received, now)
        );
        let parts = self.parts().map(|(shard, pending)| {
            let oldest = pending.first().map(|oldest| format!("{} ago", age(oldest.received, now)));
            vec![shard.to_string(), pending.len().to_string(), oldest.unwrap_or_default()]
        });
        text.push_str(&table(&["PART", "EVENTS", "OLDEST"], &parts.collect::<Vec<_>>()));
        let events = self.0.iter().take(limit).map(|pending| {
            let due = if pending.due > now {
                format!("in {}", age(now, pending.due))
            } else {
                format!("since {}", age(pending.due, now))
            };
            vec![pending.pk.clone(), format!("{} ago", age(pending.received, now)), due]
        });
        let head = ["LEDGER KEY", "RECEIVED", "DUE"];
        let _ = write!(text, "\n{}", table(&head, &events.collect::<Vec<_>>()));
        if self.0.len() > limit {
            let _ = writeln!(text, "  … and {} more (--limit)", self.0.len() - limit);
        }
        text
    }

    pub(crate) fn json(&self, limit: usize) -> Value {
        let parts = self.parts().map(|(shard, pending)| {
            let oldest = pending.first().map(|oldest| oldest.received);
            json!({ "part": shard, "count": pending.len(), "oldest": oldest })
        });
        let events =
            self.0.iter().take(limit).map(
                |pending| json!({ "key": pending.pk, "received": pending.received, "due": pending.due }),
            );
        json!({ "pending": {
            "count": self.0.len(),
            "oldest": self.0.first().map(|oldest| oldest.received),
            "parts": parts.collect::<Vec<_>>(),
            "events": events.collect::<Vec<_>>(),
        } })
    }

    /// Those parts of the index that list anything.
    fn parts(&self) -> impl Iterator<Item = (u32, Vec<&Pending>)> {
        let of = |shard| self.0.iter().filter(|pending| ledger::shard(&pending.pk) == shard).collect();
        (0..SHARDS)
            .map(move |shard| (shard, of(shard)))
            .filter(|(_, pending): &(u32, Vec<_>)| !pending.is_empty())
    }
}
