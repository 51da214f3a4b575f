//! The operator's tool on the deployed stack: look, replay, erase.

use std::thread;
use std::time::Duration;

use events::Provider;
use jiff::Timestamp;
use serde_json::Value;
use usher_core::ledger::{Backlog as _, Fence, LEASE, Lease, Ledger as _, Setbacks, Transition, shard};

use crate::usher::{usher, usher_reading};
use stacks::delivery::{Delivery, unique_text};
use stacks::lambda::run_relay;
use stacks::pending::{claim, leave_pending, long_ago};
use stacks::stack::{STANDARD, block_on};

/// Leaves a delivery parked, as the relay does after its last attempt.
fn park(delivery: &Delivery, received: Timestamp) {
    block_on(async {
        let ledger = STANDARD.ledger();
        ledger.claim(&claim(delivery, delivery.provider.name(), received)).await.expect("it is claimed");
        let fence = lease(delivery).await;
        assert_eq!(ledger.park(&fence, Timestamp::now()).await, Ok(Transition::Done));
    });
}

/// Leaves a pending delivery to wait for an hour, as the relay does after a failed send.
fn postpone(delivery: &Delivery) {
    block_on(async {
        let fence = lease(delivery).await;
        let due = Timestamp::now() + Duration::from_hours(1);
        let postponed = STANDARD.ledger().postpone(&fence, due, Setbacks::default()).await;
        assert_eq!(postponed, Ok(Transition::Done));
    });
}

/// Leases a pending delivery, as the relay does before a send.
async fn lease(delivery: &Delivery) -> Fence {
    let (ledger, pk) = (STANDARD.ledger(), delivery.pk());
    let mut after = None;
    let pending = loop {
        let page = ledger.pending(shard(&pk), after.as_ref(), 100).await.expect("the index answers");
        match page.iter().find(|pending| pending.ledger_key == pk) {
            Some(pending) => break pending.clone(),
            None => after = Some(page.last().expect("it is listed").clone()),
        }
    };
    // The schedule's relay may have leased it first. Then the test fails here.
    match ledger.lease(&pending, "test", Timestamp::now() + LEASE).await {
        Ok(Lease::Taken(leased)) => leased.fence,
        other => panic!("it is free, and the answer is {other:?}"),
    }
}

/// Returns a time of receipt that no other delivery has.
fn in_a_past_of_its_own() -> Timestamp {
    let minute = u64::from_str_radix(&unique_text()[..5], 16).expect("it is hexadecimal");
    let past = i64::try_from(minute).expect("it is small") * 60 + 1_000_000_000;
    Timestamp::from_second(past).expect("it is a time")
}

fn window(around: Timestamp) -> [String; 4] {
    let second = Duration::from_secs(1);
    ["--since".to_owned(), around.to_string(), "--until".to_owned(), (around + second).to_string()]
}

#[test]
fn a_parked_event_is_seen_replayed_and_sent_once_marked_as_a_replay() {
    let delivery = Delivery::any(Provider::Allfly);
    let id = delivery.event_id();
    // Within the grace of its handler, so that the schedule's relay leaves it alone until it is parked.
    park(&delivery, Timestamp::now());

    assert!(usher(&STANDARD, &["pending", "--parked", "--limit", "1000"]).told().contains(&id));
    let parked = usher(&STANDARD, &["pending", "--parked", "--limit", "1000", "--json"]);
    assert_eq!(parked.code, Some(1), "something is parked");
    let parked: Value = serde_json::from_str(&parked.out).expect("it is JSON");
    let listed = parked["parked"]["events"].as_array().expect("it is a list");
    assert!(listed.iter().any(|event| event["id"] == id.as_str()));

    let seen = usher(&STANDARD, &["inspect", &id, "--json"]).json();
    assert_eq!(
        (&seen["state"], &seen["replays"], &seen["intact"]),
        (&"parked".into(), &0.into(), &true.into())
    );
    assert_eq!(seen["made_today"]["id"], id.as_str());
    assert!(usher(&STANDARD, &["inspect", &id]).well().contains("parked"));
    let raw = usher(&STANDARD, &["inspect", &delivery.pk(), "--raw"]).well();
    assert_eq!(raw.as_bytes(), delivery.body, "by its key as well, and byte for byte");

    let shown = usher(&STANDARD, &["replay", &id]).well();
    assert!(shown.contains("Would replay 1 event") && shown.contains("Nothing was changed"), "{shown}");
    assert!(!STANDARD.stored(&delivery).expect("it is stored").is_pending(), "it was only shown");

    let done = usher(&STANDARD, &["replay", &id, "--yes"]).well();
    assert!(done.contains("Replayed 1 event"), "{done}");
    run_relay(&STANDARD);
    let message = STANDARD.mailbox.event(&id);
    assert_eq!(message.event()["replay"], 1);
    message.assert_carries(&delivery.body);
    STANDARD.assert_queued_once([&delivery]);
    assert!(STANDARD.stored(&delivery).expect("it is stored").is_settled());
}

