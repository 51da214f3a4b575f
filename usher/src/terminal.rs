//! What is said to the person at the terminal.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

/// Whatever ended a command. Its message says what to do next.
pub(crate) type Failure = Box<dyn Error>;

/// Says why a command failed, with what caused it, on one line of standard error.
pub(crate) fn fail(failure: &Failure) -> ExitCode {
    let mut line = failure.to_string();
    let mut cause = failure.source();
    while let Some(error) = cause {
        let _ = write!(line, ": {error}");
        cause = error.source();
    }
    // Where not even standard error can be written to, the exit code has to do.
    let _ = writeln!(std::io::stderr(), "error: {line}");
    ExitCode::FAILURE
}
