//! Any one dependency may be down, in any way.

use std::time::Duration;

use futures_util::future::join_all;

use crate::delivery::{Provider, delivery};
use crate::world::World;
use fakes::behaviour::Behaviour;
use fakes::dynamodb::{body, is_pending};

#[tokio::test]
async fn with_sqs_down_the_event_waits_in_the_ledger_and_is_answered_200() {
    join_all(Behaviour::DOWN.map(|down| async move {
        let world = World::new().await;
        world.sqs.behave(down);
        let mut function = world.start(Provider::Luma).await;
        let request = delivery(Provider::Luma);

        assert_eq!(function.deliver(&request).await.status, 200, "{down:?}");

        let item = world.dynamodb.service().item();
        assert!(is_pending(&item) && !item.contains_key("expires_at"), "{down:?}: {item:?}");
        assert_eq!(body(&item), request.body);
        let line = function.log_line().await;
        assert_eq!(line["outcome"], "accepted", "{down:?}");
        assert!(line["queue"].is_string(), "the log says why it waits: {line}");
    }))
    .await;
}

#[tokio::test]
async fn with_dynamodb_down_the_event_goes_straight_to_sqs_unchecked() {
    join_all(Behaviour::DOWN.map(|down| async move {
        let world = World::new().await;
        world.dynamodb.behave(down);
        let mut function = world.start(Provider::Luma).await;
        let request = delivery(Provider::Luma);

        assert_eq!(function.deliver(&request).await.status, 200, "{down:?}");

        let message = world.sqs.service().message();
        assert_eq!(message.event()["deduplication"], "unchecked", "{down:?}");
        assert!(message.body.contains(&String::from_utf8(request.body).expect("samples are text")));
        let line = function.log_line().await;
        assert_eq!((&line["outcome"], &line["deduplication"]), (&"accepted".into(), &"unchecked".into()));
        assert!(!world.dynamodb.calls().contains(&"UpdateItem".to_owned()), "nothing to settle");
    }))
    .await;
}

#[tokio::test]
async fn an_answer_that_can_not_be_read_is_called_that_in_the_log() {
    let world = World::new().await;
    world.dynamodb.behave(Behaviour::Malformed);
    world.sqs.behave(Behaviour::Malformed);
    let mut function = world.start(Provider::Luma).await;
    function.deliver(&delivery(Provider::Luma)).await;
    let line = function.log_line().await;
    for service in ["ledger", "queue"] {
        assert_eq!(line[service], "UnreadableResponse", "{line}");
    }
}

#[tokio::test]
async fn with_both_down_the_provider_is_asked_to_come_again() {
    join_all(Behaviour::DOWN.map(|down| async move {
        let world = World::new().await;
        world.dynamodb.behave(down);
        world.sqs.behave(down);
        let mut function = world.start(Provider::Luma).await;

        let answer = function.deliver(&delivery(Provider::Luma)).await;

        assert_eq!(answer.status, 503, "{down:?}");
        assert_eq!(answer.headers["retry-after"], "30");
        let line = function.log_line().await;
        assert_eq!(line["outcome"], "unavailable");
        assert!(line["ledger"].is_string() && line["queue"].is_string(), "{line}");
        assert!(world.dynamodb.service().items().is_empty() && world.sqs.service().messages().is_empty());
    }))
    .await;
}

#[tokio::test]
async fn what_went_down_after_the_start_is_coped_with_as_well() {
    let downs = [Behaviour::Reset, Behaviour::InternalError, Behaviour::Throttle];
    for down in downs {
        let world = World::new().await;
        let mut function = world.start(Provider::Allfly).await;
        assert_eq!(function.deliver(&delivery(Provider::Allfly)).await.status, 200);

        world.sqs.behave(down);
        assert_eq!(function.deliver(&delivery(Provider::Allfly)).await.status, 200, "{down:?}");
        world.dynamodb.behave(down);
        assert_eq!(function.deliver(&delivery(Provider::Allfly)).await.status, 503, "{down:?}");
        world.sqs.behave(Behaviour::Answer);
        assert_eq!(function.deliver(&delivery(Provider::Allfly)).await.status, 200, "{down:?}");
        world.dynamodb.behave(Behaviour::Answer);
        assert_eq!(function.deliver(&delivery(Provider::Allfly)).await.status, 200, "{down:?}");

        let checked = |message: &fakes::sqs::Message| message.event()["deduplication"] == "checked";
        assert_eq!(
            world.sqs.service().messages().iter().map(checked).collect::<Vec<_>>(),
            [true, false, true]
        );
        assert_eq!(world.dynamodb.service().items().iter().filter(|item| is_pending(item)).count(), 1);
    }
}

#[tokio::test]
async fn a_single_failed_call_is_tried_again() {
    for once in [Behaviour::Reset, Behaviour::InternalError, Behaviour::Throttle] {
        let world = World::new().await;
        world.dynamodb.behave_once("PutItem", once);
        world.sqs.behave_once("SendMessage", once);
        world.dynamodb.behave_once("UpdateItem", once);
        let mut function = world.start(Provider::Luma).await;
        assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
        assert_eq!(world.sqs.service().message().event()["deduplication"], "checked", "{once:?}");
        assert!(!is_pending(&world.dynamodb.service().item()), "{once:?}");
    }
}

#[tokio::test]
async fn with_settling_impossible_the_delivery_is_accepted_and_the_relay_left_to_settle_it() {
    let world = World::new().await;
    for _ in 0..3 {
        world.dynamodb.behave_once("UpdateItem", Behaviour::InternalError);
    }
    let mut function = world.start(Provider::Luma).await;
    assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
    let line = function.log_line().await;
    assert_eq!((&line["outcome"], &line["settle"]), (&"accepted".into(), &"InternalServerError".into()));
    assert!(is_pending(&world.dynamodb.service().item()));
    world.sqs.service().message();
}

#[tokio::test]
async fn slow_is_not_down() {
    let world = World::new().await;
    let slow = Behaviour::Slow(Duration::from_millis(250));
    world.dynamodb.behave(slow);
    world.sqs.behave(slow);
    world.secrets.behave(slow);
    let mut function = world.start(Provider::Luma).await;
    assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
    assert_eq!(world.sqs.service().message().event()["deduplication"], "checked");
    assert_eq!(world.sqs.calls(), ["SendMessage"], "it was waited for");
}
