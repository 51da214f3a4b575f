//! The key under which a delivery counts once.

use crate::digest::Digest;

/// The name that a delivery gives itself. Two deliveries of one provider with one name are the same one.
///
/// A delivery is dropped as a duplicate only if it names itself. Losing an event is worse than repeating one, so nothing
/// else is ever taken for a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The provider's id, where the id is signed.
    Id(String),
    /// The provider's id and the body's digest, where the id is not signed.
    IdAndBody(String),
    /// The body's digest, where the body holds its own moment: two bookings never have the same bytes.
    Body,
    /// No name. The delivery is a new event each time it comes, as the same bytes may mean something new.
    Unnamed,
}

/// The sign in front of the key of an unnamed delivery. No other key begins with it.
const UNNAMED: char = '@';

impl Key {
    /// Makes a key of the provider's id alone.
    pub fn id(id: &str) -> Self {
        Self::Id(key_safe(id))
    }

    /// Makes a key of the id that one of several named senders gave. Without the name, one sender could use up the ids of
    /// another's deliveries to come.
    pub fn id_of(sender: &str, id: &str) -> Self {
        Self::Id(format!("{sender}{SENDER}{}", key_safe(id)))
    }

    /// Makes a key of the provider's id and the body.
    pub fn id_and_body(id: &str) -> Self {
        Self::IdAndBody(key_safe(id))
    }

    /// Returns the key as the ledger holds it. The token of the invocation makes an unnamed delivery's own.
    pub(super) fn text(&self, body: Digest, token: &str) -> String {
        match self {
            Self::Id(id) => id.clone(),
            Self::IdAndBody(id) => format!("{id}.{}", body.text()),
            Self::Body => body.text(),
            Self::Unnamed => format!("{UNNAMED}{}", Digest::of(token.as_bytes()).text()),
        }
    }
}

/// The sign behind the name of a sender. No name, id or digest holds it.
const SENDER: char = '/';

/// Returns the name of the sender in a ledger key, if it has one.
pub(crate) fn sender(ledger_key: &str) -> Option<&str> {
    Some(ledger_key.split_once('#')?.1.split_once(SENDER)?.0)
}

/// Returns whether a ledger key is that of a delivery that names itself, so that a second one meets the first.
pub(super) fn is_named(ledger_key: &str) -> bool {
    ledger_key.split_once('#').is_none_or(|(_, key)| !key.starts_with(UNNAMED))
}

/// Makes an id fit for a DynamoDB key (2 KB at most) and for an operator's terminal. A short and plain id stays as it
/// is. Any other becomes its digest behind `~`, which no plain id holds.
fn key_safe(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if id.len() <= 128 && id.bytes().all(plain) {
        id.to_owned()
    } else {
        format!("~{}", Digest::of(id.as_bytes()).text())
    }
}
