//! `usher pending`.

pub(crate) mod list;

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;
use usher_core::ledger::operator::{Item, Selection};

use crate::aws::Account;
use crate::ledger::StackLedger;
use crate::ledger::price::announce;
use crate::ledger::survey::survey;
use crate::terminal::table::table;
use crate::terminal::time::age;
use crate::terminal::{Failure, count, print};
use list::PendingList;

const HELP: &str = "\
The relay sends pending events each minute, so an event older than two minutes has failed at least once: see the \
relay's log. An event is parked once it has failed twenty times. No index lists the parked ones, so --parked reads the \
whole ledger, at one read unit per 8 KB (100,000 deliveries: about 15,000 units, $0.002). To send them again: \
usher replay --parked

IAM: cloudformation:DescribeStacks, dynamodb:Query on the table's index \"pending\"; --parked: dynamodb:Scan and, to tell \
the price before, dynamodb:DescribeTable.

Exit status: 0 if nothing is overdue or parked; 1 if it failed, an event has been due for two minutes, or --parked found \
one; 2 for wrong usage; 130 if it was interrupted.";

/// List the events that are still to be sent, and those that are parked
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// List the parked ones, too
    #[arg(long)]
    parked: bool,
    /// List at most this many of either; all are counted
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let ledger = StackLedger::open(&args.account).await?;
    let pending = PendingList::read(&ledger.table).await?;
    let parked = if args.parked { Some(parked(&ledger).await?) } else { None };
    let now = ledger.clock.now();
    let is_well = !pending.is_overdue(now) && parked.as_ref().is_none_or(Vec::is_empty);
    let status = if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if args.json {
        print(&json(&pending, parked.as_deref(), args.limit).to_string())?;
        return Ok(status);
    }
    print(&pending.text(args.limit, now))?;
    match parked {
        Some(parked) => print(&format!("\n{}", parked_text(&parked, args.limit, now)))?,
        None => print(
            "\nParked events are not listed. To list them, add --parked, which reads the whole ledger.",
        )?,
    }
    Ok(status)
}

/// Reads all parked items, the oldest first, without their bodies.
async fn parked(ledger: &StackLedger) -> Result<Vec<Item>, Failure> {
    let mut parked = Vec::new();
    let selection = Selection { parked: true, ..Selection::default() };
    announce(&ledger.table, false).await;
    let surveyed =
        survey(&ledger.table, &selection, |stored| parked.push(Item { body: None, ..stored })).await?;
    surveyed.note_unreadable();
    parked.sort_by_key(|stored| stored.received);
    Ok(parked)
}

fn parked_text(parked: &[Item], limit: usize, now: Timestamp) -> String {
    if parked.is_empty() {
        return "Nothing is parked.".to_owned();
    }
    let row = |stored: &Item| {
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
    let hint = "Once the cause is fixed: usher replay --parked";
    format!("{} parked:\n\n{}\n{hint}", count(parked.len(), "event"), table(&head, &rows))
}

fn json(pending: &PendingList, parked: Option<&[Item]>, limit: usize) -> serde_json::Value {
    let mut json = pending.json(limit);
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
