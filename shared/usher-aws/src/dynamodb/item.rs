//! Conversions between the ledger's types and DynamoDB's attributes.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use bytes::Bytes;
use jiff::Timestamp;
use usher_core::digest::Digest;
use usher_core::ledger::operator::Item;
use usher_core::ledger::{
    Delivery, Earlier, Fence, GRACE, Leased, Packed, Pending, Setbacks, State, StoredDelivery, mark, shard,
};
use usher_core::trace::{Span, Trace};

/// The attributes of an item, or of its key, by name.
pub(super) type Attributes = HashMap<String, AttributeValue>;

/// Returns the item that a claim of this delivery writes.
pub(super) fn claimed(delivery: &Delivery) -> Attributes {
    let (name, body) = match Packed::pack(&delivery.body) {
        Packed::Deflated(bytes) => ("body", bytes),
        Packed::Plain(bytes) => ("plain", bytes.to_vec()),
    };
    let trace = [("trace", delivery.trace.sender), ("xray", delivery.trace.xray)];
    let trace = trace
        .into_iter()
        .filter_map(|(name, span)| Some((name.to_owned(), AttributeValue::B(Blob::new(span?.to_bytes())))));
    let mut item = Attributes::from([
        ("pk".to_owned(), text(&delivery.ledger_key)),
        ("pending".to_owned(), text(shard(&delivery.ledger_key).to_string())),
        ("due".to_owned(), millis(delivery.received + GRACE)),
        ("received".to_owned(), millis(delivery.received)),
        ("token".to_owned(), text(&delivery.token)),
        ("attempt".to_owned(), number(0)),
        ("digest".to_owned(), AttributeValue::B(Blob::new(delivery.digest.0))),
        (name.to_owned(), AttributeValue::B(Blob::new(body))),
    ]);
    item.extend(trace);
    item.extend(mark::write(&delivery.verified_by).map(|mark| ("by".to_owned(), text(mark))));
    item
}

/// Returns the key of the pending index that a page ended with, after which the next one begins.
pub(super) fn index_key(last: &Pending) -> Attributes {
    Attributes::from([
        ("pk".to_owned(), text(&last.ledger_key)),
        ("pending".to_owned(), text(shard(&last.ledger_key).to_string())),
        ("due".to_owned(), millis(last.due)),
    ])
}

/// A typed view of an item that was read. Its functions return `None` for an attribute that is missing or malformed.
#[derive(Clone, Copy)]
pub(super) struct ItemView<'a>(pub(super) &'a Attributes);

