//! An HTTP request, without its transport.

use bytes::Bytes;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

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

    /// Returns the first value of a query parameter, percent-decoded (RFC 3986, 2.1). It need not be text.
    ///
    /// A `+` is a plus: the query is what an operator pasted into a URL, not a form that a browser encoded.
    pub fn query_parameter(&self, name: &str) -> Option<Vec<u8>> {
        let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
        self.query
            .split('&')
            .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
            .find(|(key, _)| decoded(key) == name.as_bytes())
            .map(|(_, value)| decoded(value))
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
