//! Requests to function URLs, and their answers.

use std::sync::LazyLock;
use std::time::Duration;

use events::Request;
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::HeaderMap;

/// The longest wait for an answer. It is far longer than an answer may take, so that a slow one is still seen.
const PATIENCE: Duration = Duration::from_secs(30);

pub static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_global(Some(PATIENCE));
    config.build().into()
});

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn assert_received(&self) {
        self.assert(200, "Webhook received");
    }

    #[track_caller]
    pub fn assert_refused(&self, cause: &str) {
        self.assert(401, cause);
    }

    /// Checks that the answer is exactly as documented. It then repeats nothing of the request.
    #[track_caller]
    pub fn assert(&self, status: u16, message: &str) {
        assert_eq!((self.status, self.message().as_str()), (status, message));
        let expected = json!({ "ok": status == 200, "status": status, "message": message });
        assert_eq!(serde_json::from_str::<Value>(&self.body).ok(), Some(expected), "{}", self.body);
        assert_eq!(self.header("content-type"), Some("application/json"));
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the message, or the whole body if it has none.
    fn message(&self) -> String {
        let json: Value = serde_json::from_str(&self.body).unwrap_or_default();
        json["message"].as_str().unwrap_or(&self.body).to_owned()
    }
}

pub fn send(url: &str, request: &Request) -> Answer {
    let mark = if request.query.is_empty() { "" } else { "?" };
    let mut built = ureq::http::Request::builder()
        .method(request.method.as_str())
        .uri(format!("{url}{mark}{}", request.raw_query()));
    for (name, value) in &request.headers {
        built = built.header(name, value);
    }
    let sent = if request.method == "POST" || request.method == "PUT" {
        AGENT.run(built.body(&request.body[..]).expect("it is a request"))
    } else {
        AGENT.run(built.body(()).expect("it is a request"))
    };
    let mut answer = sent.expect("the function URL answers");
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: answer.body_mut().read_to_string().expect("the answer is text"),
    }
}
