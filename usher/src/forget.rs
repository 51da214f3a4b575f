//! `usher forget`.

mod erasure;
mod report;
mod search;

use std::path::PathBuf;
use std::process::ExitCode;

use mention::{Address, Person, PersonId, Phone};
use usher_core::ledger::operator::{Item, Selection};

use crate::aws::Account;
use crate::ledger::StackLedger;
use crate::ledger::price::announce;
use crate::ledger::survey::survey;
use crate::terminal::interrupt::{INTERRUPTED, Interrupt};
use crate::terminal::{Failure, note, print};
use erasure::{Left, Stopped, erase};
use report::{ELSEWHERE, Report, ReportFile};
use search::Search;

const HELP: &str = "\
Without --yes it only counts. It reads the whole ledger, and again after it has erased something, until nothing new is \
found. That takes a read unit per 4 KB and pass (100,000 deliveries: about 30,000 units, $0.004). Check the column ROLE \
before you erase: a host's address is in the bookings of all guests.

An address is found in any case, Unicode normal form, and either form of an international domain; escaped as JSON, in a \
URL or form, as HTML or quoted-printable, and in any of these within another. A number is found whatever separates its \
digits, with and without + or 00. An id is found as a whole JSON string or number of that provider's deliveries; a number \
may be the id of something else, too.

The body is erased. Key, digest and times stay until they expire, so the same delivery is still recognized as a \
duplicate. An erased event can no longer be inspected, replayed or sent.

Not found: deliveries with only a name or another address of the person, and what is in base64 or an image. Give every \
address, number and id. What could not be searched is listed.

IAM: cloudformation:DescribeStacks, dynamodb:Scan, dynamodb:UpdateItem; to tell the price before, dynamodb:DescribeTable.

Exit status: 0 if all was done; 1 if it failed, left something, or could not search everything; 2 for wrong usage; 130 if \
it was interrupted.

Examples:
  usher forget --email ada@example.com --phone '+49 30 1234567'
  usher forget --id luma:usr-x1 --yes --report erasure-17.json";

/// Erase a person's deliveries from the ledger
#[derive(clap::Args)]
#[command(after_help = HELP, override_usage = "usher forget [OPTIONS] <--email|--phone|--id>...")]
#[group(id = "who", required = true, multiple = true, args = ["emails", "phones", "ids"])]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// E-mail address of the person; may be given more than once
    #[arg(long = "email", value_name = "ADDRESS", value_parser = Address::parse)]
    emails: Vec<Address>,
    /// Telephone number of the person; may be given more than once
    #[arg(long = "phone", value_name = "NUMBER", value_parser = Phone::parse)]
    phones: Vec<Phone>,
    /// Provider's id of the person, such as luma:usr-x1; may be given more than once
    #[arg(long = "id", value_name = "PROVIDER:ID", value_parser = id_of_a_provider)]
    ids: Vec<PersonId>,
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
    /// Write a report to this new file: what was erased, when, by key, and nothing of the person
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print the report, one JSON document, in place of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: Account,
}

/// The passes after which it gives up: deliveries of the person arrive as fast as they are erased.
const MAX_PASSES: usize = 10;

fn id_of_a_provider(text: &str) -> Result<PersonId, String> {
    let id = PersonId::parse(text).map_err(|error| error.to_string())?;
    let names = events::Provider::ALL.map(events::Provider::name);
    if names.contains(&id.provider()) {
        Ok(id)
    } else {
        Err(format!("{} is no provider: those are {}", id.provider(), names.join(", ")))
    }
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let person =
        Person { addresses: args.emails.clone(), phones: args.phones.clone(), ids: args.ids.clone() };
    let ledger = StackLedger::open(&args.account).await?;
    let mut file = args.report.as_deref().map(ReportFile::create).transpose()?;
    announce(&ledger.table, true).await;
    let began = ledger.clock.now();
    let search = pass(&ledger, &person).await?;
    let is_real = args.yes && !args.dry_run;
    if !args.json {
        show(args, &search, &ledger)?;
    }
    let mut report = Report {
        stack: args.account.stack.clone(),
        began,
        ended: began,
        is_real,
        passes: 1,
        searched: search.searched,
        found: search.found.len(),
        erased: Vec::new(),
        left: Vec::new(),
        unread: search.unread.clone(),
        is_complete: true,
    };
    let stopped = if is_real {
        erase_until_none_is_left(args, &ledger, &person, search.found, &mut report, file.as_mut()).await
    } else {
        None
    };
    report.ended = ledger.clock.now();
    if let Some(file) = &mut file {
        file.write(&report.json(&person))?;
    }
    if args.json {
        print(&report.json(&person).to_string())?;
    } else {
        print_end(&report)?;
    }
    match stopped {
        Some(Ended::Interrupted) => {
            note("Interrupted. To erase the rest, run the same command again (with another --report)");
            Ok(ExitCode::from(INTERRUPTED))
        }
        Some(Ended::Failed(failure)) => {
            note("Stopped. To erase the rest, run the same command again (with another --report)");
            Err(failure)
        }
        None if report.unread.is_empty() && report.left.is_empty() && report.is_complete => {
            Ok(ExitCode::SUCCESS)
        }
        None => Ok(ExitCode::FAILURE),
    }
}

