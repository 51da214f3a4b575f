//! The cost of an event grows in proportion to its body. It does not grow with the number of items in the ledger.
//!
//! `USHER_LEDGER_ITEMS` is the number of items, 20,000 by default.

use fakes::billing;
use fakes::dynamodb::Item;
use fakes::function::Function;
use serde_json::json;

use crate::delivery::{Provider, delivery, signed};
use crate::world::World;

/// The most bytes of an item besides the body: key, times, fence, digest, and their names.
const BESIDES_THE_BODY: usize = 400;

/// The cost of one event.
#[derive(Debug)]
struct Cost {
    write_units: u64,
    sqs_requests: u64,
    calls: usize,
    log_bytes: u64,
}

async fn cost(world: &World, function: &mut Function, body: Vec<u8>) -> Cost {
    let calls = || world.dynamodb.calls().len() + world.sqs.calls().len();
    let (bill, billed) = (world.dynamodb.service().bill(), world.sqs.service().billed());
    let (calls_before, logged) = (calls(), function.output_bytes());
    assert_eq!(function.deliver(&signed(Provider::Luma, body)).await.status, 200);
    assert_eq!(function.log_line().await["outcome"], "accepted");
    Cost {
        write_units: (world.dynamodb.service().bill() - bill).writes(),
        sqs_requests: world.sqs.service().billed() - billed,
        calls: calls() - calls_before,
        log_bytes: function.output_bytes() - logged,
    }
}

/// Returns a body of this size with text as a guest might write it.
fn words(bytes: usize) -> Vec<u8> {
    const WORDS: [&str; 8] = ["see ", "you ", "at ", "the ", "next ", "meetup ", "Zoë ", "seven "];
    let text: String = events::random::<{ 64 * 1024 }>()
        .iter()
        .cycle()
        .map(|byte| WORDS[usize::from(byte % 8)])
        .take(bytes / 4)
        .collect();
    let mut body = format!(r#"{{"type":"guest.registered","data":{{"note":"{text}"#).into_bytes();
    body.truncate(bytes - 3);
    while std::str::from_utf8(&body).is_err() {
        body.pop();
    }
    body.extend(br#""}}"#);
    body
}

/// Returns a body of this size that can't be compressed.
fn noise(bytes: usize) -> Vec<u8> {
    let mut body = events::random::<{ 256 * 1024 }>().to_vec();
    body.truncate(bytes);
    body
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the table, shown with --nocapture")]
async fn the_cost_of_an_event_is_in_proportion_to_its_body() {
    println!("{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}", "", "bytes", "item", "units", "SQS", "logged");
    for (kind, body) in [("words", words as fn(usize) -> Vec<u8>), ("noise", noise)] {
        for kib in [1, 4, 16, 64, 256] {
            let world = World::new().await;
            let mut function = world.start(Provider::Luma).await;
            let cost = cost(&world, &mut function, body(kib * 1024)).await;

            let item = billing::bytes(&world.dynamodb.service().item());
            let (units, requests) = (cost.write_units, cost.sqs_requests);
            println!("{kind:>8}{:>8}{item:>8}{units:>8}{requests:>8}{:>8}", kib * 1024, cost.log_bytes);
            assert!(item <= kib * 1024 + BESIDES_THE_BODY, "{item} bytes are stored of {kib} KiB of {kind}");
            let whole = (item as u64).div_ceil(1024);
            assert!(units <= 2 * whole + 3, "claim and settle, the index, and settle's few bytes: {cost:?}");
            // A body that is not JSON is sent as base64, in an envelope of some hundred bytes.
            assert!(requests <= 1 + (kib as u64 * 4).div_ceil(3 * 64), "{cost:?}");
            assert_eq!(cost.calls, 3, "{kib} KiB of {kind}");
            assert!(cost.log_bytes <= 900, "{cost:?}");
        }
    }
}

/// Returns the item of an event that was sent long ago.
fn sent(number: u32) -> Item {
    let item = json!({
        "pk": { "S": format!("luma#evt_{number:024}.{number:022}") },
        "received": { "N": "1767225600000" },
        "token": { "S": "8c8c7daf-0a35-46a9-8005-000000000045" },
        "attempt": { "N": "0" },
        "digest": { "B": "AAAAAAAAAAAAAAAAAAAAAA==" },
        "plain": { "B": "e30=" },
        "sent": { "N": "1767225600000" },
        "expires_at": { "N": "4102444800" },
    });
    serde_json::from_value(item).expect("an object")
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figures, shown with --nocapture")]
async fn a_full_ledger_makes_no_event_dearer_and_no_relay_run() {
    let items = std::env::var("USHER_LEDGER_ITEMS").ok();
    let items = items.map_or(20_000, |items| items.parse().expect("a whole number"));
    let body = || format!(r#"{{"type":"x","n":"{}"}}"#, events::hex(&events::random::<8>())).into_bytes();
    let mut seen = Vec::new();
    for items in [0, items] {
        let world = World::new().await;
        world.dynamodb.service().seed((0..items).map(sent));
        let mut function = world.start(Provider::Luma).await;
        let cost = cost(&world, &mut function, body()).await;

        world.sqs.behave(fakes::behaviour::Behaviour::AccessDenied);
        assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
        world.sqs.behave(fakes::behaviour::Behaviour::Answer);
        world.dynamodb.service().make_due();
        let (bill, calls) = (world.dynamodb.service().bill(), world.dynamodb.calls().len());
        let mut relay = world.start_relay().await;
        assert_eq!(relay.invoke("{}".to_owned()).await.kind, "response");
        assert_eq!(relay.log_line().await["Sent"], 1);
        let relayed = (world.dynamodb.service().bill() - bill, world.dynamodb.calls().len() - calls);

        println!("{items:>8} items: {cost:?}, the relay's run {relayed:?}");
        seen.push((cost.write_units, cost.sqs_requests, cost.calls, relayed));
    }
    assert_eq!(seen[0], seen[1]);
}
