//! The parts that have to agree with each other, and that no compiler compares: the manifest's binaries, the template's
//! functions, the samples, and what the code asks of AWS.
//!
//! A provider added in one place fails here until it is there in all.

mod calls;
mod code;
#[path = "../../shared/usher-aws/tests/lines/mod.rs"]
mod lines;
mod manifest;
mod metrics;
mod sources;
mod template;

mod alarms;
mod configuration;
mod dashboard;
mod knowledge;
mod layers;
mod parts;
mod permissions;
mod promises;
mod stores;
mod times;
