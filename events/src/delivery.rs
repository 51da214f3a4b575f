//! From what was asked for on the command line to a signed request.

use std::path::Path;
use std::{fs, io};

use events::{Provider, Request, SampleError, Secrets, SecretsError, SignError, forged_secret, sample};

use crate::cli::Signing;

/// Why there is nothing to print or post. Every message says what to do about it, and none shows a secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    #[error("{0:?} is neither a sample nor a file: `events list` prints the samples")]
    NoBody(String),
    #[error("cannot read {0}: {1}")]
    Unreadable(String, io::Error),
    #[error("whose webhook is {0}? Say --provider luma, --provider lunacal or --provider allfly")]
    NoProvider(String),
    #[error("{0} is a sample of {1}: leave --provider out, or give the path of its file")]
    OtherProvider(String, Provider),
    #[error("{0} signs every delivery: pass its secret with --secret or in USHER_SECRET, or --forge one")]
    NoSecret(Provider),
    #[error("{0} (from --secret or USHER_SECRET)")]
    Secret(#[from] SecretsError),
    #[error("{0} (from --secret or USHER_SECRET)")]
    Sign(#[from] SignError),
    #[error("--at {0} is out of range")]
    Time(i64),
    #[error(transparent)]
    Sample(SampleError),
}

/// The request for a sample or file, with the query `url_query` where it is posted to a URL that has one.
pub(crate) fn request(
    name: &str,
    signing: &Signing,
    url_query: Option<&str>,
    now: i64,
) -> Result<Request, DeliveryError> {
    let (provider, body) = body(name, signing.provider)?;
    let mut secrets = secrets(signing)?;
    // A token in the URL itself was put there on purpose; a forger, or --token, means to replace it.
    let token_in_url = url_query.is_some_and(|query| query.split('&').any(|pair| pair.starts_with("token=")));
    if token_in_url && signing.token.is_none() && !signing.forge {
        secrets.url = None;
    }
    if secrets.signing.is_none() && provider != Provider::Lunacal {
        return Err(DeliveryError::NoSecret(provider));
    }
    let id = signing.id.clone().unwrap_or_else(|| provider.new_delivery_id());
    let time = now.checked_add(signing.at).ok_or(DeliveryError::Time(signing.at))?;
    Ok(Request::delivery(provider, &secrets, &id, time, body)?)
}

/// A sample wins over a file of the same name.
fn body(name: &str, provider: Option<Provider>) -> Result<(Provider, Vec<u8>), DeliveryError> {
    match sample(name) {
        Ok(found) if provider.is_none_or(|asked| asked == found.provider) => {
            return Ok((found.provider, found.body));
        }
        Ok(found) => return Err(DeliveryError::OtherProvider(found.name, found.provider)),
        Err(SampleError::Unknown(_)) => {}
        Err(error) => return Err(DeliveryError::Sample(error)),
    }
    if !Path::new(name).exists() {
        return Err(DeliveryError::NoBody(name.to_owned()));
    }
    let provider = provider.ok_or_else(|| DeliveryError::NoProvider(name.to_owned()))?;
    let body = fs::read(name).map_err(|error| DeliveryError::Unreadable(name.to_owned(), error))?;
    Ok((provider, body))
}

fn secrets(signing: &Signing) -> Result<Secrets, DeliveryError> {
    if signing.forge {
        return Ok(Secrets { signing: Some(forged_secret()), url: Some(forged_secret()) });
    }
    let mut secrets = signing.secret.as_deref().map(Secrets::read).transpose()?.unwrap_or_default();
    if signing.token.is_some() {
        secrets.url.clone_from(&signing.token);
    }
    Ok(secrets)
}
