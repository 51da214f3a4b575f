//! The relay sends what is stored and not yet sent: once, and as it was received.

use std::thread;
use std::time::{Duration, Instant};

use events::Provider;
use jiff::Timestamp;
use stacks::delivery::Delivery;
use stacks::lambda::run_relay;
use stacks::mailbox::Received;
use stacks::pending::{claim, leave_pending, long_ago};
use stacks::stack::{FIFO, STANDARD, Stack, block_on};
use usher_core::ledger::{Claim, GRACE, Ledger as _};
use usher_core::policy::Policy;

/// The time within which the schedule must have run once. It runs each minute, and the emulator may start the function
/// first.
const A_RUN_OF_THE_SCHEDULE: Duration = Duration::from_secs(75);

#[test]
fn an_event_left_pending_is_sent_by_the_relay_as_it_was_received() {
    let deliveries = Provider::ALL.map(Delivery::any);
    let claims = deliveries.each_ref().map(|delivery| leave_pending(&STANDARD, delivery, long_ago()));
    run_relay(&STANDARD);
    for (delivery, received) in deliveries.iter().zip(claims) {
        assert_relayed(&STANDARD, delivery, received, &STANDARD.mailbox.event(&delivery.event_id()));
    }
    STANDARD.assert_queued_once(&deliveries);
}

#[test]
fn relays_at_the_same_time_send_each_event_once() {
    // More than fit one batch, and more than one per shard.
    let deliveries: Vec<Delivery> = (0..25).map(|_| Delivery::any(Provider::Allfly)).collect();
    for delivery in &deliveries {
        leave_pending(&STANDARD, delivery, long_ago());
    }
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| run_relay(&STANDARD));
        }
    });
    STANDARD.assert_queued_once(&deliveries);
    for delivery in &deliveries {
        assert!(STANDARD.stored(delivery).expect("it is in the ledger").is_settled());
    }
}

/// Its handler may still be at work.
#[test]
fn what_was_just_received_is_left_to_its_handler() {
    let delivery = Delivery::any(Provider::Luma);
    leave_pending(&STANDARD, &delivery, Timestamp::now());
    let claimed = Instant::now();
    run_relay(&STANDARD);
    STANDARD.mailbox.sweep();
    let copies = STANDARD.mailbox.copies(&delivery.event_id());
    assert!(copies.is_empty() || claimed.elapsed() >= GRACE);
}

#[test]
fn what_comes_again_while_it_is_pending_is_answered_and_still_sent_once_by_the_relay() {
    let delivery = Delivery::any(Provider::Allfly);
    let received = leave_pending(&STANDARD, &delivery, long_ago());
    STANDARD.post(&delivery).assert_received();
    run_relay(&STANDARD);
    assert_relayed(&STANDARD, &delivery, received, &STANDARD.mailbox.event(&delivery.event_id()));
    STANDARD.assert_queued_once([&delivery]);
}

#[test]
fn an_event_that_cannot_be_read_holds_up_no_other() {
    let good = Delivery::any(Provider::Luma);
    let unknown = claim(&good, "unknown", long_ago());
    block_on(async {
        assert_eq!(STANDARD.ledger().claim(&unknown).await, Ok(Claim::New));
    });
    leave_pending(&STANDARD, &good, long_ago());
    run_relay(&STANDARD);
    STANDARD.mailbox.event(&good.event_id());
    STANDARD.assert_queued_once([&good]);
}

/// Only the schedule calls this stack's relay.
#[test]
fn the_schedule_sends_what_is_pending_within_about_a_minute() {
    let delivery = Delivery::any(Provider::Luma);
    let received = leave_pending(&FIFO, &delivery, long_ago());
    let message = FIFO
        .mailbox
        .event_within(A_RUN_OF_THE_SCHEDULE, &delivery.event_id())
        .expect("a run of the schedule sends it");
    assert_relayed(&FIFO, &delivery, received, &message);
    FIFO.assert_queued_once([&delivery]);
}

fn assert_relayed(stack: &Stack, delivery: &Delivery, received: Timestamp, message: &Received) {
    let event = message.event();
    assert_eq!(event["id"], delivery.event_id());
    assert_eq!(event["receivedtime"], received.to_string());
    assert_eq!(event["deduplication"], "checked");
    assert_eq!(event.get("replay"), None);
    assert_ne!(event["type"], crate::accepted::UNRECOGNIZED);
    message.assert_carries(&delivery.body);
    assert_settled(stack, delivery, received);
}

fn assert_settled(stack: &Stack, delivery: &Delivery, received: Timestamp) {
    // The relay settles just after it has sent.
    let deadline = Instant::now() + Duration::from_secs(10);
    let settled = loop {
        let stored = stack.stored(delivery).expect("it is in the ledger");
        if stored.is_settled() {
            break stored;
        }
        assert!(Instant::now() < deadline, "{} is not settled", delivery.pk());
        thread::sleep(Duration::from_millis(50));
    };
    let kept_for = i64::try_from(Policy::RETENTION.as_secs()).expect("it is some days");
    assert_eq!(settled.expires_at(), Some(received.as_second() + kept_for));
    assert_eq!(settled.attempt(), Some(1));
}
