//! `usher inspect`.

mod report;

use std::io::Write as _;
use std::process::ExitCode;

use usher_core::policy::Policy;

use crate::aws::Account;
use crate::ledger::{StackLedger, ids};
use crate::terminal::{Failure, print};
use report::Report;

const HELP: &str = "\
The output is personal data: who registered, and how to reach them. Nothing is changed. The ledger keeps what was \
received, not what was sent: the event shown is the one that would be made today.

IAM: cloudformation:DescribeStacks, dynamodb:GetItem.

Exit status: 0 if all were shown and are as they were received; 1 if it failed, or a body is not the one whose digest is \
stored; 2 for wrong usage; 130 if it was interrupted.";

/// Show all that is stored of a delivery, and its event as it would be normalized today
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Event's id (luma:…) or the ledger's key (luma#…); - reads ids from standard input, one per line
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Print one line of JSON for each
    #[arg(long)]
    json: bool,
    /// Print the body alone, byte for byte as it was received
    #[arg(long, conflicts_with = "json")]
    raw: bool,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let ids = ids::collect(&args.ids)?;
    let ledger = StackLedger::open(&args.account).await?;
    let mut all_intact = true;
    for (index, id) in ids.iter().enumerate() {
        let stored = ids::find(&ledger.table, id).await?;
        if args.raw {
            let body = stored.body.as_ref().ok_or_else(|| format!("the body of {id} was erased"))?;
            std::io::stdout().write_all(&body.unpack(Policy::MAX_BODY_BYTES)?)?;
            continue;
        }
        let report = Report::new(&stored);
        all_intact &= report.is_intact();
        if args.json {
            print(&report.json()?)?;
        } else {
            let blank = if index > 0 { "\n" } else { "" };
            print(&format!("{blank}{}", report.text(ledger.clock.now())?))?;
        }
    }
    Ok(if all_intact { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
