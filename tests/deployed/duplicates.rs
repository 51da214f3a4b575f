//! One delivery becomes one message, however often it is sent and however many copies arrive at once.

use std::sync::Barrier;
use std::thread;

use events::Provider;

use stacks::delivery::{Delivery, unique, unique_text};
use stacks::http::Answer;
use stacks::stack::STANDARD;

use crate::accepted::UNRECOGNIZED;

const AT_ONCE: usize = 20;

#[test]
fn what_a_provider_sends_again_is_answered_alike_and_queued_once() {
    let deliveries = Provider::ALL.map(Delivery::any);
    for delivery in &deliveries {
        let secrets = STANDARD.secrets.of(delivery.provider).newest();
        for seconds_later in [0, 1, 2] {
            // A provider signs each attempt again. The id and the body stay.
            let request = delivery.signed_at(&secrets, seconds_later);
            STANDARD.send(delivery.provider, &request).assert_received();
        }
    }
    STANDARD.assert_queued_once(&deliveries);
}

#[test]
fn twenty_copies_at_once_are_all_answered_and_queued_once() {
    let deliveries = Provider::ALL.map(Delivery::any);
    for delivery in &deliveries {
        warm_up(delivery.provider);
        for answer in at_once(&vec![delivery.clone(); AT_ONCE]) {
            answer.assert_received();
        }
        assert!(STANDARD.stored(delivery).expect("it is in the ledger").is_settled());
    }
    STANDARD.assert_queued_once(&deliveries);
}

/// Sends deliveries until twenty functions run. Those that start at the same moment on a busy machine may not read
/// their secrets in time. Usher then answers 503 and the provider retries, as this does.
fn warm_up(provider: Provider) {
    for number in [AT_ONCE / 2, AT_ONCE] {
        let mut unsent: Vec<Delivery> = (0..number).map(|_| Delivery::any(provider)).collect();
        for attempt in 0.. {
            assert!(attempt < 10, "{provider} does not get ready");
            let answers = at_once(&unsent);
            let mut answers = answers.iter();
            unsent.retain(|_| answers.next().expect("each has one").status == 503);
            if unsent.is_empty() {
                break;
            }
        }
    }
}

fn at_once(deliveries: &[Delivery]) -> Vec<Answer> {
    let start = Barrier::new(deliveries.len());
    let post = |delivery: &Delivery| {
        let request = STANDARD.sign(delivery);
        start.wait();
        STANDARD.send(delivery.provider, &request)
    };
    thread::scope(|scope| {
        let sent: Vec<_> = deliveries.iter().map(|delivery| scope.spawn(|| post(delivery))).collect();
        sent.into_iter().map(|sent| sent.join().expect("it was sent")).collect()
    })
}

#[test]
fn an_update_there_and_back_again_is_three_deliveries_of_luma() {
    let there = Delivery::any(Provider::Luma);
    let elsewhere = events::sample("luma/guest.updated").expect("the sample is there").body;
    let deliveries = [
        there.clone(),
        Delivery::new(Provider::Luma, elsewhere),
        Delivery { id: Provider::Luma.new_delivery_id(), ..there },
    ];
    for delivery in &deliveries {
        STANDARD.post(delivery).assert_received();
    }
    STANDARD.assert_queued_once(&deliveries);
}

/// Luma doesn't sign the id. An attacker with one signed body must not be able to use up the id of a later delivery.
#[test]
fn an_id_of_lumas_used_by_another_body_is_still_free() {
    let squatter = Delivery::any(Provider::Luma);
    let elsewhere = events::sample("luma/guest.updated").expect("the sample is there").body;
    let rightful = Delivery { body: elsewhere, ..squatter.clone() };
    let deliveries = [squatter, rightful];
    for delivery in &deliveries {
        STANDARD.post(delivery).assert_received();
    }
    STANDARD.assert_queued_once(&deliveries);
}

/// AllFly signs the id and sends the same content under the same id, so the id alone identifies the delivery.
#[test]
fn an_id_of_allflys_is_one_delivery_whatever_the_body() {
    let first = Delivery::any(Provider::Allfly);
    let again = Delivery { body: unique(&first.body), ..first.clone() };
    STANDARD.post(&first).assert_received();
    STANDARD.post(&again).assert_received();
    STANDARD.assert_queued_once([&first]);
    assert_eq!(STANDARD.stored(&first).expect("it is in the ledger").body(), first.body);
}

/// A custom template of Lunacal's need not contain a time. Another booking may have the same bytes, so none is dropped.
#[test]
fn a_lunacal_body_without_a_moment_is_an_event_each_time_it_comes() {
    let text = unique_text();
    let delivery = Delivery::new(Provider::Lunacal, format!(r#"{{"kind":"lead","text":"{text}"}}"#));
    for _ in 0..2 {
        STANDARD.post(&delivery).assert_received();
    }
    STANDARD.mailbox.sweep();
    let [first, second] = STANDARD.mailbox.containing(&text).try_into().expect("two events");
    assert_ne!(first.event()["id"], second.event()["id"]);
    for message in [first, second] {
        assert_eq!(message.event()["type"], UNRECOGNIZED);
        assert_eq!(message.event()["deduplication"], "unchecked");
        message.assert_carries(&delivery.body);
    }
}
