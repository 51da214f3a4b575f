//! Any sender of Standard Webhooks: verified and kept, and not read any further.

use std::time::Duration;

use super::fields::Field;
use super::reading::Reading;
use super::shape::{Shape, repeated_members};
use super::{Provider, standard_webhooks};
use crate::event::data::Data;
use crate::event::{EventType, Facts};
use crate::ledger::Key;
use crate::parsed_body::ParsedBody;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError};
use crate::signature::{Description, Refusal, Verified};

/// Signs `{id}.{timestamp}.{body}` with the base64-decoded secret, under `webhook-*` or `svix-*` names.
///
/// Several senders may share the URL. The name of the secret that verifies a delivery is its sender's name.
pub struct Standard;

impl Provider for Standard {
    const NAME: &'static str = "standard";

    /// Five minutes, as Standard Webhooks has it. The timestamp is renewed on every retry.
    const TOLERANCE: Duration = Duration::from_mins(5);

    /// The schedule of Svix, the sender that most others took theirs from.
    const RETRIES: Duration = Duration::from_hours(28);

    const SAMPLE: &'static str = include_str!("../../../../events/standard/contact.created.json");

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

    /// Takes the sender's type and time, where the body has them as the specification recommends. Any body is an event.
    fn read(body: &ParsedBody<'_>) -> Reading {
        let read = body.with_json(|json| {
            let root = Field::root(json);
            Facts {
                provider_type: root.get("type").text().unwrap_or_default(),
                time: root.get("timestamp").time(),
                data: Data { drift: repeated_members(json), ..Data::default() },
                ..Facts::default()
            }
        });
        Reading::Event(Box::new(Facts { event_type: EventType::Received, ..read.unwrap_or_default() }))
    }

    /// The id, which is signed and the same across retries, behind the name of the sender.
    fn key(verified: &Verified, _: &ParsedBody<'_>) -> Key {
        let name = verified.by().secret.as_ref().and_then(|used| used.name.as_ref());
        match (verified.delivery_id(), name) {
            (Some(id), Some(name)) => Key::id_of(name.as_str(), id),
            (Some(id), None) => Key::id(id),
            (None, _) => Key::Unnamed,
        }
    }

    fn documented(_: &str) -> Option<Shape> {
        None
    }
}
