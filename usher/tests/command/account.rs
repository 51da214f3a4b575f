//! An AWS account with one stack of Usher: the part of CloudFormation, Secrets Manager and Lambda that the command uses.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::http::{Reply, Request, serve};

/// The identifier in the URL of Luma's function.
const LUMA: &str = "luma0url";
/// The time at which documents were stored, unless they are [stored just now](Account::store_just_now).
const LONG_AGO: i64 = 1_767_225_600;
/// The identifier in the URL of Lunacal's function.
const LUNACAL: &str = "lunacal0url";

pub struct Account {
    pub endpoint: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The versions of each secret, and their labels.
    secrets: BTreeMap<String, Vec<Version>>,
    /// The document that another operator stores as soon as the secret is read.
    meddling: Option<String>,
    /// `true` if answers of Secrets Manager end in the middle.
    is_garbled: bool,
    /// The deliveries that functions got.
    delivered: Vec<Delivered>,
    /// The number of deliveries that a function refuses before it reads its secrets again.
    refusals: usize,
    /// The parameters of the stack.
    parameters: Vec<(&'static str, &'static str)>,
    /// `true` if documents were stored at this moment, and not long ago.
    is_just_stored: bool,
    /// The items of the ledger.
    items: Vec<Value>,
    /// The number of scans of the ledger.
    scans: usize,
    /// `true` if the ledger may not be read.
    is_ledger_closed: bool,
}

struct Version {
    document: String,
    labels: Vec<String>,
}

