//! Lunacal: Cal.com's payloads, and perhaps its signature, which Lunacal's own documents do not mention.

mod read;

use std::time::Duration;

use super::fields::Field;
use super::reading::Reading;
use super::shape::Shape;
use super::{Provider, booking, cal_signature};
use crate::ledger::Key;
use crate::parsed_body::ParsedBody;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError, listed};
use crate::signature::{Candidate, Check, Description, Refusal, Verified};

/// Three modes, chosen by what the secret document lists: a signature (`X-Cal-Signature-256: <hex>` over the body), a
/// token in the URL (`?token=…`), or both. A listed kind is required: a sender can't choose the weaker one. Only where
/// the deployer allows unsigned deliveries does one that carries neither pass; one that carries a wrong one does not.
pub struct Lunacal;

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
        let signature = cal_signature::header(request)?;
        let token = request.query_parameter("token");
        if policy.allow_unsigned && token.is_none() && cal_signature::is_unsigned(signature) {
            return Ok(Description { request, delivery_id: None, checks: Vec::new() });
        }
        let mut checks = Vec::new();
        if !keyring.signing.is_empty() {
            checks.push(cal_signature::check(request, signature, &keyring.signing)?);
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
        Some(booking::shape::ENVELOPE)
    }
}
