//! Finds an e-mail address in a body, however it is written there: in any case, escaped as JSON or in a URL.

use std::borrow::Cow;

use percent_encoding::percent_decode;
use serde_json_borrow::Value;

use crate::parsed_body::ParsedBody;

/// An e-mail address to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// The error for a text that is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no e-mail address: it needs a name, an @ and a domain")]
pub struct NoAddress;

impl Address {
    /// Reads an address as a person would type it. A part of one is refused: it would find other people's.
    pub fn parse(text: &str) -> Result<Self, NoAddress> {
        let address = text.trim().to_lowercase();
        let (name, domain) = address.split_once('@').ok_or(NoAddress)?;
        let odd = |letter: char| letter.is_whitespace() || letter.is_control();
        let whole = !name.is_empty()
            && !name.starts_with(CONNECTING)
            && domain.contains('.')
            && domain.split('.').all(|label| !label.is_empty())
            && !domain.contains('@')
            && !address.contains(odd);
        if whole { Ok(Self(address)) } else { Err(NoAddress) }
    }

    /// Returns whether a text is the address, and nothing else.
    pub fn is(&self, text: &str) -> bool {
        text.trim().to_lowercase() == self.0
    }

    /// Returns whether a body contains the address. The end of a longer address does not count: `ada@example.com` is not
    /// in `canada@example.com`, which is another person's.
    pub fn is_in(&self, body: &[u8]) -> bool {
        self.in_bytes(body)
            || ParsedBody::parse(body).with_json(|value| self.in_value(value)).unwrap_or(false)
    }

    fn in_value(&self, value: &Value<'_>) -> bool {
        match value {
            Value::Str(text) => self.in_bytes(text.as_bytes()),
            Value::Array(items) => items.iter().any(|item| self.in_value(item)),
            Value::Object(members) => {
                let mut members = members.as_vec().iter();
                members.any(|(name, value)| self.in_bytes(name.as_bytes()) || self.in_value(value))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// Searches the text as it stands, and percent-decoded, as in a URL or form.
    fn in_bytes(&self, bytes: &[u8]) -> bool {
        let text = String::from_utf8_lossy(bytes);
        if self.in_text(&text) {
            return true;
        }
        match Cow::from(percent_decode(bytes)) {
            Cow::Owned(decoded) => self.in_text(&String::from_utf8_lossy(&decoded)),
            Cow::Borrowed(_) => false,
        }
    }

    fn in_text(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        text.match_indices(&self.0).any(|(start, found)| {
            !continues_before(&text[..start]) && !continues_after(&text[start + found.len()..])
        })
    }
}

/// The characters that join the parts of an address's name. Others that RFC 5321 allows (`=`, `/`, `?`…) stand around addresses
/// far more often than in them.
const CONNECTING: [char; 6] = ['.', '+', '\'', '_', '-', '%'];

/// Returns whether an address that seems to begin here is the end of a longer one. A connecting character alone does not
/// make it longer: `'ada@example.com'` is quoted, `o'ada@example.com` is another person's.
fn continues_before(before: &str) -> bool {
    let mut letters = before.chars().rev();
    match letters.next() {
        Some(letter) if CONNECTING.contains(&letter) => letters.next().is_some_and(char::is_alphanumeric),
        Some(letter) => letter.is_alphanumeric(),
        None => false,
    }
}

/// Returns whether the domain goes on: `example.com.au` is another one, and the full stop of a sentence is not part of it.
fn continues_after(after: &str) -> bool {
    let mut letters = after.chars();
    match letters.next() {
        Some('.' | '-') => letters.next().is_some_and(char::is_alphanumeric),
        Some(letter) => letter.is_alphanumeric(),
        None => false,
    }
}
