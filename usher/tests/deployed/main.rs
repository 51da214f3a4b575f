//! `usher` on the deployed system: the doctor finds nothing to complain of, and secrets are put, rotated, and out of reach
//! without a deployment and without losing a delivery.
//!
//! The stacks are those of the crate `stacks`. Secrets are changed in the second one alone, and each test has a provider
//! to itself.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod doctor;
mod secrets;
mod usher;
