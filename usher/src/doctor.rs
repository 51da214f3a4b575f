//! `usher doctor`: a conformance check of any receiver, from outside.
//!
//! [`probes`] lists the requests and the answers they must get, and [`examination`] sends them. [`answers`] checks all
//! answers together, [`queue`] checks the queue, and [`report`] prints the results.

mod answers;
mod examination;
mod probe;
mod probes;
mod queue;
mod report;
mod tamper;

use std::process::ExitCode;

use events::{Provider, SecretArgs, Secrets, Target};
use usher_core::policy::Policy;

use crate::aws::Account;
use crate::deployed::Deployed;
use crate::sender::Sender;
use crate::terminal::{self, Failure};
use examination::Examination;
use queue::WatchedQueue;

const HELP: &str = "\
Examples:
  usher doctor --provider luma            the stack's function and secret
  usher doctor --provider luma --queue    check the stack's queue, too
  usher doctor --provider allfly --url https://example.com/hook --secret whsec_…
  usher doctor --provider allfly --url https://example.com/hook
                                          without the secret: refusals only

It sends about sixty requests: genuine ones, and every kind of forgery. A correct receiver makes eight events of them \
(four for Lunacal and Cal.com, whose others are pings), which Usher queues as usher.unrecognized, or as usher.received for \
standard. Their ids or bodies contain \
usher-doctor-, and their type is usher.doctor where they have one. With --no-events it sends nothing that becomes an \
event.

Only the queue shows that a duplicate is not queued again, and that nothing refused is queued. --queue reads it, deletes \
the doctor's own messages and puts others back. Those count as received once more, so use it on a test queue, or while \
no other events are on it. Stop the queue's consumers first: they would take the messages that the doctor looks for.

IAM: cloudformation:DescribeStacks and secretsmanager:GetSecretValue; with --queue also sqs:GetQueueAttributes, \
sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility; nothing with --url and without --queue.

Exit code: 0 if everything passed, 1 if a check failed, 2 if it could not run.";

/// Check that a deployed URL accepts genuine deliveries and refuses all others
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Provider that sends to the URL
    #[arg(long)]
    provider: Provider,
    /// URL to check [default: the URL of the provider's function in the stack, with the stack's secret]
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    secret: SecretArgs,
    /// Send nothing that becomes an event
    #[arg(long)]
    no_events: bool,
    /// Check the messages on this queue, too [default, without a URL: the stack's queue]
    #[arg(long, value_name = "URL", num_args = 0..=1, conflicts_with = "no_events")]
    #[expect(clippy::option_option, reason = "clap's way to tell a bare flag from one with a value")]
    queue: Option<Option<String>>,
    /// Largest body that it accepts, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Policy::MAX_BODY_BYTES)]
    max_body_bytes: usize,
    /// Seconds by which a signed time may be off, more than 60 [default: luma 600, allfly 300]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(61..))]
    tolerance: Option<i64>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: Account,
}

/// The exit code that differs from the one of a failed check.
const COULD_NOT_RUN: u8 = 2;

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    match examine(args).await {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        Err(error) => {
            terminal::fail(&error);
            Ok(ExitCode::from(COULD_NOT_RUN))
        }
    }
}

/// Runs all checks, and returns whether they passed.
async fn examine(args: &Args) -> Result<bool, Failure> {
    let given = args.secret.secrets()?;
    let (target, secrets, stack_queue) = receiver(args, given).await?;
    let sender = Sender::new(args.provider, secrets, args.tolerance, args.max_body_bytes)?;
    let watched = match &args.queue {
        None => None,
        Some(url) => {
            let url = url.clone().or(stack_queue).ok_or("without a stack, name the queue: --queue URL")?;
            Some(WatchedQueue::open(&args.account.load().await?, url).await?)
        }
    };
    let mut examination = Examination::new(&target, &sender);
    report::print_head(args.json, &examination)?;
    for probe in probes::all() {
        if let Some(row) = examination.run(&probe, args.no_events)? {
            report::print_row(args.json, row)?;
        }
    }
    for row in answers::judge(&examination) {
        report::print_row(args.json, examination.add(row))?;
    }
    if let Some(watched) = watched {
        for row in watched.judge(&examination).await? {
            report::print_row(args.json, examination.add(row))?;
        }
    }
    report::print_summary(args.json, &examination, args.queue.is_some())?;
    Ok(examination.rows().iter().all(|row| row.passed))
}

/// Returns the URL to examine, the secrets if they are known and, if the stack was read, its queue.
async fn receiver(
    args: &Args,
    given: Option<Secrets>,
) -> Result<(Target, Option<Secrets>, Option<String>), Failure> {
    if let Some(url) = &args.url {
        let target = Target::parse(url).map_err(|error| format!("--url is {error}"))?;
        return Ok((target, given, None));
    }
    let deployed = Deployed::find(&args.account, args.provider).await;
    let deployed = deployed.map_err(|error| format!("{error} (without a stack, add --url)"))?;
    let secrets = match given {
        Some(secrets) => secrets,
        None => deployed.secrets().await?,
    };
    let queue = deployed.stack.output("QueueUrl")?.to_owned();
    Ok((Target::parse(&deployed.url)?, Some(secrets), Some(queue)))
}
