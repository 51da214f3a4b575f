//! The Lambda that sends what is stored and not yet sent, of all providers.

use std::process::ExitCode;

use usher_core::provider::{AllFly, Luma, Lunacal, Provider};

fn main() -> ExitCode {
    usher_aws::relay(&[
        (Luma::NAME, Luma::read),
        (Lunacal::NAME, Lunacal::read),
        (AllFly::NAME, AllFly::read),
    ])
}
