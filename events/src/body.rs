//! The body to send: a sample's, or a file's.

use std::path::Path;
use std::{fs, io};

use crate::provider::Provider;
use crate::sample::{SampleError, sample};

/// The reason why there is no body to send. Every message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// Neither a sample nor a file has this name.
    #[error("{0:?} is neither a sample nor a file: `send --list` prints the samples")]
    Unknown(String),
    /// The file system cannot read the file.
    #[error("cannot read {0}: {1}")]
    Unreadable(String, io::Error),
    /// A file does not say which provider sends it.
    #[error("which provider sends {0}? Add {options}", options = Provider::ALL.map(|provider| format!("--provider {provider}")).join(" or "))]
    NoProvider(String),
    /// The sample belongs to another provider than `--provider` says.
    #[error("{0} is a sample of {1}: leave --provider out, or give the path of its file")]
    OtherProvider(String, Provider),
    /// The samples cannot be read.
    #[error(transparent)]
    Sample(SampleError),
}

/// A body, and the provider that sends it.
pub struct Body {
    /// The provider that sends it.
    pub provider: Provider,
    /// The bytes to sign.
    pub bytes: Vec<u8>,
}

impl Body {
    /// Reads the body of a sample or file. A sample wins over a file of the same name.
    ///
    /// # Errors
    /// When there is neither, or a file comes without its provider.
    pub fn find(name: &str, provider: Option<Provider>) -> Result<Self, BodyError> {
        match sample(name) {
            Ok(found) if provider.is_none_or(|asked| asked == found.provider) => {
                return Ok(Self { provider: found.provider, bytes: found.body });
            }
            Ok(found) => return Err(BodyError::OtherProvider(found.name, found.provider)),
            Err(SampleError::Unknown(_)) => {}
            Err(error) => return Err(BodyError::Sample(error)),
        }
        if !Path::new(name).exists() {
            return Err(BodyError::Unknown(name.to_owned()));
        }
        let provider = provider.ok_or_else(|| BodyError::NoProvider(name.to_owned()))?;
        let bytes = fs::read(name).map_err(|error| BodyError::Unreadable(name.to_owned(), error))?;
        Ok(Self { provider, bytes })
    }
}
