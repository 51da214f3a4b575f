//! `usher replay`.

mod plan;
mod run;
mod wanted;

use std::process::ExitCode;

use jiff::Timestamp;

use crate::ledger::Ledger;
use crate::terminal::{Failure, print};
use plan::Plan;
use wanted::Wanted;

/// Send stored events once more
#[derive(clap::Args)]
#[command(after_help = "\
Without --yes it only shows what would be replayed. Each event is made afresh from the stored body, so a mapping mended
since is used, and has the number of the replay in \"replay\", by which a consumer can tell; its id stays the same, so a
consumer that drops what it knows has to let replays through. The relay sends what is replayed within about a minute.

Replaying costs seven to ten write units an event, the relay's included. Selecting by anything but ids reads the whole ledger, at a read unit
per 8 KB (100,000 deliveries: about 15,000 units, $0.002).

IAM: cloudformation:DescribeStacks, dynamodb:UpdateItem; by ids dynamodb:GetItem, else dynamodb:Scan.

Examples:
  usher replay luma:evt-123.h3kZ0zfXkpAVq8yfTWIZCg --yes
  usher replay --provider lunacal --since 2h
  usher replay --parked --yes --per-second 20
  usher pending --parked --json | jq -r '.parked.events[].id' | usher replay - --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    wanted: Wanted,
    /// Replay them; else they are only shown
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Only show what would be replayed, as without --yes
    #[arg(long)]
    dry_run: bool,
    /// List the ids of the events, too
    #[arg(long)]
    list: bool,
    /// Replay at most so many a second
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    per_second: u32,
    /// Go on with a replay that was interrupted: what has been replayed since this time is left out
    #[arg(long, value_name = "TIME")]
    resume: Option<Timestamp>,
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let began = now();
    let ids = args.wanted.ids()?;
    let ledger = Ledger::open(&args.account).await?;
    let plan = match ids {
        Some(ids) => Plan::of_ids(&ledger, &ids, args.resume).await?,
        None => Plan::of_selection(&ledger, &args.wanted, began, args.resume).await?,
    };
    print(&plan.text(args.yes))?;
    if args.list {
        print(&plan.ids().join("\n"))?;
    }
    if plan.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    if args.dry_run || !args.yes {
        print("Nothing was changed. To replay them, say --yes.")?;
        return Ok(ExitCode::SUCCESS);
    }
    run::run(&ledger, &plan, args.resume.unwrap_or(began), args.per_second).await
}

/// As the ledger keeps it: to the millisecond, or the first event replayed would seem to be so before the run began.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
