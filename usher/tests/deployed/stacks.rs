//! The deployed stacks, the command that works on them, and the owner of the account.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::{env, fs};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{Credentials, SharedCredentialsProvider};
use events::{Answer, Provider, Request, Secrets, Target, sample, unix_now};
use serde_json::Value;
use tokio::runtime::Runtime;

/// The key, and also the secret, that the emulator accepts as those of the account's owner.
const OWNER: &str = "test";
const REGION: &str = "us-east-1";

/// The description of the deployed stacks.
static STACKS: LazyLock<Value> = LazyLock::new(|| {
    let path = env::var("USHER_STACKS").expect("USHER_STACKS names the file that describes the stacks");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
});

/// A deployed stack.
pub struct Stack(&'static str);

/// The stack with a standard queue.
pub const STANDARD: Stack = Stack("standard");
/// The stack with a FIFO queue.
pub const FIFO: Stack = Stack("fifo");

impl Stack {
    /// Runs a command of `usher` on this stack, with a text on standard input.
    pub fn usher(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_usher"))
            .args(arguments)
            .args(["--stack", self.text("name")])
            .env_remove("USHER_SECRET")
            .env_remove("AWS_PROFILE")
            .envs([
                ("AWS_ENDPOINT_URL", endpoint()),
                ("AWS_REGION", REGION),
                ("AWS_ACCESS_KEY_ID", OWNER),
                ("AWS_SECRET_ACCESS_KEY", OWNER),
                ("AWS_CONFIG_FILE", "/dev/null"),
                ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs a command that must succeed, and returns what it printed.
    #[track_caller]
    pub fn says(&self, arguments: &[&str], input: &str) -> String {
        let output = self.usher(arguments, input);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// Sends a delivery with an id of its own, signed with these secrets.
    pub fn deliver(&self, provider: Provider, secrets: &Secrets) -> Answer {
        let name = match provider {
            Provider::Luma => "luma/guest.registered",
            Provider::Lunacal => "lunacal/PING",
            Provider::Allfly => "allfly/event_attendee.joined_event",
        };
        let (id, body) = (provider.new_delivery_id(), sample(name).unwrap().body);
        let request = Request::delivery(provider, secrets, &id, unix_now(), body).unwrap();
        Target::parse(STACKS[self.0]["urls"][provider.name()].as_str().unwrap())
            .unwrap()
            .send(&request)
            .unwrap()
    }

    pub fn secret_id(&self, provider: Provider) -> &'static str {
        STACKS[self.0]["secrets"][provider.name()].as_str().unwrap()
    }

    /// The newest secrets that are valid.
    pub fn newest(&self, provider: Provider) -> Secrets {
        let read = secrets_manager(async |client| {
            client.get_secret_value().secret_id(self.secret_id(provider)).send().await.unwrap()
        });
        Secrets::read(&read.secret_string.unwrap()).unwrap()
    }

    /// Removes everything from the queue.
    pub fn empty_queue(&self) {
        let client = aws_sdk_sqs::Client::new(&account());
        wait(client.purge_queue().queue_url(self.text("queue")).send()).unwrap();
    }

    fn text(&self, name: &str) -> &'static str {
        STACKS[self.0][name].as_str().unwrap()
    }
}

/// Does something as the account's owner.
pub fn secrets_manager<T>(act: impl AsyncFnOnce(Client) -> T) -> T {
    wait(act(Client::new(&account())))
}

fn account() -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(endpoint())
        .credentials_provider(SharedCredentialsProvider::new(Credentials::from_keys(OWNER, OWNER, None)))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build()
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime: Runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(work)
}

fn endpoint() -> &'static str {
    STACKS["endpoint"].as_str().unwrap()
}
