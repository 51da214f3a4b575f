//! The story of a run, written only when somebody will read it.

use std::cell::RefCell;
use std::fmt::Write as _;

use crate::executor::Millis;

#[derive(Default)]
pub struct Trace {
    lines: Option<RefCell<String>>,
}

impl Trace {
    pub fn kept() -> Self {
        Self { lines: Some(RefCell::default()) }
    }

    pub fn note(&self, now: Millis, what: impl FnOnce() -> String) {
        if let Some(lines) = &self.lines {
            let (minutes, millis) = (now / 60_000, now % 60_000);
            let (seconds, millis) = (millis / 1000, millis % 1000);
            let _ = writeln!(lines.borrow_mut(), "{minutes:4}:{seconds:02}.{millis:03}  {}", what());
        }
    }

    pub fn text(&self) -> String {
        self.lines.as_ref().map(RefCell::take).unwrap_or_default()
    }
}
