//! What is shown while it runs.

use std::cell::Cell;
use std::io::{self, Write as _};
use std::time::Instant;

/// One step of many rounds. On a terminal and in a log alike: a line every tenth of it.
pub struct Progress {
    title: String,
    rounds: u32,
    began: Instant,
    begun: Cell<u32>,
    shown: Cell<u32>,
}

impl Progress {
    pub fn new(title: impl Into<String>, rounds: u32) -> Self {
        Self { title: title.into(), rounds, began: Instant::now(), begun: Cell::new(0), shown: Cell::new(0) }
    }

    /// A round begins.
    pub fn next(&self) {
        let round = self.begun.replace(self.begun.get() + 1);
        let tenth = round * 10 / self.rounds.max(1);
        if tenth > self.shown.replace(tenth) {
            say(&format!("{} … {tenth}0 %", self.title));
        }
    }

    pub fn done(&self) {
        say(&format!("{}: done in {:.0} s", self.title, self.began.elapsed().as_secs_f64()));
    }
}

/// Whoever closed standard output doesn't want to know.
pub fn say(line: &str) {
    let _closed = writeln!(io::stdout(), "{line}");
}
