//! A FIFO queue gets the ids by which it orders and deduplicates.

use crate::delivery::{Provider, delivery, sample, signed};
use crate::world::World;
use fakes::behaviour::Behaviour;

#[tokio::test]
async fn a_message_on_a_fifo_queue_has_a_group_and_a_deduplication_id() {
    let world = World::with_fifo_queue().await;
    let mut function = world.start(Provider::Lunacal).await;
    assert_eq!(function.deliver(&delivery(Provider::Lunacal)).await.status, 200);
    let message = world.sqs.service().message();
    for id in [message.group, message.deduplication_id] {
        let id = id.expect("the queue is FIFO");
        assert!((1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()), "{id}");
    }
}

#[tokio::test]
async fn a_message_on_a_standard_queue_has_neither() {
    let world = World::new().await;
    let mut function = world.start(Provider::Lunacal).await;
    function.deliver(&delivery(Provider::Lunacal)).await;
    let message = world.sqs.service().message();
    assert_eq!((message.group, message.deduplication_id), (None, None));
}

#[tokio::test]
async fn two_deliveries_about_one_guest_are_in_one_group() {
    let world = World::with_fifo_queue().await;
    let mut function = world.start(Provider::Luma).await;
    for name in ["luma/guest.registered", "luma/guest.updated"] {
        function.deliver(&signed(Provider::Luma, sample(name))).await;
    }
    let [registered, updated] = world.sqs.service().messages().try_into().expect("two messages");
    assert_eq!(registered.group, updated.group);
    assert_ne!(registered.deduplication_id, updated.deduplication_id);
}

#[tokio::test]
async fn the_relay_sends_with_the_same_ids_as_the_handler() {
    let world = World::with_fifo_queue().await;
    // SQS accepts the message and its answer is lost, so the relay's copy must have the same deduplication id.
    world.sqs.behave(Behaviour::ActAndReset);
    let mut function = world.start(Provider::Luma).await;
    assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
    world.sqs.behave(Behaviour::Answer);
    world.dynamodb.service().make_due();

    let mut relay = world.start_relay().await;
    relay.invoke("{}".to_owned()).await;

    let messages = world.sqs.service().messages();
    assert!(messages.len() > 1);
    for message in &messages {
        assert_eq!(message.deduplication_id, messages[0].deduplication_id);
        assert_eq!(message.group, messages[0].group);
        assert_eq!(message.event()["id"], messages[0].event()["id"]);
    }
}
