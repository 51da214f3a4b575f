//! The log of a function, read by CloudWatch Logs' `FilterLogEvents`.
//!
//! It is one request of plain JSON. The SDK's client of CloudWatch Logs would bring event streams along, and with them
//! another build of the whole SDK, so the request is signed here by the SDK's own signer.

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_sdk_sqs::config::ProvideCredentials as _;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::terminal::Failure;

const OPERATION: &str = "Logs_20140328.FilterLogEvents";
const CONTENT_TYPE: &str = "application/x-amz-json-1.1";
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// The log group of a function.
pub(crate) struct FunctionLog {
    config: SdkConfig,
    group: String,
}

/// One page of lines.
#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    events: Vec<Event>,
    #[serde(rename = "nextToken")]
    next_token: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    message: String,
}

impl FunctionLog {
    pub(crate) fn new(config: &SdkConfig, group: String) -> Self {
        Self { config: config.clone(), group }
    }

    /// Reads the lines that hold a word, since a time in Unix milliseconds.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(crate) async fn lines_with(&self, word: &str, since: i64) -> Result<Vec<String>, Failure> {
        let mut lines = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut input = json!({ "logGroupName": self.group, "startTime": since, "filterPattern": word });
            if let Some(token) = token {
                input["nextToken"] = token.into();
            }
            let page = self.page(&input).await?;
            lines.extend(page.events.into_iter().map(|event| event.message));
            token = page.next_token;
            if token.is_none() {
                return Ok(lines);
            }
        }
    }

    async fn page(&self, input: &Value) -> Result<Page, Failure> {
        let endpoint = self.endpoint();
        let body = input.to_string();
        let mut request = ureq::http::Request::post(&endpoint);
        for (name, value) in self.signed(&endpoint, &body).await? {
            request = request.header(name, value);
        }
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(ANSWER_WITHIN));
        // An emulator is on this machine, which is never reached through a proxy.
        let config = if self.config.endpoint_url().is_some() { config.proxy(None) } else { config };
        let agent: ureq::Agent = config.build().into();
        let unreadable = |why: String| format!("cannot read the log {} ({why})", self.group);
        let answer = request.body(body).map_err(|error| unreadable(error.to_string()))?;
        let mut answer = agent.run(answer).map_err(|error| unreadable(error.to_string()))?;
        let text = answer.body_mut().read_to_string().map_err(|error| unreadable(error.to_string()))?;
        if !answer.status().is_success() {
            // Of an error, only its code is shown.
            let error: Value = serde_json::from_str(&text).unwrap_or_default();
            let code = error["__type"].as_str().and_then(|code| code.rsplit('#').next());
            return Err(unreadable(code.unwrap_or(answer.status().as_str()).to_owned()).into());
        }
        Ok(serde_json::from_str(&text).map_err(|_| unreadable("its answer is not understood".to_owned()))?)
    }

    fn region(&self) -> &str {
        self.config.region().map_or("us-east-1", |region| region.as_ref())
    }

    fn endpoint(&self) -> String {
        let region = self.region();
        let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let own = self.config.endpoint_url().map(|url| format!("{}/", url.trim_end_matches('/')));
        own.unwrap_or_else(|| format!("https://logs.{region}.{domain}/"))
    }

    /// Returns the headers of a request, with the signature.
    async fn signed(&self, endpoint: &str, body: &str) -> Result<Vec<(String, String)>, Failure> {
        let provider = self.config.credentials_provider().ok_or("no AWS credentials were found")?;
        let identity = provider.provide_credentials().await?.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region())
            .name("logs")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let headers = [("content-type", CONTENT_TYPE), ("x-amz-target", OPERATION)];
        let body = SignableBody::Bytes(body.as_bytes());
        let request = SignableRequest::new("POST", endpoint, headers.into_iter(), body)?;
        let (instructions, _) = sign(request, &params)?.into_parts();
        let all = headers.into_iter().chain(instructions.headers());
        Ok(all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}
