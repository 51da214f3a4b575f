//! The services a function calls, together.

use crate::dynamodb::{DynamoDb, TABLE};
use crate::endpoint::Endpoint;
use crate::secrets_manager::SecretsManager;
use crate::sqs::Sqs;
use crate::tls::Authority;

/// A standard queue.
pub const QUEUE_URL: &str = "https://sqs.eu-central-1.amazonaws.com/123456789012/usher";

/// What Lambda gives every function. The key is no key: nothing here checks it.
pub const CREDENTIALS: [(&str, &str); 4] = [
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ACCESS_KEY_ID", "nobody"),
    ("AWS_SECRET_ACCESS_KEY", "a-credential-that-opens-nothing"),
    ("AWS_SESSION_TOKEN", "a-session-of-nobody"),
];

/// Three endpoints, empty and well.
pub struct Aws {
    pub dynamodb: Endpoint<DynamoDb>,
    pub sqs: Endpoint<Sqs>,
    pub secrets: Endpoint<SecretsManager>,
    authority: Option<Authority>,
}

impl Aws {
    /// Speaking plain HTTP.
    pub async fn start() -> Self {
        Self::start_as(DynamoDb::default(), None).await
    }

    /// Speaking TLS.
    pub async fn start_with_tls(authority: Authority) -> Self {
        Self::start_as(DynamoDb::default(), Some(authority)).await
    }

    /// With a DynamoDB of the caller's making.
    pub async fn start_as(dynamodb: DynamoDb, authority: Option<Authority>) -> Self {
        let tls = authority.as_ref();
        Self {
            dynamodb: Endpoint::start_as(dynamodb, tls).await,
            sqs: Endpoint::start_as(Sqs::default(), tls).await,
            secrets: Endpoint::start_as(SecretsManager::default(), tls).await,
            authority,
        }
    }

    /// The environment that leads a function here. The endpoints' ports are as they behave at this moment.
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
