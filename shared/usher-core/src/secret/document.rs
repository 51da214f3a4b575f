//! The secret document of one provider: which secrets are valid now.
//!
//! ```json
//! {"signing": {"berlin": ["newest", "older"], "lisbon": ["only"]}, "url": ["token"]}
//! ```
//!
//! `signing` and `url` hold a list of secrets, one secret, or an object that gives each account a name. A list is the
//! only, unnamed account of its kind. A text that is not JSON is one signing secret. So is what the providers' APIs
//! answer: `{"key": "whsec_…"}` (AllFly) and `{"secret": "whsec_…"}` (Luma).
//!
//! A secret may be listed more than once, in one account or in several. What it verifies is counted for the first place
//! in the document.

use serde::{Serialize, Serializer};
use serde_json_borrow::Value;

use super::text::{self, Flaw, PREFIX};
use super::{Account, Name, NameError, Secret};

/// The largest number of secrets in one document. A forged delivery costs one MAC for each, so the number bounds the
/// work that a stranger can cause.
pub const MAX_SECRETS: usize = 64;

/// The kinds of secrets in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The keys of the message authentication code.
    Signing,
    /// The tokens that may stand in the URL.
    Url,
}

/// A secret document whose every secret could be used.
///
/// Of each kind it has no account, one without a name, or any number with different names. No account is empty. It can
/// only be read, or made from another by one of the changes in [`change`](super::change).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub(super) signing: Vec<Account>,
    pub(super) url: Vec<Account>,
}

/// The reason why a text is no secret document, as a sentence about it. No variant carries any of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is not JSON, and no secret.
    #[error("the text is not a secret as the provider shows it: {0}")]
    Bare(Flaw),
    #[error("the text begins as JSON and is not: look for quotation marks other than \", and for commas")]
    NotJson,
    #[error("the text is a list without a name: write {{\"signing\": […]}}")]
    List,
    #[error("the document has a member other than \"signing\" and \"url\"")]
    UnknownMember,
    #[error("the document has one member or name twice, and the first one's secrets would be lost")]
    Repeated,
    #[error("the document holds something other than text where a secret or a list of secrets is expected")]
    NotText,
    #[error("the document lists an empty secret")]
    EmptySecret,
    /// It is JSON, and one of its texts is no secret.
    #[error("a listed secret is not as the provider shows it: {0}")]
    Listed(Flaw),
    #[error("the document has a name without a secret")]
    NoSecretUnderName,
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("the document lists more than {MAX_SECRETS} secrets")]
    TooMany,
    /// Only where one secret is wanted: see [`pasted`].
    #[error("the text is a document that does not list exactly one signing secret")]
    NotOne,
    /// Only where one secret is wanted: see [`pasted`].
    #[error("this is the sample secret of the public documentation: anyone could sign with it")]
    PublicSample,
}

