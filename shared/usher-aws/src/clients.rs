//! The AWS clients: one connection pool, few trust anchors, no configuration chain.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, SharedHttpClient, StalledStreamProtectionConfig};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use crate::config::Aws;

/// Amazon's own roots, which every AWS endpoint of the commercial partitions chains to
/// (<https://www.amazontrust.com/repository/>). Five anchors instead of some hundred and forty take a fraction of the
/// time to load, and no other authority can vouch for an endpoint. Elsewhere `AWS_CA_BUNDLE` adds to them.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");

/// A TCP and TLS handshake within a region takes milliseconds.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(600);

/// One try of one call. Above DynamoDB's and SQS's p99.9, and short enough for a second try within a step's share of
/// the time budget.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(700);

const MAX_ATTEMPTS: u32 = 3;

/// The SDK's default of a second would be spent waiting on a budget of four.
const INITIAL_BACKOFF: Duration = Duration::from_millis(50);

/// All clients a function may use. Making one costs microseconds; connections are opened when used.
#[derive(Clone)]
pub struct Clients {
    pub dynamodb: aws_sdk_dynamodb::Client,
    pub sqs: aws_sdk_sqs::Client,
    pub secrets_manager: aws_sdk_secretsmanager::Client,
}

macro_rules! client {
    ($sdk:ident, $aws:expr, $http:expr, $endpoint:expr) => {{
        let mut config = $sdk::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new($aws.region.clone()))
            .credentials_provider(credentials($aws))
            .http_client($http.clone())
            .timeout_config(timeouts())
            .retry_config(retries())
            // It guards streams against stalling; here are none, and every step has its time limit.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url($endpoint.clone());
        $sdk::Client::from_conf(config.build())
    }};
}

impl Clients {
    pub fn new(aws: &Aws) -> Self {
        Self::over(&http_client(aws.ca_bundle.as_deref()), aws)
    }

    /// Clients whose requests go where the HTTP client brings them.
    pub(crate) fn over(http: &SharedHttpClient, aws: &Aws) -> Self {
        Self {
            dynamodb: client!(aws_sdk_dynamodb, aws, http, aws.dynamodb_endpoint),
            sqs: client!(aws_sdk_sqs, aws, http, aws.sqs_endpoint),
            secrets_manager: client!(aws_sdk_secretsmanager, aws, http, aws.secrets_manager_endpoint),
        }
    }
}

/// Lambda renews a function's credentials by starting another sandbox, so those of the environment are all there are.
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
        TlsContext::builder().with_trust_store(roots).build().expect("no part of it can be missing");
    aws_smithy_http_client::Builder::new()
        // ring rather than AWS-LC, whose entropy source takes most of a cold start's time.
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build_https()
}
