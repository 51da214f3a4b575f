//! Usher's core: what a delivery is, when it is genuine, what it says, and how it gets through whatever fails.
//!
//! Pure: no AWS, no runtime, no clock, no environment. `now`, secrets and settings are arguments; the ledger, the queue
//! and the secrets are traits, implemented in memory here and on AWS in `usher-aws`.
//!
//! # One delivery, start to end
//!
//! 1. A [`request::Request`] is what came in, not believed yet.
//! 2. [`receive::receive`] takes it all the way; its steps read in this order.
//! 3. [`signature::verify`] checks what the [`provider::Provider`] describes, against the [`secret::Keyring`], and
//!    alone can make [`signature::Verified`].
//! 4. The provider reads the verified body, parsed once as a [`document::Document`], into a [`reading::Reading`]: an
//!    event with its [`data::Data`], a ping, or unrecognized. Reading can't fail.
//! 5. A [`delivery::Delivery`] is claimed in the [`ledger::Ledger`]: stored once, with everything needed to send it.
//! 6. The [`event::Event`] goes to the [`queue::Queue`] as a [`queue::Message`], and the ledger's item is settled.
//! 7. The [`outcome::Outcome`] is what is answered and logged.
//!
//! What was stored but not sent, the [`relay`] sends. What an operator does with the ledger is the [`archive`].

pub mod archive;
mod attribute;
pub mod budget;
pub mod cause;
#[cfg(feature = "contract")]
pub mod contract;
pub mod data;
pub mod delivery;
pub mod document;
pub mod drift;
pub mod event;
mod fields;
pub mod ledger;
pub mod memory;
pub mod mention;
mod money;
pub mod normalize;
pub mod outcome;
pub mod packed;
pub mod policy;
pub mod provider;
pub mod queue;
pub mod reading;
pub mod receive;
pub mod relay;
pub mod request;
#[cfg(feature = "schema")]
pub mod schema;
pub mod secret;
pub mod signature;
pub mod words;
