//! What several tests need. Each test file is a crate of its own and uses a part of it.
#![allow(dead_code, reason = "no test file uses everything")]

pub mod booking;
pub mod cases;
pub mod compatibility;
pub mod fakes;
pub mod pipeline;
pub mod relaying;
pub mod samples;
pub mod secrets;
pub mod signing;
pub mod table;
pub mod validation;

use jiff::Timestamp;
use usher_core::policy::Policy;
use usher_core::provider::Provider;

/// The moment at which the tests take place: 2023-11-14T22:13:20Z.
pub const NOW: i64 = 1_700_000_000;

pub fn at(unix_seconds: i64) -> Timestamp {
    Timestamp::from_second(unix_seconds).expect("within jiff's range")
}

pub fn now() -> Timestamp {
    at(NOW)
}

/// The provider's own defaults.
pub fn policy<P: Provider>() -> Policy {
    Policy::with_tolerance(P::TOLERANCE)
}
