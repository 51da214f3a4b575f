//! `usher pending`.

mod backlog;

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;
use usher_core::archive::{Selection, Stored};

use crate::ledger::Ledger;
use crate::ledger::survey::survey;
use crate::terminal::table::table;
use crate::terminal::time::age;
use crate::terminal::{Failure, count, print};
use backlog::Backlog;

/// List what has still to be sent, and what is parked
#[derive(clap::Args)]
#[command(after_help = "\
The relay sends what is pending each minute, so what is older than two has failed at least once: see its log. Parked
is what failed twenty times; it is in no index, so --parked reads the whole ledger to find it, at a read unit per
8 KB (100,000 deliveries: about 15,000 units, $0.002). Have it sent again with: usher replay --parked

IAM: cloudformation:DescribeStacks, dynamodb:Query on the table's index \"pending\"; --parked: dynamodb:Scan.")]
pub(crate) struct Args {
    /// List the parked ones, too
    #[arg(long)]
    parked: bool,
    /// List at most so many of either; all are counted
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let ledger = Ledger::open(&args.account).await?;
    let backlog = Backlog::read(&ledger.table).await?;
    let parked = if args.parked { Some(parked(&ledger).await?) } else { None };
    let now = Timestamp::now();
    if args.json {
        print(&json(&backlog, parked.as_deref(), args.limit).to_string())?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&backlog.text(args.limit, now))?;
    match parked {
        Some(parked) => print(&format!("\n{}", parked_text(&parked, args.limit, now)))?,
        None => print("\nParked ones are not looked for: --parked does, and reads the whole ledger.")?,
    }
    Ok(ExitCode::SUCCESS)
}

/// All that is parked, the oldest first.
async fn parked(ledger: &Ledger) -> Result<Vec<Stored>, Failure> {
    let mut parked = Vec::new();
    let selection = Selection { parked: true, ..Selection::default() };
    survey(&ledger.table, &selection, |stored| parked.push(Stored { body: None, ..stored })).await?;
    parked.sort_by_key(|stored| stored.received);
    Ok(parked)
}

fn parked_text(parked: &[Stored], limit: usize, now: Timestamp) -> String {
    if parked.is_empty() {
        return "Nothing is parked.".to_owned();
    }
    let row = |stored: &Stored| {
        let parked = stored.parked.map(|parked| format!("{} ago", age(parked, now))).unwrap_or_default();
        vec![
            stored.event_id(),
            format!("{} ago", age(stored.received, now)),
            parked,
            stored.attempt.to_string(),
        ]
    };
    let rows: Vec<_> = parked.iter().take(limit).map(row).collect();
    let head = ["EVENT", "RECEIVED", "PARKED", "ATTEMPTS"];
    let hint = "Once the cause is gone: usher replay --parked";
    format!("{} parked:\n\n{}\n{hint}", count(parked.len(), "event"), table(&head, &rows))
}

fn json(backlog: &Backlog, parked: Option<&[Stored]>, limit: usize) -> serde_json::Value {
    let mut json = backlog.json(limit);
    if let Some(parked) = parked {
        let list = parked.iter().take(limit).map(|stored| {
            json!({
                "id": stored.event_id(),
                "received": stored.received,
                "parked": stored.parked,
                "attempts": stored.attempt,
            })
        });
        json["parked"] = json!({ "count": parked.len(), "events": list.collect::<Vec<_>>() });
    }
    json
}
