//! The relay sends what is pending.

use serde_json::{Value, json};

use crate::delivery::{Provider, delivery, sample, signed};
use crate::world::World;
use fakes::behaviour::Behaviour;
use fakes::dynamodb::is_pending;
use fakes::function::Function;

/// Returns the event that EventBridge sends each minute.
pub fn schedule() -> String {
    json!({ "version": "0", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {} })
        .to_string()
}

const PROVIDERS: usize = Provider::ALL.len();

/// Runs the relay once, and returns its log line.
async fn run(relay: &mut Function) -> Value {
    assert_eq!(relay.invoke(schedule()).await.kind, "response");
    relay.log_line().await
}

/// Returns a world in which `count` deliveries of each provider are pending and due.
async fn with_pending(count: usize) -> World {
    let world = World::new().await;
    // No client retries this failure, so the run is over at once.
    world.sqs.behave(Behaviour::AccessDenied);
    for provider in Provider::ALL {
        let mut function = world.start(provider).await;
        for index in 0..count {
            let body = format!(r#"{{"createdAt":"2026-01-01T00:00:{index:02}Z","number":{index}}}"#);
            let request = if index == 0 { delivery(provider) } else { signed(provider, body) };
            assert_eq!(function.deliver(&request).await.status, 200);
        }
    }
    world.sqs.behave(Behaviour::Answer);
    world.dynamodb.service().make_due();
    world
}

#[tokio::test]
async fn pending_events_of_all_providers_are_sent_and_settled() {
    let world = with_pending(1).await;
    let bodies = Provider::ALL.map(|provider| sample(provider.sample()));
    let before = world.dynamodb.calls().len();

    let mut relay = world.start_relay().await;
    let line = run(&mut relay).await;

    assert_eq!(
        (&line["function"], &line["Sent"], &line["Failed"]),
        (&"relay".into(), &PROVIDERS.into(), &0.into())
    );
    let messages = world.sqs.service().messages();
    assert_eq!(messages.len(), PROVIDERS);
    for body in bodies {
        let raw = format!(r#""raw":{}"#, String::from_utf8(body).expect("samples are text"));
        let message = messages.iter().find(|message| message.body.contains(&raw)).expect("it was sent");
        assert_eq!(message.event()["deduplication"], "checked");
        assert_eq!(message.attribute("type"), message.event()["type"].as_str());
    }
    let items = world.dynamodb.service().items();
    assert!(items.iter().all(|item| !is_pending(item) && item.contains_key("expires_at")), "{items:?}");

    let calls = world.dynamodb.calls().split_off(before);
    let count = |operation: &str| calls.iter().filter(|call| *call == operation).count();
    assert_eq!(
        (count("Query"), count("UpdateItem")),
        (8, 2 * PROVIDERS),
        "8 shards; each item is leased and settled"
    );
}

#[tokio::test]
async fn many_are_sent_in_batches() {
    let world = with_pending(20).await;
    let before = world.sqs.calls().len();

    let mut relay = world.start_relay().await;
    let line = run(&mut relay).await;

    assert_eq!(line["Sent"], 20 * PROVIDERS);
    let batches = world.sqs.calls().split_off(before);
    assert!(batches.iter().all(|operation| operation == "SendMessageBatch"));
    assert!(batches.len() <= 8 + 20 * PROVIDERS / 10, "{}", batches.len());
    assert_eq!(run(&mut relay).await["Sent"], 0, "nothing is sent twice");
    assert_eq!(world.sqs.service().messages().len(), 20 * PROVIDERS);
}

#[tokio::test]
async fn what_a_handler_may_still_be_sending_is_left_alone() {
    let world = World::new().await;
    world.sqs.behave(Behaviour::InternalError);
    world.start(Provider::Luma).await.deliver(&delivery(Provider::Luma)).await;
    world.sqs.behave(Behaviour::Answer);

    let line = run(&mut world.start_relay().await).await;

    assert_eq!(line["Sent"], 0);
    assert!(world.sqs.service().messages().is_empty());
}

#[tokio::test]
async fn an_entry_that_fails_does_not_hold_up_the_rest_of_its_batch() {
    let world = with_pending(5).await;
    world.sqs.service().poison("guest.registered");

    let mut relay = world.start_relay().await;
    let line = run(&mut relay).await;

    assert_eq!((&line["Sent"], &line["Failed"]), (&(5 * PROVIDERS - 1).into(), &1.into()));
    assert_eq!(line["failures"][0]["cause"], "InvalidMessageContents");
    assert!(line["failures"][0]["pk"].as_str().is_some_and(|pk| pk.starts_with("luma#")));
    let items = world.dynamodb.service().items();
    assert_eq!(items.iter().filter(|item| is_pending(item)).count(), 1);
}

#[tokio::test]
async fn with_sqs_down_everything_stays_pending_until_it_is_back() {
    let world = with_pending(2).await;
    let mut relay = world.start_relay().await;
    relay.ready().await;
    for down in [Behaviour::InternalError, Behaviour::Reset, Behaviour::NeverAnswer] {
        world.sqs.behave(down);
        let line = run(&mut relay).await;
        assert_eq!((&line["Sent"], &line["Failed"]), (&0.into(), &(2 * PROVIDERS).into()), "{down:?}");
        assert!(world.dynamodb.service().items().iter().all(is_pending));
        world.dynamodb.service().make_due();
    }
    world.sqs.behave(Behaviour::Answer);
    assert_eq!(run(&mut relay).await["Sent"], 2 * PROVIDERS);
}

#[tokio::test]
async fn with_dynamodb_down_a_run_ends_and_says_so() {
    let world = with_pending(1).await;
    let mut relay = world.start_relay().await;
    relay.ready().await;
    world.dynamodb.behave(Behaviour::InternalError);
    let line = run(&mut relay).await;
    assert_eq!(line["failures"][0]["cause"], "InternalServerError");
    world.dynamodb.behave(Behaviour::Answer);
    assert_eq!(run(&mut relay).await["Sent"], PROVIDERS);
}

#[tokio::test]
async fn a_lease_whose_answer_was_lost_is_known_again_by_its_retry() {
    let world = with_pending(1).await;
    world.dynamodb.behave_once("UpdateItem", Behaviour::ActAndReset);
    let mut relay = world.start_relay().await;
    assert_eq!(run(&mut relay).await["Sent"], PROVIDERS, "it is sent by the same run");
    assert!(world.dynamodb.service().items().iter().all(|item| item["attempt"]["N"] == "1"));
}

#[tokio::test]
async fn what_a_killed_relay_left_is_sent_by_the_next_run_each_event_alone() {
    let world = with_pending(1).await;
    world.sqs.behave(Behaviour::NeverAnswer);
    let relay = world.start_relay().await;
    relay.ready().await;
    relay.send(schedule());
    world.sqs.called("SendMessageBatch").await;
    relay.kill().await;
    let leased = world.dynamodb.service().items().iter().filter(|item| item.contains_key("lease")).count();
    assert!(leased > 0, "it was killed at work");

    world.sqs.behave(Behaviour::Answer);
    world.dynamodb.service().make_due();
    let mut next = world.start_relay().await;
    let line = run(&mut next).await;
    assert_eq!((&line["Sent"], &line["Abandoned"]), (&PROVIDERS.into(), &leased.into()), "{line}");
    let items = world.dynamodb.service().items();
    assert!(items.iter().all(|item| !is_pending(item) && !item.contains_key("lease")), "{items:?}");
    let failed = items.iter().filter(|item| item.get("failed").is_some_and(|failed| failed["N"] == "1"));
    assert_eq!(failed.count(), leased, "a lease without a result counts as a failure");
}

#[tokio::test]
async fn an_event_that_fails_every_time_is_parked_after_twenty_sends() {
    let world = with_pending(1).await;
    world.sqs.service().poison("guest.registered");
    let mut relay = world.start_relay().await;
    for _ in 1..20 {
        assert_eq!(run(&mut relay).await["Failed"], 1);
        world.dynamodb.service().make_due();
    }
    assert_eq!(run(&mut relay).await["Parked"], 1);
    world.dynamodb.service().make_due();
    let line = run(&mut relay).await;
    assert_eq!((&line["Failed"], &line["Parked"]), (&0.into(), &0.into()));
    let items = world.dynamodb.service().items();
    let parked = items.iter().find(|item| item.contains_key("parked")).expect("one is parked");
    assert!(!is_pending(parked) && !parked.contains_key("expires_at"), "kept until it is replayed");
}
