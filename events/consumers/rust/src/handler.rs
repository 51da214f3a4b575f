//! The handling of one event: the only file to change.
//!
//! An error, or a panic, sends the event back to the queue. It comes again after the visibility timeout, and goes to the
//! dead-letter queue after five times. An event may come again after it was handled in part, so repeating that part must
//! do no harm.

#![allow(clippy::print_stdout, reason = "Lambda's log is what a function prints")]

use usher_core::event::Event;
use usher_core::event::words::RegistrationStatus;

/// The reason for which an event was not handled. It is logged, so it should quote nobody's data.
pub type Error = Box<dyn std::error::Error>;

/// Handles one event. No copy of it is handled at the same time, or later.
pub async fn handle(event: &Event) -> Result<(), Error> {
    match &*event.event_type {
        "usher.registration.created" => println!("{}", registration(event)),
        // Genuine, but of a type or form that Usher does not know: its bytes are in `raw` or `raw_base64`.
        "usher.unrecognized" => {
            println!("unrecognized, from {}: kept for somebody to look at", event.provider);
        }
        // Left alone. Types may be added at any time.
        other => println!("{other}: of no interest here"),
    }
    Ok(())
}

/// Returns a sentence about a registration.
fn registration(event: &Event) -> String {
    let data = &event.data;
    let who = data.person.as_ref().and_then(|person| person.name.as_deref()).unwrap_or("somebody");
    let what = data.event.as_ref().and_then(|event| event.title.as_deref()).unwrap_or("something");
    let how = match data.registration.as_ref().and_then(|registration| registration.status.as_ref()) {
        Some(RegistrationStatus::PendingApproval) => " and waits for approval".to_owned(),
        // A word that Usher does not know, as the provider spelt it.
        Some(RegistrationStatus::Other(word)) => format!(" ({word})"),
        _ => String::new(),
    };
    format!("{who} registered for {what}{how}")
}
