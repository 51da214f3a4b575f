//! Without a secret there is no 2xx: the deployer has to act on a 500, and the sender retries after a 503.
//!
//! The tests of `usher-aws` (`tests/secrets.rs`) can move the clock. They test when a document is read again.

use futures_util::future::join_all;
use serde_json::json;

use crate::delivery::{Provider, delivery, signed_with};
use crate::world::{World, secret_id};
use fakes::behaviour::Behaviour;

#[tokio::test]
async fn a_secret_without_a_value_is_answered_500_and_asked_for_once() {
    for provider in Provider::ALL {
        let world = World::new().await;
        world.secrets.service().remove(secret_id(provider));
        let mut function = world.start(provider).await;
        for _ in 0..3 {
            let answer = function.deliver(&delivery(provider)).await;
            assert_eq!((answer.status, &answer.body["message"]), (500, &"not configured".into()));
            let line = function.log_line().await;
            assert_eq!(line["outcome"], "secrets_invalid");
            assert_eq!(line["cause"], "document_empty");
        }
        assert_eq!(world.secrets.calls(), ["GetSecretValue"]);
        assert!(world.dynamodb.calls().is_empty() && world.sqs.calls().is_empty());
    }
}

#[tokio::test]
async fn a_malformed_document_is_answered_500() {
    let world = World::new().await;
    let documents = [
        "",
        " ",
        "{",
        "{}",
        "[]",
        r#"{"signing": [""]}"#,
        r#"{"signing": 1}"#,
        r#"{"signed": ["x"]}"#,
        // A list might pass for several signing secrets. Serde reads it as a document's fields in order.
        r#"["whsec_luma-secret-never-to-be-logged", "whsec_older"]"#,
    ];
    for document in documents {
        world.secrets.service().put("usher/luma", document);
        let mut function = world.start(Provider::Luma).await;
        assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 500, "{document:?}");
    }
}

#[tokio::test]
async fn a_secret_that_is_no_base64_is_answered_500_where_it_has_to_be() {
    let world = World::new().await;
    world.secrets.service().put("usher/allfly", "whsec_not base64!");
    let mut function = world.start(Provider::Allfly).await;
    assert_eq!(function.deliver(&delivery(Provider::Allfly)).await.status, 500);
    assert_eq!(function.log_line().await["cause"], "secret_not_base64");
}

#[tokio::test]
async fn secrets_out_of_reach_with_none_cached_are_answered_503() {
    join_all(Behaviour::DOWN.map(|down| async move {
        let world = World::new().await;
        world.secrets.behave(down);
        let mut function = world.start(Provider::Luma).await;
        let answer = function.deliver(&delivery(Provider::Luma)).await;
        assert_eq!((answer.status, &answer.headers["retry-after"]), (503, &"30".into()), "{down:?}");
        let line = function.log_line().await;
        assert_eq!(line["outcome"], "secrets_unreachable");
        assert!(line["secrets"].as_str().is_some_and(|cause| !cause.is_empty()), "{line}");
    }))
    .await;
}

#[tokio::test]
async fn secrets_out_of_reach_while_the_function_started_are_read_for_the_first_delivery() {
    join_all([Behaviour::InternalError, Behaviour::NeverAnswer].map(|down| async move {
        let world = World::new().await;
        world.secrets.behave(down);
        let mut function = world.start(Provider::Luma).await;
        function.ready().await;
        world.secrets.behave(Behaviour::Answer);
        assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200, "{down:?}");
    }))
    .await;
}

#[tokio::test]
async fn secrets_out_of_reach_later_are_served_from_memory() {
    let world = World::new().await;
    let mut function = world.start(Provider::Luma).await;
    function.ready().await;
    world.secrets.behave(Behaviour::NeverAnswer);
    assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
}

#[tokio::test]
async fn during_a_rotation_the_old_and_the_new_secret_pass() {
    for (provider, new) in [
        (Provider::Luma, "whsec_the-new-one"),
        (Provider::Lunacal, "the-new-one"),
        (Provider::Allfly, "whsec_dGhlIG5ldyBvbmU="),
        (Provider::Calcom, "the-new-one"),
        (Provider::Standard, "whsec_dGhlIG5ldyBvbmU="),
    ] {
        let world = World::new().await;
        let old = provider.signing_secret();
        world.secrets.service().put(secret_id(provider), json!({ "signing": [new, old] }).to_string());
        let mut function = world.start(provider).await;
        for (secret, status) in [(new, 200), (old, 200), ("whsec_bmVpdGhlcg==", 401)] {
            let request = signed_with(provider, secret, crate::delivery::sample(provider.sample()));
            assert_eq!(function.deliver(&request).await.status, status, "{provider:?}");
        }
    }
}
