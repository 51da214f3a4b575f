//! The relay after an outage: events behind, several relays at once, and some events that always fail.
//!
//! Prints what it measured: `USHER_BACKLOG=100000 cargo test -p usher-core --test scale -- --nocapture`. `make test` runs
//! it with that many; by itself it takes fewer, to stay quick.

#![expect(clippy::disallowed_methods, reason = "a test measures, and is told how much")]
#![expect(clippy::print_stdout, reason = "it reports what it measured")]
#![expect(clippy::cast_precision_loss, reason = "a rate is printed")]

mod backlog;
mod broker;

use std::cell::Cell;
use std::time::{Duration, Instant};

use backlog::ListedBacklog;
use broker::CountingQueue;
use futures_executor::block_on;
use futures_util::future::join_all;
use jiff::Timestamp;
use usher_core::policy::Policy;
use usher_core::provider::Provider;
use usher_core::provider::Read;
use usher_core::providers::Luma;
use usher_core::queue::MAX_BATCH;
use usher_core::relay::{Relay, Report};

const POISONED: usize = 50;
const RELAYS: usize = 3;
const READERS: &[(&str, Read)] = &[(Luma::NAME, Luma::read)];

/// Poisoned events are tried twenty times, up to an hour apart.
const A_DAY_OF_MINUTES: usize = 24 * 60;

fn behind() -> usize {
    std::env::var("USHER_BACKLOG").map_or(10_000, |count| count.parse().expect("USHER_BACKLOG is a number"))
}

#[test]
fn events_behind_are_each_sent_once_and_poisoned_ones_parked() {
    let behind = behind();
    let start: Timestamp = "2026-01-31T18:00:00Z".parse().expect("a time");
    let backlog = ListedBacklog::of(behind, start);
    // A batch answers for each of its messages: some fail while their neighbours are sent.
    let queue = CountingQueue::refusing(|ledger_key| number(ledger_key) < POISONED);
    let clock = Cell::new(start);
    let began = Instant::now();
    let mut total = Report::default();
    let mut minutes_until_rest_is_sent = None;
    for minute in 1..=A_DAY_OF_MINUTES {
        clock.set(clock.get() + Duration::from_mins(1));
        for report in run_relays(&backlog, &queue, &clock) {
            total.sent += report.sent;
            total.failed += report.failed;
            total.parked += report.parked;
        }
        if minutes_until_rest_is_sent.is_none() && backlog.pending_count() <= POISONED {
            minutes_until_rest_is_sent = Some((minute, began.elapsed()));
        }
        if backlog.pending_count() == 0 {
            break;
        }
    }

    let (minutes, took) = minutes_until_rest_is_sent.expect("the backlog is drained");
    println!(
        "{behind} events behind, {RELAYS} relays: drained in {minutes} run(s), {took:.1?}, {:.0} events/s of processor; \
         at most {} messages in memory per relay; {} sends failed, {} events parked",
        (behind - POISONED) as f64 / took.as_secs_f64(),
        queue.most_in_flight().div_ceil(RELAYS),
        total.failed,
        total.parked,
    );
    assert_eq!(minutes, 1, "poisoned events held up the others");
    assert_eq!(queue.copies(), vec![1; behind - POISONED], "not each event was sent exactly once");
    assert_eq!((total.sent, total.parked), (behind - POISONED, POISONED));
    assert_eq!(backlog.pending_count(), 0);
    // Four shards side by side, one batch each.
    assert!(queue.most_in_flight() <= RELAYS * 4 * MAX_BATCH, "memory is not bounded");
}

/// Some relays at the same time, each given way to the others at every step.
fn run_relays(backlog: &ListedBacklog, queue: &CountingQueue, clock: &Cell<Timestamp>) -> Vec<Report> {
    let relay = |token| Relay {
        backlog,
        queue,
        clock: || clock.get(),
        token,
        readers: READERS,
        max_body_bytes: Policy::MAX_BODY_BYTES,
        retention: Policy::RETENTION,
        stop: clock.get() + Duration::from_secs(40),
    };
    let tokens: Vec<String> = (0..RELAYS).map(|number| format!("relay {number}")).collect();
    let relays: Vec<_> = tokens.iter().map(|token| relay(token.as_str())).collect();
    block_on(join_all(relays.iter().map(Relay::run)))
}

fn number(ledger_key: &str) -> usize {
    ledger_key.rsplit('_').next().and_then(|number| number.parse().ok()).expect("made by ListedBacklog")
}
