//! `usher doctor`.

use std::process::ExitCode;

use crate::terminal::Failure;

/// Check a deployed URL: does it accept what is genuine, and refuse all else?
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: &Args) -> Result<ExitCode, Failure> {
    Err("not built yet".into())
}
