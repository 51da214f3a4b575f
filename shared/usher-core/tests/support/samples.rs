//! The sample payloads in `events/`, and their way through the pipeline.

use std::path::{Path, PathBuf};

use usher_core::outcome::Outcome;
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};
use usher_core::queue::Message;

use super::NOW;
use super::fakes::fakes;
use super::pipeline::deliver_now;
use super::signing::Signs;

pub struct Sample {
    pub provider: &'static str,
    /// The file's name without `.json`.
    pub name: String,
    pub body: Vec<u8>,
}

pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events")
}

/// All of them, in order of their names.
pub fn samples() -> Vec<Sample> {
    let providers = ["luma", "lunacal", "allfly", "calcom", "standard"];
    let mut samples: Vec<Sample> = providers.into_iter().flat_map(samples_of).collect();
    samples.sort_by(|one, other| (one.provider, &one.name).cmp(&(other.provider, &other.name)));
    samples
}

fn samples_of(provider: &'static str) -> Vec<Sample> {
    let directory = directory().join(provider);
    let files =
        std::fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    files
        .map(|file| file.expect("the directory can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| Sample {
            provider,
            name: path.file_stem().expect("it has a name").to_string_lossy().into_owned(),
            body: std::fs::read(&path).expect("the file can be read"),
        })
        .collect()
}

/// The message that a genuine delivery of that body becomes; `None` for a ping.
pub fn message(provider: &str, body: &[u8]) -> Option<Message> {
    match provider {
        "luma" => message_of::<Luma>(body),
        "lunacal" => message_of::<Lunacal>(body),
        "allfly" => message_of::<Allfly>(body),
        "calcom" => message_of::<Calcom>(body),
        "standard" => message_of::<Standard>(body),
        other => panic!("no such provider: {other}"),
    }
}

pub fn message_of<P: Signs>(body: &[u8]) -> Option<Message> {
    let (ledger, queue) = fakes();
    let request = P::sign(P::SECRET, "msg_1", NOW, body);
    match deliver_now::<P>(&request, &ledger, &queue) {
        Outcome::Ping(_) => None,
        Outcome::Accepted(_) => queue.memory.messages().into_iter().next(),
        other => panic!("not accepted: {other:?}"),
    }
}
