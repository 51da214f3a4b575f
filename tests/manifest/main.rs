//! Parts that have to agree and that no compiler compares: the manifest's binaries, the template's functions, the
//! samples, the code's calls of AWS, the crates' layers, the documents.
//!
//! A provider that is added in one place fails here until it is added in all.

mod calls;
mod code;
mod document;
#[path = "../../shared/usher-aws/tests/lines/mod.rs"]
mod lines;
mod manifest;
mod metrics;
mod pattern;
mod prices;
mod sources;
mod template;

mod alarms;
mod configuration;
mod consumers;
mod cost;
mod dashboard;
mod knowledge;
mod layers;
mod operator_policy;
mod parameters;
mod parts;
mod permissions;
mod promises;
mod searches;
mod stores;
mod times;
