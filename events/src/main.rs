//! The `events` command: signs samples or files, and posts or prints them.
//!
//! [`events::SendArgs`] and [`events::EventArgs`] define its subcommands and do the work.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use events::{CommandError, EventArgs, SendArgs, list_samples};

/// Signs sample webhooks as Luma, Lunacal, AllFly Connect, Cal.com and senders of Standard Webhooks do, and posts or prints them.
#[derive(Parser)]
#[command(version, max_term_width = 120, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Send(SendArgs),
    Event(EventArgs),
}

const EXAMPLES: &str = r#"Examples (`events` stands for `cargo run -q -p events --`):
  events send --list
  export USHER_SECRET=whsec_…
  events event luma/guest.registered | sam local invoke LumaFunction --event -
  events send luma/guest.registered --to https://….on.aws/
  events send luma/guest.registered --to … --forge     is refused: 401
  events send luma/guest.registered --to … --at -700   is stale: 401
  events send my-body.json --provider allfly --to …

Take the secret from AWS:
  export USHER_SECRET="$(aws secretsmanager get-secret-value \
    --secret-id … --query SecretString --output text)""#;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Send(args) => send(&args),
        Command::Event(args) => args.print().map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        // Where standard error cannot be written to, the exit code has to be enough.
        let _ = writeln!(std::io::stderr(), "error: {error}");
        ExitCode::FAILURE
    })
}

fn send(args: &SendArgs) -> Result<ExitCode, CommandError> {
    let Some(body) = args.body()? else { return list_samples().map(|()| ExitCode::SUCCESS) };
    let target = args.target()?.ok_or(CommandError::NoTarget)?;
    let secrets = args.signing.secrets()?.unwrap_or_default();
    args.send(body, secrets, &target)
}
