//! Web requests as Lambda's events carry them, in both formats.

use serde_json::value::RawValue;
use serde_json::{Value, json};
use usher_aws::http::{Undecodable, request};
use usher_core::request::{HeaderError, Request};

fn read(event: &Value) -> Result<Request, Undecodable> {
    request(&RawValue::from_string(event.to_string()).expect("it is JSON"))
}

/// An event as a REST API sends it.
fn format_1() -> Value {
    json!({
        "version": "1.0",
        "resource": "/luma",
        "httpMethod": "POST",
        "headers": {"Webhook-Id": "evt_2"},
        "multiValueHeaders": {"Webhook-Id": ["evt_1", "evt_2"], "Webhook-Signature": ["t=1,v1=ab"]},
        "queryStringParameters": {"token": "last"},
        "multiValueQueryStringParameters": {"token": ["a+b/c= &d"]},
        "requestContext": {"httpMethod": "POST", "identity": {"sourceIp": "192.0.2.1"}},
        "body": "eyJhIjoxfQ==",
        "isBase64Encoded": true,
    })
}

#[test]
fn a_request_through_a_rest_api_is_read_as_one_of_a_function_url() {
    let request = read(&format_1()).expect("it is a request");
    assert_eq!((request.method.as_str(), &request.body[..]), ("POST", &br#"{"a":1}"#[..]));
    assert_eq!(request.header("webhook-signature"), Ok(Some("t=1,v1=ab")));
    assert_eq!(request.query_parameter("token").as_deref(), Some(&b"a+b/c= &d"[..]));
}

/// Format 1.0's `headers` keeps the last of several: verification would see one id, and another reader the other.
#[test]
fn a_header_that_is_repeated_is_seen_to_be_repeated_in_format_1() {
    let request = read(&format_1()).expect("it is a request");
    assert_eq!(request.header("webhook-id"), Err(HeaderError::Repeated));
}

#[test]
fn format_1_without_headers_parameters_and_body_is_an_empty_request() {
    for event in [
        json!({"httpMethod": "GET"}),
        json!({"httpMethod": "GET", "headers": null, "multiValueHeaders": null, "body": null,
               "multiValueQueryStringParameters": null, "queryStringParameters": null}),
    ] {
        let request = read(&event).expect("it is a request");
        assert_eq!((request.method.as_str(), &*request.query, request.headers.len()), ("GET", "", 0));
        assert!(request.body.is_empty());
    }
}

#[test]
fn an_event_that_is_no_web_request_is_undecodable() {
    for event in
        [json!({"key1": "value1"}), json!({"httpMethod": 5}), json!([]), json!("POST"), json!({"body": "x"})]
    {
        assert!(matches!(read(&event), Err(Undecodable)), "{event}");
    }
    let mut broken = format_1();
    broken["body"] = json!("not base64!");
    assert!(matches!(read(&broken), Err(Undecodable)));
}
