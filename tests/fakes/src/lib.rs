//! The surroundings of a Lambda, on loopback and in this process: the Runtime API that hands it events, and the
//! DynamoDB, SQS and Secrets Manager that it calls. They serve the tests and the benchmarks of the real binaries.
//!
//! - [`aws::Aws`] is the three services; [`aws::Aws::variables`] is the environment with which a function calls them.
//! - [`billing`] computes what AWS would bill.
//! - An [`endpoint::Endpoint`] counts its calls and can be made to fail in every way an endpoint fails.
//! - A [`function::Function`] is a running binary, started as Lambda starts it.
//!
//! ```no_run
//! # async fn example() {
//! let aws = fakes::aws::Aws::start().await;
//! aws.secrets.service().put("usher/luma", "whsec_…");
//! let mut function = fakes::function::Function::start("target/release/luma", &aws.variables()).await;
//! function.ready().await;
//! let reply = function.invoke("{}".to_owned()).await;
//! println!("{:?} {:?} {:?}", function.init(), reply.took, aws.dynamodb.traffic());
//! # }
//! ```

pub mod aws;
pub mod behaviour;
pub mod billing;
pub mod dynamodb;
pub mod endpoint;
pub mod function;
mod http;
mod item;
mod line;
pub mod runtime_api;
pub mod secrets_manager;
pub mod sqs;
pub mod tls;
pub mod traffic;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex even if it is poisoned. A poisoned lock would hide the message of the test that failed first.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
