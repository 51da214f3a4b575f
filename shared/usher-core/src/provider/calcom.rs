//! Cal.com: bookings, and what happens around them.

mod read;

use std::time::Duration;

use super::reading::Reading;
use super::shape::Shape;
use super::{Provider, booking, cal_signature};
use crate::ledger::Key;
use crate::parsed_body::ParsedBody;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError};
use crate::signature::{Description, Refusal, Verified};

/// Signs the body into `X-Cal-Signature-256: <hex>`. The key is the secret as UTF-8.
///
/// `X-Cal-Webhook-Version` names the form of the body. It is not signed, so whoever holds one delivery could change how it
/// is read: the body alone decides. All triggers of the one version there is (2021-10-20) are known.
pub struct Calcom;

impl Provider for Calcom {
    const NAME: &'static str = "calcom";

    /// Nothing Cal.com sends is signed together with a time, so there is no replay window to speak of.
    const TOLERANCE: Duration = Duration::ZERO;

    const RETRIES: Duration = Duration::ZERO;

    const SAMPLE: &'static str = include_str!("../../../../events/calcom/BOOKING_CREATED.json");

    fn check_keyring(keyring: &Keyring) -> Result<(), KeyringError> {
        if keyring.signing.is_empty() { Err(KeyringError::NoSigningSecret) } else { Ok(()) }
    }

    fn describe<'r>(
        request: &'r Request,
        keyring: &'r Keyring,
        _: &Policy,
    ) -> Result<Description<'r>, Refusal> {
        let check = cal_signature::check(request, cal_signature::header(request)?, &keyring.signing)?;
        Ok(Description { request, delivery_id: None, checks: vec![check] })
    }

    fn read(body: &ParsedBody<'_>) -> Reading {
        read::reading(body)
    }

    /// The body's digest, if the body holds its own moment: then nothing else has the same bytes. A custom payload template
    /// need not hold it, and a broken one is the same few bytes for every booking.
    fn key(_: &Verified, body: &ParsedBody<'_>) -> Key {
        if body.with_json(read::holds_its_moment).unwrap_or(false) { Key::Body } else { Key::Unnamed }
    }

    /// The fields of a booking. Other bodies share a few of them, or none.
    fn documented(provider_type: &str) -> Option<Shape> {
        booking::trigger(provider_type).map(|_| booking::shape::ENVELOPE)
    }
}
