//! Lunacal: Cal.com's payloads, and perhaps its signature, which Lunacal's own documents do not mention.

mod read;
mod shape;

use std::time::Duration;

use super::Provider;
use super::fields::Field;
use super::reading::Reading;
use super::shape::Shape;
use crate::ledger::Key;
use crate::parsed_body::ParsedBody;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError, listed};
use crate::signature::{Candidate, Check, Description, Refusal, Tag, Verified, tag_from_hex};

/// Three modes, chosen by what the secret document lists: a signature (`X-Cal-Signature-256: <hex>` over the body), a
/// token in the URL (`?token=…`), or both. A listed kind is required: a sender can't choose the weaker one. Only where
/// the deployer allows unsigned deliveries does one that carries neither pass; one that carries a wrong one does not.
pub struct Lunacal;

/// The text that Cal.com's sender writes in place of a signature when no secret is set. It proves nothing.
const NO_SECRET: &str = "no-secret-provided";

impl Provider for Lunacal {
    const NAME: &'static str = "lunacal";

    /// Nothing Lunacal sends is signed together with a time, so there is no replay window to speak of.
    const TOLERANCE: Duration = Duration::ZERO;

    const RETRIES: Duration = Duration::ZERO;

    const SAMPLE: &'static str = include_str!("../../../../events/lunacal/BOOKING_CREATED.json");

    const MAY_BE_UNSIGNED: bool = true;

    fn check_keyring(_: &Keyring) -> Result<(), KeyringError> {
        Ok(())
    }

    fn describe<'r>(
        request: &'r Request,
        keyring: &'r Keyring,
        policy: &Policy,
    ) -> Result<Description<'r>, Refusal> {
        let signature = request.header("x-cal-signature-256").map_err(|_| Refusal::MalformedSignature)?;
        let token = request.query_parameter("token");
        if policy.allow_unsigned
            && token.is_none()
            && signature.is_none_or(|signature| signature == NO_SECRET)
        {
            return Ok(Description { request, delivery_id: None, checks: Vec::new() });
        }
        let mut checks = Vec::new();
        if !keyring.signing.is_empty() {
            checks.push(Check::Mac {
                keys: listed(&keyring.signing).map(Candidate::undecoded).collect(),
                signed: vec![&request.body],
                signatures: vec![parse_signature(signature.ok_or(Refusal::MissingSignature)?)?],
                signed_at: None,
            });
        }
        if !keyring.url.is_empty() {
            checks.push(Check::Token {
                presented: token.ok_or(Refusal::MissingToken)?,
                accepted: listed(&keyring.url).map(Candidate::undecoded).collect(),
            });
        }
        Ok(Description { request, delivery_id: None, checks })
    }

    fn read(body: &ParsedBody<'_>) -> Reading {
        read::reading(body)
    }

    /// The body's digest, if the body says when it was made: then no other booking has the same bytes. A custom payload
    /// template need not say it, and a broken one is the same few bytes for every booking.
    fn key(_: &Verified, body: &ParsedBody<'_>) -> Key {
        let moment = body.with_json(|json| Field::root(json).get("createdAt").time()).flatten();
        if moment.is_some() { Key::Body } else { Key::Unnamed }
    }

    fn documented(_: &str) -> Option<Shape> {
        Some(shape::BODY)
    }
}

/// `<hex>`, with `sha256=` before it or not.
fn parse_signature(header: &str) -> Result<Tag, Refusal> {
    if header == NO_SECRET {
        return Err(Refusal::MissingSignature);
    }
    tag_from_hex(header.strip_prefix("sha256=").unwrap_or(header)).ok_or(Refusal::MalformedSignature)
}
