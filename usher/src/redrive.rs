//! `usher redrive`.

mod letters;
mod run;

use std::process::ExitCode;

use crate::stack::Stack;
use crate::terminal::{Failure, count, print};
use letters::DeadLetters;

/// Move what is in the dead-letter queue back to the queue
#[derive(clap::Args)]
#[command(after_help = "\
Without --yes it only counts. Mend first what made the consumer fail: what is received five times more and not deleted
comes back.

Each message is sent to the queue, and only then deleted from the dead-letter queue, so nothing is lost; interrupted in
between, a message may be there twice (on a FIFO queue within five minutes it isn't). Body and attributes stay as they
are, on a FIFO queue the group, too. Order is kept within a group as far as the dead-letter queue has it; what the
consumer got meanwhile is ahead of it.

SQS has a redrive of its own (aws sqs start-message-move-task), which goes on without this machine. This one shows what
it does, ends with ^C, and leaves alone what comes back while it runs.

IAM: cloudformation:DescribeStacks; on the dead-letter queue sqs:GetQueueAttributes, sqs:ReceiveMessage,
sqs:DeleteMessage; on the queue sqs:SendMessage.")]
pub(crate) struct Args {
    /// Move them; else they are only counted
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Only count, as without --yes
    #[arg(long)]
    dry_run: bool,
    /// Move at most so many
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let config = args.account.load().await?;
    let stack = Stack::read(&config, &args.account.stack).await?;
    let client = aws_sdk_sqs::Client::new(&config);
    let letters = DeadLetters::new(client, stack.output("DeadLetterQueueUrl")?, stack.output("QueueUrl")?);
    let waiting = letters.count().await?;
    if args.yes && !args.dry_run {
        return run::run(&letters, waiting.visible, args.limit).await;
    }
    print(&format!("{} in the dead-letter queue.", count(waiting.visible, "message")))?;
    if waiting.hidden > 0 {
        print(&format!("{} more being looked at by somebody: hidden for a while.", waiting.hidden))?;
    }
    if waiting.visible > 0 {
        print("Nothing was moved. To move them back to the queue, say --yes.")?;
    }
    Ok(ExitCode::SUCCESS)
}