impl<'a> ItemView<'a> {
    /// Returns the token of the claim or of the last replay.
    pub(super) fn token(self) -> Option<&'a String> {
        self.text("token")
    }

    /// Returns whether the item has an attribute, whatever its value.
    pub(super) fn has(self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns whether the item has this token.
    pub(super) fn has_token(self, token: &str) -> bool {
        self.token().is_some_and(|its| its == token)
    }

    /// Returns the number of replays.
    pub(super) fn replay(self) -> u32 {
        self.number("replay").unwrap_or(0)
    }

    /// Returns whether its body was erased at this time, to the millisecond.
    pub(super) fn was_forgotten_at(self, time: Timestamp) -> bool {
        self.number("forgotten") == Some(time.as_millisecond())
    }

    /// Returns whether the item's last attempt is the one that the fence is of.
    pub(super) fn is_at(self, fence: &Fence) -> bool {
        self.has_token(&fence.token) && self.number("attempt") == Some(fence.attempt)
    }

    /// Returns whether this very lease was applied before: no other has both its mark and its end.
    pub(super) fn is_leased_to(self, relay: &str, until: Timestamp) -> bool {
        self.text("lease").is_some_and(|mark| mark == relay) && self.is_due_at(until)
    }

    /// Returns whether the item is pending and due at this time, to the millisecond.
    pub(super) fn is_due_at(self, time: Timestamp) -> bool {
        self.has("pending") && self.number("due") == Some(time.as_millisecond())
    }

    fn setbacks(self) -> Setbacks {
        let count = |name| self.number(name).unwrap_or(0);
        Setbacks { failed: count("failed"), unconfirmed: count("unconfirmed") }
    }

    /// Returns what a duplicate learns of the delivery that came first.
    pub(super) fn earlier(self, delivery: &Delivery) -> Earlier {
        let state = State::of(self.has("pending"), self.has("parked"));
        Earlier { state, same_body: self.bytes("digest").is_some_and(|digest| digest == delivery.digest.0) }
    }

    /// Returns an entry of the pending index.
    pub(super) fn pending(self) -> Option<Pending> {
        Some(Pending {
            ledger_key: self.text("pk")?.clone(),
            due: self.time("due")?,
            received: self.time("received")?,
        })
    }

    fn body(self) -> Option<Packed> {
        match self.bytes("body") {
            Some(deflated) => Some(Packed::Deflated(deflated.to_vec())),
            None => Some(Packed::Plain(Bytes::copy_from_slice(self.bytes("plain")?))),
        }
    }

    fn trace(self) -> Trace {
        let span = |name| self.bytes(name).and_then(Span::from_bytes);
        Trace { sender: span("trace"), xray: span("xray") }
    }

    /// Returns what the relay needs to send the event.
    pub(super) fn leased(self) -> Option<Leased> {
        let fence = Fence {
            ledger_key: self.text("pk")?.clone(),
            token: self.token()?.clone(),
            attempt: self.number("attempt")?,
        };
        let delivery = StoredDelivery {
            ledger_key: fence.ledger_key.clone(),
            body: self.body()?,
            received: self.time("received")?,
            replay: self.replay(),
            trace: self.trace(),
        };
        Some(Leased { fence, setbacks: self.setbacks(), delivery })
    }

    /// Returns all that the ledger holds of a delivery, for an operator.
    pub(super) fn full_item(self) -> Option<Item> {
        let digest = self.bytes("digest").and_then(|digest| digest.try_into().ok());
        Some(Item {
            ledger_key: self.text("pk")?.clone(),
            token: self.token()?.clone(),
            attempt: self.number("attempt")?,
            lease: self.text("lease").cloned(),
            setbacks: self.setbacks(),
            replay: self.replay(),
            digest: digest.map(Digest),
            received: self.time("received")?,
            due: self.time("due"),
            sent: self.time("sent"),
            parked: self.time("parked"),
            replayed: self.time("replayed"),
            forgotten: self.time("forgotten"),
            expires: self.number("expires_at").and_then(|seconds| Timestamp::from_second(seconds).ok()),
            trace: self.trace(),
            verified_by: mark::read(self.text("by").map(String::as_str)),
            body: self.body(),
        })
    }

    fn text(self, name: &str) -> Option<&'a String> {
        self.0.get(name)?.as_s().ok()
    }

    fn bytes(self, name: &str) -> Option<&'a [u8]> {
        self.0.get(name)?.as_b().ok().map(Blob::as_ref)
    }

    fn number<T: std::str::FromStr>(self, name: &str) -> Option<T> {
        self.0.get(name)?.as_n().ok()?.parse().ok()
    }

    fn time(self, name: &str) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.number(name)?).ok()
    }
}

/// Makes a string attribute.
pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// Makes a number attribute.
pub(super) fn number(value: u32) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Makes a number attribute with Unix milliseconds.
pub(super) fn millis(time: Timestamp) -> AttributeValue {
    AttributeValue::N(time.as_millisecond().to_string())
}

/// Makes a number attribute with Unix seconds, as TTL needs them: it would take milliseconds for a distant date, and
/// never delete the item.
pub(super) fn seconds(time: Timestamp) -> AttributeValue {
    AttributeValue::N(time.as_second().to_string())
}
