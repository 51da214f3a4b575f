//! Deliveries that are stored and not yet sent.

use bytes::Bytes;
use jiff::Timestamp;
use usher_core::digest::Digest;
use usher_core::ledger::{Claim, GRACE, Ledger as _};
use usher_core::signature::VerifiedBy;
use usher_core::trace::Trace;

use crate::delivery::{Delivery, unique_text};
use crate::stack::{Stack, block_on};

/// Stores a delivery without sending it, as a handler does that dies after the claim. Returns `received`.
pub fn leave_pending(stack: &Stack, delivery: &Delivery, received: Timestamp) -> Timestamp {
    let claim = claim(delivery, delivery.provider.name(), received);
    block_on(async {
        assert_eq!(stack.ledger().claim(&claim).await, Ok(Claim::New));
    });
    assert!(stack.stored(delivery).expect("it is in the ledger").is_pending());
    received
}

/// Returns the claim of a delivery under this provider's name.
pub fn claim(delivery: &Delivery, provider: &str, received: Timestamp) -> usher_core::ledger::Delivery {
    let body = Bytes::from(delivery.body.clone());
    usher_core::ledger::Delivery {
        ledger_key: delivery.pk().replacen(delivery.provider.name(), provider, 1),
        digest: Digest::of(&body),
        body,
        received,
        token: unique_text(),
        trace: Trace::default(),
        verified_by: VerifiedBy::default(),
    }
}

/// Returns a time of receipt so long ago that the handler of it must have ended.
pub fn long_ago() -> Timestamp {
    Timestamp::from_millisecond((Timestamp::now() - GRACE * 2).as_millisecond()).expect("it is a time")
}
