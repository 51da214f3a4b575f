//! Requests and responses of a Lambda Function URL, in payload format 2.0. An HTTP API sends the same format, and a REST
//! API in front of the function sends format 1.0, which is read, too.

use std::borrow::Cow;
use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use lambda_http::Body;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::value::RawValue;
use usher_core::outcome::Answer;
use usher_core::request::Request;

/// The error for an event that is not a web request, or whose body is not valid base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecodable;

/// The parts of an event that are read
/// (format 2.0: <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>,
/// format 1.0: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>).
///
/// lambda_http's own request type panics on broken base64 and refuses header values that HTTP allows. An attacker
/// without a secret could cause either, and each would be answered 502.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow, default)]
    headers: Option<HashMap<Cow<'a, str>, Cow<'a, str>>>,
    #[serde(borrow, default)]
    raw_query_string: Cow<'a, str>,
    #[serde(borrow, default)]
    request_context: Context<'a>,
    #[serde(borrow, default)]
    body: Option<Cow<'a, str>>,
    #[serde(default)]
    is_base64_encoded: bool,
    /// Format 1.0 only, as the next two.
    #[serde(borrow, default)]
    http_method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    multi_value_headers: Option<Values<'a>>,
    #[serde(borrow, default)]
    multi_value_query_string_parameters: Option<Values<'a>>,
}

/// The values of each name, in the order in which they were sent.
type Values<'a> = HashMap<Cow<'a, str>, Vec<Cow<'a, str>>>;

#[derive(Default, Deserialize)]
struct Context<'a> {
    #[serde(borrow, default)]
    http: Option<Http<'a>>,
}

#[derive(Deserialize)]
struct Http<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
}

/// Returns the request in an event. Its body is decoded from base64: a signature covers the bytes that the provider
/// sent, not their encoding.
///
/// # Errors
///
/// [`Undecodable`] if the event lacks a method or is not JSON of this shape, or if its base64 is broken.
pub fn request(event: &RawValue) -> Result<Request, Undecodable> {
    let event: Event<'_> = serde_json::from_str(event.get()).map_err(|_| Undecodable)?;
    let method = event.request_context.http.map(|http| http.method).or(event.http_method);
    let method = Method::from_bytes(method.ok_or(Undecodable)?.as_bytes()).map_err(|_| Undecodable)?;
    // Format 1.0 has each header twice. `headers` drops repeated ones, which must be seen to be refused.
    let headers = match (&event.multi_value_headers, &event.headers) {
        (Some(all), _) => {
            headers(all.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value))))
        }
        (None, Some(single)) => headers(single.iter()),
        (None, None) => HeaderMap::new(),
    };
    let query = match event.multi_value_query_string_parameters {
        Some(parameters) => query(&parameters),
        None => event.raw_query_string.into_owned(),
    };
    let body = event.body.unwrap_or_default();
    let body = if event.is_base64_encoded {
        STANDARD.decode(body.as_bytes()).map_err(|_| Undecodable)?.into()
    } else {
        Bytes::from(body.into_owned())
    };
    Ok(Request { method, headers, query, body })
}

/// Returns the query string of parameters that format 1.0 has decoded.
fn query(parameters: &Values<'_>) -> String {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let pairs = parameters.iter().flat_map(|(name, values)| {
        values.iter().map(move |value| format!("{}={}", encode(name), encode(value)))
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Returns the headers without those that HTTP does not allow. None of the headers that Usher reads is among them.
fn headers<'s>(sent: impl Iterator<Item = (&'s Cow<'s, str>, &'s Cow<'s, str>)>) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(sent.size_hint().0);
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
