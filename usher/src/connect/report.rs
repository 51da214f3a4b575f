//! The report of a connection: lines for a person, or one JSON object at the end for a script.

use serde::Serialize;

use super::webhook::Webhook;
use crate::terminal::{Failure, note, plain::plain, print};

/// The way in which a command reports.
#[derive(Clone, Copy)]
pub(crate) struct Report {
    pub(crate) json: bool,
}

/// A webhook in the JSON. It has no secret.
#[derive(Serialize)]
pub(crate) struct Shown {
    id: String,
    url: String,
    enabled: bool,
    types: Vec<String>,
}

impl Shown {
    pub(crate) fn of(webhook: &Webhook) -> Self {
        Self {
            id: plain(&webhook.id),
            url: plain(&webhook.url),
            enabled: webhook.is_enabled,
            types: webhook.types.iter().map(|kind| plain(kind)).collect(),
        }
    }
}

impl Report {
    /// Prints a line for a person; beside the JSON, on standard error.
    pub(crate) fn say(self, line: &str) -> Result<(), Failure> {
        if self.json {
            note(line);
            Ok(())
        } else {
            print(line)
        }
    }

    /// Prints a line about a wait.
    #[expect(clippy::unused_self, reason = "it is part of the report, in either form")]
    pub(crate) fn progress(self, line: &str) {
        note(line);
    }

    /// Prints the result, if it is wanted as JSON.
    pub(crate) fn finish(self, result: &impl Serialize) -> Result<(), Failure> {
        if self.json { print(&serde_json::to_string(result)?) } else { Ok(()) }
    }
}
