//! Waits until the function accepts what the newest secret signs.
//!
//! The ledger does not say which secret a delivery was signed with, so the function is asked: with a ping for Lunacal,
//! else with one marked event, which is the same however often it is sent.

use std::process::ExitCode;
use std::time::Duration;

use events::{Secrets, Target};
use tokio::time::{Instant, sleep};
use usher_core::policy::Policy;

use super::document::Document;
use super::{Args, Kind, advice, say};
use crate::deployed::Deployed;
use crate::doctor::Sender;
use crate::terminal::Failure;

/// A function reads its secrets at most once a minute. It need not be asked much more often.
const EVERY: Duration = Duration::from_secs(5);

pub(crate) async fn run(args: &Args, kind: Kind, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let provider = args.provider;
    let document = Document::read(deployed).await?;
    let secret = |kind, age: usize| document.secrets(kind).get(age).map(|secret| secret.expose().to_owned());
    let newest = Secrets { signing: secret(Kind::Signing, 0), url: secret(Kind::Token, 0) };
    if newest.signing.is_none() && newest.url.is_none() {
        return Err(advice::first(provider).into());
    }
    let target = Target::parse(&deployed.url)?;
    let sender = Sender::new(provider, Some(newest.clone()), None, Policy::MAX_BODY_BYTES)?;
    let began = Instant::now();
    let mut told = 0;
    loop {
        let answer = target.send(&sender.genuine())?;
        if (200..300).contains(&answer.status) {
            say(&format!(
                "{provider}: the newest {} is accepted, after {} s.",
                kind.name(),
                began.elapsed().as_secs()
            ))?;
            break;
        }
        if answer.status != told {
            told = answer.status;
            say(&format!(
                "{provider}: not accepted yet ({answer}); a function reads its secrets once a minute"
            ))?;
        }
        if began.elapsed() + EVERY > Duration::from_secs(args.patience) {
            return Err(format!(
                "the newest {} is not accepted after {} s: does the function's log say why?",
                kind.name(),
                began.elapsed().as_secs()
            )
            .into());
        }
        sleep(EVERY).await;
    }
    if let Some(older) = secret(kind, 1) {
        let older = match kind {
            Kind::Signing => Secrets { signing: Some(older), ..newest },
            Kind::Token => Secrets { url: Some(older), ..newest },
        };
        let answer = target.send(&sender.signing_with(older).genuine())?;
        let passes = if (200..300).contains(&answer.status) { "accepted, too" } else { "refused" };
        say(&format!("{provider}: the one before it is {passes} ({}).", answer.status))?;
        say(advice::before_retiring(provider))?;
        say(&format!("Next, once {provider} uses the newest: usher rotate {provider} retire"))?;
    }
    say(
        "Another instance of the function may read it a minute later, at its first delivery that does not match.",
    )?;
    Ok(ExitCode::SUCCESS)
}
