//! The event that goes on the queue: CloudEvents 1.0, structured JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::attribute;
use crate::data::Data;
use crate::document::{Document, holds_noncharacters};
use crate::drift::Drift;
use crate::reading::{Facts, Reading};

/// The `dataschema` of this version's `data`.
pub const DATA_SCHEMA: &str = "urn:usher:event:1";

/// An SQS message holds 1 MiB, attributes included (Amazon SQS quotas); this leaves those 48 KB.
const MAX_ENCODED_BYTES: usize = 1_000_000;

/// What an event takes besides the body and what is read of it.
const USUAL_ENVELOPE_BYTES: usize = 2048;

/// One event, as consumers read it from the queue.
#[cfg_attr(feature = "schema", serde_with::apply(Timestamp => #[schemars(with = "crate::schema::DateTime")]))]
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// The version of CloudEvents.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "1.0")))]
    pub specversion: String,
    /// `<provider>:<key>`: the same for every copy of one delivery, so a consumer can drop a second one.
    pub id: String,
    /// `/<provider>`, then the provider's account (Luma's calendar, Lunacal's organizer) where known.
    pub source: String,
    /// What happened. Further types may come: leave alone what you don't know.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = crate::reading::EventType::names())))]
    #[serde(rename = "type")]
    pub event_type: String,
    /// What it happened to, by the provider's id. At most 128 bytes: a longer one is cut, one with control
    /// characters loses them, and its digest follows after `~`.
    pub subject: Option<String>,
    /// When it happened if the provider says so, else when it was received.
    pub time: Timestamp,
    /// What `data` is written in.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "application/json")))]
    pub datacontenttype: String,
    /// The version of this schema.
    #[cfg_attr(feature = "schema", schemars(extend("const" = DATA_SCHEMA)))]
    pub dataschema: String,
    /// Who sent it.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = ["luma", "lunacal", "allfly"])))]
    pub provider: String,
    /// The provider's own name of the type; absent where it gave none. At most 128 bytes, as `subject`.
    pub providertype: Option<String>,
    /// When it was received, to the millisecond.
    pub receivedtime: Timestamp,
    /// Whether this may be one of several copies.
    pub deduplication: Deduplication,
    /// The number of the replay that sent this copy, from 1; absent on the first way through.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub replay: Option<u32>,
    /// What it says.
    pub data: Data,
}

/// Whether the ledger was asked if this delivery had come before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Deduplication {
    Checked,
    /// The ledger could not be reached: a redelivery of the same may follow as another copy.
    Unchecked,
}

/// What an event is made from, besides what was read of the body.
#[derive(Debug, Clone)]
pub struct Origin<'a> {
    pub provider: &'a str,
    pub id: String,
    pub received: Timestamp,
    pub deduplication: Deduplication,
    pub replay: u32,
}

impl Event {
    /// The event of a reading; `None` for a ping, which is none.
    pub fn new(reading: Reading, origin: &Origin<'_>) -> Option<Self> {
        let facts = match reading {
            Reading::Ping => return None,
            Reading::Event(facts) => *facts,
            Reading::Unrecognized { provider_type } => Facts {
                provider_type: provider_type.unwrap_or_default(),
                data: Data { drift: vec![Drift::unrecognized()], ..Data::default() },
                ..Facts::default()
            },
        };
        // Cut, not rounded, as the ledger does: the relay's copy says the same as the handler's.
        let received =
            Timestamp::from_millisecond(origin.received.as_millisecond()).unwrap_or(origin.received);
        Some(Self {
            specversion: "1.0".to_owned(),
            id: origin.id.clone(),
            source: source(origin.provider, facts.account.as_deref()),
            event_type: facts.event_type.as_str().to_owned(),
            subject: facts.subject.map(attribute::bounded),
            time: facts.time.unwrap_or(received),
            datacontenttype: "application/json".to_owned(),
            dataschema: DATA_SCHEMA.to_owned(),
            provider: origin.provider.to_owned(),
            providertype: Some(facts.provider_type).filter(|name| !name.is_empty()).map(attribute::bounded),
            receivedtime: received,
            deduplication: origin.deduplication,
            replay: (origin.replay > 0).then_some(origin.replay),
            data: facts.data,
        })
    }

    /// The event's JSON with the received body in it.
    ///
    /// The body's own bytes are put in, not a parse of them: a number, an escape or a space printed otherwise would no
    /// longer be what was signed.
    pub fn encode(&self, document: &Document<'_>) -> String {
        let encoded = self.splice(document);
        if encoded.len() <= MAX_ENCODED_BYTES {
            return encoded;
        }
        // Normalized fields repeat parts of the body, so a hostile body could push a message over SQS's limit, where
        // it would fail for good. What was received is what must arrive.
        Self { data: Data::default(), ..self.clone() }.splice(document)
    }

    fn splice(&self, document: &Document<'_>) -> String {
        // Room for all of it at once: growing into it would copy it several times.
        let mut envelope = Vec::with_capacity(USUAL_ENVELOPE_BYTES + 2 * document.body().len());
        serde_json::to_writer(&mut envelope, self).expect("an event has only string keys and finite numbers");
        let mut encoded = escape_for_sqs(String::from_utf8(envelope).expect("JSON is UTF-8"));
        // `data` is the last field and an object: its two closing braces make room for one more member.
        encoded.truncate(encoded.len() - 2);
        if !encoded.ends_with('{') {
            encoded.push(',');
        }
        if let Some(json) = document.embeddable() {
            encoded.push_str("\"raw\":");
            encoded.push_str(json);
        } else {
            encoded.push_str("\"raw_base64\":\"");
            STANDARD.encode_string(document.body(), &mut encoded);
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

/// What RFC 3986 (2.3) leaves unreserved stands as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Accounts longer than this are left out: percent-encoded, a body full of one would not fit the queue any more.
const MAX_ACCOUNT_BYTES: usize = 128;

/// A URI-reference (CloudEvents 1.0, `source`).
fn source(provider: &str, account: Option<&str>) -> String {
    match account.filter(|account| account.len() <= MAX_ACCOUNT_BYTES) {
        Some(account) => format!("/{provider}/{}", utf8_percent_encode(account, RESERVED)),
        None => format!("/{provider}"),
    }
}
