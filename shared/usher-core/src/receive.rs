//! The path of one delivery, from the request to the outcome.

use bytes::Bytes;
use jiff::Timestamp;

use crate::digest::Digest;
use crate::event::{Deduplication, Facts, Origin};
use crate::ledger::{Claim, Delivery, Fence, Ledger, LedgerError, Transition};
use crate::normalize;
use crate::outcome::{Accepted, Duplicate, Outcome};
use crate::parsed_body::ParsedBody;
use crate::policy::Policy;
use crate::provider::reading::Reading;
use crate::provider::{self, Provider};
use crate::queue::Queue;
use crate::request::Request;
use crate::secret::{SecretStore, SecretsError};
use crate::signature::{Verified, VerifiedBy};
use crate::trace::{Span, Trace};

/// The circumstances of one request.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The time of receipt.
    pub now: Timestamp,
    /// The id of the invocation. It is unique and marks the claim as this invocation's.
    pub token: &'a str,
    /// X-Ray's tracing header of the invocation.
    pub xray: Option<&'a str>,
}

/// Takes one request from the first check to the answer. Every result is an [`Outcome`].
///
/// The steps are statements, in the order in which they have to happen: nothing is parsed before it is verified, and
/// nothing is sent before it is stored.
pub async fn receive<P: Provider>(
    request: &Request,
    arrival: Arrival<'_>,
    policy: &Policy,
    secrets: &impl SecretStore,
    ledger: &impl Ledger,
    queue: &impl Queue,
) -> Outcome {
    if request.method != http::Method::POST {
        return Outcome::MethodNotAllowed;
    }
    if request.body.len() > policy.max_body_bytes {
        return too_large::<P>(request, arrival.now, policy, secrets).await;
    }
    let verified = match verify::<P>(request, arrival.now, policy, secrets).await {
        Ok(verified) => verified,
        Err(outcome) => return outcome,
    };
    let body = ParsedBody::parse(verified.body());
    let Some(facts) = Reading::attempt(P::read, &body).into_facts() else {
        return Outcome::Ping(verified.by().clone());
    };
    let key = P::key(&verified, &body);
    let trace = Trace::read(request, arrival.xray);
    let delivery = Delivery::new(P::NAME, &key, &verified, arrival.now, arrival.token, trace);
    deliver::<P>(facts, &body, delivery, policy, ledger, queue).await
}

/// X-Ray's tracing header of a rehearsal.
const REHEARSED_TRACE: &str = "Root=1-00000000-000000000000000000000001;Parent=0000000000000001;Sampled=0";

/// Runs the provider's sample through everything after verification, to warm caches and allocator for the first real
/// delivery. The ledger and the queue must be ones that keep nothing.
pub async fn rehearse<P: Provider>(
    now: Timestamp,
    policy: &Policy,
    ledger: &impl Ledger,
    queue: &impl Queue,
) -> Outcome {
    let sample = Bytes::from_static(P::SAMPLE.as_bytes());
    let body = ParsedBody::parse(&sample);
    let Some(facts) = Reading::attempt(P::read, &body).into_facts() else {
        return Outcome::Ping(VerifiedBy::default());
    };
    let delivery = Delivery {
        ledger_key: format!("{}#rehearsal", P::NAME),
        digest: Digest::of(&sample),
        body: sample.clone(),
        received: now,
        token: String::new(),
        trace: Trace { sender: None, xray: Span::from_xray(REHEARSED_TRACE) },
        verified_by: VerifiedBy::default(),
    };
    deliver::<P>(facts, &body, delivery, policy, ledger, queue).await
}

/// The number of times the allowed length up to which a body that is too large is verified. It bounds the work that a
/// stranger can cause.
const VERIFIED_TIMES: usize = 4;

/// Refuses a body that is too large, and finds out whether an event was turned away by that: a limit that is too low must
/// be seen by the deployer, and what strangers send must not.
async fn too_large<P: Provider>(
    request: &Request,
    now: Timestamp,
    policy: &Policy,
    secrets: &impl SecretStore,
) -> Outcome {
    let checked = request.body.len() <= policy.max_body_bytes.saturating_mul(VERIFIED_TIMES);
    let genuine = checked && verify::<P>(request, now, policy, secrets).await.is_ok();
    Outcome::TooLarge { genuine }
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
        SecretsError::Unreachable(error_code) => Outcome::SecretsUnreachable(error_code),
    })?;
    let refusal = match provider::verify::<P>(request, &keyring, policy, now) {
        Ok(verified) => return Ok(verified),
        Err(refusal) => refusal,
    };
    if refusal.may_be_rotation()
        && let Some(fresh) = secrets.reread().await
    {
        return provider::verify::<P>(request, &fresh, policy, now).map_err(Outcome::Refused);
    }
    Err(Outcome::Refused(refusal))
}

/// Stores the delivery, sends its event and marks it sent: in this order, so that a crash between any two leaves
/// either nothing, which the provider retries, or a pending item, which the relay sends.
async fn deliver<P: Provider>(
    facts: Facts,
    body: &ParsedBody<'_>,
    delivery: Delivery,
    policy: &Policy,
    ledger: &impl Ledger,
    queue: &impl Queue,
) -> Outcome {
    let claim = ledger.claim(&delivery).await;
    let deduplication = match claim {
        Ok(Claim::New) => delivery.deduplication(),
        Ok(Claim::Duplicate(earlier)) => {
            let (id, verified_by) = (delivery.event_id(), delivery.verified_by);
            return Outcome::Duplicate(Duplicate { id, verified_by, earlier });
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
        trace: delivery.trace,
    };
    let (event, message) = normalize::message(facts, body, &delivery.ledger_key, &origin);
    let (unclaimed, settled, unsent) = match (claim, queue.send(&message).await) {
        (Ok(_), Ok(())) => (None, Some(settle(ledger, &delivery, policy).await), None),
        (Ok(_), Err(unsent)) => (None, None, Some(unsent)),
        (Err(unclaimed), Ok(())) => (Some(unclaimed), None, None),
        (Err(ledger), Err(queue)) => return Outcome::Unavailable { ledger, queue },
    };
    Outcome::Accepted(Box::new(Accepted {
        id: event.id,
        event_type: event.event_type,
        verified_by: delivery.verified_by,
        deduplication,
        unclaimed,
        drift: event.data.drift,
        settled,
        unsent,
    }))
}

/// Marks the delivery sent, as of its receipt, which is at most the few seconds of a request ago.
async fn settle(
    ledger: &impl Ledger,
    delivery: &Delivery,
    policy: &Policy,
) -> Result<Transition, LedgerError> {
    let expires = delivery.received + policy.retention;
    ledger.settle(&Fence::claimed(delivery), delivery.received, expires).await
}
