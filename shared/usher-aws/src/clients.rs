//! The AWS clients: one connection pool, few trust anchors, no configuration chain.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::http::HttpRequest;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, SharedHttpClient, StalledStreamProtectionConfig};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_types::body::SdkBody;
use usher_core::budget::{ANSWER_WITHIN, CLAIM_SHARE};

use crate::agent::Agent;
use crate::config::Aws;
use crate::signer::KeptKeyScheme;

/// Amazon's own root certificates, in PEM form (<https://www.amazontrust.com/repository/>). Every AWS endpoint of the
/// commercial partition has a certificate whose chain ends at one of them. For other endpoints `AWS_CA_BUNDLE` adds to
/// them.
///
/// The usual set has some hundred and forty and takes many times longer to load. And with these five, no other
/// authority can issue a certificate that an attacker between Lambda and AWS could use.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");

/// The longest wait for one connection, TCP and TLS together.
///
/// That is two or three round trips within a region, whose zones are single-digit milliseconds apart (AWS Fault
/// Isolation Boundaries, "Availability Zones"). The limit is for a first packet that is lost: the kernel sends it again
/// only after a second (RFC 6298, section 2), and a new attempt comes sooner. It is below [`ATTEMPT_TIMEOUT`], so that
/// the log can tell a connection that was never made from a service that did not answer.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(600);

/// The longest wait for one attempt of a call.
///
/// It is above the latencies that AWS gives as typical: "single-digit millisecond" for DynamoDB (Amazon DynamoDB
/// Developer Guide), "tens or low hundreds of milliseconds" for SQS (Amazon SQS FAQs). AWS gives no percentiles. And
/// it is low enough that in a warm function two attempts and the wait between them fit the first step's share of the
/// time budget.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(700);

/// The most attempts of one call, the first included: the SDK's default, stated because the simulation counts on it.
const MAX_ATTEMPTS: u32 = 3;

/// The longest wait before the second attempt, doubled before the third; the SDK waits a random part of it. Its default
/// of a second would use up a third of the time in which a request is answered.
const INITIAL_BACKOFF: Duration = Duration::from_millis(50);

const _: () = assert!(
    CONNECT_TIMEOUT.as_millis() < ATTEMPT_TIMEOUT.as_millis()
        && 2 * ATTEMPT_TIMEOUT.as_millis() + INITIAL_BACKOFF.as_millis()
            <= ANSWER_WITHIN.as_millis() * CLAIM_SHARE as u128 / 100
);

/// The clients of all AWS services that a function may call. They share one connection pool.
#[derive(Clone)]
pub struct Clients {
    /// The ledger's service.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// The queue's service.
    pub sqs: aws_sdk_sqs::Client,
    /// The secrets' service.
    pub secrets_manager: aws_sdk_secretsmanager::Client,
}

macro_rules! client {
    ($sdk:ident, $signing_name:literal, $aws:expr, $http:expr, $endpoint:expr) => {{
        let mut config = $sdk::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new($aws.region.clone()))
            .credentials_provider(credentials($aws))
            .push_auth_scheme(KeptKeyScheme::new($signing_name, &$aws.region))
            .interceptor(Agent)
            .http_client($http.clone())
            .timeout_config(timeouts())
            .retry_config(retries())
            // It guards streams that stall. No call here streams, and every attempt has its time limit.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url($endpoint.clone());
        $sdk::Client::from_conf(config.build())
    }};
}

impl Clients {
    /// Makes the clients. That takes microseconds: a connection is opened when it is first used.
    ///
    /// # Panics
    ///
    /// If [`Aws::ca_bundle`] holds no certificate that can be read. The configuration's is checked when it is read.
    pub fn new(aws: &Aws) -> Self {
        Self::over(&http_client(aws.ca_bundle.as_deref()), aws)
    }

    /// Makes clients that send their requests through this HTTP client.
    pub(crate) fn over(http: &SharedHttpClient, aws: &Aws) -> Self {
        Self {
            dynamodb: client!(aws_sdk_dynamodb, "dynamodb", aws, http, aws.dynamodb_endpoint),
            sqs: client!(aws_sdk_sqs, "sqs", aws, http, aws.sqs_endpoint),
            secrets_manager: client!(
                aws_sdk_secretsmanager,
                "secretsmanager",
                aws,
                http,
                aws.secrets_manager_endpoint
            ),
        }
    }
}

/// Replaces an AWS request by a bare `GET /`, which any endpoint answers with some status and which needs no
/// permission. It is sent only so that its connection stays open in the pool.
pub fn only_connect(request: &mut HttpRequest) {
    *request.body_mut() = SdkBody::empty();
    request.headers_mut().remove("content-length");
    let _known = request.set_method("GET");
}

/// Returns the environment's credentials. Lambda never renews them in a running sandbox, so nothing refreshes them.
fn credentials(aws: &Aws) -> Credentials {
    Credentials::new(
        aws.access_key_id.clone(),
        aws.secret_access_key.clone(),
        aws.session_token.clone(),
        None,
        "environment",
    )
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(MAX_ATTEMPTS).with_initial_backoff(INITIAL_BACKOFF)
}

fn http_client(ca_bundle: Option<&[u8]>) -> SharedHttpClient {
    let mut roots = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    if let Some(pem) = ca_bundle {
        roots = roots.with_pem_certificate(pem);
    }
    let context =
        TlsContext::builder().with_trust_store(roots).build().expect("a trust store is all it needs");
    aws_smithy_http_client::Builder::new()
        // Not AWS-LC: its entropy source takes most of a cold start's time (ARCHITECTURE.md has the figures).
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build_https()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use aws_sdk_dynamodb::config::http::HttpResponse;
    use aws_smithy_runtime_api::client::http::{
        HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
    };

    use super::*;
    use crate::agent::AGENT;

    /// The values of `user-agent` and `x-amz-user-agent`, of each request.
    type Sent = Arc<Mutex<Vec<(String, Option<String>)>>>;

    #[derive(Debug, Clone, Default)]
    struct Recorder(Sent);

    impl HttpConnector for Recorder {
        fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
            let header = |name| request.headers().get(name).map(str::to_owned);
            let agents = (header("user-agent").unwrap_or_default(), header("x-amz-user-agent"));
            self.0.lock().expect("no test panics with it").push(agents);
            let status = aws_smithy_runtime_api::http::StatusCode::try_from(200).expect("200 is a status");
            HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from("{}"))))
        }
    }

    #[tokio::test]
    async fn every_call_is_made_in_ushers_name() {
        let recorder = Recorder::default();
        let sent = Arc::clone(&recorder.0);
        let http: SharedHttpClient = http_client_fn(move |_, _| SharedHttpConnector::new(recorder.clone()));
        let aws = Aws {
            region: "eu-central-1".to_owned(),
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: "secret".to_owned(),
            session_token: None,
            dynamodb_endpoint: None,
            sqs_endpoint: None,
            secrets_manager_endpoint: None,
            ca_bundle: None,
        };
        let clients = Clients::over(&http, &aws);
        let _ = clients.dynamodb.list_tables().send().await;
        let _ = clients.sqs.list_queues().send().await;
        let _ = clients.secrets_manager.list_secrets().send().await;
        let sent = sent.lock().expect("no call panicked");
        assert_eq!(*sent, vec![(AGENT.to_owned(), None); 3]);
    }
}
