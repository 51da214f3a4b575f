//! `usher forget`.

mod search;

use std::process::ExitCode;

use jiff::Timestamp;
use usher_core::ledger::operator::{Item, OperatorLedger as _, Selection};
use usher_core::ledger::{State, Transition};
use usher_core::mention::Address;

use crate::aws::Account;
use crate::ledger::StackLedger;
use crate::ledger::survey::survey;
use crate::terminal::interrupt::{INTERRUPTED, Interrupt};
use crate::terminal::{Failure, note, print, progress};
use search::Search;

const HELP: &str = "\
Without --yes it only counts. It reads the whole ledger, at one read unit per 8 KB (100,000 deliveries: about 15,000 \
units, $0.002), and searches every stored body for the address, in upper and lower case and in every JSON escape. A \
delivery counts as the person's if it contains the address anywhere. Check the column ROLE before you erase: a host's \
address is in the bookings of all guests.

The body is erased. Key, digest and times stay until they expire, so the same delivery is still recognized as a \
duplicate. An erased event can no longer be inspected, replayed or sent.

Not found: deliveries with only a name, a telephone number or another address of the person. Give every address.

IAM: cloudformation:DescribeStacks, dynamodb:Scan, dynamodb:UpdateItem.";

/// Erase a person's deliveries from the ledger
#[derive(clap::Args)]
#[command(after_help = HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// E-mail address of the person; may be given more than once
    #[arg(long = "email", value_name = "ADDRESS", required = true, value_parser = Address::parse)]
    emails: Vec<Address>,
    /// Erase them; without it they are only counted
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Only count, as without --yes
    #[arg(long)]
    dry_run: bool,
    /// Erase even deliveries that are still to be sent: no consumer ever gets them
    #[arg(long)]
    also_pending: bool,
    /// List the ids of the deliveries, too
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    account: Account,
}

/// The copies that no erasure in the ledger reaches.
const ELSEWHERE: &str = "\
Copies may still be elsewhere:
  - backups: point-in-time recovery can restore the table as of any second of the last 35 days
  - the queue, for 7 days, and the dead-letter queue, for 14: events not yet consumed
  - whatever your consumers stored of the events they received
  - the provider itself
Usher's logs hold no personal data: only ids, outcomes and timings.";

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let ledger = StackLedger::open(&args.account).await?;
    let mut search = Search::new(&args.emails);
    survey(&ledger.table, &Selection::default(), |stored| search.examine(stored)).await?;
    print(&search.text())?;
    if args.list {
        let ids: Vec<String> = search.found.iter().map(Item::event_id).collect();
        print(&format!("\n{}", ids.join("\n")))?;
    }
    if search.found.is_empty() {
        print(&format!("\n{ELSEWHERE}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.yes && !args.dry_run {
        return erase(&ledger, &search.found, args.also_pending).await;
    }
    let unsent = search.pending();
    if unsent > 0 && !args.also_pending {
        print(&format!(
            "\n{unsent} of them are pending. They are not erased before they are sent, unless you add --also-pending."
        ))?;
    }
    print(&format!(
        "\nNothing was erased. To erase them, run again with `--yes`. This cannot be undone.\n\n{ELSEWHERE}"
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Erases the bodies one after the other. After an interruption the command finds only those that are left.
async fn erase(ledger: &StackLedger, found: &[Item], also_pending: bool) -> Result<ExitCode, Failure> {
    let interrupt = Interrupt::listen();
    let bar = progress("Erasing", found.len() as u64);
    let (mut erased, mut left, mut busy, mut changed) = (0, 0, 0, 0);
    for seen in found {
        if interrupt.is_pressed() {
            bar.abandon();
            note(&format!(
                "Interrupted after {erased} of {}. To erase the rest, run the same command again",
                found.len()
            ));
            return Ok(ExitCode::from(INTERRUPTED));
        }
        bar.inc(1);
        if seen.state() == State::Pending && !also_pending {
            left += 1;
            continue;
        }
        // An unsent item has no expiry yet, but a tombstone needs one.
        let expires = seen.received + ledger.retention;
        let now = Timestamp::now();
        match ledger.table.forget(seen, now, expires).await {
            Ok(Transition::Done) => erased += 1,
            Ok(Transition::Overtaken) if seen.is_being_sent(now) => busy += 1,
            Ok(Transition::Overtaken) => changed += 1,
            Err(error) => {
                bar.abandon();
                note(&format!(
                    "Stopped after {erased} of {}. To erase the rest, run the same command again",
                    found.len()
                ));
                return Err(error.into());
            }
        }
    }
    bar.finish_and_clear();
    print(&format!("\nErased the bodies of {erased} of {}.", found.len()))?;
    if left > 0 {
        print(&format!(
            "Left: {left} pending. Run the same command again once they are sent, or add --also-pending."
        ))?;
    }
    if busy > 0 {
        print(&format!("Left: {busy} being sent at this moment. Run the same command again in a minute."))?;
    }
    if changed > 0 {
        print(&format!("Left: {changed} that changed meanwhile. Run the same command again."))?;
    }
    print(&format!("\n{ELSEWHERE}"))?;
    Ok(if left + busy + changed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
