//! From what was asked for on a command line to a signed request.

use std::path::Path;
use std::{fs, io};

use crate::{Provider, Request, SampleError, Secrets, SecretsError, SignError, Signing, sample};

/// Why there is nothing to print or post. Every message says what to do about it, and none shows a secret.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// Nothing is there under this name.
    #[error("{0:?} is neither a sample nor a file: `events list` and `usher send --list` print the samples")]
    NoBody(String),
    /// The file system said no.
    #[error("cannot read {0}: {1}")]
    Unreadable(String, io::Error),
    /// A file does not say whose webhook it is.
    #[error("whose webhook is {0}? Say --provider luma, --provider lunacal or --provider allfly")]
    NoProvider(String),
    /// The sample is another provider's than was said.
    #[error("{0} is a sample of {1}: leave --provider out, or give the path of its file")]
    OtherProvider(String, Provider),
    /// There is nothing to sign with.
    #[error("{0} signs every delivery: pass its secret with --secret or in USHER_SECRET, or --forge one")]
    NoSecret(Provider),
    /// What was given is no secret.
    #[error("{0} (from --secret or USHER_SECRET)")]
    Secret(#[from] SecretsError),
    /// What was given cannot be a key.
    #[error("{0} (from --secret or USHER_SECRET)")]
    Sign(#[from] SignError),
    /// Beyond what a clock can tell.
    #[error("--at {0} is out of range")]
    Time(i64),
    /// The samples cannot be read.
    #[error(transparent)]
    Sample(SampleError),
}

/// A body, and who sends it.
pub struct Body {
    /// Whose webhook it is.
    pub provider: Provider,
    /// The bytes to sign.
    pub bytes: Vec<u8>,
}

impl Body {
    /// The body of a sample or file. A sample wins over a file of the same name.
    ///
    /// # Errors
    /// When there is neither, or a file comes without its provider.
    pub fn find(name: &str, provider: Option<Provider>) -> Result<Self, DeliveryError> {
        match sample(name) {
            Ok(found) if provider.is_none_or(|asked| asked == found.provider) => {
                return Ok(Self { provider: found.provider, bytes: found.body });
            }
            Ok(found) => return Err(DeliveryError::OtherProvider(found.name, found.provider)),
            Err(SampleError::Unknown(_)) => {}
            Err(error) => return Err(DeliveryError::Sample(error)),
        }
        if !Path::new(name).exists() {
            return Err(DeliveryError::NoBody(name.to_owned()));
        }
        let provider = provider.ok_or_else(|| DeliveryError::NoProvider(name.to_owned()))?;
        let bytes = fs::read(name).map_err(|error| DeliveryError::Unreadable(name.to_owned(), error))?;
        Ok(Self { provider, bytes })
    }

    /// The signed request, as of `now` in Unix seconds, with the query `url_query` where it is posted to a URL that
    /// has one.
    ///
    /// # Errors
    /// When a secret is missing, or cannot be a key of this provider.
    pub fn sign(
        self,
        signing: &Signing,
        mut secrets: Secrets,
        url_query: Option<&str>,
        now: i64,
    ) -> Result<Request, DeliveryError> {
        // A token in the URL itself was put there on purpose; a forger, or --token, means to replace it.
        let in_url = |query: &str| query.split('&').any(|pair| pair.starts_with("token="));
        if url_query.is_some_and(in_url) && signing.key.token.is_none() && !signing.forge {
            secrets.url = None;
        }
        if secrets.signing.is_none() && self.provider != Provider::Lunacal {
            return Err(DeliveryError::NoSecret(self.provider));
        }
        let id = signing.id.clone().unwrap_or_else(|| self.provider.new_delivery_id());
        let time = now.checked_add(signing.at).ok_or(DeliveryError::Time(signing.at))?;
        Ok(Request::delivery(self.provider, &secrets, &id, time, self.bytes)?)
    }
}

/// Seconds since 1970; a clock set before that reads as 0.
#[must_use]
pub fn unix_now() -> i64 {
    jiff::Timestamp::now().as_second().max(0)
}
