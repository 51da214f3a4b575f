//! One delivery: the key it counts once under, and what is stored of it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::document::Document;
use crate::ledger::Earlier;
use crate::provider::Provider;
use crate::signature::Verified;

/// The first 128 bits of a SHA-256: enough that nobody can find a second body for a digest (2^128 tries), and half
/// the bytes in every stored item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(pub [u8; 16]);

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        let full: [u8; 32] = Sha256::digest(bytes).into();
        let mut half = [0; 16];
        half.copy_from_slice(&full[..16]);
        Self(half)
    }

    pub(crate) fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

/// What makes two deliveries of one provider the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The provider's id of the delivery.
    id: Option<String>,
    /// Whether the body's digest is part of it.
    body: bool,
    window: Option<Duration>,
}

/// How long a delivery that names no moment counts as the same one.
pub const WINDOW: Duration = Duration::from_mins(10);

impl Key {
    /// The provider's id alone: only where the id is signed.
    pub fn id(id: &str) -> Self {
        Self { id: Some(bounded(id)), body: false, window: None }
    }

    /// The provider's id and the body's digest: where the id is not signed.
    pub fn id_and_body(id: &str) -> Self {
        Self { id: Some(bounded(id)), body: true, window: None }
    }

    /// The body's digest: where there is no id.
    pub fn body() -> Self {
        Self { id: None, body: true, window: None }
    }

    /// The same key, counting as the same delivery for [`WINDOW`] only.
    pub fn for_a_while(self) -> Self {
        Self { window: Some(WINDOW), ..self }
    }

    fn text(&self, body: Digest) -> String {
        match (&self.id, self.body) {
            (Some(id), false) => id.clone(),
            (Some(id), true) => format!("{id}.{}", body.text()),
            (None, _) => body.text(),
        }
    }
}

/// An id fit for a DynamoDB key (2 KB at most) and for an operator's terminal: as it is if short and plain, else its
/// digest behind `~`, which no plain id holds.
fn bounded(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if id.len() <= 128 && id.bytes().all(plain) {
        id.to_owned()
    } else {
        format!("~{}", Digest::of(id.as_bytes()).text())
    }
}

/// A verified delivery on its way into the ledger: everything that is needed to send it, later and elsewhere.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// `<provider>#<key>`.
    pub pk: String,
    /// The body, byte for byte as verified.
    pub body: Bytes,
    pub digest: Digest,
    pub received: Timestamp,
    /// Tells this attempt to store it from anybody else's.
    pub token: String,
    /// Until when another delivery under the same key is a duplicate, if not for as long as the item lives.
    pub same_until: Option<Timestamp>,
}

impl Delivery {
    pub fn new<P: Provider>(
        verified: &Verified,
        document: &Document<'_>,
        received: Timestamp,
        token: &str,
    ) -> Self {
        let key = P::key(verified, document);
        let digest = Digest::of(verified.body());
        Self {
            pk: format!("{}#{}", P::NAME, key.text(digest)),
            body: verified.body().clone(),
            digest,
            received,
            token: token.to_owned(),
            same_until: key.window.map(|window| received + window),
        }
    }

    /// The same delivery under a key of its own, for when an equal one before it is over but not yet sent: neither
    /// may overwrite the other. All of one [`WINDOW`] by the clock share that key, and so count once.
    pub fn apart(self) -> Self {
        let window = self.received.as_second().unsigned_abs() / WINDOW.as_secs();
        let pk = format!("{}@{window}", self.pk);
        Self { pk, same_until: None, ..self }
    }

    /// The id of the event made of it, the same whenever and by whomever it is made.
    pub fn event_id(&self) -> String {
        event_id(&self.pk, self.same_until.map(|_| self.received))
    }

    /// The id of the event that the earlier delivery under this one's key made.
    pub fn event_id_of(&self, earlier: &Earlier) -> String {
        event_id(&self.pk, earlier.same_until.map(|until| until - WINDOW))
    }
}

/// The provider's name, as a ledger key says.
pub(crate) fn provider(pk: &str) -> &str {
    pk.split_once('#').map_or("", |(provider, _)| provider)
}

/// `<provider>:<key>`, and the moment where a key is used again for something new.
pub(crate) fn event_id(pk: &str, reused_at: Option<Timestamp>) -> String {
    let id = pk.replacen('#', ":", 1);
    match reused_at {
        Some(received) => format!("{id}@{}", received.as_millisecond()),
        None => id,
    }
}
