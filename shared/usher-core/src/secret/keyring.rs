//! The secrets of one provider, ready to verify with.

use super::{Account, Document, DocumentError, Secret};
use crate::cause::causes;
use crate::policy::Policy;

/// All secrets of one provider that are valid at this moment, checked to be usable.
///
/// Several at once is what makes rotation possible: old and new both pass while the provider changes over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keyring {
    /// The keys of the message authentication code.
    pub signing: Vec<Account>,
    /// The unguessable tokens that may stand in the URL.
    pub url: Vec<Account>,
}

impl Keyring {
    /// Reads a [`Document`] and checks that deliveries can be verified with it.
    ///
    /// Everything is checked here, so that a bad document is seen when it is read and not when a delivery fails. `check`
    /// is what the provider asks of its secrets: [`provider::keyring`](crate::provider::keyring) passes it.
    pub fn parse(
        document: &str,
        policy: &Policy,
        check: fn(&Self) -> Result<(), KeyringError>,
    ) -> Result<Self, KeyringError> {
        let keyring = Self::from(Document::parse(document)?);
        if keyring == Self::default() && !policy.allow_unsigned {
            return Err(KeyringError::Empty);
        }
        check(&keyring)?;
        Ok(keyring)
    }

    /// Makes a keyring of secrets without names, newest first.
    pub fn unnamed(signing: Vec<Secret>, url: Vec<Secret>) -> Self {
        let accounts = |secrets: Vec<Secret>| {
            if secrets.is_empty() { Vec::new() } else { vec![Account { name: None, secrets }] }
        };
        Self { signing: accounts(signing), url: accounts(url) }
    }
}

impl From<Document> for Keyring {
    fn from(document: Document) -> Self {
        let Document { signing, url } = document;
        Self { signing, url }
    }
}

causes! {
    /// The reason why a secret document can't be used. No variant carries any of its text. [`DocumentError`] says more
    /// exactly what is wrong with it.
    KeyringError {
        Empty = "document_empty", "the secret document has no value or lists no secret";
        Malformed = "document_malformed",
            "the secret document is neither a bare secret, without quotation marks, nor {{\"signing\": […], \"url\": […]}}";
        EmptySecret = "secret_empty", "the secret document lists an empty secret";
        MalformedSecret = "secret_malformed",
            "a listed secret stands in quotation marks, has something in front of it, or holds a character that can't be seen";
        MalformedName = "name_malformed", "a name in the secret document is not 1 to 32 of A-Z, a-z, 0-9, `.`, `_`, `-`";
        NoSecretUnderName = "name_without_secret", "the secret document has a name without a secret";
        TooMany = "secrets_too_many", "the secret document lists more than 64 secrets";
        NotBase64 = "secret_not_base64", "a signing secret is not `whsec_` followed by base64";
        NoSigningSecret = "signing_secret_missing",
            "the secret document lists no signing secret, which this provider needs";
    }
}

impl From<DocumentError> for KeyringError {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::EmptySecret => Self::EmptySecret,
            DocumentError::Listed(_) | DocumentError::PublicSample => Self::MalformedSecret,
            DocumentError::Name(_) => Self::MalformedName,
            DocumentError::NoSecretUnderName => Self::NoSecretUnderName,
            DocumentError::TooMany => Self::TooMany,
            DocumentError::Bare(_)
            | DocumentError::NotJson
            | DocumentError::List
            | DocumentError::UnknownMember
            | DocumentError::Repeated
            | DocumentError::NotText
            | DocumentError::NotOne => Self::Malformed,
        }
    }
}
