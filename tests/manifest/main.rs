//! The parts that have to agree with each other, and that no compiler compares: the manifest's binaries, the template's
//! functions, the samples, and what the code asks of AWS.
//!
//! A provider added in one place fails here until it is there in all.

mod calls;
mod code;
mod manifest;
mod template;

mod configuration;
mod parts;
mod permissions;
mod stores;
mod times;
