//! The sample bodies in `events/<provider>/<type>.json`.
//!
//! They are read at run time, so an edited or added file needs no build.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::provider::Provider;

/// A body as a provider would send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The provider that sends it.
    pub provider: Provider,
    /// The path without the extension: `luma/guest.registered`.
    pub name: String,
    /// The bytes of the file, unchanged.
    pub body: Vec<u8>,
}

/// The reason why a sample cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// No file has this name.
    #[error("there is no sample {0:?}: `send --list` prints the samples")]
    Unknown(String),
    /// The file system cannot read it.
    #[error("cannot read {path}: {error}", path = path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
}

/// Reads every sample, by provider and then by name.
///
/// # Errors
/// When a folder or file of samples cannot be read.
pub fn samples() -> Result<Vec<Sample>, SampleError> {
    let mut all = Vec::new();
    for provider in Provider::ALL {
        let mut names = names(provider)?;
        names.sort();
        for name in names {
            all.push(sample(&name)?);
        }
    }
    Ok(all)
}

/// Reads the sample of this name, for instance `allfly/event_attendee.joined_event`.
///
/// # Errors
/// When there is none, or its file cannot be read.
pub fn sample(name: &str) -> Result<Sample, SampleError> {
    let unknown = || SampleError::Unknown(name.to_owned());
    let (folder, file) = name.split_once('/').ok_or_else(unknown)?;
    let provider: Provider = folder.parse().map_err(|_| unknown())?;
    if file.contains(['/', '\\']) {
        return Err(unknown());
    }
    let path = folder_of(provider).join(format!("{file}.json"));
    match fs::read(&path) {
        Ok(body) => Ok(Sample { provider, name: name.to_owned(), body }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(unknown()),
        Err(error) => Err(SampleError::Unreadable { path, error }),
    }
}

fn folder_of(provider: Provider) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(provider.name())
}

fn names(provider: Provider) -> Result<Vec<String>, SampleError> {
    let folder = folder_of(provider);
    let unreadable = |error| SampleError::Unreadable { path: folder.clone(), error };
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.file_name();
        if let Some(stem) = file.to_str().and_then(|file| file.strip_suffix(".json")) {
            names.push(format!("{provider}/{stem}"));
        }
    }
    Ok(names)
}
