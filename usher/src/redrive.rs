//! `usher redrive`.

pub(crate) mod letters;
mod transfer;

use std::process::ExitCode;

use crate::aws::Account;
use crate::stack::Stack;
use crate::terminal::{Failure, count, print};
use letters::DeadLetters;
use transfer::move_back;

const HELP: &str = "\
Without --yes it only counts. First fix why the consumer failed: a message that is received five times more and not \
deleted becomes a dead letter again.

Each message is sent to the queue, and only then deleted from the dead-letter queue, so nothing is lost. If the command \
is interrupted in between, a message may be there twice (not on a FIFO queue within five minutes). Body and attributes \
stay as they are, and so does the group on a FIFO queue. The order within a group is kept as far as the dead-letter \
queue has it, but behind what the consumer has received since.

SQS has a redrive of its own (aws sqs start-message-move-task), which goes on without this machine. This command shows \
its progress, ends with ^C, and leaves alone the messages that come back while it runs.

IAM: cloudformation:DescribeStacks; on the dead-letter queue sqs:GetQueueAttributes, sqs:ReceiveMessage and \
sqs:DeleteMessage; on the queue sqs:SendMessage.";

/// Move the messages of the dead-letter queue back to the queue
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Move them; without it they are only counted
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Only count, as without --yes
    #[arg(long)]
    dry_run: bool,
    /// Move at most this many
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let config = args.account.load().await?;
    let stack = Stack::read(&config, &args.account.stack).await?;
    let client = aws_sdk_sqs::Client::new(&config);
    let letters = DeadLetters::new(client, stack.output("DeadLetterQueueUrl")?, stack.output("QueueUrl")?);
    let waiting = letters.count().await?;
    if args.yes && !args.dry_run {
        return move_back(&letters, waiting.visible, args.limit).await;
    }
    print(&format!("{} in the dead-letter queue.", count(waiting.visible, "message")))?;
    if waiting.hidden > 0 {
        print(&format!(
            "{} more are hidden for a while: another program has received them.",
            waiting.hidden
        ))?;
    }
    if waiting.visible > 0 {
        print("Nothing was moved. To move them back to the queue, run again with `--yes`.")?;
    }
    Ok(ExitCode::SUCCESS)
}
