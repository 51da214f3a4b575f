//! What is said to the person at the terminal.

pub(crate) mod interrupt;
pub(crate) mod json;
pub(crate) mod plain;
pub(crate) mod table;
pub(crate) mod time;

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

/// Whatever ended a command. Its message says what to do next.
pub(crate) type Failure = Box<dyn Error>;

/// Says why a command failed, with what caused it, on one line of standard error.
pub(crate) fn fail(failure: &Failure) -> ExitCode {
    // Whoever reads the output has seen enough, as `head` has.
    if failure.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    let mut line = failure.to_string();
    let mut cause = failure.source();
    while let Some(error) = cause {
        let _ = write!(line, ": {error}");
        cause = error.source();
    }
    if line.contains("AccessDenied") {
        line.push_str(". What the command needs is at the end of its --help");
    }
    note(&format!("error: {line}"));
    ExitCode::FAILURE
}

/// What was asked for: a line, or several, on standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{}", text.trim_end_matches('\n')).map_err(Failure::from)
}

/// What helps whoever waits: a line on standard error, so that a pipe gets none of it.
pub(crate) fn note(line: &str) {
    // Where not even standard error can be written to, the exit code has to do.
    let _ = writeln!(io::stderr(), "{line}");
}

/// A progress bar on a terminal, and nothing elsewhere.
pub(crate) fn progress(what: &'static str, length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

/// A count of what was read so far, where nobody knows how much there is.
pub(crate) fn counter(what: &'static str) -> ProgressBar {
    let counter = ProgressBar::no_length().with_message(what);
    let style = ProgressStyle::with_template("{msg} {pos}");
    style.map_or(counter.clone(), |style| counter.with_style(style))
}

/// `1 event`, `2 events`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
