//! `usher redrive`.

use std::process::ExitCode;

use crate::terminal::Failure;

/// Move what is in the dead-letter queue back to the queue
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(_args: &Args) -> Result<ExitCode, Failure> {
    Err("not built yet".into())
}
