//! One running Lambda binary.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use events::{BodyEncoding, Request, function_url_event};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::lock;
use crate::runtime_api::{Reply, RuntimeApi};

/// The longest time that a test waits. It is far longer than any time that is promised.
const PATIENCE: Duration = Duration::from_secs(30);

/// A binary run as a Lambda. Dropping it kills the process and checks that it has not panicked.
pub struct Function {
    child: Child,
    started: Instant,
    runtime: RuntimeApi,
    lines: mpsc::UnboundedReceiver<String>,
    output: Arc<Mutex<Output>>,
    readers: [JoinHandle<()>; 2],
}

/// The treatment of a function's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// The text is kept.
    Kept,
    /// Only the bytes are counted, as a million lines would be too many to keep.
    Counted,
}

struct Output {
    log: Log,
    text: String,
    bytes: u64,
}

/// A function's answer to an HTTP request.
#[derive(Debug)]
pub struct Answer {
    pub status: u64,
    pub headers: Value,
    pub body: Value,
    /// The time since the event was sent; for the first event, since the process started.
    pub took: Duration,
}

impl Function {
    /// Starts a binary with these variables and those of Lambda itself, and no others.
    pub async fn start(binary: &str, variables: &[(&str, impl AsRef<str>)]) -> Self {
        let mut command = Command::new(binary);
        command.env_clear().envs(variables.iter().map(|(name, value)| (*name, value.as_ref())));
        Self::spawn(command, Log::Kept).await
    }

    /// Starts a command with the variables of Lambda itself beside its own.
    pub async fn spawn(mut command: Command, log: Log) -> Self {
        let runtime = RuntimeApi::start().await;
        command
            .env("AWS_LAMBDA_RUNTIME_API", runtime.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "usher")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let started = Instant::now();
        let mut child = command.spawn().expect("the binary is built");
        let output = Arc::new(Mutex::new(Output { log, text: String::new(), bytes: 0 }));
        let (sender, lines) = mpsc::unbounded_channel();
        let readers = [
            tokio::spawn(read(child.stdout.take().expect("it is piped"), Arc::clone(&output), Some(sender))),
            tokio::spawn(read(child.stderr.take().expect("it is piped"), Arc::clone(&output), None)),
        ];
        Self { child, started, runtime, lines, output, readers }
    }

    /// Waits for the end of INIT.
    pub async fn ready(&self) {
        let ready = timeout(PATIENCE, self.runtime.ready()).await;
        ready.unwrap_or_else(|_| panic!("it asks for no event: {}", self.output()));
    }

    /// Returns the time from the start of the process to its first request for an event. `None` before that.
    pub fn init(&self) -> Option<Duration> {
        self.runtime.asked().map(|asked| asked - self.started)
    }

    /// Returns the id of the process; `None` once it has ended.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Sends a request and waits for its answer.
    pub async fn deliver(&mut self, request: &Request) -> Answer {
        let now = std::time::UNIX_EPOCH.elapsed().expect("it is later than 1970").as_secs();
        let now = i64::try_from(now).expect("it is not that late");
        self.deliver_event(&function_url_event(request, now, BodyEncoding::Text)).await
    }

    /// Sends an event of a Function URL and waits for its answer.
    pub async fn deliver_event(&mut self, event: &Value) -> Answer {
        let from = if self.runtime.asked().is_some() { Instant::now() } else { self.started };
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

    /// Sends any event and waits for the reply.
    pub async fn invoke(&mut self, event: String) -> Reply {
        self.send(event);
        self.reply().await
    }

    /// Sends an event without waiting.
    pub fn send(&self, event: String) {
        self.runtime.send(event);
    }

    /// Waits for the reply to the next event.
    pub async fn reply(&mut self) -> Reply {
        let reply = timeout(PATIENCE, self.runtime.reply()).await;
        reply.unwrap_or_else(|_| panic!("it does not answer: {}", self.output()))
    }

    /// Returns the next line of its log.
    pub async fn log_line(&mut self) -> Value {
        let line = timeout(PATIENCE, self.lines.recv()).await;
        let line = line.ok().flatten().unwrap_or_else(|| panic!("it logs no line: {}", self.output()));
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"))
    }

    /// Returns everything it has written so far to its log and its error output.
    pub fn output(&self) -> String {
        lock(&self.output).text.clone()
    }

    /// Returns the number of bytes it has written so far, line ends included.
    pub fn output_bytes(&self) -> u64 {
        lock(&self.output).bytes
    }

    /// Waits until it ends by itself. [`output`](Self::output) is complete then.
    pub async fn ended(&mut self) -> ExitStatus {
        let status = timeout(PATIENCE, self.child.wait()).await;
        let status = status.unwrap_or_else(|_| panic!("it does not end: {}", self.output()));
        for reader in &mut self.readers {
            reader.await.expect("a reader reads on to the end");
        }
        status.expect("it is a child")
    }

    /// Stops the process (SIGSTOP), as Lambda freezes it between two events.
    pub async fn freeze(&self) {
        self.signal("STOP").await;
    }

    /// Continues the process (SIGCONT).
    pub async fn thaw(&self) {
        self.signal("CONT").await;
    }

    async fn signal(&self, signal: &str) {
        let pid = self.pid().expect("it runs").to_string();
        // The shell's built-in kill is there on every system.
        let mut kill = Command::new("sh");
        let sent = kill.args(["-c", r#"kill -s "$0" "$1""#, signal, &pid]).status().await;
        assert!(sent.is_ok_and(|status| status.success()), "SIG{signal} can't be sent");
    }

    /// Ends the process by a signal that it could handle (SIGTERM), and waits until it has ended.
    pub async fn terminate(mut self) {
        self.signal("TERM").await;
        let _ended = self.ended().await;
    }

    /// Kills the process (SIGKILL).
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

/// Reads a pipe line by line.
async fn read(
    pipe: impl AsyncRead + Unpin,
    output: Arc<Mutex<Output>>,
    lines_to: Option<mpsc::UnboundedSender<String>>,
) {
    let mut lines = BufReader::new(pipe).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut output = lock(&output);
        output.bytes += line.len() as u64 + 1;
        if output.log == Log::Counted && !line.contains("panicked") {
            continue;
        }
        output.text.extend([line.as_str(), "\n"]);
        if let Some(lines) = &lines_to {
            // The receiver is gone if the test has dropped the function.
            let _ = lines.send(line);
        }
    }
}