/// The reason why an erasure ended before its last pass.
enum Ended {
    Interrupted,
    Failed(Failure),
}

/// Reads the whole ledger once, with every write that was answered before.
async fn pass<'p>(ledger: &StackLedger, person: &'p Person) -> Result<Search<'p>, Failure> {
    let mut search = Search::new(person);
    let everything = Selection { consistent: true, ..Selection::default() };
    let surveyed = survey(&ledger.table, &everything, |stored| search.examine(stored)).await?;
    for ledger_key in surveyed.unreadable {
        search.leave(ledger_key, "it is not an item of Usher's");
    }
    Ok(search)
}

/// Erases what was found, and searches again until nothing more is erased. A scan is no snapshot: what arrives, or is
/// stored anew, behind its place is found by the next pass only.
async fn erase_until_none_is_left(
    args: &Args,
    ledger: &StackLedger,
    person: &Person,
    mut found: Vec<Item>,
    report: &mut Report,
    mut file: Option<&mut ReportFile>,
) -> Option<Ended> {
    let interrupt = Interrupt::listen();
    while !found.is_empty() {
        let pass_of_erasure = erase(ledger, found, args.also_pending, &interrupt).await;
        let erased = pass_of_erasure.erased.len();
        report.erased.extend(pass_of_erasure.erased);
        report.left = pass_of_erasure.left;
        report.ended = ledger.clock.now();
        if let Some(file) = file.as_deref_mut()
            && let Err(failure) = file.write(&report.json(person))
        {
            return Some(Ended::Failed(failure));
        }
        match pass_of_erasure.stopped {
            Some(Stopped::Interrupted) => return Some(Ended::Interrupted),
            Some(Stopped::Failed(error)) => return Some(Ended::Failed(error.into())),
            None if erased == 0 => return None,
            None => {}
        }
        report.is_complete = report.passes < MAX_PASSES;
        if !report.is_complete {
            return None;
        }
        let search = match pass(ledger, person).await {
            Ok(search) => search,
            Err(failure) => return Some(Ended::Failed(failure)),
        };
        report.passes += 1;
        report.unread = search.unread;
        found = search.found;
        if found.is_empty() {
            report.left.clear();
        }
    }
    None
}

/// Prints what was found, and what `--yes` would do.
fn show(args: &Args, search: &Search<'_>, ledger: &StackLedger) -> Result<(), Failure> {
    print(&search.text())?;
    if args.list {
        let ids: Vec<String> = search.found.iter().map(Item::event_id).collect();
        print(&format!("\n{}", ids.join("\n")))?;
    }
    if search.found.is_empty() || (args.yes && !args.dry_run) {
        return Ok(());
    }
    let (unsent, being_sent) = (search.pending(), search.being_sent(ledger.clock.now()));
    if being_sent > 0 {
        print(&format!(
            "\n{being_sent} of them may be being sent at this moment. They can be erased in a minute."
        ))?;
    }
    if unsent > 0 && !args.also_pending {
        print(&format!(
            "\n{unsent} of them are pending. They are not erased before they are sent, unless you add --also-pending."
        ))?;
    }
    print("\nNothing was erased. To erase them, run again with `--yes`. This cannot be undone.")
}

fn print_end(report: &Report) -> Result<(), Failure> {
    if report.is_real && report.found > 0 {
        let passes = report.passes;
        print(&format!("\nErased the bodies of {}, in {passes} passes.", report.erased.len()))?;
        for why in Left::ALL {
            let number = report.left.iter().filter(|(_, left)| *left == why).count();
            if number > 0 {
                print(&format!("Left: {number} {}. {}", why.why(), why.advice()))?;
            }
        }
        if !report.is_complete {
            print("Deliveries of the person still arrive. Run the same command again.")?;
        }
    }
    print(&format!(
        "\nCopies may still be elsewhere:\n  - {}\nUsher's logs hold no personal data: only ids, outcomes and timings.",
        ELSEWHERE.join("\n  - ")
    ))
}
