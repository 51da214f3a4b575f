//! Usher's edge: all code that depends on AWS, on the environment or on the clock.
//!
//! [`run()`] is a provider's Lambda and [`relay()`] is the relay's. `usher-core` decides what happens to a delivery;
//! this crate implements its traits on DynamoDB, SQS and Secrets Manager. [`config`] lists the environment variables.
//!
//! The modules form layers. A module imports from layers below its own only:
//!
//! | layer | modules |
//! |---|---|
//! | the functions | [`run()`], [`relay()`] |
//! | work before the first event | `start`, [`rehearsal`] |
//! | the traits of `usher-core` on AWS | [`dynamodb`], [`sqs`], [`secrets`] |
//! | AWS clients, time budget, log line | `clients`, `deadline`, [`metrics`] |
//! | values, input and output | [`config`], [`timings`], `error_code`, `http`, [`log`], `agent`, `signer` |

mod agent;
mod clients;
pub mod config;
mod deadline;
pub mod dynamodb;
mod error_code;
pub mod http;
pub mod log;
pub mod metrics;
pub mod rehearsal;
mod relay;
mod run;
pub mod secrets;
mod signer;
pub mod sqs;
mod start;
pub mod timings;

pub use clients::Clients;
pub use relay::relay;
pub use run::run;
