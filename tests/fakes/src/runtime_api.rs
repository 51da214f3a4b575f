//! Lambda's Runtime API (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).

use std::hash::{BuildHasher as _, RandomState};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};
use serde_json::Value;
use tokio::sync::{Mutex, mpsc, watch};

use crate::http::{self, Answer, Cut, Handler, Port};

/// A Runtime API that hands events to one function and takes its replies.
pub struct RuntimeApi {
    pub address: SocketAddr,
    events: mpsc::UnboundedSender<String>,
    replies: mpsc::UnboundedReceiver<Reply>,
    ready: watch::Receiver<Option<Instant>>,
}

/// The reply of a function to an event.
#[derive(Debug)]
pub struct Reply {
    /// The last part of the path: `response` or `error`.
    pub kind: String,
    pub body: Value,
    /// The time from when the event was handed out to when the reply had arrived in full.
    pub took: Duration,
}

struct Routes {
    events: Mutex<mpsc::UnboundedReceiver<String>>,
    replies: mpsc::UnboundedSender<Reply>,
    ready: watch::Sender<Option<Instant>>,
    handed_out: watch::Sender<Option<Instant>>,
}

impl RuntimeApi {
    pub async fn start() -> Self {
        let (events, to_hand_out) = mpsc::unbounded_channel();
        let (taken, replies) = mpsc::unbounded_channel();
        let (asked, ready) = watch::channel(None);
        let routes = Routes {
            events: Mutex::new(to_hand_out),
            replies: taken,
            ready: asked,
            handed_out: watch::Sender::default(),
        };
        Self { address: Port::serve(Arc::new(routes), None).await.address, events, replies, ready }
    }

    /// Queues an event, which is handed out when the function asks for one.
    pub fn send(&self, event: String) {
        self.events.send(event).expect("the routes live as long as this");
    }

    pub async fn reply(&mut self) -> Reply {
        self.replies.recv().await.expect("the routes live as long as this")
    }

    /// Waits until the function first asks for an event, which is the end of its INIT.
    pub async fn ready(&self) {
        let mut ready = self.ready.clone();
        ready.wait_for(Option::is_some).await.expect("the routes live as long as this");
    }

    /// Returns the time at which the function first asked for an event, if it has.
    pub fn asked(&self) -> Option<Instant> {
        *self.ready.borrow()
    }
}

impl Handler for Routes {
    async fn handle(&self, request: Request<Bytes>) -> Result<Answer, Cut> {
        let now = Instant::now();
        let path = request.uri().path();
        if path.ends_with("/invocation/next") {
            self.ready.send_if_modified(|asked| {
                let first = asked.is_none();
                asked.get_or_insert(now);
                first
            });
            let event = self.events.lock().await.recv().await.ok_or(Cut)?;
            let invocation = invocation(event);
            self.handed_out.send_replace(Some(Instant::now()));
            return Ok(invocation);
        }
        let kind = path.rsplit('/').next().unwrap_or_default().to_owned();
        let body = serde_json::from_slice(request.body()).unwrap_or_default();
        let took = self.handed_out.borrow().map_or(Duration::ZERO, |handed_out| now - handed_out);
        // The receiver is gone if the test has ended.
        let _ = self.replies.send(Reply { kind, body, took });
        Ok(http::answer(202, ""))
    }
}

/// The tracing header of every invocation, with the field `Lineage`, which Lambda adds for itself.
pub const TRACE_HEADER: &str =
    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:0a1b:0";

fn invocation(event: String) -> Answer {
    Response::builder()
        .header("lambda-runtime-aws-request-id", request_id())
        .header("lambda-runtime-deadline-ms", "9999999999999")
        .header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:123456789012:function:usher",
        )
        .header("lambda-runtime-trace-id", TRACE_HEADER)
        .header("content-type", "application/json")
        .body(Full::new(event.into()))
        .expect("these are headers")
}

/// Returns an id that no other invocation has, as long as Lambda's ids, which are UUIDs.
fn request_id() -> String {
    static RUN: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(()));
    static LAST: AtomicU64 = AtomicU64::new(0);
    let (run, last) = (*RUN, LAST.fetch_add(1, Ordering::Relaxed));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{last:012x}",
        run >> 32,
        run >> 16 & 0xffff,
        run >> 4 & 0xfff,
        run & 0xf
    )
}
