//! `usher connect`: a provider's webhook, its secret in the stack, and the first delivery.
//!
//! [`plan`] decides the next step from what both sides show now, and [`execution`] takes it. [`luma`], [`allfly`] and
//! [`calcom`] know their APIs, and [`lunacal`], which has none, tells an operator what to click.

mod acceptance;
mod allfly;
mod answer;
mod api;
mod args;
mod calcom;
mod check;
mod client;
mod execution;
mod function_log;
mod key;
mod luma;
mod lunacal;
mod origin;
mod ping;
mod plan;
mod report;
mod target;
mod webhook;

use std::process::ExitCode;
use std::time::Duration;

use events::Provider;

use crate::terminal::{self, Failure};
pub(crate) use args::{ApiArgs, Args, Connectable};
use execution::{Executed, Execution};
pub(crate) use report::{Report, Shown};
pub(crate) use target::{Connected, client};

/// The exit code for a command line or an API key that is missing something.
const WRONG_USAGE: u8 = 2;

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let provider = Provider::from(args.provider);
    if args.provider == Connectable::Lunacal {
        if args.check || args.rotate || args.json {
            return Ok(wrong_usage(
                &"Lunacal has no API: leave --check, --rotate and --json out. Its token is rotated by `usher rotate \
                  lunacal`"
                    .into(),
            ));
        }
        return lunacal::run(args).await;
    }
    if args.provider == Connectable::Calcom && args.rotate {
        return Ok(wrong_usage(
            &"Cal.com signs with one secret and sends once, so a new one is stored before Cal.com gets it: leave --rotate out, \
              and follow `usher rotate calcom`"
                .into(),
        ));
    }
    let client = match client(&args.api, provider) {
        Ok(client) => client,
        Err(error) => return Ok(wrong_usage(&error)),
    };
    let connected = Connected::find(&args.account, provider, args.name.clone()).await?;
    let report = Report { json: args.json };
    if args.check {
        return check::run(&connected, &client, report).await;
    }
    let execution = Execution {
        connected: &connected,
        client: &client,
        planner: if args.rotate { plan::rotation } else { plan::connection },
        report,
        yes: args.yes,
        patience: Duration::from_secs(args.patience),
    };
    let executed = execution.run().await?;
    tell(args, report, &executed)?;
    report.finish(&executed)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints why the command line is not usable.
pub(crate) fn wrong_usage(error: &Failure) -> ExitCode {
    terminal::fail(error);
    ExitCode::from(WRONG_USAGE)
}

/// Prints the result, and what is left to do.
fn tell(args: &Args, report: Report, executed: &Executed) -> Result<(), Failure> {
    let provider = Provider::from(args.provider);
    let name = executed.name.as_ref().map(|name| format!(" --name {name}")).unwrap_or_default();
    report.say(&format!(
        "{provider} is connected: a test delivery was answered {}, and reaches your code as usher.unrecognized.",
        executed.test_status
    ))?;
    if executed.enabled > 1 {
        report.say(&format!(
            "{} webhooks are enabled at this URL, so each event comes that often. To finish a rotation: usher connect \
             {provider} --rotate",
            executed.enabled
        ))?;
    }
    if executed.older_secrets > 0 {
        let wait = match provider {
            Provider::Luma => "when the retries of the old webhook are over, in seven minutes",
            _ => "24 hours after the rotation, when it signs with the new secret alone",
        };
        report.say(&format!("Next, {wait}: usher rotate {provider} retire{name}"))?;
    }
    Ok(())
}
