//! The key under which a delivery counts once.

use std::time::Duration;

use crate::digest::Digest;

/// The part of a delivery that makes two deliveries of one provider the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The provider's id of the delivery.
    id: Option<String>,
    /// Whether the body's digest is part of the key.
    body: bool,
    /// The time for which the key stands for the same delivery, if not for as long as the item lives.
    pub(super) window: Option<Duration>,
}

/// The time for which a delivery that names no moment counts as the same one.
pub const DUPLICATE_WINDOW: Duration = Duration::from_mins(10);

impl Key {
    /// Makes a key of the provider's id alone: only where the id is signed.
    pub fn id(id: &str) -> Self {
        Self { id: Some(key_safe(id)), body: false, window: None }
    }

    /// Makes a key of the provider's id and the body's digest: where the id is not signed.
    pub fn id_and_body(id: &str) -> Self {
        Self { id: Some(key_safe(id)), body: true, window: None }
    }

    /// Makes a key of the body's digest: where there is no id.
    pub fn body() -> Self {
        Self { id: None, body: true, window: None }
    }

    /// Returns the same key, counting as the same delivery for [`DUPLICATE_WINDOW`] only.
    pub fn within_window(self) -> Self {
        Self { window: Some(DUPLICATE_WINDOW), ..self }
    }

    pub(super) fn text(&self, body: Digest) -> String {
        match (&self.id, self.body) {
            (Some(id), false) => id.clone(),
            (Some(id), true) => format!("{id}.{}", body.text()),
            (None, _) => body.text(),
        }
    }
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
