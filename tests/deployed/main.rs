//! The deployed system, from outside: signed webhooks go to the function URLs, and what came of them is read back from
//! the table and the queue.
//!
//! All tests share two stacks, one per type of queue, and run side by side. Each sends what no other sends, and
//! [`mailbox`] alone reads the queues, so none can take another's events.

// What the tests are written with.
mod delivery;
mod http;
mod lambda;
mod mailbox;
mod secrets;
mod stack;
mod stored;
mod usher;

// The tests.
mod accepted;
mod backlog;
mod dead_letters;
mod duplicates;
mod fifo;
mod kept;
mod ledger;
mod lunacal;
mod operator;
mod queue;
mod refused;
mod relay;
mod rotation;
