//! Output for the person at the terminal.

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

/// The reason why a command failed. Its message says what to do next.
pub(crate) type Failure = Box<dyn Error>;

/// Prints why a command failed, with the chain of causes, on one line of standard error.
pub(crate) fn fail(failure: &Failure) -> ExitCode {
    // The reader of the output closed it, as `head` does, and needs no message.
    if failure.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    let mut line = failure.to_string();
    let mut source = failure.source();
    while let Some(error) = source {
        let _ = write!(line, ": {error}");
        source = error.source();
    }
    if line.contains("AccessDenied") {
        line.push_str(". The end of the command's --help lists the permissions it needs");
    }
    note(&format!("error: {line}"));
    ExitCode::FAILURE
}

/// Prints the result, one line or several, on standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{}", text.trim_end_matches('\n')).map_err(Failure::from)
}

/// Prints a line about the progress on standard error, so that a pipe does not get it.
pub(crate) fn note(line: &str) {
    // Where standard error cannot be written to, the exit code has to be enough.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Shows a progress bar on a terminal, and nothing elsewhere.
pub(crate) fn progress(what: &'static str, length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

/// Shows a count of what was read so far, for work of unknown length.
pub(crate) fn counter(what: &'static str) -> ProgressBar {
    let counter = ProgressBar::no_length().with_message(what);
    let style = ProgressStyle::with_template("{msg} {pos}");
    style.map_or(counter.clone(), |style| counter.with_style(style))
}

/// Prints a number with its noun: `1 event`, `2 events`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
