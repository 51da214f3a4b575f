//! Lunacal: Cal.com's payloads, and perhaps its signature, which Lunacal's own documents do not mention.

mod read;
mod shape;

use std::borrow::Cow;
use std::time::Duration;

use super::Provider;
use crate::delivery::Key;
use crate::document::Document;
use crate::drift::Shape;
use crate::policy::Policy;
use crate::reading::Reading;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError};
use crate::signature::{Check, Description, Refusal, Tag, Verified};

/// Three modes, chosen by what the secret document lists: a signature (`X-Cal-Signature-256: <hex>` over the body), a
/// token in the URL (`?token=…`), or both. A listed kind is required: a sender can't choose the weaker one. Only where
/// the deployer allows unsigned deliveries does one that carries neither pass; one that carries a wrong one does not.
pub struct Lunacal;

/// What Cal.com's sender writes in place of a signature when no secret is set. It proves nothing.
const NO_SECRET: &str = "no-secret-provided";

impl Provider for Lunacal {
    const NAME: &'static str = "lunacal";

    /// Nothing Lunacal sends is signed together with a time, so there is no replay window to speak of.
    const TOLERANCE: Duration = Duration::ZERO;

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
            return Ok(Description { checks: Vec::new() });
        }
        let mut checks = Vec::new();
        if !keyring.signing.is_empty() {
            checks.push(Check::Mac {
                keys: keyring
                    .signing
                    .iter()
                    .map(|secret| Cow::Borrowed(secret.expose().as_bytes()))
                    .collect(),
                signed: vec![&request.body],
                signatures: vec![parse_signature(signature.ok_or(Refusal::MissingSignature)?)?],
                signed_at: None,
            });
        }
        if !keyring.url.is_empty() {
            checks.push(Check::Token {
                presented: token.ok_or(Refusal::MissingToken)?,
                accepted: &keyring.url,
            });
        }
        Ok(Description { checks })
    }

    fn delivery_id(_: &Request) -> Option<&str> {
        None
    }

    /// The body's digest. A body without `createdAt` (a custom payload template) says nothing of when it was sent, so
    /// the same bytes may mean something new later: it counts as the same delivery for ten minutes only.
    fn key(_: &Verified, document: &Document<'_>) -> Key {
        if read::has_created_at(document) { Key::body() } else { Key::body().for_a_while() }
    }

    fn documented(_: &str) -> Option<Shape> {
        Some(shape::BODY)
    }

    fn read(document: &Document<'_>) -> Reading {
        read::read(document)
    }
}

/// `<hex>`, with `sha256=` before it or not.
fn parse_signature(header: &str) -> Result<Tag, Refusal> {
    if header == NO_SECRET {
        return Err(Refusal::MissingSignature);
    }
    super::luma::tag(header.strip_prefix("sha256=").unwrap_or(header)).ok_or(Refusal::MalformedSignature)
}
