//! The Lambda behind AllFly's Function URL.

use std::process::ExitCode;

use usher_core::provider::AllFly;

fn main() -> ExitCode {
    usher_aws::run::<AllFly>()
}
