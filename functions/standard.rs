//! The Lambda behind the Function URL of any sender of Standard Webhooks.

use std::process::ExitCode;

use usher_core::providers::Standard;

fn main() -> ExitCode {
    usher_aws::run::<Standard>()
}
