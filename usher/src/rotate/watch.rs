//! The step `watch`: waits until the function accepts what the newest secret signs.
//!
//! The ledger does not show which secret signed a delivery, so the function is asked: with a ping for Lunacal, else with
//! one marked event, which stays the same however often it is sent.

use std::process::ExitCode;
use std::time::Duration;

use events::{Secrets, Target};
use tokio::time::{Instant, sleep};
use usher_core::policy::Policy;

use super::advice;
use super::args::{Args, Kind};
use super::document::StoredDocument;
use crate::deployed::Deployed;
use crate::sender::Sender;
use crate::terminal::{Failure, print};

/// The time between two attempts. A function reads its secrets at most once a minute, so asking more often is of no use.
const EVERY: Duration = Duration::from_secs(5);

pub(crate) async fn run(args: &Args, kind: Kind, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let provider = args.provider;
    let stored = StoredDocument::read(deployed).await?;
    let of = |other: Kind| if other == kind { args.name.as_ref() } else { None };
    let secret = |kind, age: usize| -> Result<Option<String>, Failure> {
        let secrets = stored.secrets(kind, of(kind))?;
        Ok(secrets.get(age).map(|secret| secret.expose().to_owned()))
    };
    let newest = Secrets { signing: secret(Kind::Signing, 0)?, url: secret(Kind::Token, 0)? };
    if newest.signing.is_none() && newest.url.is_none() {
        return Err(advice::first(provider).into());
    }
    let target = Target::parse(&deployed.url)?;
    let sender = Sender::new(provider, Some(newest.clone()), None, Policy::MAX_BODY_BYTES)?;
    wait_until_accepted(args, kind, &target, &sender).await?;
    if let Some(older) = secret(kind, 1)? {
        let older = match kind {
            Kind::Signing => Secrets { signing: Some(older), ..newest },
            Kind::Token => Secrets { url: Some(older), ..newest },
        };
        let answer = target.send(&sender.with_secrets(older).genuine())?;
        let result = if answer.is_2xx() { "accepted, too" } else { "refused" };
        print(&format!("{provider}: the one before it is {result} ({}).", answer.status))?;
        print(advice::before_retiring(provider))?;
        print(&format!("Next, once {provider} uses the newest: usher rotate {provider} retire"))?;
    }
    print(
        "Another instance of the function may read it a minute later, at its first delivery that does not match.",
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Sends the same delivery again and again until it is accepted, or fails after `--for` seconds.
async fn wait_until_accepted(
    args: &Args,
    kind: Kind,
    target: &Target,
    sender: &Sender,
) -> Result<(), Failure> {
    let (provider, kind) = (args.provider, kind.name());
    let began = Instant::now();
    let mut last_status = 0;
    loop {
        let answer = target.send(&sender.genuine())?;
        let elapsed = began.elapsed().as_secs();
        if answer.is_2xx() {
            return print(&format!("{provider}: the newest {kind} is accepted, after {elapsed} s."));
        }
        if answer.status != last_status {
            last_status = answer.status;
            print(&format!(
                "{provider}: not accepted yet ({answer}); a function reads its secrets once a minute"
            ))?;
        }
        if began.elapsed() + EVERY > Duration::from_secs(args.patience) {
            return Err(format!(
                "the newest {kind} is not accepted after {elapsed} s: see the function's log for the reason"
            )
            .into());
        }
        sleep(EVERY).await;
    }
}
