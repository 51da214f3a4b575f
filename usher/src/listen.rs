//! `usher listen`.

use std::process::ExitCode;
use std::time::Duration;

use events::{Provider, Target};
use tokio::signal::ctrl_c;
use tokio::time::{Instant, sleep};
use usher_core::ledger::State;
use usher_core::ledger::operator::{Item, Selection};
use usher_core::queue::Message;

use crate::aws::Account;
use crate::cloudevent::{FormArgs, Receiver};
use crate::ledger::survey::survey;
use crate::ledger::{StackLedger, event};
use crate::tail::follow::Follow;
use crate::tail::interval;
use crate::terminal::interrupt::INTERRUPTED;
use crate::terminal::time::Moment;
use crate::terminal::{Failure, note};

const HELP: &str = "\
It posts each event that Usher sent since the command began, or since --since, in the order in which they were sent. \
Replays are posted, too, with \"replay\" in them. It reads the ledger, never the queue, so it takes nothing from the \
stack's consumers; events that were sent while the ledger was down are not in it.

The receiver gets personal data, and one event at a time. If it is down or answers 5xx, the same event is posted again, \
after 1 s at first and every 30 s at last, and the others wait: nothing is skipped. Any other answer than 2xx is shown, \
and the event is not posted again.

--as sqs posts Lambda's SQS event to a function on this machine. An event that the function fails, or lists in \
batchItemFailures, is posted again.

Each pass reads the whole ledger, as with usher tail: one read unit per 8 KB, spaced by --read-units.

IAM: cloudformation:DescribeStacks, dynamodb:Scan.

Exit status: 0 if --once posted all events; 1 if it failed; 2 for wrong usage; 130 if ^C ended it.

Examples:
  usher listen --to http://localhost:3000/hook
  usher listen --to http://localhost:3000/hook --binary --since 2h
  usher listen --as sqs \\
    --to http://127.0.0.1:3001/2015-03-31/functions/Consumer/invocations";

/// Post the stack's events to a program on your machine
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// URL to post events to
    #[arg(long, value_name = "URL")]
    to: String,
    #[command(flatten)]
    form: FormArgs,
    /// Begin at this time: 2026-01-31T18:00:00Z, or how long ago, as 2h
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    since: Option<Moment>,
    /// Post this provider's events only
    #[arg(long)]
    provider: Option<Provider>,
    /// Post this type only, such as usher.registration.created; may be given more than once
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Post the events so far, and end
    #[arg(long)]
    once: bool,
    /// Shortest time between two passes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Read units to use per second, on average
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    read_units: u32,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let target = Target::parse(&args.to).map_err(|error| format!("--to is {error}"))?;
    let receiver = Receiver::new(target, args.form.form());
    tokio::select! {
        ended = listen(args, &receiver) => ended?,
        _ = ctrl_c() => return Ok(ExitCode::from(INTERRUPTED)),
    }
    Ok(ExitCode::SUCCESS)
}

async fn listen(args: &Args, receiver: &Receiver) -> Result<(), Failure> {
    let ledger = StackLedger::open(&args.account).await?;
    let now = ledger.clock.now();
    let mut follow = Follow::since(args.since.map_or(now, |since| since.before(now)));
    note(&format!("Posting events to {}; ^C ends", receiver.name()));
    loop {
        let began = Instant::now();
        let selection = Selection {
            provider: args.provider.map(|provider| provider.name().to_owned()),
            changed_since: Some(follow.next_pass(ledger.clock.now())),
            ..Selection::default()
        };
        let mut sent = Vec::new();
        let surveyed = survey(&ledger.table, &selection, |stored| {
            sent.extend(follow.unless_shown(stored).filter(|stored| stored.state() == State::Sent));
        })
        .await?;
        // A handler dates an event that it sent by its receipt, so events of one moment are in the order of receipt.
        sent.sort_by_key(|stored| (stored.changed(), stored.received));
        for stored in &sent {
            if let Some(message) = wanted(args, stored) {
                receiver.deliver(&stored.event_id(), &message).await?;
            }
        }
        if args.once {
            return Ok(());
        }
        let wait: Duration = interval(surveyed.read_units, args.read_units, args.every);
        sleep(wait.saturating_sub(began.elapsed())).await;
    }
}

/// Makes the message of an event of a wanted type.
fn wanted(args: &Args, stored: &Item) -> Option<Message> {
    let (event, message) = event(stored)?.ok()?;
    let wanted = args.types.is_empty() || args.types.contains(&event.event_type);
    wanted.then_some(message)
}
