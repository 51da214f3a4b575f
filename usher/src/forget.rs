//! `usher forget`.

use std::process::ExitCode;

use crate::terminal::Failure;

/// Erase a person's deliveries from the ledger
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(_args: &Args) -> Result<ExitCode, Failure> {
    Err("not built yet".into())
}
