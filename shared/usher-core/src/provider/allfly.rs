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
use crate::secret::{Keyring, KeyringError};
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
        standard_webhooks::check_keyring(keyring)
    }

    fn describe<'r>(
        request: &'r Request,
        keyring: &'r Keyring,
        policy: &Policy,
    ) -> Result<Description<'r>, Refusal> {
        standard_webhooks::describe(request, keyring, policy)
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
