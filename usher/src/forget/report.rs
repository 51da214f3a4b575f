//! The report on an erasure, for the data-protection file: what was erased, when, by key. No person is in it.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Seek as _, Write as _};
use std::path::Path;

use jiff::Timestamp;
use mention::Person;
use serde_json::{Value, json};

use super::erasure::{Erased, Left};
use super::search::Unread;
use crate::ledger::state;
use crate::terminal::Failure;

/// The copies that no erasure in the ledger reaches.
pub(crate) const ELSEWHERE: [&str; 4] = [
    "backups: point-in-time recovery can restore the table as of any second of the last 35 days",
    "the queue, for 7 days, and the dead-letter queue, for 14: events not yet consumed",
    "whatever your consumers stored of the events they received",
    "the provider itself",
];

/// All that was found and done, in every pass.
pub(crate) struct Report {
    pub(crate) stack: String,
    pub(crate) began: Timestamp,
    pub(crate) ended: Timestamp,
    /// `true` if anything was to be erased.
    pub(crate) is_real: bool,
    pub(crate) passes: usize,
    pub(crate) searched: usize,
    /// The number of deliveries found by the first pass.
    pub(crate) found: usize,
    pub(crate) erased: Vec<Erased>,
    /// Those that the last pass left.
    pub(crate) left: Vec<(String, Left)>,
    pub(crate) unread: Vec<Unread>,
    /// `true` if the last pass found nothing that was not found before.
    pub(crate) is_complete: bool,
}

impl Report {
    /// Returns the report. Of the person it holds only how many addresses, numbers and ids were searched for.
    pub(crate) fn json(&self, person: &Person) -> Value {
        let erased = self.erased.iter().map(|erased| {
            json!({
                "key": erased.seen.ledger_key,
                "received": erased.seen.received,
                "state": state(&erased.seen),
                "erased": erased.at,
            })
        });
        let left = self.left.iter().map(|(key, left)| json!({ "key": key, "why": left.why() }));
        let unread = self.unread.iter().map(|unread| json!({ "key": unread.ledger_key, "why": unread.why }));
        json!({
            "stack": self.stack,
            "began": self.began,
            "ended": self.ended,
            "searched_for": {
                "emails": person.addresses.len(),
                "phones": person.phones.len(),
                "ids": person.ids.len(),
            },
            "changes_made": self.is_real,
            "passes": self.passes,
            "searched": self.searched,
            "found": self.found,
            "erased": erased.collect::<Vec<_>>(),
            "left": left.collect::<Vec<_>>(),
            "not_searched": unread.collect::<Vec<_>>(),
            "complete": self.is_complete && self.left.is_empty() && self.unread.is_empty(),
            "copies_elsewhere": ELSEWHERE,
        })
    }
}

/// The file that a report is kept in.
pub(crate) struct ReportFile(File);

impl ReportFile {
    /// Makes the file before anything is erased: what can't be recorded is not done. An earlier report is never
    /// overwritten.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error
            .kind()
        {
            ErrorKind::AlreadyExists => {
                format!("--report {}: this file is there already: name a new one", path.display())
            }
            _ => format!("--report {}: the file can't be made: {error}", path.display()),
        })?;
        Ok(Self(file))
    }

    /// Writes the report in the place of what was written before.
    pub(crate) fn write(&mut self, report: &Value) -> Result<(), Failure> {
        self.0.rewind()?;
        self.0.set_len(0)?;
        writeln!(self.0, "{report:#}")?;
        Ok(self.0.sync_all()?)
    }
}
