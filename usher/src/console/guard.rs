//! The checks that every request to the page passes, and the headers that every answer has.

use axum::http::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue, ORIGIN};
use axum::http::{HeaderMap, Method};
use events::{hex, random};
use subtle::ConstantTimeEq as _;

/// The keeper of the page's door.
pub(super) struct Guard {
    token: String,
    /// The authorities that the page is reached by.
    hosts: [String; 2],
}

/// The reason why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("this page is at 127.0.0.1 only: open the link that the terminal shows")]
    Host,
    #[error("a page of another origin has asked: open the link that the terminal shows")]
    Origin,
    #[error("the token is not the one of this start: open the link that the terminal shows")]
    Token,
}

/// The headers of every answer.
pub(super) const HEADERS: [(&str, &str); 7] = [
    // Nothing is loaded from elsewhere or sent there, and no text becomes a script: a registrant's name may be `<script>`.
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    // Personal data must not stay in the browser's cache.
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    // A frame around the page could have a user click in it unknowingly.
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    // Another page must not load an answer as its script or image.
    ("cross-origin-resource-policy", "same-origin"),
];

impl Guard {
    /// Makes the guard of a page on this port, with a token of its own.
    pub(super) fn new(port: u16) -> Self {
        let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        Self { token: hex(&random::<32>()), hosts }
    }

    /// Returns the link to the page. The token is in the fragment, which no browser sends or logs.
    pub(super) fn link(&self) -> String {
        format!("http://{}/#token={}", self.hosts[0], self.token)
    }

    /// Checks a request. What is below `/api/` needs the token, too; the rest is the page itself, which holds no data.
    pub(super) fn check(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refused> {
        // DNS rebinding: a stranger's domain is made to point at 127.0.0.1, and the stranger's page is then of the same
        // origin as this server. But it sends its own name.
        let host = one(headers, &HOST).ok_or(Refused::Host)?;
        if !self.hosts.iter().any(|own| own == host) {
            return Err(Refused::Host);
        }
        if !path.starts_with("/api/") {
            return Ok(());
        }
        // CSRF: another page has the user's browser ask. It can't know the token either; this is the second lock.
        let is_own = |origin: &str| {
            origin.strip_prefix("http://").is_some_and(|origin| self.hosts.iter().any(|own| own == origin))
        };
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        let is_other_site = site.is_some_and(|site| site != b"same-origin" && site != b"none");
        match one(headers, &ORIGIN) {
            Some(origin) if !is_own(origin) => return Err(Refused::Origin),
            None if headers.contains_key(ORIGIN) || method != Method::GET => return Err(Refused::Origin),
            _ if is_other_site => return Err(Refused::Origin),
            _ => {}
        }
        let token = one(headers, &AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        match token {
            // Constant time: no program on this machine learns the token byte by byte.
            Some(token) if bool::from(token.as_bytes().ct_eq(self.token.as_bytes())) => Ok(()),
            _ => Err(Refused::Token),
        }
    }
}

/// Returns the value of a header that is there exactly once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}
