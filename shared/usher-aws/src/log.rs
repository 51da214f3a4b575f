//! Lines of the function's log, which Lambda takes from standard output and standard error.

use std::fmt::Display;

use jiff::Timestamp;
use serde::Serialize;
use serde_with::skip_serializing_none;

/// Writes one line to standard output.
#[expect(clippy::print_stdout, reason = "Lambda takes the log from standard output")]
pub fn write(line: &str) {
    println!("{line}");
}

/// Writes to standard error why a function ends before it has handled an event.
#[expect(clippy::print_stderr, reason = "the function ends before it has written a line of its log")]
pub fn write_failure(function: &str, error: &dyn Display) {
    eprintln!("{}", failure(Timestamp::now(), function, error));
}

/// Returns the line about a function that cannot start. The error must name a variable and never hold its value.
#[must_use]
pub fn failure(at: Timestamp, function: &str, error: &dyn Display) -> String {
    line(at, "ERROR", Some(function), &error.to_string(), None)
}

/// Writes a line that warns the deployer. The text is Usher's own.
pub fn warn(message: &str) {
    write(&line(Timestamp::now(), "WARN", None, message, None));
}

/// Replaces the panic hook: it writes a line with the place of a panic, without its message. A message may quote the
/// value that caused the panic, such as a person's name.
#[expect(clippy::print_stderr, reason = "a panic hook has nothing else")]
pub fn hide_panic_messages() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        eprintln!("{}", panicked(Timestamp::now(), &place));
    }));
}

/// Returns the line about a panic.
#[must_use]
pub fn panicked(at: Timestamp, place: &str) -> String {
    line(at, "ERROR", None, "panicked", Some(place))
}

/// An error or warning as Lambda expects it in a log of JSON lines: it reads the level only beside a timestamp.
#[skip_serializing_none]
#[derive(Serialize)]
struct LineWithLevel<'a> {
    timestamp: String,
    level: &'static str,
    function: Option<&'a str>,
    message: &'a str,
    place: Option<&'a str>,
}

fn line(
    at: Timestamp,
    level: &'static str,
    function: Option<&str>,
    message: &str,
    place: Option<&str>,
) -> String {
    let line = LineWithLevel { timestamp: format!("{at:.3}"), level, function, message, place };
    serde_json::to_string(&line).unwrap_or_default()
}
