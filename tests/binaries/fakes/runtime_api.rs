//! Lambda's Runtime API (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};
use serde_json::Value;
use tokio::sync::{Mutex, mpsc, watch};

use super::http::{self, Answer, Cut, Handler};

/// Hands events to one function and takes what it replies.
pub struct RuntimeApi {
    pub address: SocketAddr,
    events: mpsc::UnboundedSender<String>,
    replies: mpsc::UnboundedReceiver<Reply>,
    ready: watch::Receiver<bool>,
}

/// What a function said of an invocation.
#[derive(Debug)]
pub struct Reply {
    /// The last part of the path: `response`, or `error`.
    pub kind: String,
    pub body: Value,
}

struct Routes {
    events: Mutex<mpsc::UnboundedReceiver<String>>,
    replies: mpsc::UnboundedSender<Reply>,
    ready: watch::Sender<bool>,
}

impl RuntimeApi {
    pub async fn start() -> Self {
        let (events, to_hand_out) = mpsc::unbounded_channel();
        let (taken, replies) = mpsc::unbounded_channel();
        let (asked, ready) = watch::channel(false);
        let routes = Routes { events: Mutex::new(to_hand_out), replies: taken, ready: asked };
        Self { address: http::serve(Arc::new(routes)).await, events, replies, ready }
    }

    /// Hands out an event as soon as the function asks for it.
    pub fn send(&self, event: String) {
        self.events.send(event).expect("the routes live as long as this");
    }

    pub async fn reply(&mut self) -> Reply {
        self.replies.recv().await.expect("the routes live as long as this")
    }

    /// Waits until the function first asks for an event: its INIT is over.
    pub async fn ready(&self) {
        let mut ready = self.ready.clone();
        ready.wait_for(|ready| *ready).await.expect("the routes live as long as this");
    }

    pub fn is_ready(&self) -> bool {
        *self.ready.borrow()
    }
}

impl Handler for Routes {
    async fn handle(&self, request: Request<Bytes>) -> Result<Answer, Cut> {
        let path = request.uri().path();
        if path.ends_with("/invocation/next") {
            self.ready.send_replace(true);
            let event = self.events.lock().await.recv().await.ok_or(Cut)?;
            return Ok(invocation(event));
        }
        let kind = path.rsplit('/').next().unwrap_or_default().to_owned();
        let body = serde_json::from_slice(request.body()).unwrap_or_default();
        // The test may have ended.
        let _ = self.replies.send(Reply { kind, body });
        Ok(http::answer(202, ""))
    }
}

fn invocation(event: String) -> Answer {
    let id = events::hex(&events::random::<16>());
    Response::builder()
        .header("lambda-runtime-aws-request-id", id)
        .header("lambda-runtime-deadline-ms", "9999999999999")
        .header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:123456789012:function:usher",
        )
        .header("content-type", "application/json")
        .body(Full::new(event.into()))
        .expect("these are headers")
}
