//! The relay's Lambda: sends the events of all providers that are stored and still unsent.

use std::process::ExitCode;

use usher_core::providers::READERS;

fn main() -> ExitCode {
    usher_aws::relay(&READERS)
}
