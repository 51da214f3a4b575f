//! The HTTP request of one delivery.

use std::fmt::Write as _;

use crate::{Headers, Provider, Secrets, SignError, sign};

/// What goes over the wire. Build one with [`Request::delivery`] and bend it as a test needs.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `POST`.
    pub method: String,
    /// `/`: a Function URL serves one function, whatever the path.
    pub path: String,
    /// Names and values, not yet percent-encoded.
    pub query: Vec<(String, String)>,
    /// In the sender's own upper and lower case.
    pub headers: Vec<(String, String)>,
    /// Exactly the bytes that were signed.
    pub body: Vec<u8>,
}

impl Request {
    /// The signed request `provider` would make for this body.
    ///
    /// Without a signing secret a Lunacal request is unsigned, as Lunacal's may be; the URL token is Lunacal's alone.
    ///
    /// # Errors
    /// When a signing secret is missing or cannot be a key of this provider.
    pub fn delivery(
        provider: Provider,
        secrets: &Secrets,
        delivery_id: &str,
        unix_seconds: i64,
        body: Vec<u8>,
    ) -> Result<Self, SignError> {
        let signed = match (&secrets.signing, provider) {
            (None, Provider::Lunacal) => Headers::new(),
            (None, _) => return Err(SignError::EmptySecret(provider)),
            (Some(secret), _) => sign(provider, secret, delivery_id, unix_seconds, &body)?,
        };
        let mut headers = vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            ("User-Agent".to_owned(), concat!("usher-events/", env!("CARGO_PKG_VERSION")).to_owned()),
        ];
        headers.extend(signed.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let token = secrets.url.iter().filter(|_| provider == Provider::Lunacal);
        let query = token.map(|token| ("token".to_owned(), token.clone())).collect();
        Ok(Self { method: "POST".to_owned(), path: "/".to_owned(), query, headers, body })
    }

    /// The query as it stands in a URL, without the question mark; empty when there is none.
    #[must_use]
    pub fn raw_query(&self) -> String {
        let pairs = self.query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
