//! `usher inspect`.

use std::process::ExitCode;

use crate::terminal::Failure;

/// Show what is stored of a delivery, and its event as it would be normalized today
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: crate::aws::Account,
}

pub(crate) async fn run(_args: &Args) -> Result<ExitCode, Failure> {
    Err("not built yet".into())
}
