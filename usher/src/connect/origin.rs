//! The scheme and host of a provider's API.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

/// The scheme, host and port of an API.
pub(crate) struct Origin {
    scheme: &'static str,
    authority: String,
    is_local: bool,
}

/// The reason why a text is no host of an API.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OriginError {
    #[error("it must be a host alone, such as api.example.com, without a path")]
    Host,
    /// Without TLS, anyone on the way could read the API key and take the webhooks over.
    #[error("it must be reached by https://, since the API key would be readable on the way")]
    Plain,
}

impl Origin {
    /// Reads a host, with or without its scheme. Only this machine may be without TLS.
    pub(crate) fn parse(text: &str) -> Result<Self, OriginError> {
        let text = text.trim();
        let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let uri: Uri = text.parse().map_err(|_| OriginError::Host)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(OriginError::Host)?;
        let authority = uri.authority().ok_or(OriginError::Host)?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(OriginError::Host);
        }
        let is_loopback = host.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        let is_local = is_loopback || host == "localhost";
        let scheme = match uri.scheme_str() {
            Some("https") => "https",
            Some("http") if is_local => "http",
            Some("http") => return Err(OriginError::Plain),
            _ => return Err(OriginError::Host),
        };
        Ok(Self { scheme, authority: authority.as_str().to_owned(), is_local })
    }

    /// Returns whether it is this machine, which is never reached through a proxy.
    pub(crate) const fn is_local(&self) -> bool {
        self.is_local
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_with_or_without_its_scheme_and_never_without_tls() {
        let read = |text| Origin::parse(text).map(|origin| origin.to_string());
        assert_eq!(read("api.example.com"), Ok("https://api.example.com".to_owned()));
        assert_eq!(read("https://api.example.com:8443/"), Ok("https://api.example.com:8443".to_owned()));
        assert_eq!(read("http://127.0.0.1:9"), Ok("http://127.0.0.1:9".to_owned()));
        assert_eq!(read("http://api.example.com"), Err(OriginError::Plain));
        assert_eq!(read("http://127.0.0.1.example.com"), Err(OriginError::Plain));
        for wrong in ["", "https://", "api.example.com/v1", "ftp://a.example", "https://key@a.example", "a b"]
        {
            assert_eq!(read(wrong), Err(OriginError::Host), "{wrong}");
        }
    }
}
