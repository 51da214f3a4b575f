//! One delivery: as it goes into the ledger, and as it comes out.

use bytes::Bytes;
use jiff::Timestamp;

use super::key::{self, Key};
use super::packed::Packed;
use crate::digest::Digest;
use crate::event::Deduplication;
use crate::signature::{Verified, VerifiedBy};
use crate::trace::Trace;

/// A verified delivery on its way into the ledger: everything that is needed to send it, later and elsewhere.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// `<provider>#<key>`.
    pub ledger_key: String,
    /// The body, byte for byte as verified.
    pub body: Bytes,
    /// The digest of the body.
    pub digest: Digest,
    /// The time of receipt.
    pub received: Timestamp,
    /// The mark that tells this attempt to store the delivery from any other.
    pub token: String,
    /// The traces of the request.
    pub trace: Trace,
    /// The secrets that verified it.
    pub verified_by: VerifiedBy,
}

impl Delivery {
    /// Makes the delivery of a verified body.
    pub fn new(
        provider: &str,
        key: &Key,
        verified: &Verified,
        received: Timestamp,
        token: &str,
        trace: Trace,
    ) -> Self {
        let digest = Digest::of(verified.body());
        Self {
            ledger_key: format!("{provider}#{}", key.text(digest, token)),
            body: verified.body().clone(),
            digest,
            received,
            token: token.to_owned(),
            trace,
            verified_by: verified.by().clone(),
        }
    }

    /// Returns the id of the event made of it, the same whenever and wherever it is made.
    pub fn event_id(&self) -> String {
        event_id(&self.ledger_key)
    }

    /// Returns whether a copy of the delivery would have been told, now that the ledger has taken it.
    pub fn deduplication(&self) -> Deduplication {
        deduplication(&self.ledger_key)
    }
}

/// A delivery as the ledger keeps it: what its event is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// `<provider>#<key>`.
    pub ledger_key: String,
    /// The body, still packed: one that does not unpack is the event's failure, not the ledger's.
    pub body: Packed,
    /// The time of receipt.
    pub received: Timestamp,
    /// The number of times it was replayed.
    pub replay: u32,
    /// The traces of the request that brought it.
    pub trace: Trace,
}

impl StoredDelivery {
    /// Returns the provider's name.
    pub fn provider(&self) -> &str {
        provider(&self.ledger_key)
    }

    /// Returns the id of the event, the same as on the first way through.
    pub fn event_id(&self) -> String {
        event_id(&self.ledger_key)
    }

    /// Returns whether a copy of the delivery would have been told, now that the ledger has taken it.
    pub fn deduplication(&self) -> Deduplication {
        deduplication(&self.ledger_key)
    }
}

/// Returns the provider's name in a ledger key.
pub(super) fn provider(ledger_key: &str) -> &str {
    ledger_key.split_once('#').map_or("", |(provider, _)| provider)
}

/// Returns `<provider>:<key>`.
pub(super) fn event_id(ledger_key: &str) -> String {
    ledger_key.replacen('#', ":", 1)
}

/// Returns whether the ledger could tell a second copy of the delivery.
fn deduplication(ledger_key: &str) -> Deduplication {
    if key::is_named(ledger_key) { Deduplication::Checked } else { Deduplication::Unchecked }
}
