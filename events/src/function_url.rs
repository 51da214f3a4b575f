//! A request the way a Lambda function receives it from its Function URL: payload format version 2.0.
//!
//! Its fields: <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads>.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::random::{hex, random};
use crate::request::Request;

/// The encoding of the body inside the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyEncoding {
    /// Text, which is how AWS passes JSON. A body that is not UTF-8 is encoded as base64 nevertheless.
    Text,
    /// Base64, with `isBase64Encoded: true`, which AWS uses for content types that it takes for binary.
    Base64,
}

/// Builds the event, received at `unix_seconds`. Header names are in lower case, and repeated values are joined by commas.
#[must_use]
pub fn function_url_event(request: &Request, unix_seconds: i64, encoding: BodyEncoding) -> Value {
    let url_id = "usherlocalusherlocalusherlocal00";
    let domain = format!("{url_id}.lambda-url.us-east-1.on.aws");
    let text = std::str::from_utf8(&request.body).ok().filter(|_| encoding == BodyEncoding::Text);
    let body = text.map_or_else(|| BASE64.encode(&request.body), str::to_owned);

    let mut headers = joined(request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value)));
    for (name, value) in [
        ("host", domain.clone()),
        ("content-length", request.body.len().to_string()),
        ("x-forwarded-for", SOURCE_IP.to_owned()),
        ("x-forwarded-port", "443".to_owned()),
        ("x-forwarded-proto", "https".to_owned()),
    ] {
        headers.entry(name.to_owned()).or_insert_with(|| value.into());
    }
    let user_agent = headers.get("user-agent").cloned().unwrap_or_default();
    let query = joined(request.query.iter().map(|(name, value)| (name.clone(), value)));

    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": request.raw_query(),
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": url_id,
            "domainName": domain,
            "domainPrefix": url_id,
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": SOURCE_IP,
                "userAgent": user_agent,
            },
            "requestId": request_id(),
            "routeKey": "$default",
            "stage": "$default",
            "time": common_log_time(unix_seconds),
            "timeEpoch": unix_seconds.saturating_mul(1000),
        },
        "body": body,
        "isBase64Encoded": text.is_none(),
    });
    // AWS leaves the member out when there is no query.
    if !query.is_empty() {
        event["queryStringParameters"] = query.into();
    }
    event
}

/// An address of the block kept for documentation (RFC 5737).
const SOURCE_IP: &str = "203.0.113.7";

/// Returns one value for each name. Values of the same name are joined by commas, as AWS does.
fn joined<'a>(pairs: impl Iterator<Item = (String, &'a String)>) -> Map<String, Value> {
    let mut values: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, value) in pairs {
        values.entry(name).or_default().push(value);
    }
    values.into_iter().map(|(name, values)| (name, values.join(",").into())).collect()
}

/// Makes up a random UUID, version 4 (RFC 9562).
fn request_id() -> String {
    let mut bytes = random::<16>();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex(&bytes);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// Prints a time as `12/Mar/2020:19:03:58 +0000`. A time out of the calendar's range is clamped to it.
fn common_log_time(unix_seconds: i64) -> String {
    let seconds = unix_seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let time = Timestamp::from_second(seconds).unwrap_or_default();
    time.strftime("%d/%b/%Y:%H:%M:%S %z").to_string()
}
