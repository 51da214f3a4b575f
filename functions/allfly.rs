//! The Lambda behind AllFly's Function URL.

use std::process::ExitCode;

use usher_core::providers::Allfly;

fn main() -> ExitCode {
    usher_aws::run::<Allfly>()
}
