//! The deployed functions, from outside: signed webhooks go to the function URLs, and the tests read the table and the
//! queue. The stacks are those of the crate `stacks`.
//!
//! The operator's work on these stacks is tested in `usher/tests`.

mod accepted;
mod backlog;
mod duplicates;
mod fifo;
mod kept;
mod ledger;
mod lunacal;
mod queue;
mod refused;
mod relay;
mod rotation;
mod seen;
