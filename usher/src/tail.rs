//! `usher tail`.

use std::process::ExitCode;

use crate::terminal::Failure;

/// Follow the events, without consuming them
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(_args: &Args) -> Result<ExitCode, Failure> {
    Err("not built yet".into())
}
