//! `usher pending`.

use std::process::ExitCode;

use crate::terminal::Failure;

/// List what has still to be sent, and what is parked
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(_args: &Args) -> Result<ExitCode, Failure> {
    Err("not built yet".into())
}
