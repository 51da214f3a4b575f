//! The world that a command meets: an AWS account with one stack, the function in it, and the provider's API. They share
//! one state, since what may happen at the provider depends on what the function knows.

use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::http::serve;
use crate::{aws, provider_api};

/// A webhook at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub url: String,
    pub enabled: bool,
    pub types: Vec<String>,
    pub secret: String,
}

/// The provider's and AWS's state.
#[derive(Default)]
pub struct State {
    pub webhooks: Vec<Webhook>,
    /// The number of webhooks that were ever created.
    pub created: usize,
    /// The versions of the secret document, and their labels.
    pub versions: Vec<(String, Vec<String>)>,
    /// The time at which the document was stored, in Unix seconds.
    pub stored: i64,
    /// The lines of the function's log.
    pub log: Vec<String>,
    /// The requests that changed something, in their order.
    pub changes: Vec<String>,
    /// The promises that were broken.
    pub faults: Vec<String>,
    /// The number of the change at which the world ends, and `true` if that change is still made.
    pub dies: Option<(usize, bool)>,
    pub is_dead: bool,
    /// `true` if the list leaves out what was created.
    pub is_late: bool,
    /// Answers that the API gives before it does anything: status and `Retry-After`.
    pub refusals: Vec<(u16, Option<&'static str>)>,
    /// The operations that are carried out and not answered, once each.
    pub unanswered: Vec<&'static str>,
    /// The operation that is answered after the command gave up.
    pub slow: Option<&'static str>,
    /// The number of deliveries that the function refuses before it reads its secrets again.
    pub stale: usize,
    /// The bodies of the deliveries that the function accepted.
    pub delivered: usize,
    pub api_requests: usize,
}

impl State {
    /// Returns the secret document that the function has.
    pub fn document(&self) -> String {
        let current =
            self.versions.iter().find(|(_, labels)| labels.iter().any(|label| label == "AWSCURRENT"));
        current.map(|(document, _)| document.clone()).unwrap_or_default()
    }

    /// Notes a change. Returns `false` if the world ends before it is made.
    pub fn change(&mut self, change: impl Into<String>) -> bool {
        self.changes.push(change.into());
        if let Some((number, is_made)) = self.dies
            && self.changes.len() == number
        {
            self.is_dead = true;
            return is_made;
        }
        true
    }

    /// Returns every secret in the document, in its order.
    pub fn secrets(&self) -> Vec<String> {
        let mut found = Vec::new();
        strings(
            &serde_json::from_str(&self.document()).unwrap_or(Value::String(self.document())),
            &mut found,
        );
        found
    }
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(members) => members.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

pub struct World {
    pub state: Arc<Mutex<State>>,
    aws: String,
    api: String,
    provider: &'static str,
}

impl World {
    pub fn new(provider: &'static str) -> Self {
        let state = Arc::new(Mutex::new(State { stored: 1_767_225_600, ..State::default() }));
        let shared = Arc::clone(&state);
        let aws = serve(move |request| aws::answer(&mut lock(&shared), &request));
        let shared = Arc::clone(&state);
        let api = serve(move |request| provider_api::answer(provider, &shared, &request));
        let world = Self { state, aws, api, provider };
        // Somebody else's, which every command has to leave alone.
        world.state().webhooks.push(Self::foreign());
        world
    }

    pub fn with_document(provider: &'static str, document: &str) -> Self {
        let world = Self::new(provider);
        world.state().versions.push((document.to_owned(), vec!["AWSCURRENT".to_owned()]));
        world
    }

    pub fn foreign() -> Webhook {
        Webhook {
            id: "foreign".to_owned(),
            url: "https://example.com/other".to_owned(),
            enabled: true,
            types: vec!["guest.registered".to_owned()],
            secret: secret("foreign"),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Returns the URL that the provider has to post to.
    pub fn url(&self) -> String {
        format!("https://{}0url.lambda-url.us-east-1.on.aws/", self.provider)
    }

    /// Puts a webhook there that was made by hand.
    pub fn put(&self, id: &str, query: &str, enabled: bool) {
        let types = crate::provider_api::all_types(self.provider);
        let url = format!("{}{query}", self.url());
        let webhook = Webhook { id: id.to_owned(), url, enabled, types, secret: secret(id) };
        self.state().webhooks.push(webhook);
    }

    /// Returns the webhooks at the function's URL.
    pub fn own(&self) -> Vec<Webhook> {
        let url = self.url();
        self.state().webhooks.iter().filter(|webhook| webhook.url.starts_with(&url)).cloned().collect()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
        command.args(arguments).args(["--api-host", &self.api]).env_clear().envs([
            ("AWS_ENDPOINT_URL", self.aws.as_str()),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
            ("AWS_MAX_ATTEMPTS", "1"),
            ("LUMA_API_KEY", provider_api::KEY),
            ("ALLFLY_API_KEY", provider_api::KEY),
            ("CALCOM_API_KEY", provider_api::KEY),
        ]);
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command of this provider, such as `connect --check`.
    pub fn run(&self, command: &str) -> Output {
        let mut words = command.split(' ');
        let mut arguments = vec![words.next().unwrap(), self.provider];
        arguments.extend(words);
        let output = self.command(&arguments).output().unwrap();
        let said = said(&output);
        assert!(!said.contains(provider_api::KEY) && !said.contains("whsec_"), "it prints a secret: {said}");
        output
    }

    /// Asserts what is true after every command that succeeded.
    #[track_caller]
    pub fn assert_connected(&self) {
        let state = self.state();
        assert_eq!(state.faults, Vec::<String>::new(), "{:?}", state.changes);
        assert!(state.webhooks.contains(&Self::foreign()), "somebody else's webhook was changed");
        let secrets = state.secrets();
        drop(state);
        let own = self.own();
        let enabled: Vec<_> = own.iter().filter(|webhook| webhook.enabled).collect();
        assert_eq!(enabled.len(), 1, "{own:?}");
        assert_eq!(enabled[0].types, provider_api::all_types(self.provider));
        assert!(secrets.contains(&enabled[0].secret), "its secret is not stored");
    }
}

/// Returns everything that a command printed.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
pub fn well(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
pub fn failed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", said(output));
    said(output)
}

/// Makes a secret that is a key of either provider.
pub fn secret(seed: &str) -> String {
    let letters: String =
        seed.bytes().cycle().take(32).map(char::from).filter(char::is_ascii_alphanumeric).collect();
    format!("whsec_{letters:A<32}")
}

pub fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
