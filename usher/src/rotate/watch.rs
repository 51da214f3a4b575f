//! The step `watch`: waits until every sandbox of the function accepts what the newest secret signs.
//!
//! The function is asked: with a ping for Lunacal, else with one marked event, which stays the same however often it is
//! sent. The answer is that of one sandbox. The others accept the secret once enough time has passed: see [`known`].

use std::process::ExitCode;
use std::time::Duration;

use events::{Secrets, Target};
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use usher_core::policy::Policy;

use super::args::{Args, Kind, command};
use super::document::StoredDocument;
use super::url::print_url;
use super::{advice, known};
use crate::deployed::Deployed;
use crate::sender::Sender;
use crate::terminal::{Failure, note, print};

/// The time between two attempts. A function reads its secrets at most once a minute, so asking more often is of no use.
const EVERY: Duration = Duration::from_secs(5);

pub(crate) async fn run(args: &Args, kind: Kind, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let provider = args.provider;
    let stored = StoredDocument::read(deployed).await?;
    let began = Instant::now();
    let of = |other: Kind| if other == kind { args.name.as_ref() } else { None };
    let secret = |kind, age: usize| -> Result<Option<String>, Failure> {
        let secrets = if of(kind).is_some() { stored.secrets(kind, of(kind))? } else { stored.any(kind) };
        Ok(secrets.get(age).map(|secret| secret.expose().to_owned()))
    };
    // Which account is meant must be said for the kind that is watched. Of the other kind, any is valid.
    let watched = stored.secrets(kind, args.name.as_ref())?;
    let newest = Secrets { signing: secret(Kind::Signing, 0)?, url: secret(Kind::Token, 0)? };
    if watched.is_empty() {
        return Err(advice::first(provider).into());
    }
    let target = Target::parse(&deployed.url)?;
    let sender = Sender::new(provider, Some(newest.clone()), None, Policy::MAX_BODY_BYTES)?;
    wait_until_accepted(args, kind, &target, &sender, began).await?;
    let older = secret(kind, 1)?;
    if let Some(older) = older.clone() {
        let older = match kind {
            Kind::Signing => Secrets { signing: Some(older), ..newest },
            Kind::Token => Secrets { url: Some(older), ..newest },
        };
        let answer = target.send(&sender.with_secrets(older).genuine())?;
        let result = if answer.is_2xx() { "accepted, too" } else { "refused" };
        print(&format!("{provider}: the one before it is {result} ({}).", answer.status))?;
    }
    wait_until_known(args, kind, &stored, &target, &sender, began).await?;
    if older.is_some() {
        print(advice::change_over(provider, kind))?;
        if args.show && kind == Kind::Token {
            print_url(deployed, &stored, stored.account(kind, args.name.as_ref()))?;
        }
        let retire = command(provider, "retire", kind, args.name.as_ref());
        print(&format!("Next, once {provider} uses the newest: {retire}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Sends the same delivery again and again until it is accepted, or fails after `--for` seconds.
async fn wait_until_accepted(
    args: &Args,
    kind: Kind,
    target: &Target,
    sender: &Sender,
    began: Instant,
) -> Result<(), Failure> {
    let (provider, kind) = (args.provider, kind.name());
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

/// Waits until every other sandbox accepts the secret, too, and asks once more.
async fn wait_until_known(
    args: &Args,
    kind: Kind,
    stored: &StoredDocument,
    target: &Target,
    sender: &Sender,
    began: Instant,
) -> Result<(), Failure> {
    let (provider, kind) = (args.provider, kind.name());
    let rest = known::rest(stored.stored, Timestamp::now(), began.elapsed());
    if !rest.is_zero() {
        let seconds = rest.as_secs() + 1;
        if began.elapsed() + rest > Duration::from_secs(args.patience) {
            return Err(format!(
                "one instance of the function accepts the newest {kind}, and the others do so in {seconds} s: run again \
                 with --for {}",
                args.patience + seconds
            )
            .into());
        }
        note(&format!("Other instances of the function may know it only in {seconds} s. Waiting for them."));
        sleep(rest).await;
        let answer = target.send(&sender.genuine())?;
        if !answer.is_2xx() {
            return Err(format!(
                "the newest {kind} was accepted before, and now it is not ({answer}): run the step again"
            )
            .into());
        }
    }
    print(&format!("{provider}: every instance of the function accepts the newest {kind} now."))
}
