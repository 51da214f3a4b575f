//! `receive` with everything it needs, in one call.

use jiff::Timestamp;
use usher_core::ledger::Ledger;
use usher_core::memory::FixedSecrets;
use usher_core::outcome::{Accepted, Outcome};
use usher_core::policy::Policy;
use usher_core::queue::Queue;
use usher_core::receive::{Arrival, receive};
use usher_core::request::Request;

use super::signing::Signs;
use super::{now, policy};

/// The usual policy and secrets; `token` tells this invocation from others.
pub async fn deliver<P: Signs>(
    request: &Request,
    token: &str,
    now: Timestamp,
    ledger: &impl Ledger,
    queue: &impl Queue,
) -> Outcome {
    deliver_under::<P>(&policy::<P>(), request, Arrival { now, token, xray: None }, ledger, queue).await
}

pub async fn deliver_under<P: Signs>(
    policy: &Policy,
    request: &Request,
    arrival: Arrival<'_>,
    ledger: &impl Ledger,
    queue: &impl Queue,
) -> Outcome {
    receive::<P>(request, arrival, policy, &FixedSecrets(P::keyring()), ledger, queue).await
}

/// One request on its own, now.
pub fn deliver_now<P: Signs>(request: &Request, ledger: &impl Ledger, queue: &impl Queue) -> Outcome {
    futures_executor::block_on(deliver::<P>(request, "only", now(), ledger, queue))
}

pub fn accepted(outcome: Outcome) -> Accepted {
    match outcome {
        Outcome::Accepted(accepted) => *accepted,
        other => panic!("not accepted: {other:?}"),
    }
}
