//! A function killed at any step (SIGKILL) loses nothing: the provider's retry or the relay ends its work.

use events::Request;

use crate::delivery::{Provider, delivery, event};
use crate::world::World;
use fakes::behaviour::Behaviour;
use fakes::dynamodb::is_pending;

/// Runs a function until it waits for the answer to `operation`, and kills it there.
async fn kill_at(world: &World, operation: &'static str, behaviour: Behaviour, request: &Request) {
    world.dynamodb.behave_once(operation, behaviour);
    world.sqs.behave_once(operation, behaviour);
    let function = world.start(Provider::Luma).await;
    function.send(event(request).to_string());
    tokio::select! {
        () = world.dynamodb.called(operation) => {}
        () = world.sqs.called(operation) => {}
    }
    function.kill().await;
}

/// What happens next in the world: the provider sends again, and the relay runs when everything is due.
async fn retry_and_relay(world: &World, request: &Request) {
    let mut function = world.start(Provider::Luma).await;
    assert_eq!(function.deliver(request).await.status, 200);
    world.dynamodb.service().make_due();
    let mut relay = world.start_relay().await;
    assert_eq!(relay.invoke("{}".to_owned()).await.kind, "response");
    assert!(!is_pending(&world.dynamodb.service().item()), "everything is settled");
}

#[tokio::test]
async fn killed_before_the_claim_the_provider_s_retry_is_the_first_delivery() {
    let (world, request) = (World::new().await, delivery(Provider::Luma));
    kill_at(&world, "PutItem", Behaviour::NeverAnswer, &request).await;
    assert!(world.dynamodb.service().items().is_empty());
    retry_and_relay(&world, &request).await;
    world.sqs.service().message();
}

#[tokio::test]
async fn killed_after_the_claim_the_relay_sends_the_event() {
    let (world, request) = (World::new().await, delivery(Provider::Luma));
    kill_at(&world, "PutItem", Behaviour::ActAndNeverAnswer, &request).await;
    assert!(is_pending(&world.dynamodb.service().item()));
    retry_and_relay(&world, &request).await;
    world.sqs.service().message();
}

#[tokio::test]
async fn killed_before_the_send_the_relay_sends_the_event() {
    let (world, request) = (World::new().await, delivery(Provider::Luma));
    kill_at(&world, "SendMessage", Behaviour::NeverAnswer, &request).await;
    assert!(is_pending(&world.dynamodb.service().item()));
    retry_and_relay(&world, &request).await;
    world.sqs.service().message();
}

#[tokio::test]
async fn killed_between_send_and_settle_a_second_copy_has_the_same_ids() {
    for (operation, behaviour) in
        [("SendMessage", Behaviour::ActAndNeverAnswer), ("UpdateItem", Behaviour::NeverAnswer)]
    {
        let (world, request) = (World::with_fifo_queue().await, delivery(Provider::Luma));
        kill_at(&world, operation, behaviour, &request).await;
        retry_and_relay(&world, &request).await;
        let [first, second] = world.sqs.service().messages().try_into().expect("two copies");
        assert_eq!(first.deduplication_id, second.deduplication_id, "a FIFO queue drops the second");
        assert_eq!(first.event()["id"], second.event()["id"], "and any consumer can");
    }
}

#[tokio::test]
async fn killed_after_the_settle_nothing_is_sent_again() {
    let (world, request) = (World::new().await, delivery(Provider::Luma));
    kill_at(&world, "UpdateItem", Behaviour::ActAndNeverAnswer, &request).await;
    retry_and_relay(&world, &request).await;
    world.sqs.service().message();
}
