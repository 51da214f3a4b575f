//! `usher console`.

mod api;
mod board;
mod browser;
mod commands;
mod cost;
mod detail;
mod guard;
mod links;
mod marks;
mod page;
mod places;
mod problem;
mod redact;
mod row;
mod server;
mod source;
mod state;
mod watch;

use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::ctrl_c;

use crate::aws::Account;
use crate::terminal::{Failure, note, print};
use board::Board;
use guard::Guard;
use source::Source;
use source::local::LocalStack;
use state::{Console, Plans};
use watch::Bounds;

const HELP: &str = "\
It serves a page on 127.0.0.1 alone, and prints the link, which holds a token that is new at each start. The page shows \
personal data: who registered, and how to reach them. --discreet hides it behind a click. Without --allow-changes the page \
changes nothing. With it, the page replays events and posts one to a URL on this machine; on an emulator's stack it sends \
samples.

The ledger has no index by time, so a look reads all of it, at one read unit per 8 KB (100,000 deliveries: about 15,000 \
units, $0.002). The price is shown before. A look of more than 1,000 units waits for a click, and none uses more than \
--max-read-units. To stay up to date it looks again, at --read-units per second on average.

--local needs no AWS: it receives in this process, with the ledger and the queue in memory, on a port of its own. Point a \
tunnel at that port, never at the page's. A provider without a --secret gets a made-up one, which only \"send a sample\" \
knows. Arguments can be seen by other users of this machine, so give secrets as files or in USHER_SECRET.

IAM: cloudformation:DescribeStacks, dynamodb:DescribeTable, dynamodb:Scan, dynamodb:Query, dynamodb:GetItem, sqs:GetQueueAttributes; with \
--allow-changes dynamodb:UpdateItem.

Exit status: 0 if ^C ended it; 1 if it failed; 2 for wrong usage; 130 if a second ^C ended it at once.

Examples:
  usher console
  usher console --discreet --allow-changes
  usher console --local --secret luma=@luma-secret.json";

/// Look at deliveries in a browser, and replay them
#[derive(clap::Args)]
#[command(after_help = HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Args {
    /// Run the pipeline in this process, without AWS
    #[arg(long)]
    local: bool,
    /// Secret to verify a provider's deliveries with, for --local: luma=whsec_… or luma=@FILE; may be given more than once
    #[arg(
        long = "secret",
        value_name = "PROVIDER=SECRET",
        env = "USHER_SECRET",
        hide_env_values = true,
        value_delimiter = '\n'
    )]
    secrets: Vec<String>,
    /// Port of the page
    #[arg(long, default_value_t = 4680)]
    port: u16,
    /// Port that --local receives webhooks on [default: the one after --port]
    #[arg(long, value_name = "PORT", requires = "local")]
    receive_port: Option<u16>,
    /// Let the page replay events, post them to URLs on this machine, and send samples
    #[arg(long)]
    allow_changes: bool,
    /// Hide personal data until it is asked for
    #[arg(long)]
    discreet: bool,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// Newest deliveries to list
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    newest: u32,
    /// Read units that one look may use
    #[arg(long, value_name = "NUMBER", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    max_read_units: u32,
    /// Read units to use per second, on average
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    read_units: u32,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    // USHER_SECRET is `usher send`'s, too, and may hold another secret: without --local it is not read.
    let source = if args.local { Source::local(&args.secrets)? } else { Source::open(&args.account).await? };
    let page = listen(args.port, "--port").await?;
    let port = page.local_addr()?.port();
    let board = Arc::new(Board::new(usize::try_from(args.newest)?, args.discreet));
    let guard = Guard::new(port);
    let link = guard.link();
    let webhooks = match source.as_local() {
        Some(local) => Some(receive(args, port, local).await?),
        None => None,
    };
    let console = Arc::new(Console {
        source,
        board,
        guard,
        allows_changes: args.allow_changes || args.local,
        webhooks: webhooks.as_ref().map(|(origin, _)| origin.clone()),
        plans: Plans::default(),
    });
    print(&format!("The console is at {link}"))?;
    note("Who has this link can see what you see. ^C ends");
    let opened = if args.no_open { None } else { browser::open(&link) };
    let bounds = Bounds { max_read_units: args.max_read_units, per_second: args.read_units };
    tokio::select! {
        ended = server::serve(page, Arc::clone(&console)) => ended?,
        () = watch::watch(&console.source, &console.board, bounds) => {}
        ended = source::receiver::serve(webhooks.map(|(_, listener)| listener), console.source.as_local()) => ended?,
        _ = ctrl_c() => {}
    }
    drop(opened);
    Ok(ExitCode::SUCCESS)
}

/// Opens the port that webhooks come in by, and prints where each provider posts to.
async fn receive(args: &Args, port: u16, local: &LocalStack) -> Result<(String, TcpListener), Failure> {
    let wanted = args.receive_port.unwrap_or(if args.port == 0 { 0 } else { port.saturating_add(1) });
    let listener = listen(wanted, "--receive-port").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    for (provider, is_made_up) in local.providers() {
        let how = if is_made_up { "a made-up secret: samples only" } else { "the secret given" };
        print(&format!("{provider} posts to {origin}/{provider} ({how})"))?;
    }
    Ok((origin, listener))
}

/// Listens on loopback alone: the page shows personal data, and must not be reached from another machine.
async fn listen(port: u16, option: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
        format!("cannot listen on 127.0.0.1:{port}: {error}. Choose another port with {option}").into()
    })
}
