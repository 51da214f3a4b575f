//! What differs between providers, as one trait. Its implementations are twins: same parts, same order.

mod allfly;
mod luma;
mod lunacal;
pub mod standard_webhooks;

use std::time::Duration;

use crate::delivery::Key;
use crate::document::Document;
use crate::drift::Shape;
use crate::normalize::Read;
use crate::policy::Policy;
use crate::reading::Reading;
use crate::request::Request;
use crate::secret::{Keyring, KeyringError};
use crate::signature::{Description, Refusal, Verified};

pub use allfly::AllFly;
pub use luma::Luma;
pub use lunacal::Lunacal;

/// How each provider's bodies are read, by its name: for whoever serves all of them.
pub const READERS: [(&str, Read); 3] =
    [(Luma::NAME, Luma::read), (Lunacal::NAME, Lunacal::read), (AllFly::NAME, AllFly::read)];

/// A sender of webhooks. Dispatch is static: each Lambda binary *is* one provider.
pub trait Provider: 'static {
    /// The name in configuration, ledger keys, events and metrics.
    const NAME: &'static str;

    /// How far a signed timestamp may be off unless configured.
    const TOLERANCE: Duration;

    /// A body of a usual type, as documented: what [`rehearse`](crate::receive::rehearse) takes.
    const SAMPLE: &'static str;

    /// Permission for a deployer to accept this provider's deliveries without a signature or a token
    /// ([`Policy::allow_unsigned`]): the provider may be unable to send either.
    const MAY_BE_UNSIGNED: bool = false;

    /// Permission for a deployer to accept Standard Webhooks signatures beside the provider's own
    /// ([`Policy::accept_standard_webhooks`]): the provider may change to that scheme.
    const MAY_MOVE_TO_STANDARD_WEBHOOKS: bool = false;

    /// Whether the keyring holds what this provider's scheme needs.
    fn check_keyring(keyring: &Keyring) -> Result<(), KeyringError>;

    /// Says what there is to check about a request; [`crate::signature`] checks it.
    fn describe<'r>(
        request: &'r Request,
        keyring: &'r Keyring,
        policy: &Policy,
    ) -> Result<Description<'r>, Refusal>;

    /// The provider's own id of this delivery, the same on every retry, if it sends one.
    fn delivery_id(request: &Request) -> Option<&str>;

    /// The key under which a delivery counts as the same one: bound to signed material, so that nobody can poison
    /// the key of a delivery to come.
    fn key(verified: &Verified, document: &Document<'_>) -> Key;

    /// The fields that the provider documents for a body of this type, and where each goes; `None` where they are
    /// unpublished, so that nothing can be said to deviate.
    fn documented(provider_type: &str) -> Option<Shape>;

    /// Reads a verified body. Pure and total: whatever it can't read is [`Reading::Unrecognized`].
    fn read(document: &Document<'_>) -> Reading;
}
