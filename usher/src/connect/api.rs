//! Requests to a provider's API: JSON there and back, within a time, at the provider's pace.

use std::thread::sleep;
use std::time::Duration;

use events::Provider;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::Value;
use ureq::http::{HeaderMap, Method, Request};
use usher_core::secret::Secret;

use super::key;
use super::origin::Origin;

/// The time to wait for one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The time that one request may wait in all because the provider asks for it (429).
const WAIT_AT_MOST: Duration = Duration::from_mins(1);
/// The time to wait where the provider does not say how long.
const PAUSE: Duration = Duration::from_millis(500);
/// The number of times that a request which changes nothing is sent.
const TRIES: usize = 3;

/// The reason why a request to a provider's API failed. No variant holds the key, nor anything of a body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error(
        "{provider} refuses the API key ({status}): it must be a key of the calendar or registration that is to be \
         connected, and may change its webhooks. {}",
        key::place(*.provider)
    )]
    Key { provider: Provider, status: u16 },
    #[error(
        "{provider} asks to wait for {seconds} s before the next request (429): run the command again then"
    )]
    Busy { provider: Provider, seconds: u64 },
    #[error("{provider} refuses to {action} ({status})")]
    Refused { provider: Provider, action: &'static str, status: u16 },
    /// The request may have been carried out all the same.
    #[error("{provider} failed to {action} ({status}): run the command again, it goes on from there")]
    Failed { provider: Provider, action: &'static str, status: u16 },
    /// The request may have been carried out all the same.
    #[error("no answer from {origin} ({error}): run the command again, it goes on from there")]
    NoAnswer { origin: String, error: ureq::Error },
    #[error("{provider}'s answer is not what its documentation says: {fault}")]
    Unexpected { provider: Provider, fault: &'static str },
    #[error("the request cannot be written ({0}): is the id that the provider gave a strange one?")]
    Request(ureq::http::Error),
}

impl ApiError {
    /// Returns whether the request may have been carried out.
    pub(crate) const fn is_uncertain(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::NoAnswer { .. })
    }
}

/// A provider's API, and the right to use it.
pub(crate) struct Api {
    pub(crate) provider: Provider,
    origin: Origin,
    key: Secret,
    agent: ureq::Agent,
}

impl Api {
    pub(crate) fn new(provider: Provider, origin: Origin, key: Secret) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // A redirect could carry the API key to another host.
            .max_redirects(0)
            .timeout_global(Some(ANSWER_WITHIN));
        let config = if origin.is_local() { config.proxy(None) } else { config };
        Self { provider, agent: config.build().into(), origin, key }
    }

    /// Reads something. `action` says what, for the message of a failure.
    pub(crate) fn get(&self, path: &str, action: &'static str) -> Result<Value, ApiError> {
        let mut tries = 1;
        loop {
            match self.call(&Method::GET, path, None, action) {
                Err(error) if error.is_uncertain() && tries < TRIES => sleep(PAUSE),
                result => return result,
            }
            tries += 1;
        }
    }

    /// Changes something. It is sent once: whoever does not get an answer has to look what became of it.
    pub(crate) fn change(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        action: &'static str,
    ) -> Result<Value, ApiError> {
        self.call(method, path, body, action)
    }

    /// Sends a request, again as long as the provider answers 429: it did nothing then.
    fn call(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        action: &'static str,
    ) -> Result<Value, ApiError> {
        let provider = self.provider;
        let mut waited = Duration::ZERO;
        loop {
            let no_answer = |error| ApiError::NoAnswer { origin: self.origin.to_string(), error };
            let mut answer = self.send(method, path, body)?;
            let status = answer.status().as_u16();
            match status {
                200..=299 => {
                    let text = answer.body_mut().read_to_string().map_err(no_answer)?;
                    if text.trim().is_empty() {
                        return Ok(Value::Null);
                    }
                    // serde_json's message can quote the text, which may hold a secret.
                    let parsed = serde_json::from_str(&text);
                    return parsed.map_err(|_| ApiError::Unexpected { provider, fault: "it is not JSON" });
                }
                401 | 403 => return Err(ApiError::Key { provider, status }),
                429 => {
                    let pause = retry_after(answer.headers(), Timestamp::now()).unwrap_or(PAUSE);
                    waited += pause;
                    if waited > WAIT_AT_MOST {
                        return Err(ApiError::Busy { provider, seconds: pause.as_secs() });
                    }
                    sleep(pause);
                }
                500..=599 => return Err(ApiError::Failed { provider, action, status }),
                _ => return Err(ApiError::Refused { provider, action, status }),
            }
        }
    }

    fn send(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<ureq::http::Response<ureq::Body>, ApiError> {
        let key = self.key.expose();
        let (name, value) = match self.provider {
            Provider::Luma => ("x-luma-api-key", key.to_owned()),
            _ => ("authorization", format!("Bearer {key}")),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header(name, value)
            .header("accept", "application/json");
        let sent = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json").body(body.to_string());
                self.agent.run(request.map_err(ApiError::Request)?)
            }
            None => self.agent.run(request.body(()).map_err(ApiError::Request)?),
        };
        sent.map_err(|error| ApiError::NoAnswer { origin: self.origin.to_string(), error })
    }
}

/// Returns the time that `Retry-After` asks for: seconds or a date (RFC 9110, 10.2.3). Pure.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let now: Timestamp = "2026-08-01T10:00:00Z".parse().expect("it is a time");
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", text.parse().expect("it is a header"));
            retry_after(&headers, now).map(|pause| pause.as_secs())
        };
        assert_eq!(read("7"), Some(7));
        assert_eq!(read("Sat, 01 Aug 2026 10:00:09 GMT"), Some(9));
        assert_eq!(read("Sat, 01 Aug 2026 09:00:00 GMT"), Some(0));
        assert_eq!(read("soon"), None);
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
