//! The arguments that select events to replay.

use events::Provider;
use jiff::Timestamp;
use usher_core::ledger::operator::Selection;

use crate::ledger::{ids, is_asked_for};
use crate::terminal::Failure;
use crate::terminal::time::Moment;

/// The events to replay, by id or by what they have in common.
#[derive(clap::Args)]
#[group(id = "which", required = true, multiple = true)]
pub(crate) struct Wanted {
    /// Events by id (luma:…) or by the ledger's key (luma#…); - reads ids from standard input, one per line
    #[arg(value_name = "ID", conflicts_with_all = ["since", "until", "provider", "types", "parked"])]
    ids: Vec<String>,
    /// Received at this time or later: 2026-01-31T18:00:00Z, 2026-01-31, or how long ago, as 2h or 3d
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    since: Option<Moment>,
    /// Received before this time [default: when the replay began]
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    until: Option<Moment>,
    /// Sent by this provider
    #[arg(long)]
    provider: Option<Provider>,
    /// Of this type as events are normalized today: usher.registration.created; may be given more than once
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Parked ones only
    #[arg(long)]
    parked: bool,
}

impl Wanted {
    /// Returns the ids, unless events are selected by something else.
    pub(crate) fn ids(&self) -> Result<Option<Vec<String>>, Failure> {
        if self.ids.is_empty() { Ok(None) } else { ids::collect(&self.ids).map(Some) }
    }

    /// Returns the selection of the run that began at this time. A resumed run is the same run, so how long ago something
    /// was counts from there, and nothing that was received later belongs to it.
    pub(crate) fn selection(&self, began: Timestamp) -> Selection {
        let until = self.until.map_or(began, |until| until.before(began));
        Selection {
            provider: self.provider.map(|provider| provider.name().to_owned()),
            since: self.since.map(|since| since.before(began)),
            until: Some(until.min(began)),
            parked: self.parked,
            ..Selection::default()
        }
    }

    /// Returns whether the ids come from standard input, at least some.
    pub(crate) fn reads_standard_input(&self) -> bool {
        self.ids.iter().any(|id| id == "-")
    }

    pub(crate) fn includes_type(&self, event_type: &str) -> bool {
        is_asked_for(event_type, &self.types)
    }

    /// Returns the arguments that select the same events whenever they are given: with times in place of how long ago.
    pub(crate) fn arguments(&self, began: Timestamp) -> Vec<String> {
        let mut arguments = self.ids.clone();
        let selection = self.selection(began);
        for (name, time) in [("--since", selection.since), ("--until", selection.until)] {
            if let Some(time) = time.filter(|_| self.ids.is_empty()) {
                arguments.extend([name.to_owned(), time.to_string()]);
            }
        }
        if let Some(provider) = self.provider {
            arguments.extend(["--provider".to_owned(), provider.name().to_owned()]);
        }
        for event_type in &self.types {
            arguments.extend(["--type".to_owned(), event_type.clone()]);
        }
        arguments.extend(self.parked.then(|| "--parked".to_owned()));
        arguments
    }
}
