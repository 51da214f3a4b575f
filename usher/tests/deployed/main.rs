//! `usher` on the deployed system. The doctor finds no fault. Secrets are stored, rotated and unreachable for a while,
//! without a deployment and without losing a delivery.
//!
//! The stacks are those of the crate `stacks`. Secrets are changed in the second one alone, and each test has a provider
//! to itself.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod doctor;
mod secrets;
mod usher;
