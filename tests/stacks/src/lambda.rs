//! Calls of a function through Lambda's API, as `aws lambda invoke` makes them.
//!
//! They are signed with `aws-sigv4` alone. Compiling Lambda's SDK would take longer than all the tests.

use std::time::SystemTime;

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;

use crate::http::AGENT;
use crate::stack::{REGION, Stack, owner};

/// Runs the relay once and waits until it has ended.
pub fn run_relay(stack: &Stack) {
    let url = format!("{}/2015-03-31/functions/{}/invocations", stack.endpoint, stack.is.functions.relay);
    let mut request = ureq::http::Request::post(&url);
    for (name, value) in signature(&url) {
        request = request.header(name, value);
    }
    let mut answer = AGENT.run(request.body(EVENT).expect("it is a request")).expect("Lambda answers");
    let body = answer.body_mut().read_to_string().expect("the answer is text");
    assert_eq!(answer.status(), 200, "{body}");
    assert_eq!(answer.headers().get("x-amz-function-error"), None, "{body}");
}

const EVENT: &str = "{}";

fn signature(url: &str) -> Vec<(String, String)> {
    let identity = owner().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("lambda")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .expect("nothing is missing")
        .into();
    let body = SignableBody::Bytes(EVENT.as_bytes());
    let request = SignableRequest::new("POST", url, std::iter::empty(), body).expect("the URL is one");
    let (instructions, _) = sign(request, &params).expect("it can be signed").into_parts();
    instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
