//! The consumer's side of Usher's queue.
//!
//! [`batch::Consumer`] takes a batch of messages and hands each event to your code. It reports each message that failed, so
//! that only those come again. It keeps the order of a FIFO queue by stopping at the first failure. A [`seen::Seen`] store
//! says which events were handled, so that a second copy is dropped.
//!
//! The store is a trait, with an implementation in memory ([`memory`]) and one in DynamoDB (feature `dynamodb`). Both pass
//! one suite (feature `contract`). Everything but the
//! feature `dynamodb` is free of AWS.

pub mod batch;
#[cfg(feature = "contract")]
pub mod contract;
#[cfg(feature = "dynamodb")]
pub mod dynamodb;
pub mod failure;
pub mod lambda;
pub mod memory;
pub mod seen;
