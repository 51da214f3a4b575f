//! The secrets of one provider: how they are listed, checked, changed and read.

pub mod account;
pub mod change;
pub mod document;
mod keyring;
mod text;

use std::fmt;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub use account::{Account, Age, Listed, Name, NameError, Used, listed};
pub use change::ChangeError;
pub use document::{Document, DocumentError, Kind, MAX_SECRETS, pasted};
pub use keyring::{Keyring, KeyringError};
pub use text::Flaw;

/// The age at which secrets are read again, so that a retired secret stops working without a deployment.
pub const FRESH_FOR: Duration = Duration::from_mins(5);

/// The shortest time between two reads once a document, good or bad, was read. Forged deliveries ask for the document
/// again, and an attacker must not be able to cause more than one call a minute.
///
/// It is also the time from a change of the document until every sandbox accepts a new secret: one that has not read
/// the document since then reads it at the first delivery that does not match.
pub const REREAD_AFTER: Duration = Duration::from_mins(1);

/// A secret as configured. It is never printed: `Debug` shows only that there is one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The characters that need no escape in a URL (RFC 3986, 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Secret {
    /// Makes a secret of a text, without the white space and the invisible characters around it: no provider's secret
    /// has any, and what was pasted along would never match.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(text::trimmed(text.as_ref()).to_owned())
    }

    /// Returns the secret itself, for the one place that compares it or keys a MAC with it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the secret as it has to stand in a URL. [`Request::query_parameter`](crate::request::Request::query_parameter)
    /// reads it back, whatever its characters are.
    pub fn expose_in_url(&self) -> String {
        utf8_percent_encode(&self.0, UNRESERVED).to_string()
    }

    /// Returns whether it is the sample that Svix and Standard Webhooks print in their documentation, and AllFly in its
    /// own. Whoever has read it can sign with it.
    ///
    /// The tool refuses it ([`pasted`]). A function takes it: the published test vectors are signed with it, and it is
    /// the secret of local runs.
    pub fn is_public_sample(&self) -> bool {
        self.without_prefix() == "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    }

    /// Returns whether it is empty, or nothing but the prefix: an HMAC key or token that everyone knows.
    fn is_known_to_all(&self) -> bool {
        self.without_prefix().is_empty()
    }

    fn without_prefix(&self) -> &str {
        self.0.strip_prefix(text::PREFIX).unwrap_or(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The source of a provider's secrets.
///
/// Implementations keep what they read: [`current`](Self::current) answers from memory while that is fresh enough.
pub trait SecretStore {
    /// Returns the secrets that are valid now.
    fn current(&self) -> impl Future<Output = Result<Keyring, SecretsError>>;

    /// Reads the secrets again because a delivery did not match them: they may have just been rotated.
    ///
    /// Returns `None` when they were read too recently, so that forged deliveries can't cause a read each.
    fn reread(&self) -> impl Future<Output = Option<Keyring>>;
}

/// The reason why there are no secrets to verify with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// The deployer has to fix the document. A later retry by the provider may find it fixed.
    #[error(transparent)]
    Invalid(#[from] KeyringError),
    /// The store can't be reached, and no secrets are cached. Carries a short name, such as a service's error code.
    #[error("secrets can't be read: {0}")]
    Unreachable(String),
}
