//! The settings that template.yaml gives the function, and the clients made of them.

use std::env;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use usher_consumer::dynamodb::DynamoDbSeen;

/// The settings of this function.
pub struct Settings {
    /// The store of the events that were handled.
    pub seen: DynamoDbSeen,
    /// The time for which a handled event is remembered.
    pub retention: Duration,
}

impl Settings {
    /// Reads the environment, once.
    pub fn from_environment() -> Result<Self, lambda_runtime::Error> {
        let days: u64 = variable("RETENTION_DAYS")?.parse()?;
        Ok(Self {
            seen: DynamoDbSeen::new(client()?, variable("SEEN_TABLE")?),
            retention: Duration::from_hours(24 * days),
        })
    }
}

fn variable(name: &str) -> Result<String, lambda_runtime::Error> {
    env::var(name)
        .map_err(|_| format!("{name} is not set: deploy this function with its template.yaml").into())
}

/// Makes a client with the credentials that Lambda puts into the environment. With the crate aws-config it is
/// `Client::new(&aws_config::load_from_env().await)`, and starts slower.
fn client() -> Result<Client, lambda_runtime::Error> {
    let credentials = Credentials::new(
        variable("AWS_ACCESS_KEY_ID")?,
        variable("AWS_SECRET_ACCESS_KEY")?,
        env::var("AWS_SESSION_TOKEN").ok(),
        None,
        "environment",
    );
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(variable("AWS_REGION")?))
        .credentials_provider(credentials)
        .http_client(Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https());
    config.set_endpoint_url(env::var("AWS_ENDPOINT_URL").ok());
    Ok(Client::from_conf(config.build()))
}
