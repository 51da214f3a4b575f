//! AWS as one test sees it: three endpoints that work and hold nothing but the secrets.

use std::ops::Deref;

pub use fakes::aws::CREDENTIALS as AWS;
use fakes::aws::{Aws, QUEUE_URL};
use fakes::endpoint::Fate;
use fakes::function::Function;
use fakes::tls::Authority;

use crate::delivery::Provider;

/// The services, and the queue to which functions send.
pub struct World {
    aws: Aws,
    queue: &'static str,
}

impl Deref for World {
    type Target = Aws;

    fn deref(&self) -> &Aws {
        &self.aws
    }
}

impl World {
    /// Starts services with a standard queue and every provider's secret.
    pub async fn new() -> Self {
        Self::of(Aws::start().await)
    }

    /// Starts the same services with TLS.
    pub async fn with_tls(authority: Authority) -> Self {
        Self::of(Aws::start_with_tls(authority).await)
    }

    fn of(aws: Aws) -> Self {
        let world = Self { aws, queue: QUEUE_URL };
        for provider in Provider::ALL {
            world.secrets.service().put(secret_id(provider), provider.secret_document());
        }
        world
    }

    /// Starts the same services with a FIFO queue.
    pub async fn with_fifo_queue() -> Self {
        let queue = "https://sqs.eu-central-1.amazonaws.com/123456789012/usher.fifo";
        Self { queue, ..Self::new().await }
    }

    /// Ends all connections that are open now in this way.
    pub fn lose_connections(&self, fate: Fate) {
        self.dynamodb.lose_connections(fate);
        self.sqs.lose_connections(fate);
        self.secrets.lose_connections(fate);
    }

    /// Starts a provider's function.
    pub async fn start(&self, provider: Provider) -> Function {
        self.start_with(provider, &[]).await
    }

    /// Starts a provider's function with further variables.
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
        Function::start(binary, &self.variables(variables)).await
    }

    /// Returns the environment with which a function calls these services, and further variables.
    pub fn variables<'n>(&self, further: &[(&'n str, &str)]) -> Vec<(&'n str, String)> {
        let mut all: Vec<(&'n str, String)> = self.aws.variables();
        all.push(("QUEUE_URL", self.queue.to_owned()));
        all.extend(further.iter().map(|(name, value)| (*name, (*value).to_owned())));
        all
    }
}

/// Returns the id of a provider's secret.
pub fn secret_id(provider: Provider) -> &'static str {
    match provider {
        Provider::Luma => "usher/luma",
        Provider::Lunacal => "usher/lunacal",
        Provider::Allfly => "usher/allfly",
        Provider::Calcom => "usher/calcom",
        Provider::Standard => "usher/standard",
    }
}
