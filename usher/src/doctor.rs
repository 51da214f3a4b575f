//! `usher doctor`: a conformance check of any receiver, from outside.
//!
//! [`probes`] lists the requests and the answers they must get, and [`examination`] sends them. [`answers`] checks all
//! answers together, [`queue`] checks the queue, and [`report`] prints the results.

mod answers;
mod examination;
mod probe;
mod probes;
mod queue;
mod reach;
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
  usher doctor --provider luma --name berlin     with that calendar's secret
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

Exit status: 0 if everything passed, 1 if a check failed or it could not run, 2 for wrong usage. Standard output has a \
report only if it ran.";

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
    /// Largest body that it accepts, in bytes [default: the stack's MaxBodyBytes; with --url 262144]
    #[arg(long, value_name = "BYTES")]
    max_body_bytes: Option<usize>,
    /// Seconds by which a signed time may be off [default: the stack's LumaToleranceSeconds; with --url luma 600; allfly 300]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(1..=86400))]
    tolerance: Option<i64>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: Account,
}

/// The exit status for arguments that say nothing to examine, as clap has it for those that it refuses itself.
const WRONG_USAGE: u8 = 2;

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let given = match Given::read(args) {
        Ok(given) => given,
        Err(error) => {
            terminal::fail(&error);
            return Ok(ExitCode::from(WRONG_USAGE));
        }
    };
    Ok(if examine(args, given).await? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The arguments that the command line does not check by itself.
struct Given {
    target: Option<Target>,
    secrets: Option<Secrets>,
}

impl Given {
    fn read(args: &Args) -> Result<Self, Failure> {
        let target = args.url.as_deref().map(Target::parse).transpose();
        let target = target.map_err(|error| format!("--url is {error}"))?;
        if target.is_some() && args.queue.as_ref().is_some_and(Option::is_none) {
            return Err("without a stack, name the queue: --queue URL".into());
        }
        Ok(Self { target, secrets: args.secret.secrets()? })
    }
}

/// The receiver to examine, and its settings.
struct Receiver {
    target: Target,
    secrets: Option<Secrets>,
    max_body_bytes: Option<usize>,
    tolerance: Option<i64>,
    /// The stack's queue, if the stack was read.
    queue: Option<String>,
}

/// Runs all checks, and returns whether they passed.
async fn examine(args: &Args, given: Given) -> Result<bool, Failure> {
    let receiver = receiver(args, given).await?;
    let max_body_bytes = args.max_body_bytes.or(receiver.max_body_bytes).unwrap_or(Policy::MAX_BODY_BYTES);
    let tolerance = args.tolerance.or(receiver.tolerance);
    let sender = Sender::new(args.provider, receiver.secrets, tolerance, max_body_bytes)?;
    let watched = match &args.queue {
        None => None,
        Some(url) => {
            let url = url.clone().or(receiver.queue).ok_or("without a stack, name the queue: --queue URL")?;
            Some(WatchedQueue::open(&args.account.load().await?, url).await?)
        }
    };
    let mut examination = Examination::new(&receiver.target, &sender);
    report::print_head(args.json, &examination)?;
    for probe in probes::all() {
        if let Some(row) = examination.run(&probe, args.no_events)? {
            report::print_row(args.json, row)?;
        }
    }
    for row in answers::judge(&examination).into_iter().chain(answers::judge_secret(&sender)) {
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

/// Finds the URL to examine, the secrets if they are known and, if the stack is read, its settings and its queue.
async fn receiver(args: &Args, given: Given) -> Result<Receiver, Failure> {
    let Given { target, secrets } = given;
    if let Some(target) = target {
        return Ok(Receiver { target, secrets, max_body_bytes: None, tolerance: None, queue: None });
    }
    let deployed = Deployed::find(&args.account, args.provider).await;
    let deployed = deployed.map_err(|error| format!("{error} (without a stack, add --url)"))?;
    let secrets = match secrets {
        Some(secrets) => secrets,
        None => deployed.secrets(args.secret.name.as_ref()).await?,
    };
    Ok(Receiver {
        target: Target::parse(&deployed.url)?,
        secrets: Some(secrets),
        max_body_bytes: deployed.stack.max_body_bytes(),
        tolerance: deployed.stack.tolerance(args.provider),
        queue: Some(deployed.stack.output("QueueUrl")?.to_owned()),
    })
}
