//! Requests and responses of a Lambda Function URL, in payload format 2.0.

use std::borrow::Cow;
use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use lambda_http::Body;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use serde::Deserialize;
use serde_json::value::RawValue;
use usher_core::outcome::Answer;
use usher_core::request::Request;

/// The error for an event that is not a Function URL's, or whose body is not valid base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecodable;

/// The parts of a Function URL event that are read
/// (<https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>).
///
/// lambda_http's own request type panics on broken base64 and refuses header values that HTTP allows. An attacker
/// without a secret could cause either, and each would be answered 502.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow, default)]
    headers: HashMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow, default)]
    raw_query_string: Cow<'a, str>,
    #[serde(borrow)]
    request_context: Context<'a>,
    #[serde(borrow, default)]
    body: Option<Cow<'a, str>>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Deserialize)]
struct Context<'a> {
    #[serde(borrow)]
    http: Http<'a>,
}

#[derive(Deserialize)]
struct Http<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
}

/// Returns the request of a Function URL event. Its body is decoded from base64: a signature covers the bytes that the
/// provider sent, not their encoding.
///
/// # Errors
///
/// [`Undecodable`] if the event lacks a method or is not JSON of this shape, or if its base64 is broken.
pub fn request(event: &RawValue) -> Result<Request, Undecodable> {
    let event: Event<'_> = serde_json::from_str(event.get()).map_err(|_| Undecodable)?;
    let body = event.body.unwrap_or_default();
    let body = if event.is_base64_encoded {
        STANDARD.decode(body.as_bytes()).map_err(|_| Undecodable)?.into()
    } else {
        Bytes::from(body.into_owned())
    };
    Ok(Request {
        method: Method::from_bytes(event.request_context.http.method.as_bytes()).map_err(|_| Undecodable)?,
        headers: headers(&event.headers),
        query: event.raw_query_string.into_owned(),
        body,
    })
}

/// Returns the headers without those that HTTP does not allow. None of the headers that Usher reads is among them.
fn headers(sent: &HashMap<Cow<'_, str>, Cow<'_, str>>) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(sent.len());
    for (name, value) in sent {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes()))
        {
            headers.append(name, value);
        }
    }
    headers
}

/// Returns the response that the Function URL sends for an answer.
pub fn response(answer: Answer) -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = i64::from(answer.status);
    response.headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some((name, value)) = answer.header {
        response.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response.body = Some(Body::Text(answer.body));
    response
}
