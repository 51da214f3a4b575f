//! After an outage, the relay sends everything that has gathered in the ledger.

use std::collections::HashSet;
use std::time::Instant;

use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use usher_aws::dynamodb::DynamoDbLedger;
use usher_aws::sqs::SqsQueue;
use usher_core::digest::Digest;
use usher_core::ledger::{Backlog as _, Claim, Delivery, GRACE, Ledger as _, SHARDS};
use usher_core::policy::Policy;
use usher_core::provider::Provider as _;
use usher_core::providers::Luma;
use usher_core::relay::{Relay, Report};
use usher_core::signature::VerifiedBy;
use usher_core::trace::Trace;

use crate::ledger::TableCopy;
use stacks::delivery::unique_text;
use stacks::stack::{STANDARD, block_on};

const BEHIND: usize = 2_000;
/// The relays that run at once, by their marks on what they lease.
const RELAYS: [&str; 2] = ["first", "second"];
/// The number of requests at the same time.
const SIDE_BY_SIDE: usize = 32;

/// The relay's own code on a table and a queue of this test only: thousands of messages would keep other tests waiting.
#[test]
#[expect(clippy::print_stdout, reason = "the figures, shown with --nocapture")]
fn two_thousand_events_behind_are_each_sent_once_by_two_relays() {
    block_on(async {
        let table = TableCopy::create().await;
        let queue = create_queue().await;
        let ledger = table.ledger();
        claim_all(&ledger).await;
        let began = Instant::now();
        // A run ends after forty seconds, so a slow machine needs several.
        while has_pending(&ledger).await {
            join_all(RELAYS.map(|relay| run(&ledger, &queue, relay))).await;
        }
        println!("{BEHIND} events behind were sent in {:.1?}", began.elapsed());
        let mut ids = receive_all(&queue).await;
        assert_eq!(ids.len(), BEHIND, "an event was sent twice, or never");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), BEHIND, "an event was sent twice");
        STANDARD.clients.sqs.delete_queue().queue_url(queue).send().await.expect("the queue can be deleted");
        table.delete().await;
    });
}

async fn create_queue() -> String {
    let name = format!("backlog-{}", unique_text());
    let created = STANDARD.clients.sqs.create_queue().queue_name(name).send().await;
    created.expect("a queue can be created").queue_url.expect("it has a URL")
}

/// Stores deliveries as handlers do that die before they send anything.
async fn claim_all(ledger: &DynamoDbLedger) {
    let received = Timestamp::now() - GRACE * 2;
    stream::iter(0..BEHIND)
        .map(|number| async move {
            let body = Bytes::from(format!(r#"{{"type":"guest.updated","data":{{"id":"gst-{number}"}}}}"#));
            let delivery = Delivery {
                ledger_key: format!("luma#evt_{number}"),
                digest: Digest::of(&body),
                body,
                received,
                token: number.to_string(),
                trace: Trace::default(),
                verified_by: VerifiedBy::default(),
            };
            assert_eq!(ledger.claim(&delivery).await, Ok(Claim::New));
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .collect::<()>()
        .await;
}

async fn run(ledger: &DynamoDbLedger, queue: &str, token: &str) -> Report {
    Relay {
        backlog: ledger,
        queue: &SqsQueue::new(STANDARD.clients.sqs.clone(), queue),
        clock: Timestamp::now,
        token,
        readers: &[(Luma::NAME, Luma::read)],
        max_body_bytes: Policy::MAX_BODY_BYTES,
        retention: Policy::RETENTION,
        stop: Timestamp::now() + std::time::Duration::from_secs(40),
    }
    .run()
    .await
}

async fn has_pending(ledger: &DynamoDbLedger) -> bool {
    let shards = join_all((0..SHARDS).map(|shard| ledger.pending(shard, None, 1))).await;
    shards.into_iter().any(|pending| !pending.expect("the index answers").is_empty())
}

/// Receives everything and returns the ids of all events.
async fn receive_all(queue: &str) -> Vec<String> {
    let mut receipts = HashSet::new();
    let mut ids = Vec::new();
    loop {
        let request = STANDARD.clients.sqs.receive_message().queue_url(queue);
        let received = request.max_number_of_messages(10).visibility_timeout(600).send().await;
        let messages = received.expect("the queue answers").messages.unwrap_or_default();
        if messages.is_empty() {
            return ids;
        }
        for message in messages {
            if receipts.insert(message.message_id.expect("a message has an id")) {
                let event: serde_json::Value =
                    serde_json::from_str(&message.body.expect("a message has a body"))
                        .expect("an event is JSON");
                ids.push(event["id"].as_str().expect("an event has an id").to_owned());
            }
        }
    }
}
