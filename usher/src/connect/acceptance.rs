//! The proof that the function accepts what a secret signs: a marked event, the same however often it is sent.
//!
//! The answer is that of one sandbox. The others accept the secret once enough time has passed, as `usher rotate watch`
//! counts it.

use std::time::Duration;

use events::{Secrets, Target};
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use usher_core::policy::Policy;
use usher_core::secret::Secret;

use super::report::Report;
use crate::deployed::Deployed;
use crate::rotate::{StoredDocument, time_until_known};
use crate::sender::Sender;
use crate::terminal::Failure;

/// The time between two attempts. A function reads its secrets at most once a minute, so asking more often is of no use.
const EVERY: Duration = Duration::from_secs(5);

/// Waits until every sandbox of the function accepts what the secret signs.
///
/// # Errors
/// When it does not within `patience`.
pub(crate) async fn wait(
    deployed: &Deployed,
    secret: &Secret,
    patience: Duration,
    report: &Report,
) -> Result<(), Failure> {
    let began = Instant::now();
    let secrets = Secrets { signing: Some(secret.expose().to_owned()), url: None };
    let sender = Sender::new(deployed.provider, Some(secrets), None, Policy::MAX_BODY_BYTES)?;
    let target = Target::parse(&deployed.url)?;
    let stored = StoredDocument::read(deployed).await?.stored;
    let rest = time_until_known(stored, Timestamp::now(), began.elapsed());
    let mut last_status = 0;
    loop {
        let answer = target.send(&sender.genuine())?;
        if answer.is_2xx() && began.elapsed() >= rest {
            return Ok(());
        }
        if answer.status != last_status {
            last_status = answer.status;
            report.progress(&if answer.is_2xx() {
                format!("One instance of the function accepts the secret, all do in {} s.", rest.as_secs())
            } else {
                format!("The function does not accept the secret yet ({answer}); it reads its secrets once a minute.")
            });
        }
        let pause = if answer.is_2xx() { rest.saturating_sub(began.elapsed()) } else { EVERY };
        if began.elapsed() + pause > patience {
            let seconds = patience.as_secs();
            return Err(format!(
                "the function does not surely accept the webhook's secret after {seconds} s: run again, with a longer --for, \
                 and see the function's log if deliveries are still refused"
            )
            .into());
        }
        sleep(pause).await;
    }
}

/// Sends one test delivery, and returns the status of the answer.
pub(crate) fn test(deployed: &Deployed, secret: &Secret) -> Result<u16, Failure> {
    let secrets = Secrets { signing: Some(secret.expose().to_owned()), url: None };
    let sender = Sender::new(deployed.provider, Some(secrets), None, Policy::MAX_BODY_BYTES)?;
    Ok(Target::parse(&deployed.url)?.send(&sender.genuine())?.status)
}
