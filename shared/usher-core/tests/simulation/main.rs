//! The pipeline in a world where anything may fail at any moment, thousands of times over.
//!
//! The code that is run is the real one, [`usher_core::receive::receive`] and [`usher_core::relay::Relay`], on an
//! executor with virtual time. Between it and the ledger, the queue and the secrets there is a network that loses,
//! delays and refuses; processes die at every step; dependencies are down for minutes or hours; providers send again
//! by their own schedules. When all has become quiet, the design's promises are checked.
//!
//! - `USHER_SEEDS=1000000 cargo test -p usher-core --test simulation` looks further than the usual 10,000 runs.
//! - `USHER_SEED=7 cargo test -p usher-core --test simulation -- --nocapture every_promise` tells all of one run.
//!
//! Read `scenario` and `faults` for what happens, `promises` and `copies` for what must hold, `mutants` for what is
//! found when the pipeline is broken on purpose.

mod broker;
mod copies;
mod deadline;
mod deliveries;
mod evidence;
mod executor;
mod faults;
mod fifo;
mod harness;
mod ledger;
mod mutants;
mod network;
mod promises;
mod queue;
mod regressions;
mod relays;
mod rng;
mod scenario;
mod secrets;
mod senders;
mod sent;
mod shrink;
mod store;
#[path = "../support/mod.rs"]
mod support;
mod trace;
mod world;

use copies::Case;
use harness::{Cases, Finding, explain, search, tell};
use mutants::Mutant;

const SEEDS: u64 = 10_000;

#[expect(clippy::disallowed_methods, reason = "the test is told how far to look, not the pipeline")]
fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

#[test]
fn every_promise_is_kept_in_every_run() {
    if let Some(seed) = told("USHER_SEED") {
        return say(&tell(seed).unwrap_or_else(|broken| panic!("{broken}")));
    }
    let seeds = told("USHER_SEEDS").unwrap_or(SEEDS);
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let part = seeds.div_ceil(threads);
    let results: Vec<Result<Cases, Finding>> = std::thread::scope(|scope| {
        let parts = (0..threads).map(|thread| thread * part..seeds.min((thread + 1) * part));
        let running: Vec<_> = parts.map(|part| scope.spawn(|| search(part, None))).collect();
        running.into_iter().map(|thread| thread.join().expect("it ends")).collect()
    });
    let mut all = Cases::new();
    for result in results {
        for (case, count) in result.unwrap_or_else(|finding| panic!("{}", explain(&finding, None))) {
            *all.entry(case).or_default() += count;
        }
    }
    say(&format!("{seeds} runs; second copies by their case: {all:?}"));
    let named = [Case::AnswerLost, Case::SettleLost, Case::Unchecked];
    let every = named.iter().all(|case| all.contains_key(case));
    assert!(every || seeds < SEEDS, "not every case was met: {all:?}");
}

#[expect(clippy::print_stdout, reason = "it is what one runs it for")]
fn say(text: &str) {
    println!("{text}");
}

/// The mutant is found, by the check that is there for it. Other checks may find it first.
fn is_found(mutant: Mutant, kind: &str) {
    let mut from = 0;
    loop {
        let Err(finding) = search(from..SEEDS, Some(mutant)) else {
            panic!("{mutant:?} is not found: {kind}")
        };
        if finding.violation.kind() == kind {
            return say(&format!("{mutant:?} is found: {}", explain(&finding, Some(mutant))));
        }
        from = finding.seed + 1;
    }
}

#[test]
fn settling_before_sending_is_found() {
    is_found(Mutant::SettleBeforeSend, "expiring unsent");
}

#[test]
fn settling_without_a_condition_is_found() {
    is_found(Mutant::UnconditionalSettle, "overtaken");
}

#[test]
fn answering_before_claiming_is_found() {
    is_found(Mutant::AnswerBeforeClaim, "lost");
}

#[test]
fn a_claim_that_overwrites_is_found() {
    is_found(Mutant::OverwritingClaim, "extra copy");
}

#[test]
fn a_relay_that_does_not_lease_is_found() {
    is_found(Mutant::NoLease, "extra copy");
}

#[test]
fn an_expiry_written_by_the_claim_is_found() {
    is_found(Mutant::ExpiryAtClaim, "lost");
}

#[test]
fn a_grace_of_nothing_is_found() {
    is_found(Mutant::NoGrace, "extra copy");
}

#[test]
fn a_deduplication_id_that_differs_between_senders_is_found() {
    is_found(Mutant::OwnDeduplicationId, "copies on a FIFO queue");
}

#[test]
fn a_deduplication_id_of_the_body_is_found() {
    is_found(Mutant::DeduplicationIdOfBody, "lost");
}

#[test]
fn a_handler_without_a_deadline_is_found() {
    is_found(Mutant::NoDeadline, "slow");
}

#[test]
fn leasing_what_was_abandoned_with_everything_else_is_found() {
    is_found(Mutant::AbandonedTogether, "parked early");
}

#[test]
fn a_relay_that_dies_uncounted_is_found() {
    is_found(Mutant::DeathsUncounted, "parked early");
}

#[test]
fn a_lease_that_does_not_know_its_owner_is_found() {
    is_found(Mutant::ForgetfulLease, "overtaken");
}

#[test]
fn a_settling_that_does_not_know_its_owner_is_found() {
    is_found(Mutant::ForgetfulSettle, "overtaken");
}

#[test]
fn taking_an_unconfirmed_send_for_refused_is_found() {
    is_found(Mutant::UnconfirmedIsRefused, "copies on a FIFO queue");
}

#[test]
fn taking_a_send_for_refused_because_its_last_try_was_is_found() {
    is_found(Mutant::LastTryCounts, "copies on a FIFO queue");
}

#[test]
fn a_claim_that_stores_no_trace_is_found() {
    is_found(Mutant::TraceUnstored, "trace");
}
