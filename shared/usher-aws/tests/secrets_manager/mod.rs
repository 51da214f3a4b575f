//! A fake Secrets Manager without a network, whose answers take no real time: the tests move the clock themselves.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_credential_types::Credentials;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Region, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use serde_json::json;

/// The answer to every read.
#[derive(Debug, Clone, Copy)]
pub enum Says {
    /// A secret document.
    Document(&'static str),
    /// The secret exists and has no value.
    NoValue,
    InternalError,
    AccessDenied,
    /// No answer, ever.
    Nothing,
}

#[derive(Debug, Clone)]
pub struct SecretsManager(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    says: Says,
    reads: usize,
}

impl SecretsManager {
    pub fn that(says: Says) -> Self {
        Self(Arc::new(Mutex::new(State { says, reads: 0 })))
    }

    pub fn says(&self, says: Says) {
        self.state().says = says;
    }

    /// Returns the number of reads so far.
    pub fn reads(&self) -> usize {
        self.state().reads
    }

    pub fn client(&self) -> Client {
        let connector = SharedHttpConnector::new(self.clone());
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("eu-central-1"))
            .credentials_provider(Credentials::new("key id", "key", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()));
        Client::from_conf(config.build())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpConnector for SecretsManager {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let mut state = self.state();
        state.reads += 1;
        let error = |code: &str| json!({ "__type": code });
        let (status, body) = match state.says {
            Says::Document(document) => (200, json!({ "SecretString": document })),
            Says::NoValue => (400, error("ResourceNotFoundException")),
            Says::InternalError => (500, error("InternalServiceError")),
            Says::AccessDenied => (400, error("AccessDeniedException")),
            Says::Nothing => return HttpConnectorFuture::new(std::future::pending()),
        };
        let status = u16::try_from(status).ok().and_then(|status| status.try_into().ok());
        let response = HttpResponse::new(status.expect("a status"), SdkBody::from(body.to_string()));
        HttpConnectorFuture::ready(Ok(response))
    }
}
