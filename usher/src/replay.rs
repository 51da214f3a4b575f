//! `usher replay`.

mod copy;
mod execution;
mod plan;
mod report;
mod run;
mod wanted;

use std::process::ExitCode;

use jiff::Timestamp;

use crate::aws::Account;
use crate::cloudevent::FormArgs;
use crate::ledger::StackLedger;
use crate::ledger::price::announce;
use crate::terminal::interrupt::INTERRUPTED;
use crate::terminal::{Failure, print};
use copy::post_copies;
use execution::{Done, Stopped, replay_planned};
use plan::Plan;
use report::Report;
use run::Run;
use wanted::Wanted;

const HELP: &str = "\
Without --yes it only shows what would be replayed. Each event is made again from the stored body, with today's mapping. \
Its id stays the same, and \"replay\" holds the number of the replay: a consumer that drops ids it knows has to let \
replays through. The relay sends replayed events within about a minute.

Replaying costs seven to ten write units per event, the relay's included. Selecting by anything but ids reads the whole \
ledger, at one read unit per 8 KB (100,000 deliveries: about 15,000 units, $0.002).

With --to it posts the events of ids to a program on your machine, at once and as they are: nothing is changed, and the \
queue gets nothing. --binary and --as choose the form, as for usher listen.

What is replayed is fixed when the replay begins. If it is interrupted, it prints the command that replays the rest, \
with times in place of \"2h\": a resumed replay is the same replay, and replays nothing twice.

IAM: cloudformation:DescribeStacks, dynamodb:UpdateItem (not with --to); by ids dynamodb:GetItem, else dynamodb:Scan and, to tell the \
price before, dynamodb:DescribeTable.

Exit status: 0 if all was done; 1 if it failed, or an event named by id or changed meanwhile was left out; 2 for wrong \
usage; 130 if it was interrupted.

Examples:
  usher replay luma:evt-123.h3kZ0zfXkpAVq8yfTWIZCg --yes
  usher replay --provider lunacal --since 2h
  usher replay --parked --yes --per-second 20
  usher replay luma:evt-123.h3kZ0zfXkpAVq8yfTWIZCg --to http://localhost:3000
  usher pending --parked --json | jq -r '.parked.events[].id' |
    usher replay - --yes";

/// Send stored events once more
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
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
    /// Go on with the interrupted replay that began at this time: the same events, without those it has replayed
    #[arg(long, value_name = "TIME")]
    resume: Option<Timestamp>,
    /// Post the events to this URL instead, changing nothing
    #[arg(long, value_name = "URL", conflicts_with_all = ["yes", "json", "resume", "since", "until", "provider", "types", "parked"])]
    to: Option<String>,
    #[command(flatten)]
    form: FormArgs,
    /// Print one JSON document: the plan, and what was done
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let ids = args.wanted.ids()?;
    let ledger = StackLedger::open(&args.account).await?;
    if let (Some(to), Some(ids)) = (&args.to, &ids) {
        return post_copies(&ledger, ids, to, args.form.form()).await;
    }
    let run = Run::begin(args.resume, ledger.clock.now())?;
    let by_id = ids.is_some();
    let plan = if let Some(ids) = ids {
        Plan::of_ids(&ledger, &ids, run).await?
    } else {
        announce(&ledger.table, false).await;
        Plan::of_selection(&ledger, &args.wanted, run).await?
    };
    let is_real = args.yes && !args.dry_run;
    if !args.json {
        print(&plan.text(is_real))?;
        if args.list {
            print(&format!("\n{}", plan.ids().join("\n")))?;
        }
    }
    let mut report = Report { args, run, plan: &plan, done: Done::default(), is_real };
    if is_real {
        report.done = replay_planned(&ledger, &plan, args.per_second).await;
    }
    if args.json {
        print(&report.json().to_string())?;
    } else {
        report.print()?;
    }
    match report.done.stopped {
        Some(Stopped::Interrupted) => Ok(ExitCode::from(INTERRUPTED)),
        Some(Stopped::Failed(failure)) => Err(failure),
        None if is_real && (report.done.changed > 0 || (by_id && plan.impossible() > 0)) => {
            Ok(ExitCode::FAILURE)
        }
        None => Ok(ExitCode::SUCCESS),
    }
}
