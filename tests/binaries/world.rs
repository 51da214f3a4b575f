//! AWS as one test sees it: three endpoints, empty and well.

use crate::delivery::Provider;
use crate::fakes::dynamodb::DynamoDb;
use crate::fakes::endpoint::Endpoint;
use crate::fakes::secrets_manager::SecretsManager;
use crate::fakes::sqs::Sqs;
use crate::function::Function;

pub struct World {
    pub dynamodb: Endpoint<DynamoDb>,
    pub sqs: Endpoint<Sqs>,
    pub secrets: Endpoint<SecretsManager>,
    queue: &'static str,
}

impl World {
    /// With a standard queue, and every provider's secret put.
    pub async fn new() -> Self {
        let world = Self {
            dynamodb: Endpoint::start(DynamoDb::default()).await,
            sqs: Endpoint::start(Sqs::default()).await,
            secrets: Endpoint::start(SecretsManager::default()).await,
            queue: "https://sqs.eu-central-1.amazonaws.com/123456789012/usher",
        };
        for provider in Provider::ALL {
            world.secrets.service().put(secret_id(provider), provider.secret_document());
        }
        world
    }

    /// The same with a FIFO queue.
    pub async fn with_fifo_queue() -> Self {
        let queue = "https://sqs.eu-central-1.amazonaws.com/123456789012/usher.fifo";
        Self { queue, ..Self::new().await }
    }

    /// Starts a provider's function.
    pub async fn start(&self, provider: Provider) -> Function {
        self.start_with(provider, &[]).await
    }

    /// The same with further variables.
    pub async fn start_with(&self, provider: Provider, variables: &[(&str, &str)]) -> Function {
        let mut all = vec![("WEBHOOK_SECRETS_ID", secret_id(provider))];
        all.extend(variables);
        self.run(provider.binary(), &all).await
    }

    /// Starts a provider's function with its secret document in the environment.
    pub async fn start_with_document(&self, provider: Provider, document: &str) -> Function {
        self.run(provider.binary(), &[("WEBHOOK_SECRETS", document)]).await
    }

    pub async fn start_relay(&self) -> Function {
        self.run(env!("CARGO_BIN_EXE_relay"), &[]).await
    }

    async fn run(&self, binary: &str, variables: &[(&str, &str)]) -> Function {
        let endpoints = [self.dynamodb.url(), self.sqs.url(), self.secrets.url()];
        let mut all = AWS.to_vec();
        all.extend([
            ("AWS_ENDPOINT_URL_DYNAMODB", endpoints[0].as_str()),
            ("AWS_ENDPOINT_URL_SQS", endpoints[1].as_str()),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", endpoints[2].as_str()),
            ("TABLE_NAME", "usher-ledger"),
            ("QUEUE_URL", self.queue),
        ]);
        all.extend(variables);
        Function::start(binary, &all).await
    }
}

/// What Lambda gives every function. The key is no key: nothing here checks it.
pub const AWS: [(&str, &str); 4] = [
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ACCESS_KEY_ID", "nobody"),
    ("AWS_SECRET_ACCESS_KEY", "a-credential-that-opens-nothing"),
    ("AWS_SESSION_TOKEN", "a-session-of-nobody"),
];

/// The id of a provider's secret.
pub fn secret_id(provider: Provider) -> &'static str {
    match provider {
        Provider::Luma => "usher/luma",
        Provider::Lunacal => "usher/lunacal",
        Provider::AllFly => "usher/allfly",
    }
}
