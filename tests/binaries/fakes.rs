//! What surrounds a Lambda, on loopback and in this process.

pub mod behaviour;
pub mod dynamodb;
#[cfg(feature = "deployed")]
pub mod emulated;
pub mod endpoint;
mod expression;
mod http;
pub mod runtime_api;
pub mod secrets_manager;
pub mod sqs;
