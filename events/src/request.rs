//! The HTTP request of one delivery.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::provider::Provider;
use crate::secret::Secrets;
use crate::sign::{Headers, SignError, sign};

/// All but the unreserved characters of RFC 3986, 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request as it goes over the wire. Build one with [`Request::delivery`], and change it as a test needs.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method: `POST` in a delivery.
    pub method: String,
    /// The path: `/` in a delivery. A Function URL serves one function, whatever the path.
    pub path: String,
    /// The names and values of the query, not yet percent-encoded.
    pub query: Vec<(String, String)>,
    /// The names, in the sender's own upper and lower case, and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The bytes that were signed.
    pub body: Vec<u8>,
}

impl Request {
    /// Builds the signed request that `provider` would make for this body.
    ///
    /// Without a signing secret a Lunacal request is unsigned, as Lunacal's may be. Only Lunacal's has a URL token.
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

    /// Returns the query as it is written in a URL, without the question mark; empty when there is none.
    #[must_use]
    pub fn raw_query(&self) -> String {
        let encode = |text| utf8_percent_encode(text, RESERVED);
        let pairs = self.query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}
