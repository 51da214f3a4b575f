//! `usher tail`.

use std::fmt::Write as _;
use std::process::ExitCode;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::signal::ctrl_c;
use usher_core::ledger::State;
use usher_core::ledger::operator::Item;

use crate::aws::Account;
use crate::ledger::passes::{PassArgs, Passes};
use crate::ledger::{event, state};
use crate::terminal::interrupt::INTERRUPTED;
use crate::terminal::json::on_one_line;
use crate::terminal::plain::plain;
use crate::terminal::{Failure, print};

const HELP: &str = "\
It reads the ledger, never the queue: reading an SQS queue counts as receiving, and five receptions move an event to the \
dead-letter queue. So it disturbs no consumer. It does not show events that were sent while the ledger was down.

The ledger has no index by time, so each pass reads all of it, at one read unit per 8 KB (100,000 deliveries: about \
15,000 units, $0.002). It says first what a pass costs, and asks for --yes above 100,000 units. Passes are spaced so that \
they use no more than --read-units per second on average: 100 cost about $0.05 an hour. The larger the ledger, the longer \
the interval; the tool prints it.

It prints a line for each event that was sent or parked, or is pending. The ledger keeps what was received, not what was \
sent: type and subject are those that the event would have if it were made today. With --json each line is a JSON object, \
whose \"made_today\" is that event (personal data).

IAM: cloudformation:DescribeStacks, dynamodb:Scan; to tell the price before, dynamodb:DescribeTable.

Exit status: 0 if --once was done, 1 if it failed, 2 for wrong usage, 130 when ^C ended it.";

/// Follow the events, without consuming them
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    passes: PassArgs,
    /// Print one line of JSON for each state of an event
    #[arg(long)]
    json: bool,
    /// Shortest time between two passes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    // ^C is awaited all the time: once tokio listens for it, it does not end the program by itself.
    tokio::select! {
        ended = follow(args) => ended.map(|()| ExitCode::SUCCESS),
        _ = ctrl_c() => Ok(ExitCode::from(INTERRUPTED)),
    }
}

async fn follow(args: &Args) -> Result<(), Failure> {
    let mut passes = Passes::open(&args.passes, args.every, &args.account).await?;
    while let Some(changed) = passes.next().await? {
        for stored in &changed {
            show(args, stored)?;
        }
    }
    Ok(())
}

fn show(args: &Args, stored: &Item) -> Result<(), Failure> {
    let made = event(stored).and_then(Result::ok);
    let event_type = made.as_ref().map_or("-", |(event, _)| &event.event_type);
    if !args.passes.includes_type(event_type) {
        return Ok(());
    }
    if args.json {
        return print(&line(stored, made.map(|(_, message)| message.body))?);
    }
    let subject = made.as_ref().and_then(|(event, _)| event.subject.as_deref()).unwrap_or("-");
    let mut line = format!(
        "{:.3}  {:<9}  {event_type:<30}  {:<22}  {}",
        stored.changed(),
        state(stored),
        plain(subject).replace('\n', " "),
        stored.event_id()
    );
    if stored.replay > 0 {
        let _ = write!(line, "  replay {}", stored.replay);
    }
    if stored.state() != State::Sent {
        let _ = write!(line, "  attempt {}", stored.attempt);
    }
    print(&line)
}

/// One state of an event, as a line of JSON.
#[derive(Serialize)]
struct Line<'l> {
    id: String,
    key: &'l str,
    state: &'static str,
    /// The time at which it came into this state.
    changed: Timestamp,
    received: Timestamp,
    replays: u32,
    attempts: u32,
    /// The event as it would be made today; `null` if none can be made.
    made_today: Option<Box<RawValue>>,
}

fn line(stored: &Item, made_today: Option<String>) -> Result<String, Failure> {
    let line = Line {
        id: stored.event_id(),
        key: &stored.ledger_key,
        state: state(stored),
        changed: stored.changed(),
        received: stored.received,
        replays: stored.replay,
        attempts: stored.attempt,
        made_today: made_today.map(RawValue::from_string).transpose()?,
    };
    Ok(on_one_line(&serde_json::to_string(&line)?))
}
