//! The proof that the function accepts what a secret signs: a marked event, the same however often it is sent.
//!
//! The answer is that of one sandbox. Another may have read its secrets just before the change, and must not read them
//! again for a minute: after that, the first delivery that does not match makes it read them.

use std::time::Duration;

use events::{Secrets, Target};
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use usher_core::ledger::operator::CLOCK_SKEW;
use usher_core::policy::Policy;
use usher_core::secret::Secret;

use super::report::Report;
use crate::aws_error::explain;
use crate::deployed::Deployed;
use crate::sender::Sender;
use crate::terminal::Failure;

/// The time between two attempts. A function reads its secrets at most once a minute, so asking more often is of no use.
const EVERY: Duration = Duration::from_secs(5);
/// The time from a change of the document until every sandbox accepts a new secret: the minute, and the reading.
const KNOWN_AFTER: Duration = Duration::from_secs(61);

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
    let rest = rest(stored(deployed).await?, Timestamp::now());
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

/// Reads the time at which the document was stored, by the clock of Secrets Manager.
async fn stored(deployed: &Deployed) -> Result<Option<Timestamp>, Failure> {
    let client: aws_sdk_secretsmanager::Client = deployed.secrets_manager();
    let read = client.get_secret_value().secret_id(&deployed.secret_id).send().await;
    let read = read.map_err(|error| format!("cannot read the secret ({})", explain(&error)))?;
    Ok(read.created_date.and_then(|date| Timestamp::from_second(date.secs()).ok()))
}

/// Returns the time until every sandbox accepts a secret. An operator's clock may be off, and must not make it shorter.
/// Pure.
fn rest(stored: Option<Timestamp>, now: Timestamp) -> Duration {
    let is_long_ago = |stored: Timestamp| {
        let age = Duration::try_from(now.duration_since(stored)).unwrap_or(Duration::ZERO);
        age > KNOWN_AFTER + CLOCK_SKEW
    };
    if stored.is_some_and(is_long_ago) { Duration::ZERO } else { KNOWN_AFTER }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_document_that_was_certainly_stored_a_minute_ago_is_known_everywhere() {
        let now: Timestamp = "2026-08-01T10:00:00Z".parse().expect("it is a time");
        assert_eq!(rest(Some(now - Duration::from_secs(362)), now), Duration::ZERO);
        for stored in [Some(now - Duration::from_secs(360)), Some(now), Some(now + CLOCK_SKEW), None] {
            assert_eq!(rest(stored, now), KNOWN_AFTER);
        }
    }
}
