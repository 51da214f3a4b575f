//! `usher inspect`.

mod report;

use std::io::Write as _;
use std::process::ExitCode;

use jiff::Timestamp;
use usher_core::policy::Policy;

use crate::aws::Account;
use crate::ledger::{StackLedger, ids};
use crate::terminal::{Failure, print};
use report::Report;

const HELP: &str = "\
The output is personal data: who registered, and how to reach them. Nothing is changed.

IAM: cloudformation:DescribeStacks, dynamodb:GetItem.";

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
    for (index, id) in ids.iter().enumerate() {
        let stored = ids::find(&ledger.table, id).await?;
        if args.raw {
            let body = stored.body.as_ref().ok_or_else(|| format!("the body of {id} was erased"))?;
            std::io::stdout().write_all(&body.unpack(Policy::MAX_BODY_BYTES)?)?;
            continue;
        }
        let report = Report::new(&stored);
        if args.json {
            print(&report.json()?)?;
        } else {
            let blank = if index > 0 { "\n" } else { "" };
            print(&format!("{blank}{}", report.text(Timestamp::now())?))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
