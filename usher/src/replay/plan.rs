//! The plan of a replay.

use std::fmt::Write as _;

use serde_json::{Value, json};
use usher_core::ledger::operator::{Item, NotReplayable};

use super::run::Run;
use super::wanted::Wanted;
use crate::ledger::survey::survey;
use crate::ledger::tally::Tally;
use crate::ledger::{StackLedger, event, ids};
use crate::terminal::Failure;

/// The events to replay, the oldest first, and the numbers of those left out, by reason.
#[derive(Default)]
pub(crate) struct Plan {
    events: Vec<Item>,
    tally: Tally,
    pending: usize,
    forgotten: usize,
    replayed: usize,
    later: usize,
    unsendable: usize,
}

impl Plan {
    pub(crate) async fn of_ids(ledger: &StackLedger, ids: &[String], run: Run) -> Result<Self, Failure> {
        let mut plan = Self::default();
        for id in ids {
            plan.add(ids::find(&ledger.table, id).await?, |_| true, run);
        }
        Ok(plan.sorted())
    }

    pub(crate) async fn of_selection(
        ledger: &StackLedger,
        wanted: &Wanted,
        run: Run,
    ) -> Result<Self, Failure> {
        let mut plan = Self::default();
        let visit = |stored| plan.add(stored, |event_type| wanted.includes_type(event_type), run);
        let surveyed = survey(&ledger.table, &wanted.selection(run.began), visit).await?;
        surveyed.note_unreadable();
        Ok(plan.sorted())
    }

    /// Adds an event, or counts why it is left out. The body only serves to find the type, and is not kept: a million
    /// bodies would be gigabytes.
    fn add(&mut self, stored: Item, includes_type: impl Fn(&str) -> bool, run: Run) {
        let event_type = match event(&stored) {
            Some(Ok((event, _))) if includes_type(&event.event_type) => Some(event.event_type),
            Some(Ok(_)) => return,
            Some(Err(_)) | None => None,
        };
        match (stored.replayable(run.resumed()), event_type) {
            (Err(NotReplayable::Replayed), _) => self.replayed += 1,
            (Err(NotReplayable::Later), _) => self.later += 1,
            (Err(NotReplayable::Pending), _) => self.pending += 1,
            (Err(NotReplayable::Forgotten), _) => self.forgotten += 1,
            (Ok(()), None) => self.unsendable += 1,
            (Ok(()), Some(event_type)) => {
                self.tally.add([stored.provider().to_owned(), event_type], stored.received);
                self.events.push(Item { body: None, ..stored });
            }
        }
    }

    fn sorted(mut self) -> Self {
        self.events.sort_by_key(|stored| stored.received);
        self
    }

    pub(crate) fn events(&self) -> &[Item] {
        &self.events
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.events.iter().map(Item::event_id).collect()
    }

    /// Returns the number of events that can't be replayed, now or later.
    pub(crate) fn impossible(&self) -> usize {
        self.forgotten + self.unsendable
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "count": self.events.len(),
            "ids": self.ids(),
            "left_out": {
                "replayed_by_this_run": self.replayed,
                "sent_or_parked_since": self.later,
                "pending": self.pending,
                "forgotten": self.forgotten,
                "without_event": self.unsendable,
            },
        })
    }

    pub(crate) fn text(&self, for_real: bool) -> String {
        let mut text = if self.is_empty() {
            "There is nothing to replay.\n".to_owned()
        } else {
            let verb = if for_real { "Replaying" } else { "Would replay" };
            let table = self.tally.table(&["PROVIDER", "TYPE", "EVENTS"]);
            format!("{verb} {}:\n\n{table}\n", self.tally.summary("event"))
        };
        for (number, why) in [
            (self.replayed, "replayed already, by the run that is being resumed"),
            (self.later, "sent or parked since that run began: they were pending then"),
            (self.pending, "pending: the relay will send them anyway"),
            (self.forgotten, "forgotten: their bodies were erased"),
            (self.unsendable, "that make no event: usher inspect shows why"),
        ] {
            if number > 0 {
                let _ = writeln!(text, "Left out: {number} {why}");
            }
        }
        text
    }
}
