//! `usher send`: the shared command of the `events` crate, which takes from the stack what the user leaves out.

use std::process::ExitCode;

use events::{Provider, Secrets, SendArgs, Target, list_samples};

use crate::aws::Account;
use crate::deployed::Deployed;
use crate::terminal::Failure;

const EXAMPLES: &str = "\
Examples:
  usher send luma/guest.registered              to the stack, with its secret
  usher send luma/guest.registered --name berlin   signed with that calendar's
  usher send luma/guest.registered --forge      is refused: 401
  usher send luma/guest.registered --at -700    is stale: 401
  usher send luma/guest.registered --id evt_1   twice: the second is a duplicate
  usher send my-body.json --provider allfly
  usher send luma/event.created --to https://example.com/hook --secret whsec_…

IAM: cloudformation:DescribeStacks and secretsmanager:GetSecretValue; nothing with --to and --secret.";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    send: SendArgs,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let Some(body) = args.send.body()? else {
        list_samples()?;
        return Ok(ExitCode::SUCCESS);
    };
    let (target, secrets) = destination(args, body.provider).await?;
    Ok(args.send.send(body, secrets, &target)?)
}

/// Returns the URL to post to and the secrets to sign with. The stack provides what the arguments leave out.
async fn destination(args: &Args, provider: Provider) -> Result<(Target, Secrets), Failure> {
    match (args.send.target()?, args.send.signing.secrets()?) {
        (Some(to), Some(secrets)) => Ok((to, secrets)),
        (None, Some(secrets)) => {
            let deployed = deployed(args, provider, "--to URL").await?;
            Ok((Target::parse(&deployed.url)?, secrets))
        }
        (to, None) => {
            let deployed = deployed(args, provider, "--secret").await?;
            let to = to.map_or_else(|| Target::parse(&deployed.url), Ok)?;
            if !deployed.is_at(&to) {
                return Err(format!(
                    "{} is not the stack's URL of {provider}, so it does not get the stack's secret: pass --secret or \
                     set USHER_SECRET",
                    to.name()
                )
                .into());
            }
            Ok((to, deployed.secrets(args.send.signing.secret.name.as_ref()).await?))
        }
    }
}

async fn deployed(args: &Args, provider: Provider, instead: &str) -> Result<Deployed, Failure> {
    let found = Deployed::find(&args.account, provider).await;
    found.map_err(|error| format!("{error} (without a stack, add {instead})").into())
}
