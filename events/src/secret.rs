//! The sender's secrets: the key that it signs with and, for Lunacal, the token in its URL.
//!
//! The secret document is read by the parser that the functions use, so that sender and receiver agree on what a document
//! is and on each secret in it, to the character. Of Usher's code, this crate uses this parser alone.

use base64::Engine as _;
pub use usher_core::secret::Name;
use usher_core::secret::{Account, Document, DocumentError, Kind};

use crate::random::random;

/// The newest secrets of one account of a provider. It has no `Debug`, so that nothing can print it.
#[derive(Clone, Default)]
pub struct Secrets {
    /// The key to sign with.
    pub signing: Option<String>,
    /// The token that Lunacal sends in its URL.
    pub url: Option<String>,
}

/// The reason why a text gives no secret. The messages never show the text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// There is nothing but white space, or a secret without characters of its own.
    #[error("the secret is empty")]
    Empty,
    /// The function would refuse the text, too.
    #[error(transparent)]
    Document(DocumentError),
    /// The document has accounts with names, and none was given.
    #[error("the secret document has several accounts: add --name with one of {0}")]
    NameNeeded(String),
    /// The document has no account of the name that was given.
    #[error("the secret document has no account of this name: {0}")]
    NoSuchName(String),
}

impl Secrets {
    /// Reads a bare signing secret or a whole secret document, and takes the newest secrets of the account with this name,
    /// or of the only one.
    ///
    /// A kind that has no account of the name gives its first one: a delivery of Lunacal's may carry any signing secret
    /// beside any token.
    ///
    /// # Errors
    /// When the function would refuse the text, it holds no secret, or it does not say which account is meant.
    pub fn read(text: &str, name: Option<&Name>) -> Result<Self, SecretsError> {
        let document = Document::parse(text).map_err(|error| match error {
            DocumentError::EmptySecret => SecretsError::Empty,
            error => SecretsError::Document(error),
        })?;
        let kinds = [Kind::Signing, Kind::Url].map(|kind| document.accounts(kind));
        let all = || kinds.into_iter().flatten();
        if all().next().is_none() {
            return Err(SecretsError::Empty);
        }
        if let Some(name) = name
            && !all().any(|account| account.name.as_ref() == Some(name))
        {
            return Err(SecretsError::NoSuchName(names(all())));
        }
        if name.is_none() && kinds.iter().any(|accounts| accounts.len() > 1) {
            return Err(SecretsError::NameNeeded(names(all())));
        }
        let [signing, url] = kinds.map(|accounts| {
            let named =
                name.and_then(|name| accounts.iter().find(|account| account.name.as_ref() == Some(name)));
            named.or(accounts.first())?.secrets.first().map(|secret| secret.expose().to_owned())
        });
        Ok(Self { signing, url })
    }
}

/// Lists the names of accounts, or says that there are none.
fn names<'a>(accounts: impl Iterator<Item = &'a Account>) -> String {
    let mut names: Vec<&str> =
        accounts.filter_map(|account| account.name.as_ref()).map(Name::as_str).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        "its only account has none, so leave --name out".to_owned()
    } else {
        names.join(", ")
    }
}

/// Makes up a key that every provider's scheme accepts and no receiver knows: what it signs is a forgery.
#[must_use]
pub fn forged_secret() -> String {
    let key = base64::engine::general_purpose::STANDARD.encode(random::<24>());
    format!("whsec_{key}")
}
