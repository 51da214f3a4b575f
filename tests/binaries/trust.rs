//! AWS is believed to be AWS only where an authority says so that is trusted.

use std::path::Path;

use fakes::tls::Authority;

use crate::delivery::{Provider, delivery};
use crate::world::World;

/// An authority whose certificate lies in a file of this test's own.
pub fn authority(name: &str) -> Authority {
    Authority::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
}

#[tokio::test]
async fn services_are_reached_by_tls_that_the_bundle_s_authority_certifies() {
    let world = World::with_tls(authority("trusted.pem")).await;
    let mut function = world.start(Provider::Luma).await;
    for _ in 0..3 {
        assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
    }
    let connections = [world.dynamodb.traffic(), world.sqs.traffic(), world.secrets.traffic()];
    assert_eq!(connections.map(|traffic| traffic.connections), [1; 3], "each is opened once and kept");
}

#[tokio::test]
async fn services_certified_by_anybody_else_get_nothing() {
    let world = World::with_tls(authority("theirs.pem")).await;
    let ours = authority("ours.pem");
    let mut function = world.start_with(Provider::Luma, &[("AWS_CA_BUNDLE", ours.bundle())]).await;

    assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 503);

    let services = [world.dynamodb.traffic(), world.sqs.traffic(), world.secrets.traffic()];
    assert_eq!(services.map(|traffic| traffic.requests), [0; 3], "not one request was sent");
}
