//! The arguments that select events to replay.

use events::Provider;
use jiff::Timestamp;
use usher_core::ledger::operator::Selection;

use crate::ledger::ids;
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
    /// Received before this time
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

    pub(crate) fn selection(&self, now: Timestamp) -> Selection {
        Selection {
            provider: self.provider.map(|provider| provider.name().to_owned()),
            since: self.since.map(|since| since.before(now)),
            until: self.until.map(|until| until.before(now)),
            parked: self.parked,
            ..Selection::default()
        }
    }

    pub(crate) fn includes_type(&self, event_type: &str) -> bool {
        self.types.is_empty() || self.types.iter().any(|wanted| wanted == event_type)
    }
}
