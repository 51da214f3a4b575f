//! Which events to replay.

use jiff::Timestamp;
use usher_core::archive::Selection;

use crate::ledger::ids;
use crate::terminal::Failure;
use crate::terminal::time::Moment;

#[derive(clap::Args)]
#[group(id = "which", required = true, multiple = true)]
pub(crate) struct Wanted {
    /// Events by id (luma:…) or the ledger's key (luma#…); - reads ids from standard input, one a line
    #[arg(value_name = "ID", conflicts_with_all = ["since", "until", "provider", "types", "parked"])]
    ids: Vec<String>,
    /// Received then or later: 2026-01-31T18:00:00Z, 2026-01-31, or how long ago, as 2h or 3d
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    since: Option<Moment>,
    /// Received before
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    until: Option<Moment>,
    /// Of this provider
    #[arg(long, value_parser = ["luma", "lunacal", "allfly"])]
    provider: Option<String>,
    /// Of this type, as they would be normalized today: usher.registration.created; may be given more than once
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Parked ones alone
    #[arg(long)]
    parked: bool,
}

impl Wanted {
    /// The ids, if it is by them that events are wanted.
    pub(crate) fn ids(&self) -> Result<Option<Vec<String>>, Failure> {
        if self.ids.is_empty() { Ok(None) } else { ids::given(&self.ids).map(Some) }
    }

    pub(crate) fn selection(&self, now: Timestamp) -> Selection {
        Selection {
            provider: self.provider.clone(),
            since: self.since.map(|since| since.before(now)),
            until: self.until.map(|until| until.before(now)),
            parked: self.parked,
            ..Selection::default()
        }
    }

    pub(crate) fn takes_type(&self, event_type: &str) -> bool {
        self.types.is_empty() || self.types.iter().any(|wanted| wanted == event_type)
    }
}
