//! AllFly Connect: Svix, that is Standard Webhooks exactly; bodies whose fields are unpublished.

mod read;

use std::time::Duration;

use super::{Provider, standard_webhooks};
use crate::delivery::Key;
use crate::document::Document;
use crate::drift::Shape;
use crate::policy::Policy;
use crate::reading::Reading;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError};
use crate::signature::{Description, Refusal, Verified};

/// Signs `{svix-id}.{svix-timestamp}.{body}` with the base64-decoded secret.
pub struct AllFly;

impl Provider for AllFly {
    const NAME: &'static str = "allfly";

    /// Five minutes, as Standard Webhooks has it. The timestamp is renewed on every retry.
    const TOLERANCE: Duration = Duration::from_mins(5);

    const SAMPLE: &'static str = include_str!("../../../../events/allfly/event_attendee.joined_event.json");

    fn check_keyring(keyring: &Keyring) -> Result<(), KeyringError> {
        if keyring.signing.is_empty() {
            return Err(KeyringError::NoSigningSecret);
        }
        if keyring.signing.iter().any(|secret| standard_webhooks::key(secret).is_none()) {
            return Err(KeyringError::NotBase64);
        }
        Ok(())
    }

    fn describe<'r>(
        request: &'r Request,
        keyring: &'r Keyring,
        policy: &Policy,
    ) -> Result<Description<'r>, Refusal> {
        let check = standard_webhooks::check(request, headers(request), &keyring.signing, policy)?;
        Ok(Description { checks: vec![check] })
    }

    fn delivery_id(request: &Request) -> Option<&str> {
        request.header(headers(request).id).ok().flatten().filter(|id| !id.is_empty())
    }

    /// `svix-id`, which is signed, and the same across retries and manual resends.
    fn key(verified: &Verified, _: &Document<'_>) -> Key {
        match verified.delivery_id() {
            Some(id) => Key::id(id),
            None => Key::body(),
        }
    }

    fn documented(_: &str) -> Option<Shape> {
        None
    }

    fn read(document: &Document<'_>) -> Reading {
        read::read(document)
    }
}

/// The naming scheme in use, decided by one header so that verification and the key can't look at different ids.
fn headers(request: &Request) -> standard_webhooks::Headers {
    if request.headers.contains_key(standard_webhooks::SVIX.signature) {
        standard_webhooks::SVIX
    } else {
        standard_webhooks::WEBHOOK
    }
}
