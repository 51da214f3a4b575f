//! A function sends nothing to an endpoint whose certificate no trusted authority has signed.

use std::path::Path;

use fakes::tls::Authority;

use crate::delivery::{Provider, delivery};
use crate::world::World;

/// Makes an authority whose certificate is in a file of this test only.
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
async fn services_with_another_certificate_get_nothing() {
    let world = World::with_tls(authority("theirs.pem")).await;
    let ours = authority("ours.pem");
    let mut function = world.start_with(Provider::Luma, &[("AWS_CA_BUNDLE", ours.bundle())]).await;

    assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 503);

    let services = [world.dynamodb.traffic(), world.sqs.traffic(), world.secrets.traffic()];
    assert_eq!(services.map(|traffic| traffic.requests), [0; 3], "not one request was sent");
}
