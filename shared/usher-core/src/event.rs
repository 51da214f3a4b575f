//! The event that goes on the queue: CloudEvents 1.0, structured JSON. Everything in this folder is a promise to
//! consumers.

mod attribute;
pub mod data;
#[cfg(feature = "schema")]
mod date_time;
mod drift;
mod facts;
#[cfg(feature = "schema")]
pub mod schema;
pub mod words;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::parsed_body::{ParsedBody, holds_noncharacters};
use crate::trace::Trace;

use attribute::attribute_safe;

pub use data::Data;
pub use drift::{Acknowledged, Drift, Problem};
pub use facts::{EventType, Facts};

/// The `dataschema` of this version's `data`.
pub const DATA_SCHEMA: &str = "urn:usher:event:1";

/// The length in bytes of the longest event. An SQS message holds 1 MiB, attributes included (Amazon SQS quotas); this
/// leaves 48 KB for them.
const MAX_ENCODED_BYTES: usize = 1_000_000;

/// The form of `traceparent`, version 00.
#[cfg(feature = "schema")]
const TRACEPARENT: &str = "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$";

/// The usual length of an event besides the body and its typed data.
const USUAL_ENVELOPE_BYTES: usize = 2048;

/// One event, as consumers read it from the queue.
#[cfg_attr(feature = "schema", serde_with::apply(Timestamp => #[schemars(with = "crate::event::date_time::DateTime")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// The version of CloudEvents.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "1.0")))]
    pub specversion: String,
    /// `<provider>:<key>`: the same for every copy of one delivery that names itself, so a consumer can drop a second one.
    pub id: String,
    /// `/<provider>`, then the provider's account (Luma's calendar, Lunacal's and Cal.com's organizer, the name of a sender of
    /// Standard Webhooks) where known.
    pub source: String,
    /// The type of what happened. Further types may come: ignore those you don't know.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = EventType::names())))]
    #[serde(rename = "type")]
    pub event_type: String,
    /// The provider's id of the guest, ticket, event, booking or subscription that it happened to. At most 128 bytes: a longer one is cut, one with control
    /// characters loses them, and its digest follows after `~`.
    pub subject: Option<String>,
    /// The time at which it happened if the provider says so, else the time of receipt.
    pub time: Timestamp,
    /// The format of `data`.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "application/json")))]
    pub datacontenttype: String,
    /// The version of this schema.
    #[cfg_attr(feature = "schema", schemars(extend("const" = DATA_SCHEMA)))]
    pub dataschema: String,
    /// The name of the sender.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = ["luma", "lunacal", "allfly", "calcom", "standard"])))]
    pub provider: String,
    /// The provider's own name of the type; absent where it gave none. At most 128 bytes, as `subject`.
    pub providertype: Option<String>,
    /// The time of receipt, to the millisecond.
    pub receivedtime: Timestamp,
    /// The answer to whether this may be one of several copies.
    pub deduplication: Deduplication,
    /// The number of the replay that sent this copy, from 1; absent on the first way through.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub replay: Option<u32>,
    /// The position in a trace that the event comes from (W3C Trace Context): that of the request's `traceparent` header, else
    /// that of AWS X-Ray. All copies and replays have the same. No signature covers it: a sender chooses it freely, so
    /// decide nothing by it.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = TRACEPARENT)))]
    pub traceparent: Option<String>,
    /// The typed facts, and the body exactly as received.
    pub data: Data,
}

/// The state of the check for duplicates.
///
/// In JSON: the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Deduplication {
    /// The ledger knew no earlier delivery of the same.
    Checked,
    /// A second copy could not be told, and may follow: the ledger was out of reach, or the delivery does not name itself,
    /// by a signed id, an id with its body, or a body that holds its own moment. A second copy of the latter has another
    /// `id`.
    Unchecked,
}

