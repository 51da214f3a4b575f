//! `usher connect` and `usher disconnect`, against an AWS account and the providers' APIs on loopback.
//!
//! The APIs are built from the providers' documents. They note every time that a webhook is enabled while the function
//! does not know its secret: see [`world::World::faults`].

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod allfly;
mod aws;
mod calcom;
mod calcom_api;
mod crashes;
#[path = "../command/http.rs"]
mod http;
mod luma;
mod lunacal;
mod provider_api;
mod refusals;
mod rotation;
mod world;
