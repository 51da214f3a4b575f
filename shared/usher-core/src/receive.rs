//! The way of one delivery, from the request to the outcome.

use bytes::Bytes;
use jiff::Timestamp;

use crate::delivery::{Delivery, Digest};
use crate::document::Document;
use crate::event::{Deduplication, Origin};
use crate::ledger::{Claim, Fence, Ledger, LedgerError, Transition};
use crate::normalize;
use crate::outcome::{Accepted, Duplicate, Outcome};
use crate::policy::Policy;
use crate::provider::Provider;
use crate::queue::Queue;
use crate::reading::Reading;
use crate::request::Request;
use crate::secret::{SecretStore, SecretsError};
use crate::signature::{self, Verified};

/// When a request came and which invocation serves it.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    pub now: Timestamp,
    /// Unique per invocation; it marks the claim as this one's.
    pub token: &'a str,
}

/// Takes one request all the way. Whatever happens on it is an [`Outcome`]; nothing here fails otherwise.
pub async fn receive<P: Provider>(
    request: &Request,
    arrival: Arrival<'_>,
    policy: &Policy,
    secrets: &impl SecretStore,
    ledger: &impl Ledger,
    queue: &impl Queue,
) -> Outcome {
    if let Err(outcome) = guard(request, policy) {
        return outcome;
    }
    let verified = match verify::<P>(request, arrival.now, policy, secrets).await {
        Ok(verified) => verified,
        Err(outcome) => return outcome,
    };
    let document = Document::parse(verified.body());
    let reading = normalize::read(P::read, &document);
    if matches!(reading, Reading::Ping) {
        return Outcome::Ping;
    }
    let delivery = Delivery::new::<P>(&verified, &document, arrival.now, arrival.token);
    deliver::<P>(reading, &document, delivery, policy, ledger, queue).await
}

/// Takes a body that nobody sent on the way of a delivery, behind the check that a real one has to pass. For what it
/// leaves behind in memory: the first real delivery then takes less of the time that its sender grants. The ledger and
/// the queue must be ones that keep nothing.
pub async fn rehearse<P: Provider>(
    now: Timestamp,
    policy: &Policy,
    ledger: &impl Ledger,
    queue: &impl Queue,
) -> Outcome {
    let body = Bytes::from_static(P::SAMPLE.as_bytes());
    let document = Document::parse(&body);
    let delivery = Delivery {
        pk: format!("{}#rehearsal", P::NAME),
        digest: Digest::of(&body),
        body: body.clone(),
        received: now,
        token: String::new(),
        same_until: None,
    };
    deliver::<P>(normalize::read(P::read, &document), &document, delivery, policy, ledger, queue).await
}

/// What can be told without a secret, and before any work is done for a stranger.
fn guard(request: &Request, policy: &Policy) -> Result<(), Outcome> {
    if request.method != http::Method::POST {
        return Err(Outcome::MethodNotAllowed);
    }
    if request.body.len() > policy.max_body_bytes {
        return Err(Outcome::TooLarge);
    }
    Ok(())
}

/// Verifies with the secrets at hand, and once more with fresh ones if that could help: a secret just rotated must not
/// cost a delivery.
async fn verify<P: Provider>(
    request: &Request,
    now: Timestamp,
    policy: &Policy,
    secrets: &impl SecretStore,
) -> Result<Verified, Outcome> {
    let keyring = secrets.current().await.map_err(|error| match error {
        SecretsError::Invalid(error) => Outcome::SecretsInvalid(error),
        SecretsError::Unreachable(cause) => Outcome::SecretsUnreachable(cause),
    })?;
    let refusal = match signature::verify::<P>(request, &keyring, policy, now) {
        Ok(verified) => return Ok(verified),
        Err(refusal) => refusal,
    };
    if refusal.may_be_rotation()
        && let Some(fresh) = secrets.reread().await
    {
        return signature::verify::<P>(request, &fresh, policy, now).map_err(Outcome::Refused);
    }
    Err(Outcome::Refused(refusal))
}

/// Stores the delivery, sends its event and marks it sent: in this order, so that a crash between any two leaves
/// either nothing, which the provider retries, or a pending item, which the relay sends.
async fn deliver<P: Provider>(
    reading: Reading,
    document: &Document<'_>,
    delivery: Delivery,
    policy: &Policy,
    ledger: &impl Ledger,
    queue: &impl Queue,
) -> Outcome {
    let (delivery, claim) = claim(ledger, delivery).await;
    let deduplication = match claim {
        Ok(Claim::New) => Deduplication::Checked,
        Ok(Claim::Duplicate(earlier)) => {
            return Outcome::Duplicate(Duplicate { id: delivery.event_id_of(&earlier), earlier });
        }
        // The ledger is down. Without it nothing tells a redelivery apart, but the event must not wait for that.
        Err(_) => Deduplication::Unchecked,
    };
    let origin = Origin {
        provider: P::NAME,
        id: delivery.event_id(),
        received: delivery.received,
        deduplication,
        replay: 0,
    };
    let Some((event, message)) = normalize::message(reading, document, &delivery.pk, &origin) else {
        return Outcome::Ping;
    };
    let (unclaimed, settled, unsent) = match (claim, queue.send(&message).await) {
        (Ok(_), Ok(())) => (None, Some(settle(ledger, &delivery, policy).await), None),
        (Ok(_), Err(unsent)) => (None, None, Some(unsent)),
        (Err(unclaimed), Ok(())) => (Some(unclaimed), None, None),
        (Err(ledger), Err(queue)) => return Outcome::Unavailable { ledger, queue },
    };
    let drift = event.data.drift.len();
    Outcome::Accepted(Box::new(Accepted {
        id: event.id,
        event_type: event.event_type,
        unclaimed,
        drift,
        settled,
        unsent,
    }))
}

/// Claims the delivery. One that is over but not yet sent keeps its item, so the new one gets an item of its own.
async fn claim(ledger: &impl Ledger, delivery: Delivery) -> (Delivery, Result<Claim, LedgerError>) {
    match ledger.claim(&delivery).await {
        Ok(Claim::Duplicate(earlier)) if earlier.is_over(delivery.received) => {
            let delivery = delivery.apart();
            let claim = ledger.claim(&delivery).await;
            (delivery, claim)
        }
        claim => (delivery, claim),
    }
}

/// Marks the delivery sent, as of its receipt: no more than the few seconds that a request may take ago.
async fn settle(
    ledger: &impl Ledger,
    delivery: &Delivery,
    policy: &Policy,
) -> Result<Transition, LedgerError> {
    let expires = delivery.received + policy.retention;
    ledger.settle(&Fence::claimed(delivery), delivery.received, expires).await
}
