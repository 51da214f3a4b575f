//! `usher listen`.

use std::process::ExitCode;

use events::Target;
use tokio::signal::ctrl_c;
use usher_core::ledger::State;
use usher_core::ledger::operator::Item;
use usher_core::queue::Message;

use crate::aws::Account;
use crate::cloudevent::{FormArgs, Receiver};
use crate::ledger::event;
use crate::ledger::passes::{PassArgs, Passes};
use crate::terminal::interrupt::INTERRUPTED;
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

Each pass reads the whole ledger, as with usher tail: one read unit per 8 KB, spaced by --read-units. It says first what a \
pass costs, and asks for --yes above 100,000 units. An event that can't be made today, or was erased, is told and left out.

IAM: cloudformation:DescribeStacks, dynamodb:Scan; to tell the price before, dynamodb:DescribeTable.

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
    #[command(flatten)]
    passes: PassArgs,
    /// Shortest time between two passes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
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
    let mut passes = Passes::open(&args.passes, args.every, &args.account).await?;
    note(&format!("Posting events to {}; ^C ends", receiver.name()));
    while let Some(changed) = passes.next().await? {
        for stored in changed.iter().filter(|stored| stored.state() == State::Sent) {
            if let Some(message) = wanted(args, stored) {
                receiver.deliver(&stored.event_id(), &message).await?;
            }
        }
    }
    Ok(())
}

/// Makes the message of an event of a wanted type. Tells if none can be made: no event is left out in silence.
fn wanted(args: &Args, stored: &Item) -> Option<Message> {
    let left_out = |reason: &str| note(&format!("Left out: {}: {reason}", stored.event_id()));
    match event(stored) {
        Some(Ok((event, message))) => args.passes.includes_type(&event.event_type).then_some(message),
        Some(Err(unsendable)) => {
            left_out(&unsendable.to_string());
            None
        }
        None => {
            left_out("it was erased");
            None
        }
    }
}
