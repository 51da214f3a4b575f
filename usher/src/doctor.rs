//! `usher doctor`: a conformance check of any receiver, from outside.
//!
//! [`probes`] says what is sent and what has to be answered, [`examination`] sends it, [`answers`] looks at all answers
//! together, [`queue`] at what came of them, and [`report`] tells.

mod answers;
mod examination;
mod probe;
mod probes;
mod queue;
mod report;
mod sender;
mod tamper;

use std::process::ExitCode;

use events::{Key, Provider, Secrets, Target};
use usher_core::policy::Policy;

use crate::aws::Account;
use crate::deployed::Deployed;
use crate::terminal::{self, Failure};
use examination::Examination;
use queue::Watched;
pub(crate) use sender::Sender;

const EXAMPLES: &str = "\
Examples:
  usher doctor --provider luma            the stack's function, with the stack's secret
  usher doctor --provider luma --queue    and look into the stack's queue, too
  usher doctor --provider allfly --url https://example.com/hook --secret whsec_…
  usher doctor --provider allfly --url https://example.com/hook
                                          without the secret: only what has to be refused

It sends some sixty requests: genuine ones, and every kind of forgery. A correct receiver makes eight events of them \
(for Lunacal four, the others are pings), which Usher queues as usher.unrecognized. Their type is usher.doctor where \
they have one, and usher-doctor- stands in their ids or bodies. With --no-events nothing is sent that becomes an event.

That a duplicate is not queued again, and that nothing refused is queued, only the queue itself shows. --queue reads \
it, deletes the doctor's own messages and puts others back. Those count as received once more, so use it on a test's \
queue, or while nobody's events are on it. What reads the queue beside it takes from it what it looks for.

Of AWS it needs cloudformation:DescribeStacks and secretsmanager:GetSecretValue, with --queue also \
sqs:GetQueueAttributes, ReceiveMessage, DeleteMessage and ChangeMessageVisibility; nothing with --url and no --queue.

Exit code: 0 all passed, 1 something failed, 2 it could not be run.";

/// Check a deployed URL: does it accept what is genuine, and refuse all else?
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Whose webhooks it receives: luma, lunacal or allfly
    #[arg(long)]
    provider: Provider,
    /// The URL to check [default: that of the provider's function in the stack, with the stack's secret]
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    key: Key,
    /// Send nothing that becomes an event
    #[arg(long)]
    no_events: bool,
    /// Look into this queue for what became of it [default, without URL: the stack's]
    #[arg(long, value_name = "URL", num_args = 0..=1, conflicts_with = "no_events")]
    #[expect(clippy::option_option, reason = "clap's way to tell a bare flag from one with a value")]
    queue: Option<Option<String>>,
    /// The largest body it accepts, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Policy::MAX_BODY_BYTES)]
    max_body_bytes: usize,
    /// How far a signed time may be off, in seconds, more than 60 [default: luma 600, allfly 300]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(61..))]
    tolerance: Option<i64>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: Account,
}

/// What is told apart from a failed check.
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

/// Whether all is well.
async fn examine(args: &Args) -> Result<bool, Failure> {
    let given = args.key.secrets().map_err(events::DeliveryError::Secret)?;
    let (target, secrets, stack_queue) = patient(args, given).await?;
    let sender = Sender::new(args.provider, secrets, args.tolerance, args.max_body_bytes)?;
    let watched = match &args.queue {
        None => None,
        Some(url) => {
            let url = url.clone().or(stack_queue).ok_or("say which queue: --queue URL")?;
            Some(Watched::open(&args.account.load().await?, url).await?)
        }
    };
    let mut examination = Examination::new(&target, &sender);
    report::head(args.json, &examination)?;
    for probe in probes::all() {
        if let Some(row) = examination.probe(&probe, args.no_events)? {
            report::row(args.json, row)?;
        }
    }
    for row in answers::judge(&examination) {
        report::row(args.json, examination.add(row))?;
    }
    if let Some(watched) = watched {
        for row in watched.judge(&examination).await? {
            report::row(args.json, examination.add(row))?;
        }
    }
    report::end(args.json, &examination, args.queue.is_some())?;
    Ok(examination.rows().iter().all(|row| row.passed))
}

/// Who is examined, with which secrets, and the stack's queue where the stack was asked.
async fn patient(
    args: &Args,
    given: Option<Secrets>,
) -> Result<(Target, Option<Secrets>, Option<String>), Failure> {
    if let Some(url) = &args.url {
        let target = Target::parse(url).map_err(|error| format!("--url is {error}"))?;
        return Ok((target, given, None));
    }
    let deployed = Deployed::find(&args.account, args.provider).await;
    let deployed = deployed.map_err(|error| format!("{error} (without a stack, say --url)"))?;
    let secrets = match given {
        Some(secrets) => secrets,
        None => deployed.secrets().await?,
    };
    let queue = deployed.stack.output("QueueUrl")?.to_owned();
    Ok((Target::parse(&deployed.url)?, Some(secrets), Some(queue)))
}
