//! The Lambda that sends what is stored and not yet sent, of all providers.

use std::process::ExitCode;

use usher_core::provider::READERS;

fn main() -> ExitCode {
    usher_aws::relay(&READERS)
}
