//! What the sender knows: the key it signs with and, for Lunacal, the token in its URL.

use base64::Engine as _;
use serde::Deserialize;

/// The newest secrets of one provider. It has no `Debug`, so that nothing can print it.
#[derive(Clone, Default)]
pub struct Secrets {
    /// The key to sign with.
    pub signing: Option<String>,
    /// The token Lunacal carries in its URL.
    pub url: Option<String>,
}

/// Why a text is no secret. The messages never show it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// Nothing but white space.
    #[error("the secret is empty")]
    Empty,
    /// It starts as a JSON document does, and then is none of Usher's.
    #[error(r#"the secret is not a secret document: it must read {{"signing": ["…"], "url": ["…"]}}, or be one bare secret"#)]
    Malformed,
}

/// Usher's secret document: the newest secret first.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    signing: OneOrMany,
    #[serde(default)]
    url: OneOrMany,
}

/// Secrets Manager's generator can write a string into a document, but no list.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    fn newest(self) -> Option<String> {
        match self {
            Self::One(only) => Some(only),
            Self::Many(all) => all.into_iter().next(),
        }
    }
}

impl Secrets {
    /// Reads a bare signing secret or a whole secret document, also within the quotes that `aws … --query SecretString` adds.
    ///
    /// # Errors
    /// When the text is empty, or looks like a document and is not one.
    pub fn read(text: &str) -> Result<Self, SecretsError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SecretsError::Empty);
        }
        if text.starts_with('"') {
            let inner: String = serde_json::from_str(text).map_err(|_| SecretsError::Malformed)?;
            return Self::read(&inner);
        }
        if !text.starts_with('{') {
            return Ok(Self { signing: Some(text.to_owned()), url: None });
        }
        // The error of serde_json would quote what it found, so it is dropped.
        let document: Document = serde_json::from_str(text).map_err(|_| SecretsError::Malformed)?;
        let secrets = Self { signing: document.signing.newest(), url: document.url.newest() };
        if secrets.signing.is_none() && secrets.url.is_none() {
            return Err(SecretsError::Malformed);
        }
        Ok(secrets)
    }
}

/// A key every provider's scheme takes and no receiver knows: what it signs is a forgery.
#[must_use]
pub fn forged_secret() -> String {
    let key = base64::engine::general_purpose::STANDARD.encode(crate::random::<24>());
    format!("whsec_{key}")
}
