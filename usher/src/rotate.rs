//! `usher rotate`.

use std::process::ExitCode;

use crate::terminal::Failure;

/// Replace a provider's secret without losing a delivery
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(_args: &Args) -> Result<ExitCode, Failure> {
    Err("not built yet".into())
}
