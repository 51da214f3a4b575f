//! The Lambda behind Luma's Function URL.

use std::process::ExitCode;

use usher_core::providers::Luma;

fn main() -> ExitCode {
    usher_aws::run::<Luma>()
}