impl Document {
    /// Reads a document.
    ///
    /// White space and invisible characters around the text, and around each secret in it, are left out. An empty text
    /// is a document without accounts.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let text = text::trimmed(text);
        let document = match text.chars().next() {
            None => Self::default(),
            Some('{') => match serde_json::from_str(text) {
                Ok(Value::Object(members)) => Self::of_members(&members.iter().collect::<Vec<_>>())?,
                // serde_json's message can quote the text, so it is dropped: it would put a secret in the log.
                _ => return Err(DocumentError::NotJson),
            },
            Some('[') => return Err(DocumentError::List),
            Some('"') => return Err(DocumentError::Bare(Flaw::Quoted)),
            Some(_) => Self::of_one(secret(text, DocumentError::Bare)?),
        };
        document.bounded()
    }

    /// Prints the document as [`parse`](Self::parse) reads it: names and order are kept, secrets stand in lists. It
    /// holds the secrets, so it goes to where they are kept and nowhere else.
    pub fn print(&self) -> String {
        serde_json::to_string(&Exposed {
            signing: ExposedAccounts(&self.signing),
            url: ExposedAccounts(&self.url),
        })
        .expect("its keys are text")
    }

    /// Returns the accounts of a kind, in the order of the document.
    pub fn accounts(&self, kind: Kind) -> &[Account] {
        match kind {
            Kind::Signing => &self.signing,
            Kind::Url => &self.url,
        }
    }

    pub(super) fn accounts_mut(&mut self, kind: Kind) -> &mut Vec<Account> {
        match kind {
            Kind::Signing => &mut self.signing,
            Kind::Url => &mut self.url,
        }
    }

    /// Returns the document, unless it lists too many secrets.
    pub(super) fn bounded(self) -> Result<Self, DocumentError> {
        let count: usize = self.signing.iter().chain(&self.url).map(|account| account.secrets.len()).sum();
        if count > MAX_SECRETS { Err(DocumentError::TooMany) } else { Ok(self) }
    }

    fn of_one(secret: Secret) -> Self {
        Self { signing: vec![Account { name: None, secrets: vec![secret] }], url: Vec::new() }
    }

    fn of_members(members: &[(&str, &Value<'_>)]) -> Result<Self, DocumentError> {
        if let [("key" | "secret", Value::Str(text))] = members
            && text::trimmed(text).starts_with(PREFIX)
        {
            return Ok(Self::of_one(secret(text, DocumentError::Listed)?));
        }
        if has_repeated(members) {
            return Err(DocumentError::Repeated);
        }
        let mut document = Self::default();
        for (member, value) in members {
            match *member {
                "signing" => document.signing = accounts(value)?,
                "url" => document.url = accounts(value)?,
                _ => return Err(DocumentError::UnknownMember),
            }
        }
        Ok(document)
    }
}

/// Reads one secret as an operator pastes it: bare, as an API answers it, or as the only one of a document.
///
/// It is the check that [`Document::parse`] makes. Beyond it, the sample secret of the public documentation is refused:
/// [`Secret::is_public_sample`] says why a function takes it.
pub fn pasted(text: &str) -> Result<Secret, DocumentError> {
    let document = Document::parse(text)?;
    let [Account { secrets, .. }] = &document.signing[..] else {
        return Err(if document == Document::default() {
            DocumentError::EmptySecret
        } else {
            DocumentError::NotOne
        });
    };
    match &secrets[..] {
        [secret] if secret.is_public_sample() => Err(DocumentError::PublicSample),
        [secret] if document.url.is_empty() => Ok(secret.clone()),
        _ => Err(DocumentError::NotOne),
    }
}

/// Reads the accounts of one kind.
fn accounts(value: &Value<'_>) -> Result<Vec<Account>, DocumentError> {
    let Value::Object(members) = value else {
        let secrets = secrets(value)?;
        return Ok(if secrets.is_empty() { Vec::new() } else { vec![Account { name: None, secrets }] });
    };
    let members: Vec<(&str, &Value<'_>)> = members.iter().collect();
    // JSON parsers take the last of two members of one name. The other's secrets would be lost without a word.
    if has_repeated(&members) {
        return Err(DocumentError::Repeated);
    }
    let account = |(name, value): &(&str, &Value<'_>)| {
        let account = Account { name: Some(name.parse()?), secrets: secrets(value)? };
        if account.secrets.is_empty() { Err(DocumentError::NoSecretUnderName) } else { Ok(account) }
    };
    members.iter().map(account).collect()
}

/// Reads one secret or a list of them.
fn secrets(value: &Value<'_>) -> Result<Vec<Secret>, DocumentError> {
    let listed = |value: &Value<'_>| match value {
        Value::Str(text) => secret(text, DocumentError::Listed),
        _ => Err(DocumentError::NotText),
    };
    match value {
        Value::Array(values) => values.iter().map(listed).collect(),
        value => Ok(vec![listed(value)?]),
    }
}

/// Reads one secret. `flawed` says where it stands.
pub(super) fn secret(text: &str, flawed: fn(Flaw) -> DocumentError) -> Result<Secret, DocumentError> {
    let secret = Secret::new(text);
    if secret.is_known_to_all() {
        return Err(DocumentError::EmptySecret);
    }
    text::check(secret.expose()).map_err(flawed)?;
    Ok(secret)
}

fn has_repeated(members: &[(&str, &Value<'_>)]) -> bool {
    let repeats = |(place, (name, _)): (usize, &(&str, &Value<'_>))| {
        members[..place].iter().any(|(earlier, _)| earlier == name)
    };
    members.iter().enumerate().any(repeats)
}

/// A document with its secrets laid open. Only [`Document::print`] makes one. [`Secret`] itself can't be serialized, so
/// that it gets into no other text.
#[derive(Serialize)]
struct Exposed<'d> {
    #[serde(skip_serializing_if = "ExposedAccounts::is_empty")]
    signing: ExposedAccounts<'d>,
    #[serde(skip_serializing_if = "ExposedAccounts::is_empty")]
    url: ExposedAccounts<'d>,
}

struct ExposedAccounts<'d>(&'d [Account]);

impl ExposedAccounts<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for ExposedAccounts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [account @ Account { name: None, .. }] => exposed(account).serialize(serializer),
            accounts => serializer.collect_map(
                accounts.iter().map(|account| (account.name.as_ref().map(Name::as_str), exposed(account))),
            ),
        }
    }
}

fn exposed(account: &Account) -> Vec<&str> {
    account.secrets.iter().map(Secret::expose).collect()
}
