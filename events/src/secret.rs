//! The sender's secrets: the key that it signs with and, for Lunacal, the token in its URL.
//!
//! The secret document is read by the parser that the functions use, so that sender and receiver agree on what a document
//! is. This module is the only one of this crate that uses code of Usher's.

use std::time::Duration;

use base64::Engine as _;
use usher_core::policy::Policy;
use usher_core::secret::{Account, Keyring, KeyringError, listed};

use crate::random::random;

/// The newest secrets of one provider. It has no `Debug`, so that nothing can print it.
#[derive(Clone, Default)]
pub struct Secrets {
    /// The key to sign with.
    pub signing: Option<String>,
    /// The token that Lunacal sends in its URL.
    pub url: Option<String>,
}

/// The reason why a text is no secret. The messages never show the text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// There is nothing but white space, or a secret without characters of its own.
    #[error("the secret is empty")]
    Empty,
    /// The text starts as a JSON document does, but is not a secret document.
    #[error(r#"the secret is not a secret document: it must read {{"signing": ["…"], "url": ["…"]}}, or be one bare secret"#)]
    Malformed,
}

impl Secrets {
    /// Reads a bare signing secret or a whole secret document, also within the quotes that `aws … --query SecretString`
    /// adds.
    ///
    /// # Errors
    /// When the text is empty, or looks like a document and is not one.
    pub fn read(text: &str) -> Result<Self, SecretsError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SecretsError::Empty);
        }
        if text.starts_with('"') {
            // The error of serde_json would quote the secret, so it is dropped.
            let inner: String = serde_json::from_str(text).map_err(|_| SecretsError::Malformed)?;
            return Self::read(&inner);
        }
        let keyring = keyring(text).map_err(|error| match error {
            KeyringError::EmptySecret => SecretsError::Empty,
            _ => SecretsError::Malformed,
        })?;
        // The first account's, where the document names several.
        let newest =
            |accounts: &[Account]| listed(accounts).next().map(|listed| listed.secret.expose().to_owned());
        Ok(Self { signing: newest(&keyring.signing), url: newest(&keyring.url) })
    }
}

/// Parses a bare secret or a secret document without asking what a provider's scheme needs.
fn keyring(document: &str) -> Result<Keyring, KeyringError> {
    let policy = Policy::with_tolerance(Duration::ZERO);
    Keyring::parse(document, &policy, |_| Ok(()))
}

/// Makes up a key that every provider's scheme accepts and no receiver knows: what it signs is a forgery.
#[must_use]
pub fn forged_secret() -> String {
    let key = base64::engine::general_purpose::STANDARD.encode(random::<24>());
    format!("whsec_{key}")
}