pub struct Delivered {
    pub function: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Account {
    pub fn new() -> Self {
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        let endpoint = serve(move |request| lock(&shared).answer(&request));
        Self { endpoint, state }
    }

    pub fn with(secret: &str, document: &str) -> Self {
        let account = Self::new();
        lock(&account.state).put(secret, document, "AWSCURRENT");
        account
    }

    /// Returns the URL of a function, as the command has to find it.
    pub fn url(&self, function: &str) -> String {
        format!("{}/_aws/lambda-url/{function}0url/", self.endpoint)
    }

    pub fn current(&self, secret: &str) -> Option<String> {
        let state = lock(&self.state);
        state.current(secret).map(|number| state.secrets[secret][number].document.clone())
    }

    pub fn versions(&self, secret: &str) -> usize {
        lock(&self.state).secrets.get(secret).map_or(0, Vec::len)
    }

    /// Stores this document, as another operator would, as soon as the secret is read the next time.
    pub fn meddle(&self, document: &str) {
        lock(&self.state).meddling = Some(document.to_owned());
    }

    pub fn garble(&self) {
        lock(&self.state).is_garbled = true;
    }

    pub fn set_parameters(&self, parameters: &[(&'static str, &'static str)]) {
        lock(&self.state).parameters = parameters.to_vec();
    }

    pub fn store_just_now(&self) {
        lock(&self.state).is_just_stored = true;
    }

    pub fn close_ledger(&self) {
        lock(&self.state).is_ledger_closed = true;
    }

    pub fn scans(&self) -> usize {
        lock(&self.state).scans
    }

    /// Puts a delivery into the ledger, as a function has stored it so many minutes ago. `mark` names the secrets that
    /// verified it, if it is not the newest of an account without a name.
    pub fn keep(&self, provider: &str, minutes: i64, mark: &str, body: &str) {
        let mut state = lock(&self.state);
        let received = Timestamp::now().as_millisecond() - minutes * 60_000;
        let mut item = json!({
            "pk": { "S": format!("{provider}#{}", state.items.len()) },
            "token": { "S": "token" },
            "attempt": { "N": "0" },
            "received": { "N": received.to_string() },
            "sent": { "N": received.to_string() },
            "plain": { "B": BASE64.encode(body) },
        });
        if !mark.is_empty() {
            item["by"] = json!({ "S": mark });
        }
        state.items.push(item);
    }

    pub fn refuse(&self, deliveries: usize) {
        lock(&self.state).refusals = deliveries;
    }

    pub fn delivered(&self) -> Vec<Delivered> {
        std::mem::take(&mut lock(&self.state).delivered)
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> Reply {
        if request.header("x-amz-target").is_some_and(|target| target.starts_with("DynamoDB_")) {
            return self.scan();
        }
        if let Some(target) = request.header("x-amz-target") {
            let input: Value = serde_json::from_slice(&request.body).unwrap();
            let secret = input["SecretId"].as_str().unwrap().to_owned();
            return self.secrets_manager(target.rsplit('.').next().unwrap(), &secret, &input);
        }
        match request.path.strip_prefix("/_aws/lambda-url/") {
            Some(function) => self.function(function.trim_end_matches("0url/"), request),
            None => describe_stacks(&self.parameters),
        }
    }

    fn scan(&mut self) -> Reply {
        self.scans += 1;
        if self.is_ledger_closed {
            return error("AccessDeniedException");
        }
        Reply::json(200, json!({ "Items": self.items, "Count": self.items.len() }).to_string())
    }

    fn function(&mut self, function: &str, request: &Request) -> Reply {
        self.delivered.push(Delivered {
            function: function.to_owned(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
        });
        if self.refusals > 0 {
            self.refusals -= 1;
            return Reply::json(401, r#"{"ok":false,"status":401,"message":"wrong signature"}"#);
        }
        Reply::json(200, r#"{"ok":true,"status":200,"message":"Webhook received"}"#)
    }

    fn secrets_manager(&mut self, operation: &str, secret: &str, input: &Value) -> Reply {
        match operation {
            "GetSecretValue" => {
                let Some(number) = self.current(secret) else { return error("ResourceNotFoundException") };
                let document = self.secrets[secret][number].document.clone();
                if self.is_garbled {
                    return Reply::json(200, format!(r#"{{"SecretString":"{document}"#));
                }
                if let Some(meddling) = self.meddling.take() {
                    self.put(secret, &meddling, "AWSCURRENT");
                }
                let stored = if self.is_just_stored { Timestamp::now().as_second() } else { LONG_AGO };
                let version = number.to_string();
                let read = json!({ "SecretString": document, "VersionId": version, "CreatedDate": stored });
                Reply::json(200, read.to_string())
            }
            "PutSecretValue" => {
                let label = input["VersionStages"][0].as_str().unwrap();
                let number = self.put(secret, input["SecretString"].as_str().unwrap(), label);
                Reply::json(200, json!({ "VersionId": number.to_string() }).to_string())
            }
            "UpdateSecretVersionStage" => self.move_label(secret, input),
            other => panic!("{other} is not expected"),
        }
    }

    /// Moves a label as Secrets Manager does: only from the version that the request names.
    fn move_label(&mut self, secret: &str, input: &Value) -> Reply {
        let label = input["VersionStage"].as_str().unwrap();
        let number = |name: &str| input[name].as_str().map(|id| id.parse::<usize>().unwrap());
        let versions = self.secrets.get_mut(secret).unwrap();
        let holder = versions.iter().position(|version| version.labels.iter().any(|own| own == label));
        if number("RemoveFromVersionId") != holder {
            return error("InvalidParameterException");
        }
        for version in versions.iter_mut() {
            version.labels.retain(|own| own != label);
        }
        if let Some(to) = number("MoveToVersionId") {
            versions[to].labels.push(label.to_owned());
        }
        Reply::json(200, "{}")
    }

    fn put(&mut self, secret: &str, document: &str, label: &str) -> usize {
        let versions = self.secrets.entry(secret.to_owned()).or_default();
        for version in versions.iter_mut() {
            version.labels.retain(|own| own != label);
        }
        versions.push(Version { document: document.to_owned(), labels: vec![label.to_owned()] });
        versions.len() - 1
    }

    fn current(&self, secret: &str) -> Option<usize> {
        let versions = self.secrets.get(secret)?;
        versions.iter().position(|version| version.labels.iter().any(|label| label == "AWSCURRENT"))
    }
}

fn describe_stacks(parameters: &[(&str, &str)]) -> Reply {
    let url = |id: &str| format!("https://{id}.lambda-url.us-east-1.on.aws/");
    let (luma, lunacal, allfly) = (url(LUMA), url(LUNACAL), url("allfly0url"));
    let mut outputs = vec![
        ("LumaUrl", luma.as_str()),
        ("LunacalUrl", &lunacal),
        ("LumaSecretId", "luma"),
        ("LunacalSecretId", "lunacal"),
        ("QueueUrl", "https://sqs.invalid/queue"),
        ("TableName", "ledger"),
    ];
    if parameters.contains(&("Allfly", "on")) {
        outputs.extend([("AllflyUrl", allfly.as_str()), ("AllflySecretId", "allfly")]);
    }
    Reply::stack(parameters, &outputs)
}

fn error(code: &str) -> Reply {
    Reply::json(400, json!({ "__type": code, "message": "as the test wants it" }).to_string())
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
