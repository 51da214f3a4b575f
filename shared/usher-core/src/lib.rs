//! Usher's core: what a delivery is, when it is genuine, what it says, and how it gets through every failure.
//!
//! Pure: no AWS, no runtime, no clock, no environment. `now`, secrets and settings are arguments. The ledger, the queue
//! and the secrets are traits, implemented in memory here and on AWS in `usher-aws`. Their shape is that of DynamoDB and
//! SQS, but nothing here calls either.
//!
//! # The layers
//!
//! Every import points down, and a test holds that (`tests/manifest/layers.rs`).
//!
//! | layer | modules |
//! |---|---|
//! | the two ways through | [`receive`], [`relay`] |
//! | from a reading to a message, from a result to an answer | [`normalize`], [`outcome`] |
//! | who sends | [`provider`]: the trait, what reads and checks bodies, a module per sender; [`providers`]: the list |
//! | what is sent | [`queue`] |
//! | what is kept | [`ledger`]: [key](ledger::Key), [delivery](ledger::Delivery), [packing](ledger::packed), [operator's side](ledger::operator) |
//! | whether it is genuine | [`secret`]: [document](secret::document), [its changes](secret::change), [accounts](secret::account); [`signature`] |
//! | what consumers rely on | [`event`]: envelope, data, words, drift, types, schema |
//! | values | [`request`], [`policy`], [`budget`], [`cause`], [`parsed_body`], [`digest`], [`trace`] |
//!
//! Beside them: [`memory`] (ledger and queue for tests and simulations) and `contract` (the suite that every ledger passes).
//!
//! # One delivery, start to end
//!
//! 1. A [`request::Request`] came in, and nothing in it is believed yet.
//! 2. [`receive::receive`] takes it the whole way. Its steps read in this order.
//! 3. The [`provider::Provider`] describes what there is to check, and [`signature::verify`] checks it against the
//!    [`secret::Keyring`]. It alone can make [`signature::Verified`].
//! 4. The provider reads the verified body, parsed once as a [`parsed_body::ParsedBody`], into a
//!    [`provider::Reading`]: an event's [`event::Facts`], a ping, or unrecognized. Reading can't fail.
//! 5. A [`ledger::Delivery`] is claimed in the [`ledger::Ledger`]: stored once, with everything needed to send it.
//! 6. The [`event::Event`] goes to the [`queue::Queue`] as a [`queue::Message`], and the ledger's item is settled.
//! 7. The [`outcome::Outcome`] is answered and logged.
//!
//! The [`relay`] sends what was stored but not sent. An operator works with [`ledger::operator`].

pub mod budget;
pub mod cause;
#[cfg(feature = "contract")]
pub mod contract;
pub mod digest;
pub mod event;
pub mod ledger;
pub mod memory;
pub mod normalize;
pub mod outcome;
pub mod parsed_body;
pub mod policy;
pub mod provider;
pub mod providers;
pub mod queue;
pub mod receive;
pub mod relay;
pub mod request;
pub mod secret;
pub mod signature;
pub mod trace;
