//! One running binary.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use events::Request;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::delivery::event;
use crate::fakes::endpoint::lock;
use crate::fakes::runtime_api::{Reply, RuntimeApi};

/// Far above everything promised: a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A binary run as a Lambda. Dropping it kills it, and sees that it has not panicked.
pub struct Function {
    child: Child,
    started: Instant,
    runtime: RuntimeApi,
    lines: mpsc::UnboundedReceiver<String>,
    output: Arc<Mutex<String>>,
    readers: [JoinHandle<()>; 2],
}

/// What a function answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u64,
    pub headers: Value,
    pub body: Value,
    /// Since the event was sent; for the first event, since the process was started.
    pub took: Duration,
}

impl Function {
    /// Starts a binary with these variables, those of Lambda itself, and no others.
    pub async fn start(binary: &str, variables: &[(&str, &str)]) -> Self {
        let runtime = RuntimeApi::start().await;
        let started = Instant::now();
        let mut child = Command::new(binary)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", runtime.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "usher")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the binary is built");
        let output = Arc::default();
        let (log, lines) = mpsc::unbounded_channel();
        let readers = [
            tokio::spawn(read(child.stdout.take().expect("it is piped"), Arc::clone(&output), Some(log))),
            tokio::spawn(read(child.stderr.take().expect("it is piped"), Arc::clone(&output), None)),
        ];
        Self { child, started, runtime, lines, output, readers }
    }

    /// Waits for the end of INIT.
    pub async fn ready(&self) {
        let ready = timeout(PATIENCE, self.runtime.ready()).await;
        ready.unwrap_or_else(|_| panic!("it asks for no event: {}", self.output()));
    }

    /// Sends a request and waits for its answer.
    pub async fn deliver(&mut self, request: &Request) -> Answer {
        self.deliver_event(&event(request)).await
    }

    /// The same for any event of a Function URL.
    pub async fn deliver_event(&mut self, event: &Value) -> Answer {
        let from = if self.runtime.is_ready() { Instant::now() } else { self.started };
        let reply = self.invoke(event.to_string()).await;
        assert_eq!(reply.kind, "response", "a Function URL makes a 502 of this: {reply:?} {}", self.output());
        Answer {
            status: reply.body["statusCode"].as_u64().expect("a status"),
            headers: reply.body["headers"].clone(),
            body: reply.body["body"]
                .as_str()
                .and_then(|body| serde_json::from_str(body).ok())
                .expect("a JSON body"),
            took: from.elapsed(),
        }
    }

    /// Hands the function any event, and waits for what it makes of it.
    pub async fn invoke(&mut self, event: String) -> Reply {
        self.send(event);
        let reply = timeout(PATIENCE, self.runtime.reply()).await;
        reply.unwrap_or_else(|_| panic!("it does not answer: {}", self.output()))
    }

    /// Hands the function an event without waiting.
    pub fn send(&self, event: String) {
        self.runtime.send(event);
    }

    /// The next line of its log.
    pub async fn log_line(&mut self) -> Value {
        let line = timeout(PATIENCE, self.lines.recv()).await;
        let line = line.ok().flatten().unwrap_or_else(|| panic!("it logs no line: {}", self.output()));
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"))
    }

    /// All it has written so far, log and error output.
    pub fn output(&self) -> String {
        lock(&self.output).clone()
    }

    /// Waits for it to end by itself; all it has written is [`output`](Self::output) then.
    pub async fn ended(&mut self) -> ExitStatus {
        let status = timeout(PATIENCE, self.child.wait()).await;
        let status = status.unwrap_or_else(|_| panic!("it does not end: {}", self.output()));
        for reader in &mut self.readers {
            reader.await.expect("a reader reads on to the end");
        }
        status.expect("it is a child")
    }

    /// SIGKILL.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it runs");
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let output = self.output();
        assert!(std::thread::panicking() || !output.contains("panicked"), "{output}");
    }
}

/// Keeps what a pipe brings, and passes its lines on.
async fn read(
    pipe: impl AsyncRead + Unpin,
    output: Arc<Mutex<String>>,
    log: Option<mpsc::UnboundedSender<String>>,
) {
    let mut lines = BufReader::new(pipe).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        lock(&output).extend([line.as_str(), "\n"]);
        if let Some(log) = &log {
            // The test may no longer care.
            let _ = log.send(line);
        }
    }
}
