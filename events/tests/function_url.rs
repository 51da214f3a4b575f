//! The printed event is one that `lambda_http`, the reader of the real ones, understands.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use events::{BodyEncoding, Provider, Request, Secrets, forged_secret, function_url_event};
use lambda_http::RequestExt as _;
use serde_json::json;

const NOW: i64 = 1_583_348_638;

fn lunacal(body: &[u8]) -> Request {
    let secrets = Secrets { signing: Some(forged_secret()), url: Some("a b&c=d".to_owned()) };
    Request::delivery(Provider::Lunacal, &secrets, "id", NOW, body.to_vec()).unwrap()
}

fn received(request: &Request, encoding: BodyEncoding) -> lambda_http::Request {
    let event = function_url_event(request, NOW, encoding).to_string();
    lambda_http::request::from_str(&event).unwrap_or_else(|error| panic!("{error}: {event}"))
}

#[test]
fn method_path_query_and_headers_arrive() {
    let request = lunacal(b"{}");
    let received = received(&request, BodyEncoding::Text);
    assert_eq!(received.method(), "POST");
    assert_eq!(received.raw_http_path(), "/");
    assert_eq!(received.query_string_parameters().first("token"), Some("a b&c=d"));
    for (name, value) in &request.headers {
        assert_eq!(received.headers()[name.as_str()], value.as_str(), "{name}");
    }
}

#[test]
fn the_body_arrives_byte_for_byte_in_either_encoding() {
    for body in ["{\"a\": \"é \\u0000\"}\n".as_bytes(), &[0xff, 0x00, 0xfe], b""] {
        for encoding in [BodyEncoding::Text, BodyEncoding::Base64] {
            assert_eq!(received(&lunacal(body), encoding).body().as_ref(), body);
        }
    }
}

#[test]
fn base64_is_said_where_it_is_used() {
    let encoded =
        |body: &[u8], encoding| function_url_event(&lunacal(body), NOW, encoding)["isBase64Encoded"].clone();
    assert_eq!(encoded(b"{}", BodyEncoding::Text), false);
    assert_eq!(encoded(b"{}", BodyEncoding::Base64), true);
    assert_eq!(encoded(&[0xff], BodyEncoding::Text), true, "what is not UTF-8 cannot be text");
}

#[test]
fn the_event_has_the_documented_form() {
    let mut request = lunacal(b"{}");
    request.headers.push(("X-Twice".to_owned(), "1".to_owned()));
    request.headers.push(("x-twice".to_owned(), "2".to_owned()));
    let event = function_url_event(&request, NOW, BodyEncoding::Text);
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["rawPath"], "/");
    assert_eq!(event["rawQueryString"], "token=a%20b%26c%3Dd");
    assert_eq!(event["queryStringParameters"], json!({"token": "a b&c=d"}));
    assert_eq!(event["headers"]["x-twice"], "1,2");
    assert_eq!(event["requestContext"]["http"]["method"], "POST");
    assert_eq!(event["requestContext"]["time"], "04/Mar/2020:19:03:58 +0000");
    assert_eq!(event["requestContext"]["timeEpoch"], 1_583_348_638_000_i64);
    let headers = event["headers"].as_object().unwrap();
    assert!(headers.keys().all(|name| *name == name.to_lowercase()), "{headers:?}");
}

#[test]
fn without_a_query_its_fields_are_as_aws_sends_them() {
    let mut request = lunacal(b"{}");
    request.query.clear();
    let event = function_url_event(&request, NOW, BodyEncoding::Text);
    assert_eq!(event["rawQueryString"], "");
    assert!(event.get("queryStringParameters").is_none());
}
