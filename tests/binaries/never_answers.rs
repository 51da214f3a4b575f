//! Endpoints may accept connections and never answer. A delivery is answered correctly within 4 s all the same, even
//! during a cold start.

use std::time::Duration;

use futures_util::future::join_all;

use crate::delivery::{Provider, delivery};
use crate::world::World;
use fakes::behaviour::Behaviour;
use fakes::dynamodb::is_pending;
use fakes::function::{Answer, Function};

/// The time within which an answer is promised. Luma waits 5 s.
const BUDGET: Duration = Duration::from_secs(4);

/// The ways in which an endpoint keeps its caller waiting.
const SILENT: [Behaviour; 3] = [Behaviour::NeverAnswer, Behaviour::ActAndNeverAnswer, Behaviour::Unreachable];

/// Delivers a sample, which has to be answered in time.
#[expect(clippy::print_stdout, reason = "the times, shown with --nocapture")]
async fn answer_within_budget(function: &mut Function, silent: Behaviour) -> Answer {
    let answer = function.deliver(&delivery(Provider::Luma)).await;
    println!("{silent:?}: {} in {:?}", answer.status, answer.took);
    assert!(answer.took < BUDGET, "{silent:?}: {:?}", answer.took);
    answer
}

#[tokio::test]
async fn sqs_silent_from_the_start() {
    join_all(SILENT.map(|silent| async move {
        let world = World::new().await;
        world.sqs.behave(silent);
        let mut function = world.start(Provider::Luma).await;
        assert_eq!(answer_within_budget(&mut function, silent).await.status, 200);
        assert!(is_pending(&world.dynamodb.service().item()));
    }))
    .await;
}

#[tokio::test]
async fn dynamodb_silent_from_the_start() {
    join_all(SILENT.map(|silent| async move {
        let world = World::new().await;
        world.dynamodb.behave(silent);
        let mut function = world.start(Provider::Luma).await;
        assert_eq!(answer_within_budget(&mut function, silent).await.status, 200);
        assert_eq!(world.sqs.service().message().event()["deduplication"], "unchecked");
    }))
    .await;
}

#[tokio::test]
async fn dynamodb_and_sqs_silent_from_the_start() {
    join_all(SILENT.map(|silent| async move {
        let world = World::new().await;
        world.dynamodb.behave(silent);
        world.sqs.behave(silent);
        let mut function = world.start(Provider::Luma).await;
        assert_eq!(answer_within_budget(&mut function, silent).await.status, 503);
    }))
    .await;
}

#[tokio::test]
async fn secrets_manager_silent_from_the_start() {
    join_all(SILENT.map(|silent| async move {
        let world = World::new().await;
        world.secrets.behave(silent);
        let mut function = world.start(Provider::Luma).await;
        let answer = answer_within_budget(&mut function, silent).await;
        assert_eq!(answer.status, 503, "there is nothing to verify with");
        assert_eq!(answer.headers["retry-after"], "30");
        assert!(world.dynamodb.calls().is_empty() && world.sqs.calls().is_empty());
    }))
    .await;
}

#[tokio::test]
async fn all_three_silent_from_the_start() {
    let world = World::new().await;
    world.dynamodb.behave(Behaviour::NeverAnswer);
    world.sqs.behave(Behaviour::NeverAnswer);
    world.secrets.behave(Behaviour::NeverAnswer);
    let mut function = world.start(Provider::Luma).await;
    assert_eq!(answer_within_budget(&mut function, Behaviour::NeverAnswer).await.status, 503);
}

/// The longest way: every step succeeds just in time, but for settling, which is never answered.
#[tokio::test]
async fn all_as_slow_as_is_still_waited_for() {
    let world = World::new().await;
    let slow = Behaviour::Slow(Duration::from_millis(650));
    world.dynamodb.behave(slow);
    world.sqs.behave(slow);
    world.secrets.behave(slow);
    for _ in 0..3 {
        world.dynamodb.behave_once("UpdateItem", Behaviour::NeverAnswer);
    }
    let mut function = world.start(Provider::Luma).await;
    assert_eq!(answer_within_budget(&mut function, slow).await.status, 200);
    assert_eq!(world.sqs.service().message().event()["deduplication"], "checked");
}

#[tokio::test]
async fn silent_once_the_function_has_started() {
    let silent = Behaviour::NeverAnswer;
    let world = World::new().await;
    let mut function = world.start(Provider::Luma).await;
    function.ready().await;

    world.sqs.behave(silent);
    assert_eq!(answer_within_budget(&mut function, silent).await.status, 200);
    assert!(is_pending(&world.dynamodb.service().item()));

    world.dynamodb.behave(silent);
    assert_eq!(answer_within_budget(&mut function, silent).await.status, 503);

    world.sqs.behave(Behaviour::Answer);
    assert_eq!(answer_within_budget(&mut function, silent).await.status, 200);
    assert_eq!(world.sqs.service().message().event()["deduplication"], "unchecked");

    // A settle without an answer is no failure: the message was sent.
    world.dynamodb.behave(Behaviour::Answer);
    for _ in 0..3 {
        world.dynamodb.behave_once("UpdateItem", silent);
    }
    assert_eq!(answer_within_budget(&mut function, silent).await.status, 200);
}
