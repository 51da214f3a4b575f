//! One delivery becomes one message, however often it is sent.

use futures_util::future::join_all;

use crate::delivery::{Provider, delivery, event, sample, signed};
use crate::world::World;
use fakes::behaviour::Behaviour;

#[tokio::test]
async fn a_duplicate_is_answered_200_and_not_queued_again() {
    for provider in Provider::ALL {
        let world = World::new().await;
        let mut function = world.start(provider).await;
        let request = delivery(provider);
        function.deliver(&request).await;
        let first = function.log_line().await;

        let again = function.deliver(&request).await;

        assert_eq!(again.status, 200);
        let line = function.log_line().await;
        assert_eq!((&line["outcome"], &line["earlier"]), (&"duplicate".into(), &"sent".into()));
        assert_eq!(line["id"], first["id"]);
        assert_eq!(world.sqs.calls(), ["SendMessage"]);
        assert_eq!(world.dynamodb.calls(), ["PutItem", "UpdateItem", "PutItem"]);
    }
}

#[tokio::test]
async fn of_many_copies_that_reach_many_functions_at_once_one_is_queued() {
    let world = World::new().await;
    let request = delivery(Provider::Luma);
    let answers = join_all((0..6).map(|_| async {
        let mut function = world.start(Provider::Luma).await;
        function.deliver(&request).await.status
    }));
    assert_eq!(answers.await, [200; 6]);
    world.sqs.service().message();
}

#[tokio::test]
async fn the_same_body_under_another_id_is_another_delivery() {
    let world = World::new().await;
    let mut function = world.start(Provider::Luma).await;
    for _ in 0..2 {
        function.deliver(&signed(Provider::Luma, sample("luma/event.updated"))).await;
    }
    assert_eq!(world.sqs.service().messages().len(), 2);
}

#[tokio::test]
async fn a_duplicate_of_what_is_still_pending_is_answered_200_and_left_to_the_relay() {
    let world = World::new().await;
    world.sqs.behave(Behaviour::InternalError);
    let mut function = world.start(Provider::Luma).await;
    let request = delivery(Provider::Luma);
    function.deliver(&request).await;
    function.log_line().await;
    world.sqs.behave(Behaviour::Answer);

    assert_eq!(function.deliver(&request).await.status, 200);

    assert_eq!(function.log_line().await["earlier"], "pending");
    assert!(world.sqs.service().messages().is_empty());
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_is_known_again_by_its_retry() {
    for lost in [Behaviour::ActAndReset, Behaviour::ActAndNeverAnswer] {
        let world = World::new().await;
        world.dynamodb.behave_once("PutItem", lost);
        let mut function = world.start(Provider::Luma).await;

        assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);

        assert_eq!(function.log_line().await["outcome"], "accepted", "{lost:?}");
        assert_eq!(world.dynamodb.calls(), ["PutItem", "PutItem", "UpdateItem"]);
        world.sqs.service().message();
    }
}

#[tokio::test]
async fn a_settle_whose_answer_was_lost_is_known_again_by_its_retry() {
    let world = World::new().await;
    world.dynamodb.behave_once("UpdateItem", Behaviour::ActAndReset);
    let mut function = world.start(Provider::Luma).await;
    assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
    let line = function.log_line().await;
    assert_eq!((line.get("settle"), line.get("Unsettled")), (None, None), "{line}");
    assert_eq!(world.dynamodb.calls(), ["PutItem", "UpdateItem", "UpdateItem"]);
    assert!(world.dynamodb.service().item().contains_key("sent"));
}

#[tokio::test]
async fn a_lunacal_body_without_a_moment_is_an_event_each_time_it_comes() {
    let world = World::new().await;
    let mut function = world.start(Provider::Lunacal).await;
    let request = signed(Provider::Lunacal, sample("lunacal/custom-template"));
    for _ in 0..2 {
        assert_eq!(function.deliver_event(&event(&request)).await.status, 200);
    }
    let [first, second] = world.sqs.service().messages().try_into().expect("two events");
    assert_ne!(first.event()["id"], second.event()["id"]);
    assert_eq!(first.event()["deduplication"], "unchecked");
}
