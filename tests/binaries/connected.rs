//! INIT, which has a whole processor, opens the connections and reads the secrets that the first event needs.

use crate::delivery::{Provider, delivery};
use crate::trust::authority;
use crate::world::World;

#[tokio::test]
async fn the_first_event_finds_every_connection_open_and_the_secret_read() {
    for provider in Provider::ALL {
        let world = World::with_tls(authority("connected.pem")).await;
        let mut function = world.start(provider).await;
        function.ready().await;

        let services = || [world.dynamodb.traffic(), world.sqs.traffic(), world.secrets.traffic()];
        let after_init = services();
        assert_eq!(after_init.map(|service| service.connections), [1; 3], "{provider:?}");
        assert_eq!(world.secrets.calls(), ["GetSecretValue"]);

        assert_eq!(function.deliver(&delivery(provider)).await.status, 200);
        assert_eq!(services().map(|service| service.connections), [1; 3], "{provider:?}");
        assert_eq!(world.secrets.calls(), ["GetSecretValue"], "it is not read again");
    }
}

/// Before it asks for its first event, a function makes a dry run with a sample. That must leave nothing behind.
#[tokio::test]
async fn the_rehearsal_writes_sends_and_logs_nothing() {
    for provider in Provider::ALL {
        let world = World::with_tls(authority("rehearsed.pem")).await;
        let mut function = world.start(provider).await;
        function.ready().await;

        assert_eq!((world.dynamodb.calls(), world.sqs.calls()), (vec![], vec![]), "{provider:?}");
        let services = [world.dynamodb.traffic(), world.sqs.traffic(), world.secrets.traffic()];
        assert_eq!(services.map(|service| service.requests), [1; 3], "one that opens the connection, each");
        assert_eq!(function.output(), "");

        assert_eq!(function.deliver(&delivery(provider)).await.status, 200);
        assert_eq!(world.sqs.calls(), ["SendMessage"]);
    }
}
