//! `usher forget`.

mod search;

use std::process::ExitCode;

use jiff::Timestamp;
use usher_core::archive::{Archive as _, Selection, Stored};
use usher_core::ledger::{State, Transition};
use usher_core::mention::Address;

use crate::ledger::Ledger;
use crate::ledger::survey::survey;
use crate::terminal::interrupt::{INTERRUPTED, Interrupt};
use crate::terminal::{Failure, note, print, progress};
use search::Search;

/// Erase a person's deliveries from the ledger
#[derive(clap::Args)]
#[command(after_help = "\
Without --yes it only counts. It reads the whole ledger, at a read unit per 8 KB (100,000 deliveries: about 15,000
units, $0.002), and looks for the address in every stored body, in any case and however it is escaped. A delivery is
the person's if the address stands anywhere in it: look at the column ROLE before you erase, since a host's address is
in the bookings of all guests.

What is erased is the body. Key, digest and times stay until they expire, so that the same delivery coming again is
still a duplicate; there is nothing left to inspect, replay or send.

Not found: what has only a name, a telephone number or another address of the same person. Give every address.

IAM: cloudformation:DescribeStacks, dynamodb:Scan, dynamodb:UpdateItem.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// The person's e-mail address; may be given more than once
    #[arg(long = "email", value_name = "ADDRESS", required = true, value_parser = Address::parse)]
    emails: Vec<Address>,
    /// Erase them; else they are only counted
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Only count, as without --yes
    #[arg(long)]
    dry_run: bool,
    /// Erase even what has still to be sent: no consumer ever gets it
    #[arg(long)]
    also_pending: bool,
    /// List the ids of the deliveries, too
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    account: crate::aws::Account,
}

/// What no erasure in the ledger reaches.
const ELSEWHERE: &str = "\
Copies may still be elsewhere:
  - backups: point-in-time recovery can restore the table as of any second of the last 35 days
  - the queue, for 7 days, and the dead-letter queue, for 14: events not yet consumed
  - whatever your consumers stored of the events they got
  - the provider itself
Usher's logs hold none: ids, outcomes and timings only.";

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let ledger = Ledger::open(&args.account).await?;
    let mut search = Search::new(&args.emails);
    survey(&ledger.table, &Selection::default(), |stored| search.look(stored)).await?;
    print(&search.text())?;
    if args.list {
        print(&search.found.iter().map(Stored::event_id).collect::<Vec<_>>().join("\n"))?;
    }
    if search.found.is_empty() {
        print(ELSEWHERE)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.yes && !args.dry_run {
        return erase(&ledger, &search.found, args.also_pending).await;
    }
    let unsent = search.pending();
    if unsent > 0 && !args.also_pending {
        print(&format!(
            "Of them {unsent} pending: not erased before they are sent, unless with --also-pending."
        ))?;
    }
    print(&format!("Nothing was erased. To erase them, say --yes. It cannot be undone.\n\n{ELSEWHERE}"))?;
    Ok(ExitCode::SUCCESS)
}

/// Erases one after the other. Interrupted or run again, it finds what is left, and nothing else.
async fn erase(ledger: &Ledger, found: &[Stored], also_pending: bool) -> Result<ExitCode, Failure> {
    let interrupt = Interrupt::watch();
    let bar = progress("Erasing", found.len() as u64);
    let (mut erased, mut left, mut changed) = (0, 0, 0);
    for seen in found {
        if interrupt.came() {
            bar.abandon();
            note(&format!(
                "Interrupted after {erased} of {}. Say the same again to erase the rest",
                found.len()
            ));
            return Ok(ExitCode::from(INTERRUPTED));
        }
        bar.inc(1);
        if seen.state() == State::Pending && !also_pending {
            left += 1;
            continue;
        }
        // What is unsent has no expiry yet; a tombstone needs one.
        let expires = seen.received + ledger.retention;
        match ledger.table.forget(seen, Timestamp::now(), expires).await {
            Ok(Transition::Done) => erased += 1,
            Ok(Transition::Overtaken) => changed += 1,
            Err(error) => {
                bar.abandon();
                note(&format!(
                    "Stopped after {erased} of {}. Say the same again to erase the rest",
                    found.len()
                ));
                return Err(error.into());
            }
        }
    }
    bar.finish_and_clear();
    print(&format!("Erased the bodies of {erased} of {}.", found.len()))?;
    if left > 0 {
        print(&format!(
            "Left: {left} pending. Wait until they are sent, and say it again; or --also-pending."
        ))?;
    }
    if changed > 0 {
        print(&format!("Left: {changed} that changed meanwhile. Say it again."))?;
    }
    print(&format!("\n{ELSEWHERE}"))?;
    Ok(if left + changed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
