//! One pass through the ledger after another, for commands that follow what changes.

use std::time::Duration;

use events::Provider;
use tokio::time::{Instant, sleep};
use usher_core::ledger::operator::{Item, Selection};

use super::follow::Follow;
use super::price::{agree, announce};
use super::survey::{Surveyed, survey};
use super::{StackLedger, is_asked_for};
use crate::aws::Account;
use crate::terminal::time::Moment;
use crate::terminal::{Failure, note};

/// The choice of events, and the bounds of the passes that look for them.
#[derive(clap::Args)]
pub(crate) struct PassArgs {
    /// Begin with events since this time: 2026-01-31T18:00:00Z, or how long ago, as 2h
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    since: Option<Moment>,
    /// Take this provider's events only
    #[arg(long)]
    provider: Option<Provider>,
    /// Take this type only, such as usher.registration.created; may be given more than once
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Take the events so far, and end
    #[arg(long)]
    once: bool,
    /// Read units to use per second, on average
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    read_units: u32,
    /// Read a ledger of which a pass costs more than 100,000 read units
    #[arg(long)]
    yes: bool,
}

impl PassArgs {
    pub(crate) fn includes_type(&self, event_type: &str) -> bool {
        is_asked_for(event_type, &self.types)
    }
}

/// The passes of one command.
pub(crate) struct Passes<'a> {
    ledger: StackLedger,
    args: &'a PassArgs,
    /// The shortest time between two passes, in seconds.
    every: u64,
    follow: Follow,
    /// The latest pass.
    latest: Option<Pass>,
    /// The interval that was told last.
    told: Option<Duration>,
}

struct Pass {
    began: Instant,
    surveyed: Surveyed,
}

impl<'a> Passes<'a> {
    /// Opens the ledger and tells the price of a pass. Makes none yet.
    pub(crate) async fn open(args: &'a PassArgs, every: u64, account: &Account) -> Result<Self, Failure> {
        let ledger = StackLedger::open(account).await?;
        agree(announce(&ledger.table, false).await, args.yes)?;
        let now = ledger.clock.now();
        let follow = Follow::since(args.since.map_or(now, |since| since.before(now)));
        Ok(Self { ledger, args, every, follow, latest: None, told: None })
    }

    /// Makes the next pass as soon as it is due. Returns what has changed since the one before, the earliest change first.
    /// With `--once`, there is one pass, and then `None`.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Item>>, Failure> {
        if let Some(pass) = self.latest.take()
            && !self.rest(&pass).await
        {
            return Ok(None);
        }
        let began = Instant::now();
        let selection = Selection {
            provider: self.args.provider.map(|provider| provider.name().to_owned()),
            changed_since: Some(self.follow.next_pass(self.ledger.clock.now())),
            ..Selection::default()
        };
        let mut changed = Vec::new();
        let visit = |stored| changed.extend(self.follow.unless_shown(stored));
        let surveyed = survey(&self.ledger.table, &selection, visit).await?;
        // A handler dates an event that it sent by its receipt, so changes of one moment are in the order of receipt.
        changed.sort_by_key(|stored| (stored.changed(), stored.received));
        self.latest = Some(Pass { began, surveyed });
        Ok(Some(changed))
    }

    /// Tells what a pass used, and waits until the next is due. Returns `false` if there is none.
    async fn rest(&mut self, pass: &Pass) -> bool {
        let read_units = pass.surveyed.read_units;
        if self.args.once {
            pass.surveyed.note_unreadable();
            note(&format!("({read_units} read units)"));
            return false;
        }
        let wait = interval(read_units, self.args.read_units, self.every);
        if self.told != Some(wait) {
            pass.surveyed.note_unreadable();
            note(&format!("({read_units} read units a pass, every {} s; ^C ends)", wait.as_secs()));
            self.told = Some(wait);
        }
        sleep(wait.saturating_sub(pass.began.elapsed())).await;
        true
    }
}

/// Returns the time from pass to pass at which the allowed read units per second suffice: at least `every` seconds.
pub(crate) fn interval(read_units: f64, per_second: u32, every: u64) -> Duration {
    let needed = Duration::try_from_secs_f64((read_units / f64::from(per_second)).ceil());
    needed.unwrap_or(Duration::MAX).max(Duration::from_secs(every))
}
