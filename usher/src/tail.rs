//! `usher tail`.

mod follow;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use jiff::Timestamp;
use tokio::signal::ctrl_c;
use tokio::time::{Instant, sleep};
use usher_core::archive::{Selection, Stored};
use usher_core::ledger::State;

use crate::ledger::survey::survey;
use crate::ledger::{Ledger, event, state};
use crate::terminal::json::on_one_line;
use crate::terminal::plain::plain;
use crate::terminal::time::Moment;
use crate::terminal::{Failure, note, print};
use follow::Follow;

/// Follow the events, without consuming them
#[derive(clap::Args)]
#[command(after_help = "\
It reads the ledger, never the queue: even a look at an SQS queue counts as a reception, and five of them move an event
to the dead-letter queue. So it harms no consumer, and sees no event that went out unchecked while the ledger was down.

What it costs: the ledger has no index by time, so each pass reads all of it, at a read unit per 8 KB (100,000
deliveries: about 15,000 units, $0.002). Passes are spaced so that they use no more than --read-units a second on
average: 100 are about $0.05 an hour. A large ledger is followed at a longer interval, then; the tool says at which.

With --json it prints what was sent, event by event, as the queue got it (personal data); else a line for whatever was
sent, parked, or is pending.

IAM: cloudformation:DescribeStacks, dynamodb:Scan.")]
pub(crate) struct Args {
    /// Begin with what happened since then: 2026-01-31T18:00:00Z, or how long ago, as 2h
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    since: Option<Moment>,
    /// Of this provider
    #[arg(long, value_parser = ["luma", "lunacal", "allfly"])]
    provider: Option<String>,
    /// Of this type, such as usher.registration.created; may be given more than once
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Print each event that was sent as one line of JSON
    #[arg(long)]
    json: bool,
    /// Print what there is, and end
    #[arg(long)]
    once: bool,
    /// Seconds between two passes, at least
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Read units to use per second, on average
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    read_units: u32,
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    // Waited for all the time: once it is, ^C ends no program by itself.
    tokio::select! {
        ended = follow(args) => ended?,
        _ = ctrl_c() => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn follow(args: &Args) -> Result<(), Failure> {
    let ledger = Ledger::open(&args.account).await?;
    let now = Timestamp::now();
    let mut follow = Follow::since(args.since.map_or(now, |since| since.before(now)));
    let mut told = None;
    loop {
        let began = Instant::now();
        let selection = Selection {
            provider: args.provider.clone(),
            changed_since: Some(follow.next_pass(Timestamp::now())),
            ..Selection::default()
        };
        let mut changed = Vec::new();
        let read_units =
            survey(&ledger.table, &selection, |stored| changed.extend(follow.unless_shown(stored))).await?;
        changed.sort_by_key(Stored::changed);
        for stored in &changed {
            show(args, stored)?;
        }
        if args.once {
            note(&format!("({read_units} read units)"));
            return Ok(());
        }
        let wait = interval(args, read_units);
        if told != Some(wait) {
            note(&format!("({read_units} read units a pass, every {} s; ^C ends)", wait.as_secs()));
            told = Some(wait);
        }
        sleep(wait.saturating_sub(began.elapsed())).await;
    }
}

/// How long from pass to pass, so that the read units last.
fn interval(args: &Args, read_units: f64) -> Duration {
    let needed = Duration::try_from_secs_f64((read_units / f64::from(args.read_units)).ceil());
    needed.unwrap_or(Duration::MAX).max(Duration::from_secs(args.every))
}

fn show(args: &Args, stored: &Stored) -> Result<(), Failure> {
    let made = event(stored).and_then(Result::ok);
    let event_type = made.as_ref().map_or("-", |(event, _)| &event.event_type);
    if !args.types.is_empty() && !args.types.iter().any(|wanted| wanted == event_type) {
        return Ok(());
    }
    if args.json {
        return match &made {
            Some((_, message)) if stored.state() == State::Sent => print(&on_one_line(&message.body)),
            _ => Ok(()),
        };
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
