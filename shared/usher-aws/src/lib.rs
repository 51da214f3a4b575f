//! Usher's edge: everything that knows AWS, the environment, the clock.
//!
//! [`run`] is the whole life of a provider's Lambda, [`relay`] that of the relay's. What happens to a delivery is
//! decided in `usher-core`; here its traits meet DynamoDB, SQS and Secrets Manager.

mod cause;
mod clients;
pub mod config;
mod deadline;
pub mod dynamodb;
mod http;
pub mod metrics;
pub mod rehearsal;
mod relay;
mod run;
pub mod secrets;
pub mod sqs;
mod start;
pub mod timings;

pub use clients::Clients;
pub use relay::relay;
pub use run::run;
