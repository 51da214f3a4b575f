//! `usher send`.

use std::process::ExitCode;

use crate::terminal::Failure;

/// Sign a sample or file as its provider would, and post it
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args) -> Result<ExitCode, Failure> {
    Err("not built yet".into())
}