/// The circumstances that an event is made from, besides the facts in the body.
#[derive(Debug, Clone)]
pub struct Origin<'a> {
    /// The name of the sender.
    pub provider: &'a str,
    /// The event's id.
    pub id: String,
    /// The time of receipt.
    pub received: Timestamp,
    /// The state of the check for duplicates.
    pub deduplication: Deduplication,
    /// The number of the replay; 0 on the first way through.
    pub replay: u32,
    /// The traces of the request that brought it.
    pub trace: Trace,
}

impl Event {
    /// Makes the event of some facts.
    pub fn new(facts: Facts, origin: &Origin<'_>) -> Self {
        // Cut, not rounded, as the ledger does: the relay's copy says the same as the handler's.
        let received =
            Timestamp::from_millisecond(origin.received.as_millisecond()).unwrap_or(origin.received);
        Self {
            specversion: "1.0".to_owned(),
            id: origin.id.clone(),
            source: source(origin.provider, facts.account.as_deref()),
            event_type: facts.event_type.as_str().to_owned(),
            subject: facts.subject.map(attribute_safe),
            time: facts.time.unwrap_or(received),
            datacontenttype: "application/json".to_owned(),
            dataschema: DATA_SCHEMA.to_owned(),
            provider: origin.provider.to_owned(),
            providertype: Some(facts.provider_type).filter(|name| !name.is_empty()).map(attribute_safe),
            receivedtime: received,
            deduplication: origin.deduplication,
            replay: (origin.replay > 0).then_some(origin.replay),
            traceparent: origin.trace.traceparent(),
            data: facts.data,
        }
    }

    /// Returns the event's JSON with the received body in it.
    ///
    /// The body's own bytes are put in, not a parse of them: a number, an escape or a space printed differently would no
    /// longer be what was signed.
    pub fn encode(&self, body: &ParsedBody<'_>) -> String {
        let encoded = self.splice(body);
        if encoded.len() <= MAX_ENCODED_BYTES {
            return encoded;
        }
        // Normalized fields repeat parts of the body, so a hostile body could push a message over SQS's limit, where
        // it would fail for good. The received body matters more than its typed form.
        Self { data: Data::default(), ..self.clone() }.splice(body)
    }

    fn splice(&self, body: &ParsedBody<'_>) -> String {
        // Room for all of it at once: growing into it would copy it several times.
        let mut envelope = Vec::with_capacity(USUAL_ENVELOPE_BYTES + 2 * body.bytes().len());
        serde_json::to_writer(&mut envelope, self).expect("an event has only string keys and finite numbers");
        let mut encoded = escape_for_sqs(String::from_utf8(envelope).expect("JSON is UTF-8"));
        // `data` is the last field and an object: its two closing braces make room for one more member.
        encoded.truncate(encoded.len() - 2);
        if !encoded.ends_with('{') {
            encoded.push(',');
        }
        if let Some(json) = body.embeddable() {
            encoded.push_str("\"raw\":");
            encoded.push_str(json);
        } else {
            encoded.push_str("\"raw_base64\":\"");
            STANDARD.encode_string(body.bytes(), &mut encoded);
            encoded.push('"');
        }
        encoded.push_str("}}");
        encoded
    }
}

/// Escapes the two characters that JSON allows in a string and SQS does not carry. Outside strings they can't occur.
fn escape_for_sqs(json: String) -> String {
    if !holds_noncharacters(&json) {
        return json;
    }
    json.replace('\u{FFFE}', "\\ufffe").replace('\u{FFFF}', "\\uffff")
}

/// The characters that are percent-encoded: all but those that RFC 3986 (2.3) leaves unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The length in bytes above which an account is left out: percent-encoded, a body full of one would not fit the queue.
const MAX_ACCOUNT_BYTES: usize = 128;

/// Returns a URI-reference (CloudEvents 1.0, `source`).
fn source(provider: &str, account: Option<&str>) -> String {
    match account.filter(|account| account.len() <= MAX_ACCOUNT_BYTES) {
        Some(account) => format!("/{provider}/{}", utf8_percent_encode(account, RESERVED)),
        None => format!("/{provider}"),
    }
}
