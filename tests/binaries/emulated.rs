//! A service of the emulator behind an endpoint that can be made to fail.

use std::env;

use fakes::endpoint::{Failure, Service};
use serde_json::{Value, json};

pub struct Emulated {
    emulator: String,
    /// The service's name, for which requests are signed.
    service: &'static str,
    /// The part of `x-amz-target` before the operation.
    target: &'static str,
}

impl Emulated {
    pub fn new(service: &'static str, target: &'static str) -> Self {
        let path = env::var("USHER_STACKS").expect("USHER_STACKS names the file that describes the stacks");
        let stacks: Value =
            serde_json::from_slice(&std::fs::read(path).expect("it can be read")).expect("it is JSON");
        let emulator = stacks["endpoint"].as_str().expect("it has an endpoint").to_owned();
        Self { emulator, service, target }
    }

    /// Calls an operation that has to succeed.
    pub fn expect(&self, operation: &str, input: &Value) -> Value {
        self.act(operation, input).unwrap_or_else(|failure| panic!("{operation}: {}", failure.code))
    }

    /// Returns a header that names the account. The emulator does not check the signature.
    fn authorization(&self) -> String {
        let scope = format!("test/20260101/us-east-1/{}/aws4_request", self.service);
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0")
    }
}

impl Service for Emulated {
    fn act(&self, operation: &str, input: &Value) -> Result<Value, Failure> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let answer = agent
            .post(&self.emulator)
            .header("authorization", self.authorization())
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("{}.{operation}", self.target))
            .send(input.to_string());
        let mut answer = answer.expect("the emulator answers");
        let body = answer.body_mut().read_to_string().expect("it is text");
        let body: Value = serde_json::from_str(&body).unwrap_or_else(|_| json!({}));
        if answer.status().is_success() {
            return Ok(body);
        }
        let code = body["__type"].as_str().and_then(|code| code.rsplit('#').next()).unwrap_or("Unknown");
        Err(Failure { code: code.to_owned().into(), members: body })
    }
}
