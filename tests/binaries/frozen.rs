//! Lambda freezes a function between two events, for milliseconds or for many minutes. The function learns only
//! afterwards that it has lost its connections.
//!
//! `USHER_FREEZE_SECONDS` is the time of a freeze in seconds, 3 by default. The time is real.

use std::time::{Duration, Instant};

use fakes::behaviour::Behaviour;
use fakes::endpoint::Fate;
use fakes::function::Function;
use fakes::traffic::Traffic;
use futures_util::future::join_all;

use crate::delivery::{Provider, delivery, event};
use crate::trust::authority;
use crate::world::World;

/// The time within which an answer is promised. Luma waits 5 s.
const BUDGET: Duration = Duration::from_secs(4);

const FATES: [Fate; 3] = [Fate::Closed, Fate::Reset, Fate::Silent];

fn freeze_time() -> Duration {
    let seconds = std::env::var("USHER_FREEZE_SECONDS").ok();
    Duration::from_secs(seconds.map_or(3, |seconds| seconds.parse().expect("a whole number of seconds")))
}

/// Freezes a function, ends its connections in this way, and thaws it for the event that is waiting by then.
async fn freeze(world: &World, function: &Function, fate: Fate, waiting: String) {
    let time = freeze_time();
    function.freeze().await;
    tokio::time::sleep(time / 2).await;
    world.lose_connections(fate);
    tokio::time::sleep(time / 2).await;
    function.send(waiting);
    function.thaw().await;
}

/// Returns the traffic of DynamoDB, SQS and Secrets Manager.
fn traffic(world: &World) -> [Traffic; 3] {
    [world.dynamodb.traffic(), world.sqs.traffic(), world.secrets.traffic()]
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the times, shown with --nocapture")]
async fn connections_lost_while_frozen_cost_the_next_event_one_reconnection_each() {
    join_all(FATES.map(|fate| async move {
        let world = World::with_tls(authority(&format!("{fate:?}.pem"))).await;
        let mut function = world.start(Provider::Luma).await;
        assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
        let before = traffic(&world);

        freeze(&world, &function, fate, event(&delivery(Provider::Luma)).to_string()).await;
        let thawed = Instant::now();
        let reply = function.reply().await;
        let took = thawed.elapsed();

        let after = traffic(&world);
        let opened = [0, 1, 2].map(|index| after[index].connections - before[index].connections);
        println!("{fate:?}: {took:?}, {opened:?} connections");
        assert_eq!(reply.body["statusCode"], 200, "{fate:?}");
        assert!(took < BUDGET, "{fate:?}: {took:?}");
        assert_eq!(opened[..2], [1, 1], "{fate:?}: one for DynamoDB and one for SQS");
        assert!(opened[2] <= 1, "{fate:?}: the secrets are read again after minutes only");
        assert_eq!(world.dynamodb.calls(), ["PutItem", "UpdateItem", "PutItem", "UpdateItem"], "{fate:?}");
        assert_eq!(world.dynamodb.service().len(), 2, "{fate:?}: stored once");
        assert_eq!(world.sqs.service().messages().len(), 2, "{fate:?}: sent once");
        for _ in 0..2 {
            let line = function.log_line().await;
            assert_eq!((&line["outcome"], &line["settle"]), (&"accepted".into(), &().into()), "{fate:?}");
        }

        function.deliver(&delivery(Provider::Luma)).await;
        let later = traffic(&world);
        assert_eq!(later.map(|it| it.connections), after.map(|it| it.connections), "{fate:?}: they are kept");
    }))
    .await;
}

#[tokio::test]
async fn a_relay_frozen_since_its_last_run_does_the_next_one_in_full() {
    join_all(FATES.map(|fate| async move {
        let world = World::with_tls(authority(&format!("relay-{fate:?}.pem"))).await;
        let mut relay = world.start_relay().await;
        assert_eq!(relay.invoke("{}".to_owned()).await.kind, "response");
        assert_eq!(relay.log_line().await["Sent"], 0);
        world.sqs.behave(Behaviour::AccessDenied);
        for provider in Provider::ALL {
            assert_eq!(world.start(provider).await.deliver(&delivery(provider)).await.status, 200);
        }
        world.sqs.behave(Behaviour::Answer);
        world.dynamodb.service().make_due();

        freeze(&world, &relay, fate, "{}".to_owned()).await;

        assert_eq!(relay.reply().await.kind, "response", "{fate:?}");
        let line = relay.log_line().await;
        assert_eq!(
            (&line["Sent"], &line["Failed"]),
            (&Provider::ALL.len().into(), &0.into()),
            "{fate:?}: {line}"
        );
        assert_eq!(world.sqs.service().messages().len(), Provider::ALL.len(), "{fate:?}");
    }))
    .await;
}
