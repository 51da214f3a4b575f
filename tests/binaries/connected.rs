//! INIT, which has a whole processor, does what the first event would wait for otherwise.

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
