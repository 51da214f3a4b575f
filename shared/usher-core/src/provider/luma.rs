//! Luma: names like Standard Webhooks, signatures like Stripe's.

mod id;
mod people;
mod place;
mod read;
mod shape;

use std::time::Duration;

use super::reading::Reading;
use super::shape::Shape;
use super::{Provider, standard_webhooks};
use crate::ledger::Key;
use crate::parsed_body::ParsedBody;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError, listed};
use crate::signature::{Candidate, Check, Description, MAX_SIGNATURES, Refusal, Tag, Verified, tag_from_hex};

/// Signs `{t}.{body}` into `Webhook-Signature: t=<unix>,v1=<hex>`. The key is the whole secret as UTF-8, `whsec_`
/// included: decoding it as base64, as the look of it suggests, raises no error and never matches.
pub struct Luma;

impl Provider for Luma {
    const NAME: &'static str = "luma";

    /// Ten minutes: the last retry comes seven minutes after the first attempt, and whether `t` is renewed then is
    /// not documented.
    const TOLERANCE: Duration = Duration::from_mins(10);

    /// After one, two and four minutes.
    const RETRIES: Duration = Duration::from_mins(7);

    const SAMPLE: &'static str = include_str!("../../../../events/luma/guest.registered.json");

    const MAY_MOVE_TO_STANDARD_WEBHOOKS: bool = true;

    fn check_keyring(keyring: &Keyring) -> Result<(), KeyringError> {
        if keyring.signing.is_empty() { Err(KeyringError::NoSigningSecret) } else { Ok(()) }
    }

    fn describe<'r>(
        request: &'r Request,
        keyring: &'r Keyring,
        policy: &Policy,
    ) -> Result<Description<'r>, Refusal> {
        let header = request.header("webhook-signature").map_err(|_| Refusal::MalformedSignature)?;
        let header = header.ok_or(Refusal::MissingSignature)?;
        let check = if policy.accept_standard_webhooks && header.starts_with("v1,") {
            standard_webhooks::check(request, standard_webhooks::WEBHOOK, &keyring.signing, policy)?
        } else {
            let parts = SignatureHeader::parse(header)?;
            Check::Mac {
                keys: listed(&keyring.signing).map(Candidate::undecoded).collect(),
                // `t` as received, not re-printed from the number: it is what was signed.
                signed: vec![parts.timestamp.as_bytes(), b".", &request.body],
                signatures: parts.signatures,
                signed_at: Some(standard_webhooks::signed_at(parts.timestamp, policy)?),
            }
        };
        let delivery_id = request.header("webhook-id").ok().flatten().filter(|id| !id.is_empty());
        Ok(Description { request, delivery_id, checks: vec![check] })
    }

    fn read(body: &ParsedBody<'_>) -> Reading {
        read::reading(body)
    }

    /// `Webhook-Id` is *not* signed. Alone it would let anyone who holds one signed body use up the id of a delivery
    /// to come. So the key is the id and the body.
    fn key(verified: &Verified, _: &ParsedBody<'_>) -> Key {
        match verified.delivery_id() {
            Some(id) => Key::id_and_body(id),
            // The body names no moment, so its digest alone would swallow an update from A to B and back to A.
            None => Key::Unnamed,
        }
    }

    fn documented(provider_type: &str) -> Option<Shape> {
        Some(shape::of(provider_type))
    }
}

struct SignatureHeader<'r> {
    timestamp: &'r str,
    signatures: Vec<Tag>,
}

impl<'r> SignatureHeader<'r> {
    fn parse(header: &'r str) -> Result<Self, Refusal> {
        let mut timestamp = None;
        let mut versions = 0;
        let mut v1 = 0;
        let mut signatures = Vec::new();
        for item in header.split(',') {
            match item.trim().split_once('=') {
                // Two timestamps: which one was signed would be the sender's choice.
                Some(("t", _)) if timestamp.is_some() => return Err(Refusal::MalformedTimestamp),
                Some(("t", value)) => timestamp = Some(value),
                Some(("v1", value)) => {
                    v1 += 1;
                    if v1 <= MAX_SIGNATURES {
                        signatures.extend(tag_from_hex(value));
                    }
                }
                Some((version, _)) if version.starts_with('v') => versions += 1,
                _ => {}
            }
        }
        if v1 == 0 {
            return Err(if versions > 0 { Refusal::UnknownScheme } else { Refusal::MalformedSignature });
        }
        if signatures.is_empty() {
            return Err(Refusal::MalformedSignature);
        }
        Ok(Self { timestamp: timestamp.ok_or(Refusal::MissingTimestamp)?, signatures })
    }
}
