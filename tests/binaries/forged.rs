//! Nothing unverified passes, and refusing it costs no call.

use serde_json::json;

use crate::delivery::{LUNACAL_TOKEN, Provider, delivery, forged};
use crate::world::World;

#[tokio::test]
async fn forged_deliveries_are_refused_and_cost_no_call_of_any_service() {
    for provider in Provider::ALL {
        let world = World::new().await;
        let mut function = world.start(provider).await;
        for _ in 0..50 {
            let answer = function.deliver(&forged(provider)).await;
            assert_eq!(answer.status, 401);
            assert_eq!(answer.body, json!({ "ok": false, "status": 401, "message": "wrong signature" }));
        }
        let line = function.log_line().await;
        assert_eq!((&line["outcome"], &line["cause"]), (&"refused".into(), &"signature_wrong".into()));
        assert!(world.dynamodb.calls().is_empty() && world.sqs.calls().is_empty());
        assert_eq!(world.secrets.calls(), ["GetSecretValue"], "the one of the start");
    }
}

#[tokio::test]
async fn an_unsigned_delivery_is_refused() {
    for provider in Provider::ALL {
        let world = World::new().await;
        let mut function = world.start(provider).await;
        let mut request = delivery(provider);
        request.headers.clear();
        let answer = function.deliver(&request).await;
        assert_eq!((answer.status, &answer.body["message"]), (401, &"missing signature".into()));
        assert!(world.dynamodb.calls().is_empty() && world.sqs.calls().is_empty());
    }
}

#[tokio::test]
async fn one_provider_s_delivery_does_not_pass_as_another_s() {
    for provider in Provider::ALL {
        let world = World::new().await;
        let mut function = world.start(provider).await;
        for other in Provider::ALL.into_iter().filter(|other| *other != provider) {
            assert_eq!(function.deliver(&delivery(other)).await.status, 401);
        }
    }
}

#[tokio::test]
async fn lunacal_s_token_is_required_where_one_is_listed() {
    let world = World::new().await;
    let mut function = world.start(Provider::Lunacal).await;
    for token in [None, Some("a guess"), Some("")] {
        let mut request = delivery(Provider::Lunacal);
        request.query = token.map(|token| ("token".to_owned(), token.to_owned())).into_iter().collect();
        assert_eq!(function.deliver(&request).await.status, 401, "{token:?}");
    }
    assert!(world.dynamodb.calls().is_empty());
}

#[tokio::test]
async fn lunacal_may_be_verified_by_its_token_alone() {
    let world = World::new().await;
    let document = json!({ "signing": [], "url": LUNACAL_TOKEN }).to_string();
    let mut function = world.start_with_document(Provider::Lunacal, &document).await;
    let mut request = delivery(Provider::Lunacal);
    request.headers.clear();
    assert_eq!(function.deliver(&request).await.status, 200);
    request.query.clear();
    assert_eq!(function.deliver(&request).await.status, 401);
}

#[tokio::test]
async fn unsigned_deliveries_of_lunacal_pass_only_where_the_deployer_allows_them() {
    let world = World::new().await;
    world.secrets.service().put("usher/lunacal", "");
    let mut request = delivery(Provider::Lunacal);
    request.headers.clear();
    request.query.clear();

    let mut closed = world.start(Provider::Lunacal).await;
    assert_eq!(closed.deliver(&request).await.status, 500, "no secret fails closed");
    let mut open = world.start_with(Provider::Lunacal, &[("ALLOW_UNSIGNED", "true")]).await;
    assert_eq!(open.deliver(&request).await.status, 200);
}
