//! Posts a request and reads the answer. No message shows the query of the URL: a token may be in it.

use std::time::Duration;

use events::Request;
use ureq::http::Uri;

/// Longer than any handler takes, so that a slow answer is seen as an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostError {
    #[error(
        "--url is no URL: it must start with http:// or https://, and blanks and quotes must be percent-encoded"
    )]
    Url,
    #[error("nothing answered at {0}: {1}. Is it running, and is the URL right?")]
    NoAnswer(String, ureq::Error),
    #[error("the answer of {0} cannot be read: {1}")]
    HalfAnswer(String, ureq::Error),
}

/// Where to post.
pub(crate) struct Target {
    uri: Uri,
    /// Scheme, host and port: what may be printed.
    name: String,
}

impl Target {
    pub(crate) fn parse(url: &str) -> Result<Self, PostError> {
        let uri: Uri = url.parse().map_err(|_| PostError::Url)?;
        let scheme =
            uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme)).ok_or(PostError::Url)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(PostError::Url)?;
        let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
        let name = format!("{scheme}://{host}{port}");
        Ok(Self { uri, name })
    }

    pub(crate) fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// Posts the request and gives the answer as `<status> <body>`, on one line.
    pub(crate) fn post(&self, request: &Request) -> Result<String, PostError> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE));
        let config = if self.is_local() { config.proxy(None) } else { config };
        let agent: ureq::Agent = config.build().into();

        let mut post = agent.post(self.url(request));
        for (name, value) in &request.headers {
            post = post.header(name, value);
        }
        let no_answer = |error| PostError::NoAnswer(self.name.clone(), error);
        let mut answer = post.send(&request.body[..]).map_err(no_answer)?;
        let half_answer = |error| PostError::HalfAnswer(self.name.clone(), error);
        let body = answer.body_mut().read_to_vec().map_err(half_answer)?;
        let body = String::from_utf8_lossy(&body).split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(format!("{} {body}", answer.status().as_u16()).trim_end().to_owned())
    }

    /// The URL, where the request's own query replaces what the URL says of the same names.
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

    /// What this machine serves itself is never reached through a proxy.
    fn is_local(&self) -> bool {
        let host = self.uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let is_loopback = host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
        is_loopback || host == "localhost" || host.ends_with(".localhost")
    }
}
