//! An operator's work with `usher` on the deployed stacks: look, replay, erase, bring back dead letters.
//!
//! These tests read the queues. The doctor looks for its own messages there and needs them to itself, so its test is in
//! another program, which cargo runs at another time.

mod dead_letters;
mod listened;
mod operator;
#[path = "../deployed/usher.rs"]
mod usher;
