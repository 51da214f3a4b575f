//! Accounts: an organiser has several calendars, event types or endpoints, each with a secret that stays.

use std::fmt;
use std::str::FromStr;

use super::Secret;

/// The name of an account in the secret document, such as `berlin`. It stands in logs and metrics.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// The largest number of characters in a name. A URL token that `usher` makes is longer.
    pub const MAX_LENGTH: usize = 32;

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The reason why a text is no name. It does not carry the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a name has 1 to 32 of the characters A-Z, a-z, 0-9, dot, underscore and hyphen, and does not begin with whsec_"
)]
pub struct NameError;

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        // A name is logged. With name and secret exchanged, the secret would be: so what looks like one is no name.
        let is_secret = text.len() > Self::MAX_LENGTH || text.starts_with(super::text::PREFIX);
        let is_plain =
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if text.is_empty() || is_secret || !is_plain { Err(NameError) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The secrets of one calendar, event type or endpoint. All of them are valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name. `None` where the document lists secrets without names: then this is its only account.
    pub name: Option<Name>,
    /// The secrets, newest first.
    pub secrets: Vec<Secret>,
}

/// The place of a secret in the list of its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Age {
    /// The first of the list.
    Newest,
    /// Any other: the provider has not changed over yet.
    Older,
}

impl Age {
    /// Returns the word in logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Older => "older",
        }
    }
}

/// A secret with its place in the document.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'k> {
    pub secret: &'k Secret,
    pub name: Option<&'k Name>,
    pub age: Age,
}

/// Returns all secrets of some accounts, in the order of the document.
pub fn listed(accounts: &[Account]) -> impl Iterator<Item = Listed<'_>> {
    accounts.iter().flat_map(|Account { name, secrets }| {
        secrets.iter().enumerate().map(|(place, secret)| {
            let age = if place == 0 { Age::Newest } else { Age::Older };
            Listed { secret, name: name.as_ref(), age }
        })
    })
}

/// The name and age of the secret that verified a delivery. It does not hold the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The name of the account, if it has one.
    pub name: Option<Name>,
    /// The place among the account's secrets.
    pub age: Age,
}

impl From<Listed<'_>> for Used {
    fn from(listed: Listed<'_>) -> Self {
        Self { name: listed.name.cloned(), age: listed.age }
    }
}
