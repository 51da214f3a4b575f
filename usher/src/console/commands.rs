//! Commands that a user copies from the page into a shell.
//!
//! A stranger wrote the body. In a command it must stay one argument: neither a quotation mark nor a control character in
//! it may end the quotation, or end the paste and become a command of its own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// The commands for one delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Commands {
    /// Posts the event to a program on this machine; `None` where there is no event.
    pub(super) curl: Option<String>,
    /// Signs the body anew and sends it to the stack.
    pub(super) send: String,
}

/// Makes the commands. No secret is in them: `usher send` takes it from the stack, or from the user's environment.
pub(super) fn commands(provider: &str, body: &[u8], event: Option<&str>) -> Commands {
    let curl = event.map(|event| {
        format!(
            "{} | curl -sS -H 'Content-Type: application/cloudevents+json' --data-binary @- http://localhost:3000/hook",
            printed(event.as_bytes())
        )
    });
    Commands { curl, send: format!("{} | usher send /dev/stdin --provider {provider}", printed(body)) }
}

/// Returns a command that prints these bytes.
fn printed(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(is_plain) => {
            format!("printf %s '{}'", text.replace('\'', r"'\''"))
        }
        _ => format!("printf %s {} | base64 -d", STANDARD.encode(bytes)),
    }
}

/// Returns whether a character means nothing to a terminal, and looks like what it is.
fn is_plain(letter: char) -> bool {
    letter == '\n'
        || !(letter.is_control()
            || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'))
}
