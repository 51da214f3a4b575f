//! The AWS services that a function calls.

use crate::dynamodb::{DynamoDb, TABLE};
use crate::endpoint::Endpoint;
use crate::secrets_manager::SecretsManager;
use crate::sqs::Sqs;
use crate::tls::Authority;

/// The URL of a standard queue.
pub const QUEUE_URL: &str = "https://sqs.eu-central-1.amazonaws.com/123456789012/usher";

/// The variables by which Lambda gives every function its region and credentials. No fake checks the key.
pub const CREDENTIALS: [(&str, &str); 4] = [
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ACCESS_KEY_ID", "nobody"),
    ("AWS_SECRET_ACCESS_KEY", "a-credential-that-opens-nothing"),
    ("AWS_SESSION_TOKEN", "a-session-of-nobody"),
];

/// Three endpoints without data, which answer as they should.
pub struct Aws {
    pub dynamodb: Endpoint<DynamoDb>,
    pub sqs: Endpoint<Sqs>,
    pub secrets: Endpoint<SecretsManager>,
    authority: Option<Authority>,
}

impl Aws {
    /// Starts endpoints that speak plain HTTP.
    pub async fn start() -> Self {
        Self::start_as(DynamoDb::default(), None).await
    }

    /// Starts endpoints that speak TLS.
    pub async fn start_with_tls(authority: Authority) -> Self {
        Self::start_as(DynamoDb::default(), Some(authority)).await
    }

    /// Starts endpoints around this DynamoDB.
    pub async fn start_as(dynamodb: DynamoDb, authority: Option<Authority>) -> Self {
        let tls = authority.as_ref();
        Self {
            dynamodb: Endpoint::start_as(dynamodb, tls).await,
            sqs: Endpoint::start_as(Sqs::default(), tls).await,
            secrets: Endpoint::start_as(SecretsManager::default(), tls).await,
            authority,
        }
    }

    /// Returns the environment with which a function calls these endpoints. Under [`Behaviour::Refuse`] and
    /// [`Behaviour::Unreachable`] an endpoint has another port, so those have to be set before.
    ///
    /// [`Behaviour::Refuse`]: crate::behaviour::Behaviour::Refuse
    /// [`Behaviour::Unreachable`]: crate::behaviour::Behaviour::Unreachable
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let mut variables: Vec<_> =
            CREDENTIALS.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        variables.extend([
            ("AWS_ENDPOINT_URL_DYNAMODB", self.dynamodb.url()),
            ("AWS_ENDPOINT_URL_SQS", self.sqs.url()),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", self.secrets.url()),
            ("TABLE_NAME", TABLE.to_owned()),
            ("QUEUE_URL", QUEUE_URL.to_owned()),
        ]);
        if let Some(authority) = &self.authority {
            variables.push(("AWS_CA_BUNDLE", authority.bundle().to_owned()));
        }
        variables
    }
}
