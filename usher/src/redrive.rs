//! `usher redrive`.

pub(crate) mod letters;
mod transfer;

use std::process::ExitCode;

use serde_json::json;

use crate::aws::Account;
use crate::stack::Stack;
use crate::terminal::interrupt::INTERRUPTED;
use crate::terminal::{Failure, count, note, print};
use letters::{DeadLetters, Waiting};
use transfer::{Transfer, move_back};

const HELP: &str = "\
Without --yes it only counts. First fix why the consumer failed: a message that is received five times more and not \
deleted becomes a dead letter again.

Each message is sent to the queue, and only then deleted from the dead-letter queue, so none is lost. If the command is \
killed in between, or SQS does not answer, a message may be there twice, with the same event id; the command says so. On a \
FIFO queue SQS drops the second copy if you run the command again within five minutes. Body, attributes and a FIFO queue's \
group stay as they are. The order within a group is kept as far as the dead-letter queue has it, but behind what the \
consumer has received since: if a message is not accepted, the later ones of its group stay, too.

SQS has a redrive of its own (aws sqs start-message-move-task), which goes on without this machine. It takes no \
number to stop at (API Reference), so it may move messages in a circle while the consumer still fails. This command shows \
its progress, ends with ^C, and leaves alone what becomes a dead letter again while it runs.

IAM: cloudformation:DescribeStacks; on the dead-letter queue sqs:GetQueueAttributes, sqs:ReceiveMessage and \
sqs:DeleteMessage; on the queue sqs:SendMessage.

Exit status: 0 if all were moved, or only counted; 1 if it failed, or a message is not where it should be; 2 for wrong \
usage; 130 if it was interrupted.";

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
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let config = args.account.load().await?;
    let stack = Stack::read(&config, &args.account.stack).await?;
    let client = aws_sdk_sqs::Client::new(&config);
    let letters = DeadLetters::new(client, stack.output("DeadLetterQueueUrl")?, stack.output("QueueUrl")?);
    let waiting = letters.count().await?;
    let is_real = args.yes && !args.dry_run;
    let transfer =
        if is_real { move_back(&letters, waiting.visible, args.limit).await } else { Transfer::default() };
    if args.json {
        print_json(&waiting, &transfer, is_real)?;
    } else if is_real {
        print_moved(&transfer)?;
    } else {
        print_waiting(&waiting)?;
    }
    if let Some(failure) = transfer.stopped {
        note("Stopped. To move the rest, run the same command again in a minute");
        return Err(failure);
    }
    if transfer.is_interrupted {
        note("Interrupted. To move the rest, run the same command again");
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(if transfer.amiss() > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn print_waiting(waiting: &Waiting) -> Result<(), Failure> {
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
    Ok(())
}

fn print_moved(transfer: &Transfer) -> Result<(), Failure> {
    print(&format!("Moved {} back to the queue.", count(transfer.moved, "message")))?;
    for (number, what) in [
        (transfer.rejected, "not accepted by the queue, and still in the dead-letter queue"),
        (transfer.held_back, "left behind one of their group that was not accepted"),
        (
            transfer.unconfirmed,
            "perhaps sent, since the queue did not answer, and still in the dead-letter queue: they may be sent twice",
        ),
        (transfer.undeleted, "sent, but not deleted from the dead-letter queue: they would be sent again"),
        (transfer.dead_again, "dead letters again, and left there: the consumer still fails"),
    ] {
        if number > 0 {
            note(&format!("{number} {what}"));
        }
    }
    Ok(())
}

fn print_json(waiting: &Waiting, transfer: &Transfer, is_real: bool) -> Result<(), Failure> {
    let document = json!({
        "waiting": waiting.visible,
        "hidden": waiting.hidden,
        "changes_made": is_real,
        "moved": transfer.moved,
        "rejected": transfer.rejected,
        "held_back": transfer.held_back,
        "unconfirmed": transfer.unconfirmed,
        "undeleted": transfer.undeleted,
        "dead_again": transfer.dead_again,
    });
    print(&document.to_string())
}
