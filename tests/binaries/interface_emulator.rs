//! One function under AWS's Runtime Interface Emulator, the program that runs functions in AWS's own container images.
//!
//! `make test` names the emulator's program in USHER_INTERFACE_EMULATOR, and in USHER_BUILD the folder of the functions
//! that `sam build` has made for the deployment.

use std::env;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use events::Request;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::delivery::{Provider, event};

/// The longest time that a test waits. It is far longer than any time that is promised.
const PATIENCE: Duration = Duration::from_secs(30);

/// A function that the emulator runs. Dropping it kills the emulator, with which the function ends.
pub struct EmulatedFunction {
    child: Child,
    url: String,
    output: Arc<Mutex<String>>,
}

/// The emulator's answer to one invocation.
pub struct Invoked {
    /// The status of the emulator's own: 200 if the function returned, whatever it returned.
    pub emulator_status: u16,
    /// The function's result; null if there is none.
    pub result: Value,
    /// The time of the whole invocation; the first one includes INIT.
    pub took: Duration,
}

impl Invoked {
    /// Returns the status that a Function URL would answer with.
    pub fn status(&self) -> Option<u64> {
        self.result["statusCode"].as_u64()
    }
}

impl EmulatedFunction {
    /// Starts the emulator for a provider's function with these variables. The function starts at the first event.
    pub async fn of(provider: Provider, variables: &[(&str, String)]) -> Self {
        let name = match provider {
            Provider::Luma => "LumaFunction",
            Provider::Lunacal => "LunacalFunction",
            Provider::Allfly => "AllflyFunction",
            Provider::Calcom => "CalcomFunction",
            Provider::Standard => "StandardFunction",
        };
        Self::start(name, variables).await
    }

    /// Starts the emulator for the relay with these variables.
    pub async fn of_relay(variables: &[(&str, String)]) -> Self {
        Self::start("RelayFunction", variables).await
    }

    async fn start(function: &str, variables: &[(&str, String)]) -> Self {
        let (address, runtime_api) = free_addresses();
        let mut child = Command::new(named_by("USHER_INTERFACE_EMULATOR"))
            .args(["--log-level", "error", "--runtime-interface-emulator-address", &address.to_string()])
            .args(["--runtime-api-address", &runtime_api.to_string()])
            .arg(named_by("USHER_BUILD").join(function).join("bootstrap"))
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (name, value)))
            // As the template says. By itself the emulator gives a function five minutes and 3 GB.
            .env("AWS_LAMBDA_FUNCTION_TIMEOUT", "10")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the emulator starts");
        let output = Arc::new(Mutex::new(String::new()));
        tokio::spawn(read(child.stdout.take().expect("it is piped"), Arc::clone(&output)));
        tokio::spawn(read(child.stderr.take().expect("it is piped"), Arc::clone(&output)));
        let url = format!("http://{address}/2015-03-31/functions/function/invocations");
        let mut function = Self { child, url, output };
        function.listens_on(address).await;
        function
    }

    async fn listens_on(&mut self, address: SocketAddr) {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            let ended = self.child.try_wait().expect("it is a child");
            assert!(ended.is_none() && Instant::now() < deadline, "it does not listen: {}", self.output());
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Sends a request as the event of a Function URL, payload format version 2.0.
    pub async fn deliver(&self, request: &Request) -> Invoked {
        self.invoke(event(request).to_string()).await
    }

    /// Sends any event.
    pub async fn invoke(&self, event: String) -> Invoked {
        let url = self.url.clone();
        let from = Instant::now();
        let answered = tokio::task::spawn_blocking(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .timeout_global(Some(PATIENCE))
                .build()
                .into();
            let mut answer = agent.post(url).send(event).expect("the emulator answers");
            let body = answer.body_mut().read_to_string().expect("it is text");
            (answer.status().as_u16(), serde_json::from_str(&body).unwrap_or_default())
        });
        let (emulator_status, result) = answered.await.expect("the call ends");
        Invoked { emulator_status, result, took: from.elapsed() }
    }

    /// Waits until the function has logged this many lines, and returns them.
    pub async fn log_lines(&self, count: usize) -> Vec<Value> {
        let lines = timeout(PATIENCE, async {
            loop {
                let lines = self.logged();
                if lines.len() >= count {
                    break lines;
                }
                sleep(Duration::from_millis(10)).await;
            }
        });
        lines.await.unwrap_or_else(|_| panic!("it does not log {count} lines: {}", self.output()))
    }

    /// Returns what the function has logged so far: the JSON among the emulator's own lines.
    fn logged(&self) -> Vec<Value> {
        self.output().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Waits until this text is in the output, and returns all of the output.
    pub async fn output_with(&self, text: &str) -> String {
        let said = timeout(PATIENCE, async {
            while !self.output().contains(text) {
                sleep(Duration::from_millis(10)).await;
            }
        });
        said.await.unwrap_or_else(|_| panic!("it does not say {text:?}: {}", self.output()));
        self.output()
    }

    fn output(&self) -> String {
        lock(&self.output).clone()
    }
}

impl Drop for EmulatedFunction {
    fn drop(&mut self) {
        let output = self.output();
        assert!(std::thread::panicking() || !output.contains("panicked"), "{output}");
    }
}

/// Returns the path that a variable holds, absolute.
fn named_by(variable: &str) -> PathBuf {
    let path = env::var(variable).unwrap_or_else(|_| panic!("make test sets {variable}"));
    Path::new(&path).canonicalize().unwrap_or_else(|_| panic!("{variable} names nothing: {path}"))
}

/// Returns two addresses on loopback that nothing listens on.
fn free_addresses() -> (SocketAddr, SocketAddr) {
    // Both are bound at once, or they might be the same.
    let bind = || TcpListener::bind("127.0.0.1:0").expect("there are free ports");
    let (first, second) = (bind(), bind());
    let address = |listener: &TcpListener| listener.local_addr().expect("it is bound");
    (address(&first), address(&second))
}

async fn read(pipe: impl AsyncRead + Unpin, output: Arc<Mutex<String>>) {
    let mut lines = BufReader::new(pipe).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        lock(&output).extend([line.as_str(), "\n"]);
    }
}

fn lock(output: &Mutex<String>) -> MutexGuard<'_, String> {
    output.lock().unwrap_or_else(PoisonError::into_inner)
}
