//! The stack with a FIFO queue: the same promises, and the order per guest, booking or event.

use std::collections::BTreeSet;

use events::Provider;

use crate::accepted::{accepted, every_sample};
use stacks::delivery::{Delivery, unique_text};
use stacks::mailbox::Received;
use stacks::stack::FIFO;

#[test]
fn every_sample_of_every_provider_is_stored_and_queued_once_on_a_fifo_queue() {
    for provider in Provider::ALL {
        every_sample(&FIFO, provider);
    }
}

#[test]
fn what_comes_again_is_queued_once_on_a_fifo_queue() {
    let deliveries = Provider::ALL.map(Delivery::any);
    for delivery in deliveries.iter().chain(&deliveries) {
        FIFO.post(delivery).assert_received();
    }
    FIFO.assert_queued_once(&deliveries);
}

#[test]
fn what_happens_to_one_guest_arrives_in_the_order_it_was_received() {
    let guests = [unique_text(), unique_text()];
    let mut sent = [Vec::new(), Vec::new()];
    for step in 0..6 {
        for (guest, sent) in guests.iter().zip(&mut sent) {
            let kind = if step == 0 { "guest.registered" } else { "guest.updated" };
            let body = format!(r#"{{"type":"{kind}","data":{{"id":"gst-{guest}","step":{step}}}}}"#);
            let delivery = Delivery::new(Provider::Luma, body);
            FIFO.post(&delivery).assert_received();
            sent.push(delivery);
        }
    }
    FIFO.mailbox.sweep();
    let groups = sent.map(|sent| {
        let received: Vec<Received> = sent.iter().map(|sent| FIFO.mailbox.event(&sent.event_id())).collect();
        let numbers: Vec<_> = received.iter().map(|received| received.sequence.clone()).collect();
        assert!(numbers.is_sorted(), "{numbers:?}");
        let groups: BTreeSet<_> = received.into_iter().map(|received| received.group).collect();
        assert_eq!(groups.len(), 1, "one guest is one group");
        groups
    });
    assert_ne!(groups[0], groups[1], "two guests are two groups");
}

/// They are made from the entity and from the key, which must not be readable from a message's attributes.
#[test]
fn group_and_deduplication_id_are_hashes() {
    for provider in Provider::ALL {
        let delivery = Delivery::any(provider);
        let message = accepted(&FIFO, &delivery);
        for id in [message.group, message.deduplication_id] {
            let id = id.expect("FIFO queues ask for both");
            assert!(id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        }
    }
}
