//! The progress that is printed during a run.

use std::cell::Cell;
use std::io::{self, Write as _};
use std::time::Instant;

/// The progress of one step with many rounds. Each tenth of it prints a line.
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

    /// Notes that a round begins.
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

/// Prints a line. If the reader has closed standard output, the line is lost.
pub fn say(line: &str) {
    let _closed = writeln!(io::stdout(), "{line}");
}
