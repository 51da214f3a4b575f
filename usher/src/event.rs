//! `usher event`.

use std::io::{self, Write as _};
use std::process::ExitCode;

use events::{Body, BodyEncoding, DeliveryError, Signing, function_url_event, unix_now};

use crate::terminal::Failure;

const EXAMPLES: &str = "\
Examples:
  export USHER_SECRET=whsec_…
  usher event luma/guest.registered | sam local invoke LumaFunction --event -
  usher event lunacal/PING --token …
  usher event luma/guest.registered --forge

It asks nothing of AWS: the secret is the one that your local function is given.";

/// Print a signed sample or file as a Function URL event, for `sam local invoke --event -`
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A sample's name (usher send --list), or a file holding a body; of several, each event is a line
    #[arg(value_name = "SAMPLE|FILE", required = true)]
    bodies: Vec<String>,
    /// Carry the body as base64, as AWS does with content it takes for binary
    #[arg(long)]
    base64: bool,
    #[command(flatten)]
    signing: Signing,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let encoding = if args.base64 { BodyEncoding::Base64 } else { BodyEncoding::Text };
    let now = unix_now();
    for name in &args.bodies {
        let body = Body::find(name, args.signing.provider)?;
        let secrets = args.signing.secrets().map_err(DeliveryError::Secret)?.unwrap_or_default();
        let request = body.sign(&args.signing, secrets, None, now)?;
        writeln!(io::stdout(), "{}", function_url_event(&request, now, encoding))?;
    }
    Ok(ExitCode::SUCCESS)
}
