//! The Lambda behind Cal.com's Function URL.

use std::process::ExitCode;

use usher_core::providers::Calcom;

fn main() -> ExitCode {
    usher_aws::run::<Calcom>()
}
