//! Lines of the function's log, which Lambda takes from standard output and standard error.

/// Writes one line to standard output.
#[expect(clippy::print_stdout, reason = "Lambda takes the log from standard output")]
pub fn write(line: &str) {
    println!("{line}");
}

/// Writes a line that warns the deployer. The text is Usher's own.
pub fn warn(message: &str) {
    write(&serde_json::json!({ "level": "WARN", "message": message }).to_string());
}

/// Replaces the panic hook: it writes a line with the place of a panic, without its message. A message may quote the
/// value that caused the panic, such as a person's name.
#[expect(clippy::print_stderr, reason = "a panic hook has nothing else")]
pub fn hide_panic_messages() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        eprintln!(r#"{{"level":"ERROR","message":"panicked","place":"{place}"}}"#);
    }));
}
