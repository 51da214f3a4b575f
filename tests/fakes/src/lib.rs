//! What surrounds a Lambda, on loopback and in this process: the Runtime API that gives it events, and the DynamoDB, SQS
//! and Secrets Manager it calls. For tests of the real binaries, and for benchmarks of them.
//!
//! - [`aws::Aws`] is the three services; [`aws::Aws::variables`] is the environment that leads a function to them.
//! - [`billing`] is what AWS would bill for it.
//! - An [`endpoint::Endpoint`] counts what it is asked, and can be told to fail in every way an endpoint fails.
//! - A [`function::Function`] is one running binary, started as Lambda starts it.
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

/// A test that failed elsewhere must not hide its own message behind a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
