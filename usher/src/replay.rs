//! `usher replay`.

mod copy;
mod execution;
mod plan;
mod wanted;

use std::process::ExitCode;

use jiff::Timestamp;

use crate::aws::Account;
use crate::cloudevent::FormArgs;
use crate::ledger::StackLedger;
use crate::terminal::{Failure, print};
use copy::post_copies;
use execution::replay_planned;
use plan::Plan;
use wanted::Wanted;

const HELP: &str = "\
Without --yes it only shows what would be replayed. Each event is made again from the stored body, with today's mapping. \
Its id stays the same, and \"replay\" holds the number of the replay: a consumer that drops ids it knows has to let \
replays through. The relay sends replayed events within about a minute.

Replaying costs seven to ten write units per event, the relay's included. Selecting by anything but ids reads the whole \
ledger, at one read unit per 8 KB (100,000 deliveries: about 15,000 units, $0.002).

With --to it posts the events of ids to a program on your machine, at once and as they are: nothing is changed, and the \
queue gets nothing. --binary and --as choose the form, as for usher listen.

IAM: cloudformation:DescribeStacks, dynamodb:UpdateItem (not with --to); by ids dynamodb:GetItem, else dynamodb:Scan.

Examples:
  usher replay luma:evt-123.h3kZ0zfXkpAVq8yfTWIZCg --yes
  usher replay --provider lunacal --since 2h
  usher replay --parked --yes --per-second 20
  usher replay luma:evt-123.h3kZ0zfXkpAVq8yfTWIZCg --to http://localhost:3000
  usher pending --parked --json | jq -r '.parked.events[].id' |
    usher replay - --yes";

/// Send stored events once more
#[derive(clap::Args)]
#[command(
    after_help = HELP,
    override_usage = "usher replay [OPTIONS] <ID>...\n       usher replay [OPTIONS] <--since|--until|--provider|--type|--parked>..."
)]
pub(crate) struct Args {
    #[command(flatten)]
    wanted: Wanted,
    /// Replay them; without it they are only shown
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Only show what would be replayed, as without --yes
    #[arg(long)]
    dry_run: bool,
    /// List the ids of the events, too
    #[arg(long)]
    list: bool,
    /// Replay at most this many per second
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    per_second: u32,
    /// Continue an interrupted replay: leave out what has been replayed since this time
    #[arg(long, value_name = "TIME")]
    resume: Option<Timestamp>,
    /// Post the events to this URL instead, changing nothing
    #[arg(long, value_name = "URL", conflicts_with_all = ["yes", "resume", "since", "until", "provider", "types", "parked"])]
    to: Option<String>,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let began = now();
    let ids = args.wanted.ids()?;
    let ledger = StackLedger::open(&args.account).await?;
    if let (Some(to), Some(ids)) = (&args.to, &ids) {
        return post_copies(&ledger, ids, to, args.form.form()).await;
    }
    let plan = match ids {
        Some(ids) => Plan::of_ids(&ledger, &ids, args.resume).await?,
        None => Plan::of_selection(&ledger, &args.wanted, began, args.resume).await?,
    };
    print(&plan.text(args.yes))?;
    if args.list {
        print(&format!("\n{}", plan.ids().join("\n")))?;
    }
    if plan.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    if args.dry_run || !args.yes {
        print("\nNothing was changed. To replay them, run again with `--yes`.")?;
        return Ok(ExitCode::SUCCESS);
    }
    replay_planned(&ledger, &plan, args.resume.unwrap_or(began), args.per_second).await
}

/// Returns the time in milliseconds, as the ledger keeps it. With a finer time the first event replayed would seem to be
/// replayed before the command began.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
