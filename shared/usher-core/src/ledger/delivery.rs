//! One delivery: as it goes into the ledger, and as it comes out.

use bytes::Bytes;
use jiff::Timestamp;

use super::key::{DUPLICATE_WINDOW, Key};
use super::packed::Packed;
use crate::digest::Digest;
use crate::signature::Verified;

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
    /// The time until which another delivery under the same key is a duplicate, if not for as long as the item lives.
    pub duplicate_until: Option<Timestamp>,
}

impl Delivery {
    /// Makes the delivery of a verified body.
    pub fn new(provider: &str, key: &Key, verified: &Verified, received: Timestamp, token: &str) -> Self {
        let digest = Digest::of(verified.body());
        Self {
            ledger_key: format!("{provider}#{}", key.text(digest)),
            body: verified.body().clone(),
            digest,
            received,
            token: token.to_owned(),
            duplicate_until: key.window.map(|window| received + window),
        }
    }

    /// Gives the delivery a key of its own. An equal one before it is past its window and still unsent: neither may
    /// overwrite the other. All of one [`DUPLICATE_WINDOW`] by the clock share that key, and so count once.
    pub fn with_own_key(self) -> Self {
        let window = self.received.as_second().unsigned_abs() / DUPLICATE_WINDOW.as_secs();
        let ledger_key = format!("{}@{window}", self.ledger_key);
        Self { ledger_key, duplicate_until: None, ..self }
    }

    /// Returns the id of the event made of it, the same whenever and wherever it is made.
    pub fn event_id(&self) -> String {
        event_id(&self.ledger_key, self.duplicate_until.map(|_| self.received))
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
    /// As in [`Delivery`].
    pub duplicate_until: Option<Timestamp>,
    /// The number of times it was replayed.
    pub replay: u32,
}

impl StoredDelivery {
    /// Returns the provider's name.
    pub fn provider(&self) -> &str {
        provider(&self.ledger_key)
    }

    /// Returns the id of the event, the same as on the first way through.
    pub fn event_id(&self) -> String {
        event_id(&self.ledger_key, self.duplicate_until.map(|_| self.received))
    }
}

/// Returns the provider's name in a ledger key.
pub(super) fn provider(ledger_key: &str) -> &str {
    ledger_key.split_once('#').map_or("", |(provider, _)| provider)
}

/// Returns `<provider>:<key>`, and the moment where a key is used again for something new.
pub(super) fn event_id(ledger_key: &str, reused_at: Option<Timestamp>) -> String {
    let id = ledger_key.replacen('#', ":", 1);
    match reused_at {
        Some(received) => format!("{id}@{}", received.as_millisecond()),
        None => id,
    }
}
