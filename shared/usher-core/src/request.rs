//! An HTTP request, without its transport.

use bytes::Bytes;
use http::{HeaderMap, Method};

/// One HTTP request as the sender made it: nothing in it has been believed, parsed or checked yet.
#[derive(Clone)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The headers. Names are case-insensitive (RFC 9110, 5.1); Function URLs deliver them in lower case.
    pub headers: HeaderMap,
    /// The query string as sent, without `?`.
    pub query: String,
    /// The body's raw bytes. Signatures are over these, so nothing may parse and re-print them.
    pub body: Bytes,
}

impl Request {
    /// Returns the value of a header that must stand alone.
    ///
    /// Two headers of one name are [`HeaderError::Repeated`]: taking either would let a sender show one value to
    /// verification and another to the code that reads the request later.
    pub fn header(&self, name: &str) -> Result<Option<&str>, HeaderError> {
        let mut values = self.headers.get_all(name).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(HeaderError::Repeated);
        }
        value.to_str().map(Some).map_err(|_| HeaderError::NotText)
    }

    /// Returns the first value of a query parameter, percent-decoded (WHATWG URL, application/x-www-form-urlencoded).
    pub fn query_parameter(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// The reason why a header can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    #[error("the header is there more than once")]
    Repeated,
    #[error("the header is not visible ASCII")]
    NotText,
}