#[test]
fn a_replay_by_time_takes_what_was_received_then_and_resumed_takes_none_twice() {
    let received = in_a_past_of_its_own();
    let deliveries: Vec<Delivery> = (0..3).map(|_| Delivery::any(Provider::Luma)).collect();
    for delivery in &deliveries {
        leave_pending(&STANDARD, delivery, received);
    }
    run_relay(&STANDARD);
    STANDARD.assert_queued_once(&deliveries);

    let [since, from, until, to] = &window(received);
    let which = [since.as_str(), from, until, to, "--provider", "luma"];
    let with = |more: &[&'static str]| [&["replay"], &which[..], more].concat();
    let shown = usher(&STANDARD, &with(&["--list"])).well();
    assert!(shown.contains("Would replay 3 events"), "{shown}");
    assert!(deliveries.iter().all(|delivery| shown.contains(&delivery.event_id())), "{shown}");
    let other_type = usher(&STANDARD, &with(&["--type", "usher.booking.created"])).well();
    assert!(other_type.contains("nothing to replay"), "{other_type}");

    let first = usher(&STANDARD, &with(&["--yes", "--per-second", "50", "--json"])).json();
    assert_eq!(first["replayed"], 3);
    let began = first["began"].as_str().expect("it says when it began").to_owned();
    let resumed = [with(&["--yes"]), vec!["--resume", &began]].concat();
    let again = usher(&STANDARD, &resumed).well();
    assert!(again.contains("Left out: 3 replayed already"), "{again}");
    run_relay(&STANDARD);
    STANDARD.mailbox.sweep();
    let resumed = usher(&STANDARD, &resumed).well();
    assert!(resumed.contains("Left out: 3 replayed already"), "once they are sent, too: {resumed}");
    for delivery in &deliveries {
        assert_eq!(STANDARD.mailbox.copies(&delivery.event_id()).len(), 2, "the first, and one replay");
    }
}

#[test]
fn replays_at_once_count_once() {
    let delivery = Delivery::any(Provider::Luma);
    leave_pending(&STANDARD, &delivery, long_ago());
    run_relay(&STANDARD);
    STANDARD.mailbox.event(&delivery.event_id());
    let id = delivery.event_id();
    thread::scope(|scope| {
        for _ in 0..3 {
            // Those that come too late leave it out, and say so by their status.
            scope.spawn(|| usher(&STANDARD, &["replay", &id, "--yes"]).told());
        }
    });
    run_relay(&STANDARD);
    let seen = usher(&STANDARD, &["inspect", &id, "--json"]).json();
    assert_eq!(seen["replays"], 1);
}

#[test]
fn a_persons_deliveries_are_counted_then_erased_and_stay_duplicates() {
    let email = format!("{}@example.com", unique_text());
    let body = format!(
        r#"{{"type":"guest.registered","data":{{"id":"gst-1","user_email":"{}"}}}}"#,
        email.to_uppercase()
    );
    let delivery = Delivery::new(Provider::Luma, body);
    let others = Delivery::new(
        Provider::Luma,
        format!(r#"{{"type":"guest.registered","data":{{"id":"gst-2","user_email":"x{email}"}}}}"#),
    );
    for delivery in [&delivery, &others] {
        STANDARD.post(delivery).assert_received();
    }
    let forget = ["forget", "--email", &email];
    let counted = usher(&STANDARD, &forget).told();
    assert!(counted.contains("1 delivery has") && counted.contains("Nothing was erased"), "{counted}");
    assert!(counted.contains("backups") && counted.contains("dead-letter queue"), "{counted}");
    assert!(!counted.to_lowercase().contains(&email), "it counts, and shows no personal data");

    let erased = usher(&STANDARD, &[&forget[..], &["--yes"]].concat()).told();
    assert!(erased.contains("Erased the bodies of 1,"), "{erased}");
    let seen = usher(&STANDARD, &["inspect", &delivery.event_id(), "--json"]).json();
    assert_eq!((&seen["state"], &seen["made_today"]), (&"forgotten".into(), &Value::Null));
    assert_ne!(seen["expires"], Value::Null);
    let again = usher(&STANDARD, &[&forget[..], &["--yes"]].concat()).told();
    assert!(again.contains("No delivery"), "{again}");
    let kept = usher(&STANDARD, &["inspect", &others.event_id(), "--raw"]).well();
    assert_eq!(kept.as_bytes(), others.body, "another person's");

    STANDARD.post(&delivery).assert_received();
    run_relay(&STANDARD);
    STANDARD.assert_queued_once([&delivery, &others]);
    let replayed = usher(&STANDARD, &["replay", &delivery.event_id(), "--yes"]);
    assert_eq!(replayed.code, Some(1), "it was asked for, and left out");
    let replayed = replayed.out;
    assert!(replayed.contains("Left out: 1 forgotten"), "{replayed}");
}

#[test]
fn what_is_unsent_is_erased_only_if_that_is_said() {
    let email = format!("{}@example.com", unique_text());
    let delivery = Delivery::new(Provider::Allfly, format!(r#"{{"type":"x","data":{{"email":"{email}"}}}}"#));
    // Received by a sandbox whose clock is ahead, so that no relay takes it before the test has ended.
    leave_pending(&STANDARD, &delivery, Timestamp::now() + Duration::from_mins(5));
    let forget = ["forget", "--email", &email, "--yes"];
    let also_pending = [&forget[..], &["--also-pending"]].concat();
    for arguments in [&forget[..], &also_pending] {
        let left = usher(&STANDARD, arguments);
        assert_eq!(left.code, Some(1), "{}", left.out);
        assert!(left.out.contains("Left: 1 being sent at this moment"), "its handler has it: {}", left.out);
        assert!(STANDARD.stored(&delivery).expect("it is stored").is_pending());
    }

    postpone(&delivery);
    let left = usher(&STANDARD, &forget);
    assert_eq!(left.code, Some(1), "{}", left.out);
    assert!(left.out.contains("Left: 1 pending"), "{}", left.out);
    assert!(STANDARD.stored(&delivery).expect("it is stored").is_pending());
    usher(&STANDARD, &also_pending).told();
    run_relay(&STANDARD);
    STANDARD.mailbox.sweep();
    assert!(STANDARD.mailbox.copies(&delivery.event_id()).is_empty());
    let seen = usher(&STANDARD, &["inspect", &delivery.event_id(), "--json"]).json();
    assert_eq!((&seen["state"], &seen["sent"]), (&"forgotten".into(), &Value::Null));
    assert_ne!(seen["expires"], Value::Null, "a tombstone expires");
}

#[test]
fn what_is_sent_is_followed_without_being_consumed() {
    let delivery = Delivery::any(Provider::Luma);
    let since = Timestamp::now().to_string();
    STANDARD.post(&delivery).assert_received();
    let id = delivery.event_id();
    let lines = usher(&STANDARD, &["tail", "--once", "--since", &since]).well();
    assert!(
        lines.lines().any(|line| line.contains(&id) && line.contains("usher.registration.created")),
        "{lines}"
    );
    let events =
        usher(&STANDARD, &["tail", "--once", "--json", "--provider", "luma", "--since", &since]).well();
    let events: Vec<Value> =
        events.lines().map(|line| serde_json::from_str(line).expect("it is an event")).collect();
    let followed = events.iter().find(|event| event["id"] == id.as_str()).expect("it was sent");
    let message = STANDARD.mailbox.event(&id);
    assert_eq!(followed["state"], "sent");
    assert_eq!(followed["made_today"], message.event(), "what the queue has");
    assert_eq!(message.receptions.as_deref(), Some("1"), "the tool has not received it");
}

#[test]
fn ids_are_read_from_standard_input_and_an_unknown_one_is_reported() {
    let delivery = Delivery::any(Provider::Lunacal);
    STANDARD.post(&delivery).assert_received();
    let input = format!("\n{}\n", delivery.pk());
    let seen = usher_reading(&STANDARD, &["inspect", "-", "--json"], &input).json();
    assert_eq!(seen["key"], delivery.pk());
    let unknown = usher(&STANDARD, &["inspect", "luma:evt_unknown"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.error.contains("no delivery luma:evt_unknown"), "{}", unknown.error);
}
