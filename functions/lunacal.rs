//! The Lambda behind Lunacal's Function URL.

use std::process::ExitCode;

use usher_core::providers::Lunacal;

fn main() -> ExitCode {
    usher_aws::run::<Lunacal>()
}
