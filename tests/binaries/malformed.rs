//! Every malformed request gets an answer. An error of the function would reach the sender as a 502.

use serde_json::{Value, json};

use crate::delivery::{Provider, base64_event, delivery, event, signed};
use crate::world::World;
use fakes::function::Function;

async fn luma() -> (World, Function) {
    let world = World::new().await;
    let function = world.start(Provider::Luma).await;
    (world, function)
}

fn nothing_was_called(world: &World) {
    assert!(world.dynamodb.calls().is_empty() && world.sqs.calls().is_empty());
}

#[tokio::test]
async fn a_method_other_than_post_is_answered_405() {
    let (world, mut function) = luma().await;
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"] {
        let mut request = delivery(Provider::Luma);
        request.method = method.to_owned();
        let answer = function.deliver(&request).await;
        assert_eq!((answer.status, &answer.headers["allow"]), (405, &"POST".into()), "{method}");
    }
    nothing_was_called(&world);
}

#[tokio::test]
async fn a_body_too_large_is_answered_413_and_the_largest_allowed_is_not() {
    let (world, mut function) = luma().await;
    let too_large = signed(Provider::Luma, vec![b'x'; 256 * 1024 + 1]);
    for event in [event(&too_large), base64_event(&too_large)] {
        assert_eq!(function.deliver_event(&event).await.status, 413);
    }
    nothing_was_called(&world);
    assert_eq!(function.deliver(&signed(Provider::Luma, vec![b'x'; 256 * 1024])).await.status, 200);
}

#[tokio::test]
async fn the_largest_body_is_the_deployer_s_choice() {
    let world = World::new().await;
    let mut function = world.start_with(Provider::Luma, &[("MAX_BODY_BYTES", "1000")]).await;
    assert_eq!(function.deliver(&signed(Provider::Luma, vec![b'x'; 1001])).await.status, 413);
    assert_eq!(function.deliver(&signed(Provider::Luma, vec![b'x'; 1000])).await.status, 200);
}

#[tokio::test]
async fn broken_base64_is_answered_400() {
    let (world, mut function) = luma().await;
    for broken in ["?", "YQ", "YWJj\nZGVm", "ü", "AAAA="] {
        let mut event = base64_event(&delivery(Provider::Luma));
        event["body"] = broken.into();
        let answer = function.deliver_event(&event).await;
        assert_eq!((answer.status, &answer.body["ok"]), (400, &false.into()), "{broken:?}");
        assert_eq!(function.log_line().await["outcome"], "undecodable");
    }
    nothing_was_called(&world);
}

#[tokio::test]
async fn an_event_that_is_no_http_request_is_answered_400() {
    let (world, mut function) = luma().await;
    let events = [
        json!({}),
        json!(null),
        json!([]),
        json!("text"),
        json!({ "Records": [{ "eventSource": "aws:sqs" }] }),
        json!({ "requestContext": { "http": {} } }),
        json!({ "requestContext": { "http": { "method": "NO METHOD" } } }),
        json!({ "requestContext": { "http": { "method": "POST" } }, "headers": { "a": 1 } }),
    ];
    for event in events {
        assert_eq!(function.deliver_event(&event).await.status, 400, "{event}");
    }
    nothing_was_called(&world);
}

#[tokio::test]
async fn unusual_headers_do_no_harm_to_a_genuine_delivery() {
    let (_world, mut function) = luma().await;
    let long = "x".repeat(8000);
    let unusual: [(&str, &str); 8] = [
        ("x-name", "Zoë — 東京"),
        ("x-latin", "caf\u{e9}"),
        ("x-control", "a\u{1}b\r\nc"),
        ("name with spaces", "x"),
        ("näme", "x"),
        ("", "x"),
        ("x-long", &long),
        ("content-type", "multipart/form-data"),
    ];
    let mut request = event(&delivery(Provider::Luma));
    for (name, value) in unusual {
        request["headers"][name] = value.into();
    }
    for index in 0..500 {
        request["headers"][format!("x-many-{index}")] = "x".into();
    }
    assert_eq!(function.deliver_event(&request).await.status, 200);
}

#[tokio::test]
async fn malformed_signature_headers_are_refused() {
    let malformed = [
        "",
        "ü",
        "t=,v1=",
        "t=1,t=2,v1=00",
        "v1,AAAA",
        "\u{0}",
        "t=-1,v1=aa",
        "t=99999999999999999999,v1=aa",
    ];
    for provider in Provider::ALL {
        let world = World::new().await;
        let mut function = world.start(provider).await;
        let genuine = event(&delivery(provider));
        for name in ["webhook-signature", "x-cal-signature-256", "svix-signature"] {
            for value in malformed {
                let mut request = genuine.clone();
                if request["headers"].get(name).is_none() {
                    continue;
                }
                request["headers"][name] = value.into();
                assert_eq!(function.deliver_event(&request).await.status, 401, "{name}: {value:?}");
            }
        }
        nothing_was_called(&world);
    }
}

#[tokio::test]
async fn headers_in_any_case_are_the_same_headers() {
    let (_world, mut function) = luma().await;
    let mut request = event(&delivery(Provider::Luma));
    let headers = request["headers"].as_object().expect("headers").clone();
    request["headers"] =
        headers.into_iter().map(|(name, value)| (name.to_uppercase(), value)).collect::<Value>();
    assert_eq!(function.deliver_event(&request).await.status, 200);
}

#[tokio::test]
async fn a_header_given_twice_in_two_spellings_is_refused() {
    let (world, mut function) = luma().await;
    let mut request = event(&delivery(Provider::Luma));
    request["headers"]["Webhook-Signature"] = request["headers"]["webhook-signature"].clone();
    assert_eq!(function.deliver_event(&request).await.status, 401);
    nothing_was_called(&world);
}

#[tokio::test]
async fn deeply_nested_and_hostile_bodies_are_kept() {
    let (world, mut function) = luma().await;
    let bodies = [
        "[".repeat(100_000),
        format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)),
        format!("{}1{}", r#"{"a":"#.repeat(20_000), "}".repeat(20_000)),
        r#"{"type":"guest.registered","data":null}"#.to_owned(),
        r#"{"type":{"type":[]},"data":"x","type":"guest.registered"}"#.to_owned(),
        format!(r#"{{"type":"{}"}}"#, "\u{fffe}".repeat(5000)),
        format!(r#"{{"n":{}}}"#, "9".repeat(50_000)),
    ];
    let count = bodies.len();
    for body in bodies {
        assert_eq!(function.deliver(&signed(Provider::Luma, body)).await.status, 200);
    }
    assert_eq!(world.sqs.service().messages().len(), count);
}

#[tokio::test]
async fn a_missing_body_is_an_empty_one() {
    let (_world, mut function) = luma().await;
    let mut request = event(&signed(Provider::Luma, ""));
    request.as_object_mut().expect("an event").remove("body");
    assert_eq!(function.deliver_event(&request).await.status, 200);
    request["body"] = Value::Null;
    assert_eq!(function.deliver_event(&request).await.status, 200);
}
