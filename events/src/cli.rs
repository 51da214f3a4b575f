//! What can be asked of the `events` command. None of these types has `Debug`: they hold secrets.

use std::io::{self, Write as _};

use clap::{Parser, Subcommand};
use events::Signing;

/// Signs sample webhooks as Luma, Lunacal and AllFly Connect do, and prints or posts them.
#[allow(clippy::doc_markdown, reason = "AllFly is a name, no code")]
#[derive(Parser)]
#[command(version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = r#"Examples (`events` stands for `cargo run -q -p events --`):
  events list
  export USHER_SECRET=whsec_…
  events print luma/guest.registered | sam local invoke LumaFunction --event -
  events post luma/guest.registered --url https://….lambda-url.eu-central-1.on.aws/
  events post luma/guest.registered --url … --forge          is refused: 401
  events post luma/guest.registered --url … --at -700        is stale: 401
  events post my-body.json --provider allfly --url …

Take the secret from AWS:
  export USHER_SECRET="$(aws secretsmanager get-secret-value --secret-id … --query SecretString --output text)""#;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print the name of every sample, one a line
    List,
    /// Print signed deliveries as Function URL events, one a line, for `sam local invoke --event -`
    Print {
        /// A sample's name, such as luma/guest.registered, or a file holding a body
        #[arg(value_name = "SAMPLE|FILE", required = true)]
        bodies: Vec<String>,
        /// Carry the body as base64, as AWS does with content it takes for binary
        #[arg(long)]
        base64: bool,
        #[command(flatten)]
        signing: Signing,
    },
    /// Post a signed delivery and print the answer as `<status> <body>`
    ///
    /// Every answer is a success, 4xx and 5xx too; redirects are not followed. The exit code is 1 only where nothing answers.
    Post {
        /// A sample's name, such as luma/guest.registered, or a file holding a body
        #[arg(value_name = "SAMPLE|FILE")]
        body: String,
        /// Where to: the function's URL
        #[arg(long)]
        url: String,
        #[command(flatten)]
        signing: Signing,
    },
}

/// Like `println!`, but a reader that went away (`events list | head -1`) is no panic.
pub(crate) fn print_line(line: &str) -> io::Result<()> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
