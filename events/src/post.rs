//! Posts a request and reads the answer. No message shows the query of the URL, since a token may be in it.

use std::time::{Duration, Instant};
use std::{fmt, io};

use ureq::http::Uri;

use crate::header_case::HeaderCase;
use crate::request::Request;

/// The time to wait for an answer: longer than any handler takes, so that a slow answer is seen as an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// The reason why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The text is not an HTTP URL.
    #[error(
        "not a URL: it must start with http:// or https://, and blanks and quotes must be percent-encoded"
    )]
    Url,
    /// The request cannot be written as HTTP.
    #[error("the request cannot be sent: {0}")]
    Request(ureq::http::Error),
    /// Nothing listens there, or it does not answer in time.
    #[error("nothing answered at {0}: {1}. {advice}", advice = advice(.0, .1))]
    NoAnswer(String, ureq::Error),
    /// The connection ended before the end of the answer.
    #[error("cannot read the answer of {0}: {1}")]
    HalfAnswer(String, ureq::Error),
}

/// Returns what to check where nothing answered.
fn advice(name: &str, error: &ureq::Error) -> &'static str {
    const NO_HOST: &str = "No such host is known: is its name right, and can this machine reach the network and its name server?";
    const NO_TLS: &str =
        "TLS failed, so nothing was sent: does a proxy stand in between, and is the certificate valid?";
    match error {
        ureq::Error::HostNotFound => NO_HOST,
        // The standard library has no kind of its own for it.
        ureq::Error::Io(error) if error.to_string().contains("lookup address") => NO_HOST,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => NO_TLS,
        // A certificate that is not trusted, and a server that speaks no TLS.
        ureq::Error::Io(error) if name.starts_with("https:") && is_of_handshake(error) => NO_TLS,
        ureq::Error::Timeout(_) => "It took too long: is the receiver stuck, or a firewall in between?",
        _ => "Is it running, and is the URL right?",
    }
}

/// Returns whether an error is one of a TLS handshake. `ureq` says "Peer disconnected" for the end of a connection later.
fn is_of_handshake(error: &io::Error) -> bool {
    match error.kind() {
        io::ErrorKind::InvalidData => true,
        io::ErrorKind::UnexpectedEof => !error.to_string().contains("disconnected"),
        _ => false,
    }
}

/// A URL to post to.
#[derive(Clone)]
pub struct Target {
    uri: Uri,
    /// The scheme, host and port: the part that may be printed.
    name: String,
}

/// The answer to a request. It displays as `<status> <body>`, on one line.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The names, in lower case, and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The body. What is not UTF-8 in it is replaced.
    pub body: String,
    /// The time from connecting to the end of the answer.
    pub elapsed: Duration,
}

impl Answer {
    /// Returns whether the status says success: 200 to 299.
    #[must_use]
    pub const fn is_2xx(&self) -> bool {
        self.status / 100 == 2
    }

    /// Returns the value of the first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        self.body.split_whitespace().try_for_each(|word| write!(f, " {word}"))
    }
}

impl Target {
    /// Parses a URL.
    ///
    /// # Errors
    /// When the text is not an HTTP URL.
    pub fn parse(url: &str) -> Result<Self, PostError> {
        let uri: Uri = url.parse().map_err(|_| PostError::Url)?;
        let scheme =
            uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme)).ok_or(PostError::Url)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(PostError::Url)?;
        let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
        let name = format!("{scheme}://{host}{port}");
        Ok(Self { uri, name })
    }

    /// Returns the scheme, host and port: the part that may be printed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the URL's own query.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// Sends the request and waits for the answer. Redirects are not followed.
    ///
    /// # Errors
    /// When there is no answer, or the request cannot be written as HTTP.
    pub fn send(&self, request: &Request) -> Result<Answer, PostError> {
        let mut builder =
            ureq::http::Request::builder().method(request.method.as_str()).uri(self.url(request));
        for (name, value) in &request.headers {
            builder = builder.header(name, value.as_bytes());
        }
        let began = Instant::now();
        let agent = self.agent(request);
        let sent = if request.body.is_empty() && request.method != "POST" {
            agent.run(builder.body(()).map_err(PostError::Request)?)
        } else {
            agent.run(builder.body(&request.body[..]).map_err(PostError::Request)?)
        };
        let mut answer = sent.map_err(|error| PostError::NoAnswer(self.name.clone(), error))?;
        let body = answer.body_mut().read_to_vec();
        let body = body.map_err(|error| PostError::HalfAnswer(self.name.clone(), error))?;
        let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Ok(Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
            elapsed: began.elapsed(),
        })
    }

    fn agent(&self, request: &Request) -> ureq::Agent {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .timeout_global(Some(ANSWER_WITHIN));
        let config = if self.is_local() { config.proxy(None) } else { config };
        HeaderCase::of(request).agent(config.build())
    }

    /// Returns the URL with the request's query, which replaces parameters of the same names in the URL.
    fn url(&self, request: &Request) -> String {
        let own = |pair: &&str| request.query.iter().any(|(name, _)| pair.split('=').next() == Some(name));
        let given =
            self.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !own(pair));
        let added = request.raw_query();
        let pairs =
            given.chain(Some(added.as_str()).filter(|added| !added.is_empty())).collect::<Vec<_>>().join("&");
        let mark = if pairs.is_empty() { "" } else { "?" };
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        let scheme = self.uri.scheme_str().unwrap_or_default();
        format!("{scheme}://{authority}{}{mark}{pairs}", self.uri.path())
    }

    /// Returns whether the host is this machine, which is never reached through a proxy.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let host = self.uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let is_loopback = host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
        is_loopback || host == "localhost" || host.ends_with(".localhost")
    }
}
