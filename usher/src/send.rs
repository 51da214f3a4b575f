//! `usher send`.

use std::io::{self, Write as _};
use std::process::ExitCode;

use events::{Body, DeliveryError, Secrets, Signing, Target, samples, unix_now};

use crate::aws::Account;
use crate::deployed::Deployed;
use crate::terminal::Failure;

const EXAMPLES: &str = "\
Examples:
  usher send luma/guest.registered              to the stack's URL, with the stack's secret
  usher send luma/guest.registered --forge      is refused: 401
  usher send luma/guest.registered --at -700    is stale: 401
  usher send luma/guest.registered --id evt_1   twice: the second is a duplicate, answered 200
  usher send my-body.json --provider allfly
  USHER_SECRET=whsec_… usher send luma/event.created --to https://example.com/hook

Of AWS it needs cloudformation:DescribeStacks and secretsmanager:GetSecretValue; nothing with --to and --secret.";

/// Sign a sample or file as its provider would, and post it
///
/// Prints the answer as `<status> <body>`. The exit code is 0 if it is 2xx, else 1; redirects are not followed.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A sample's name, such as luma/guest.registered, or a file holding a body
    #[arg(value_name = "SAMPLE|FILE", required_unless_present = "list")]
    body: Option<String>,
    /// Print the name of every sample, one a line
    #[arg(long, conflicts_with = "body")]
    list: bool,
    /// Where to [default: the URL of the provider's function in the stack]
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    #[command(flatten)]
    signing: Signing,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    if args.list {
        for sample in samples()? {
            writeln!(io::stdout(), "{}", sample.name)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let body = Body::find(args.body.as_deref().unwrap_or_default(), args.signing.provider)?;
    let given = args.signing.secrets().map_err(DeliveryError::Secret)?;
    let (target, secrets) = target(args, body.provider, given).await?;
    let request = body.sign(&args.signing, secrets, target.query(), unix_now())?;
    let answer = target.send(&request)?;
    writeln!(io::stdout(), "{answer}")?;
    Ok(if (200..300).contains(&answer.status) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where to, and with which secrets: what is not said, the stack says.
async fn target(
    args: &Args,
    provider: events::Provider,
    given: Option<Secrets>,
) -> Result<(Target, Secrets), Failure> {
    let to = args.to.as_deref().map(Target::parse).transpose().map_err(|error| format!("--to is {error}"))?;
    match (to, given) {
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
                    "{} is not the stack's URL of {provider}, so it is not shown the stack's secret: pass --secret or \
                     set USHER_SECRET",
                    to.name()
                )
                .into());
            }
            Ok((to, deployed.secrets().await?))
        }
    }
}

async fn deployed(args: &Args, provider: events::Provider, instead: &str) -> Result<Deployed, Failure> {
    let found = Deployed::find(&args.account, provider).await;
    found.map_err(|error| format!("{error} (without a stack, say {instead})").into())
}
