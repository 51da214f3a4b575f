//! A genuine delivery from its arrival to its message.

use serde_json::{Value, json};

use crate::delivery::{Provider, base64_event, delivery, sample, signed};
use crate::world::World;
use fakes::dynamodb::{body, is_pending};

#[tokio::test]
async fn a_delivery_of_each_provider_is_stored_queued_and_answered_200() {
    for provider in Provider::ALL {
        let world = World::new().await;
        let mut function = world.start(provider).await;
        let request = delivery(provider);

        let answer = function.deliver(&request).await;

        assert_eq!(answer.status, 200);
        assert_eq!(answer.body, json!({ "ok": true, "status": 200, "message": "Webhook received" }));
        assert_eq!(answer.headers["content-type"], "application/json");

        let item = world.dynamodb.service().item();
        assert!(item["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with(&format!("{}#", provider.name()))));
        assert_eq!(body(&item), request.body, "the stored body inflates to the very bytes");
        assert!(!is_pending(&item), "it is settled");
        assert!(item.contains_key("sent") && item.contains_key("expires_at"));
        assert_eq!(world.dynamodb.calls(), ["PutItem", "UpdateItem"]);

        assert_eq!(world.sqs.calls(), ["SendMessage"]);
        let message = world.sqs.service().message();
        let sent = String::from_utf8(request.body).expect("samples are text");
        assert!(message.body.contains(&format!(r#""raw":{sent}"#)), "the very bytes are in the message");
        let event = message.event();
        assert_eq!(event["provider"], provider.name());
        assert_eq!(event["deduplication"], "checked");
        assert_eq!(message.attribute("provider"), Some(provider.name()));
        assert_eq!(message.attribute("type"), event["type"].as_str());
        assert_eq!(message.attribute("providertype"), event["providertype"].as_str());

        let line = function.log_line().await;
        assert_eq!(line["provider"], provider.name());
        assert_eq!(line["outcome"], "accepted");
        assert_eq!(line["type"], event["type"]);
        assert_eq!(line["Requests"], 1);
        assert!(line["duration_ms"].is_number());
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Usher");
        assert_eq!(function.output().lines().count(), 1, "one line a request: {}", function.output());
    }
}

#[tokio::test]
async fn the_log_tells_a_cold_start_and_what_each_call_took() {
    let world = World::new().await;
    let mut function = world.start_with(Provider::Luma, &[("METRICS_NAMESPACE", "Usher/test")]).await;
    function.deliver(&delivery(Provider::Luma)).await;
    function.deliver(&delivery(Provider::Luma)).await;

    let [cold, warm] = [function.log_line().await, function.log_line().await];
    assert_eq!(cold["cold_start"], true);
    assert!(cold["init_ms"].as_f64() > Some(0.0), "{cold}");
    assert_eq!((warm.get("cold_start"), warm.get("init_ms")), (None, None));
    for line in [cold, warm] {
        let took = |call: &str| line[call].as_f64().unwrap_or_else(|| panic!("{call} is not in {line}"));
        let calls = took("claim_ms") + took("send_ms") + took("settle_ms");
        assert!(calls > 0.0 && calls <= took("duration_ms"), "{line}");
        assert_eq!(line.get("secrets_ms"), None, "INIT has read them");
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Usher/test");
    }
}

#[tokio::test]
async fn the_secrets_are_read_once_for_many_deliveries() {
    let world = World::new().await;
    let mut function = world.start(Provider::Luma).await;
    for _ in 0..20 {
        assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
    }
    assert_eq!(world.secrets.calls(), ["GetSecretValue"]);
    assert_eq!(world.sqs.service().messages().len(), 20);
}

#[tokio::test]
async fn the_secret_document_may_stand_in_the_environment_instead() {
    let world = World::new().await;
    for document in [Provider::Luma.secret_document(), Provider::Luma.signing_secret().to_owned()] {
        let mut function = world.start_with_document(Provider::Luma, &document).await;
        assert_eq!(function.deliver(&delivery(Provider::Luma)).await.status, 200);
    }
    assert!(world.secrets.calls().is_empty());
}

#[tokio::test]
async fn a_body_that_comes_as_base64_is_the_same_body() {
    let world = World::new().await;
    let mut function = world.start(Provider::Allfly).await;
    let request = delivery(Provider::Allfly);

    assert_eq!(function.deliver_event(&base64_event(&request)).await.status, 200);
    assert_eq!(body(&world.dynamodb.service().item()), request.body);
}

#[tokio::test]
async fn a_ping_is_answered_200_and_goes_no_further() {
    let world = World::new().await;
    let mut function = world.start(Provider::Lunacal).await;

    let answer = function.deliver(&signed(Provider::Lunacal, sample("lunacal/PING"))).await;

    assert_eq!(answer.status, 200);
    assert_eq!(function.log_line().await["outcome"], "ping");
    assert!(world.dynamodb.calls().is_empty() && world.sqs.calls().is_empty());
}

#[tokio::test]
async fn what_is_not_understood_is_kept_and_queued_as_unrecognized() {
    let bodies: [&[u8]; 6] = [
        br#"{"type":"guest.teleported","data":{"id":"gst-1"}}"#,
        b"[1, 2, 3]",
        b"null",
        b"plain text",
        b"",
        b"\xFF\xFE no UTF-8 \x00",
    ];
    let world = World::new().await;
    let mut function = world.start(Provider::Luma).await;
    for (index, sent) in bodies.into_iter().enumerate() {
        assert_eq!(function.deliver(&signed(Provider::Luma, sent)).await.status, 200);
        let line = function.log_line().await;
        assert_eq!(line["type"], "usher.unrecognized");
        let event = world.sqs.service().messages()[index].event();
        assert_eq!(event["type"], "usher.unrecognized");
        let raw = &event["data"]["raw"];
        match serde_json::from_slice::<Value>(sent) {
            Ok(json) => assert_eq!(*raw, json),
            Err(_) => assert_eq!(
                event["data"]["raw_base64"],
                base64_event(&signed(Provider::Luma, sent))["body"],
                "what isn't JSON travels as base64"
            ),
        }
    }
    let stored: Vec<Vec<u8>> = world.dynamodb.service().items().iter().map(body).collect();
    assert!(bodies.iter().all(|sent| stored.iter().any(|body| body == sent)));
}

#[tokio::test]
async fn the_largest_body_that_cannot_be_compressed_fits_the_table_and_the_queue() {
    let world = World::new().await;
    let mut function = world.start(Provider::Luma).await;
    let sent = events::random::<{ 256 * 1024 }>();

    assert_eq!(function.deliver(&signed(Provider::Luma, sent)).await.status, 200);

    let item = world.dynamodb.service().item();
    assert_eq!(body(&item), sent);
    let message = world.sqs.service().message();
    assert!(message.body.len() + message.attributes.to_string().len() <= 1024 * 1024);
}
