//! `usher event`.

use std::process::ExitCode;

use crate::terminal::Failure;

/// Print a signed sample or file as a Function URL event, for `sam local invoke --event -`
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args) -> Result<ExitCode, Failure> {
    Err("not built yet".into())
}
