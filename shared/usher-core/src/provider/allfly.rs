//! AllFly Connect: Svix, that is Standard Webhooks exactly; bodies whose fields are unpublished.

mod person;
mod read;

use std::time::Duration;

use super::reading::Reading;
use super::shape::Shape;
use super::{Provider, standard_webhooks};
use crate::ledger::Key;
use crate::parsed_body::ParsedBody;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError, listed};
use crate::signature::{Description, Refusal, Verified};

/// Signs `{svix-id}.{svix-timestamp}.{body}` with the base64-decoded secret.
pub struct Allfly;

impl Provider for Allfly {
    const NAME: &'static str = "allfly";

    /// Five minutes, as Standard Webhooks has it. The timestamp is renewed on every retry.
    const TOLERANCE: Duration = Duration::from_mins(5);

    /// Svix's schedule ends after 27 hours and 35 minutes.
    const RETRIES: Duration = Duration::from_hours(28);

    const SAMPLE: &'static str = include_str!("../../../../events/allfly/event_attendee.joined_event.json");

    fn check_keyring(keyring: &Keyring) -> Result<(), KeyringError> {
        if keyring.signing.is_empty() {
            return Err(KeyringError::NoSigningSecret);
        }
        if listed(&keyring.signing).any(|listed| standard_webhooks::key(listed.secret).is_none()) {
            return Err(KeyringError::NotBase64);
        }
        Ok(())
    }

    fn describe<'r>(
        request: &'r Request,
        keyring: &'r Keyring,
        policy: &Policy,
    ) -> Result<Description<'r>, Refusal> {
        // One set of names for both, so that the key can't be of another id than the one that is verified.
        let headers = headers(request);
        let check = standard_webhooks::check(request, headers, &keyring.signing, policy)?;
        let delivery_id = request.header(headers.id).ok().flatten().filter(|id| !id.is_empty());
        Ok(Description { request, delivery_id, checks: vec![check] })
    }

    fn read(body: &ParsedBody<'_>) -> Reading {
        read::reading(body)
    }

    /// `svix-id`, which is signed, and the same across retries and manual resends.
    fn key(verified: &Verified, _: &ParsedBody<'_>) -> Key {
        match verified.delivery_id() {
            Some(id) => Key::id(id),
            None => Key::Unnamed,
        }
    }

    fn documented(_: &str) -> Option<Shape> {
        None
    }
}

/// Returns the naming scheme in use.
fn headers(request: &Request) -> standard_webhooks::Headers {
    if request.headers.contains_key(standard_webhooks::SVIX.signature) {
        standard_webhooks::SVIX
    } else {
        standard_webhooks::WEBHOOK
    }
}
