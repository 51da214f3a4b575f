//! `usher event`: the shared command of the `events` crate.

use std::process::ExitCode;

use events::EventArgs;

use crate::terminal::Failure;

const EXAMPLES: &str = "\
Examples:
  export USHER_SECRET=whsec_…
  usher event luma/guest.registered | sam local invoke LumaFunction --event -
  usher event lunacal/PING --token …
  usher event luma/guest.registered --forge

IAM: nothing. It does not ask AWS.

Exit status: 0 if all were printed, 1 if it failed, 2 for wrong usage, 130 if it was interrupted.";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    event: EventArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.event.print()?;
    Ok(ExitCode::SUCCESS)
}
