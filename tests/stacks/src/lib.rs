//! The two stacks that `tests/emulator/system_tests.py` deploys, one per type of queue, from outside.
//!
//! Tests share the stacks and run side by side. Each sends deliveries that no other test sends, and [`mailbox`] alone
//! reads a queue, so that no test takes another's messages. USHER_STACKS names the file that describes the stacks.

pub mod delivery;
pub mod http;
pub mod lambda;
pub mod mailbox;
pub mod moto;
pub mod pending;
pub mod secrets;
pub mod stack;
pub mod stored;
