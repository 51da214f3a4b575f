//! What can be asked of the `events` command. None of these types has `Debug`: they hold secrets.

use std::io::{self, Write as _};

use clap::{Args, Parser, Subcommand};
use events::Provider;

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

const SECRET_HELP: &str = r#"Signing secret, or a whole secret document {"signing": ["…"], "url": ["…"]}, of which the first ones are used. Lunacal's may be left out: then the delivery is unsigned"#;

/// How the delivery is signed.
#[derive(Args)]
pub(crate) struct Signing {
    /// Whose webhook a FILE is: luma, lunacal or allfly (a sample says so by its folder)
    #[arg(long)]
    pub(crate) provider: Option<Provider>,
    /// What to sign with
    #[arg(
        help = SECRET_HELP,
        long,
        env = "USHER_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub(crate) secret: Option<String>,
    /// Lunacal's URL token, where the secret document does not hold it
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) token: Option<String>,
    /// Delivery id [default: a new random one]. Lunacal sends none: the same body twice is a duplicate
    #[arg(long, value_name = "DELIVERY_ID", value_parser = header_value)]
    pub(crate) id: Option<String>,
    /// Sign as of so many seconds from now: -700 is stale, 700 is from the future
    #[arg(long, value_name = "OFFSET_SECONDS", default_value_t = 0, allow_negative_numbers = true)]
    pub(crate) at: i64,
    /// Sign with a key nobody knows, and send such a token to Lunacal; no secret is needed
    #[arg(long)]
    pub(crate) forge: bool,
}

fn header_value(text: &str) -> Result<String, &'static str> {
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.to_owned()).ok_or("an id is printable ASCII without spaces")
}

/// Like `println!`, but a reader that went away (`events list | head -1`) is no panic.
pub(crate) fn print_line(line: &str) -> io::Result<()> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
