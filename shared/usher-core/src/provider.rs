//! The differences between providers, as one trait. Its implementations are twins: same parts, same order. The list of
//! them is in [`providers`](crate::providers).

pub mod allfly;
mod booking;
mod cal_signature;
pub mod calcom;
mod fields;
pub mod luma;
pub mod lunacal;
mod money;
pub mod reading;
pub mod shape;
pub mod standard;
pub mod standard_webhooks;

use std::time::Duration;

use jiff::Timestamp;

use crate::ledger::Key;
use crate::parsed_body::ParsedBody;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError};
use crate::signature::{self, Description, Refusal, Verified};

pub use reading::{Read, Reading};
pub use shape::Shape;

/// A sender of webhooks. Dispatch is static: each Lambda binary *is* one provider.
///
/// The questions come in the order in which a delivery asks them.
pub trait Provider: 'static {
    /// The name in configuration, ledger keys, events and metrics.
    const NAME: &'static str;

    /// The time by which a signed timestamp may be off unless configured.
    const TOLERANCE: Duration;

    /// The time for which it sends a delivery again that was not answered 2xx. Zero if it documents none.
    const RETRIES: Duration;

    /// A body of a usual type, as documented: [`rehearse`](crate::receive::rehearse) takes it.
    const SAMPLE: &'static str;

    /// Permission for a deployer to accept this provider's deliveries without a signature or a token
    /// ([`Policy::allow_unsigned`]): the provider may be unable to send either.
    const MAY_BE_UNSIGNED: bool = false;

    /// Permission for a deployer to accept Standard Webhooks signatures beside the provider's own
    /// ([`Policy::accept_standard_webhooks`]): the provider may change to that scheme.
    const MAY_MOVE_TO_STANDARD_WEBHOOKS: bool = false;

    /// Checks that the keyring holds what this provider's scheme needs.
    fn check_keyring(keyring: &Keyring) -> Result<(), KeyringError>;

    /// Describes what there is to check about a request. [`signature`] checks it.
    fn describe<'r>(
        request: &'r Request,
        keyring: &'r Keyring,
        policy: &Policy,
    ) -> Result<Description<'r>, Refusal>;

    /// Reads a verified body. Pure and total: whatever it can't read is [`Reading::Unrecognized`].
    fn read(body: &ParsedBody<'_>) -> Reading;

    /// Returns the key under which a delivery counts as the same one. It is bound to signed material, so that a forger
    /// can't poison the key of a delivery to come.
    fn key(verified: &Verified, body: &ParsedBody<'_>) -> Key;

    /// Returns the fields that the provider documents for a body of this type, and where each goes. `None` where they
    /// are unpublished, so that no deviation can be told.
    fn documented(provider_type: &str) -> Option<Shape>;
}

/// Reads a provider's secret document. See [`Keyring::parse`].
pub fn keyring<P: Provider>(document: &str, policy: &Policy) -> Result<Keyring, KeyringError> {
    Keyring::parse(document, policy, P::check_keyring)
}

/// Verifies a request against the secrets that are valid now. See [`signature::verify`].
///
/// Fails closed: a request that the provider's module can't describe is refused.
pub fn verify<P: Provider>(
    request: &Request,
    keyring: &Keyring,
    policy: &Policy,
    now: Timestamp,
) -> Result<Verified, Refusal> {
    signature::verify(&P::describe(request, keyring, policy)?, policy, now)
}
