//! Which events were handled. A file here; for more than one consumer, a table of yours with a unique key.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use usher_core::event::Event;

pub struct Handled {
    file: PathBuf,
}

impl Handled {
    pub fn in_file(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into() }
    }

    pub fn contains(&self, event: &Event) -> io::Result<bool> {
        match fs::read_to_string(&self.file) {
            Ok(text) => Ok(text.lines().any(|line| line == key(event))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Afterwards, not before: an event whose handling fails comes again.
    pub fn add(&self, event: &Event) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.file)?;
        writeln!(file, "{}", key(event))
    }
}

/// All copies of an event have one id. A replay, which somebody asked for, is to be handled once more.
fn key(event: &Event) -> String {
    serde_json::json!([event.id, event.replay]).to_string()
}
