//! The secret document of one provider: which secrets are valid now.

use std::fmt;

use serde::Deserialize;

use crate::cause::causes;
use crate::policy::Policy;

/// A secret as configured. It is never printed: `Debug` shows only that there is one.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Secret(String);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Secret {
    /// Makes a secret of a text, without the white space around it: no provider's secret has any, and what was pasted
    /// along would never match.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().trim().to_owned())
    }

    /// Returns the secret itself, for the one place that compares it or keys a MAC with it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether it is empty, or nothing but the prefix: an HMAC key or token that everyone knows.
    fn is_known_to_all(&self) -> bool {
        self.0.strip_prefix("whsec_").unwrap_or(&self.0).is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// All secrets of one provider that are valid at this moment, checked to be usable.
///
/// Several at once is what makes rotation possible: old and new both pass while the provider changes over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keyring {
    /// The keys of the message authentication code, newest first.
    pub signing: Vec<Secret>,
    /// The unguessable tokens that may stand in the URL, newest first.
    pub url: Vec<Secret>,
}

impl Keyring {
    /// Reads a secret document: `{"signing": […], "url": […]}`, each a list or one string, or a bare string, which
    /// is one signing secret.
    ///
    /// Everything is checked here, so that a bad document is seen when it is read and not when a delivery fails. `check`
    /// is what the provider asks of its secrets: [`provider::keyring`](crate::provider::keyring) passes it.
    pub fn parse(
        document: &str,
        policy: &Policy,
        check: fn(&Self) -> Result<(), KeyringError>,
    ) -> Result<Self, KeyringError> {
        let document = document.trim();
        let keyring = if document.starts_with(['[', '"']) {
            // Without names serde takes a list's items in the order of fields: the second would become a URL token.
            return Err(KeyringError::Malformed);
        } else if document.starts_with('{') {
            // serde_json's message can quote the document, so it is dropped: it would put a secret in the log.
            let lists: SecretDocument =
                serde_json::from_str(document).map_err(|_| KeyringError::Malformed)?;
            Self { signing: lists.signing.into(), url: lists.url.into() }
        } else if document.is_empty() {
            Self::default()
        } else {
            Self { signing: vec![Secret::new(document)], url: Vec::new() }
        };
        if keyring == Self::default() && !policy.allow_unsigned {
            return Err(KeyringError::Empty);
        }
        if keyring.signing.iter().chain(&keyring.url).any(Secret::is_known_to_all) {
            return Err(KeyringError::EmptySecret);
        }
        check(&keyring)?;
        Ok(keyring)
    }
}

causes! {
    /// The reason why a secret document can't be used. No variant carries any of its text.
    KeyringError {
        Empty = "document_empty", "the secret document has no value or lists no secret";
        Malformed = "document_malformed",
            "the secret document is neither a bare secret nor {{\"signing\": […], \"url\": […]}}";
        EmptySecret = "secret_empty", "the secret document lists an empty secret";
        NotBase64 = "secret_not_base64", "a signing secret is not `whsec_` followed by base64";
        NoSigningSecret = "signing_secret_missing",
            "the secret document lists no signing secret, which this provider needs";
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretDocument {
    #[serde(default)]
    signing: OneOrMany,
    #[serde(default)]
    url: OneOrMany,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(Secret),
    Many(Vec<Secret>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl From<OneOrMany> for Vec<Secret> {
    fn from(secrets: OneOrMany) -> Self {
        match secrets {
            OneOrMany::One(secret) => vec![secret],
            OneOrMany::Many(secrets) => secrets,
        }
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
