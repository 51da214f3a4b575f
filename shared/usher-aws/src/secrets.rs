//! Secrets from Secrets Manager, kept in memory.

use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use tokio::time::{Instant, timeout};
use usher_core::budget::SECRETS_WITHIN;
use usher_core::policy::Policy;
use usher_core::provider::Provider;
use usher_core::secret::{Keyring, KeyringError, SecretStore, SecretsError};

use crate::cause::cause;
use crate::config::SecretSource;

/// After this a cached document is read again, so that a retired secret stops working without a redeploy.
const FRESH_FOR: Duration = Duration::from_mins(5);

/// A cached document, good or bad, is not read again sooner: a flood of forged deliveries costs one read a minute.
const REREAD_AFTER: Duration = Duration::from_mins(1);

/// While nothing was ever read, tries are this far apart.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// One provider's secrets.
pub struct Secrets<P> {
    source: Source,
    policy: Policy,
    cache: Mutex<Cache>,
    provider: PhantomData<fn() -> P>,
}

enum Source {
    SecretsManager { client: Client, id: String },
    Document(String),
}

#[derive(Default, Clone)]
struct Cache {
    /// What the last successful read found.
    found: Option<Result<Keyring, KeyringError>>,
    read: Option<Instant>,
    tried: Option<Instant>,
    failure: String,
    /// What reading has taken since somebody asked.
    took: Option<Duration>,
}

impl<P: Provider> Secrets<P> {
    pub fn new(source: &SecretSource, client: Client, policy: Policy) -> Self {
        let source = match source {
            SecretSource::SecretsManager(id) => Source::SecretsManager { client, id: id.clone() },
            SecretSource::Document(document) => Source::Document(document.clone()),
        };
        Self { source, policy, cache: Mutex::default(), provider: PhantomData }
    }

    /// Reads ahead of the first delivery. If that fails, the delivery that the cold start is for tries by itself: its
    /// sender may not come again.
    pub async fn ahead(&self) {
        let _found = self.current().await;
        let mut cache = self.lock();
        if cache.found.is_none() {
            cache.tried = None;
        }
    }

    /// Reads the document and remembers what it found. An outage leaves what is cached as it is.
    async fn read(&self) -> Cache {
        let now = Instant::now();
        let found = match &self.source {
            Source::Document(document) => Ok(Keyring::parse::<P>(document, &self.policy)),
            Source::SecretsManager { client, id } => timeout(SECRETS_WITHIN, get(client, id))
                .await
                .unwrap_or_else(|_| Err("OutOfTime".to_owned()))
                .map(|document| Keyring::parse::<P>(&document, &self.policy)),
        };
        let mut cache = self.lock();
        cache.tried = Some(now);
        if matches!(self.source, Source::SecretsManager { .. }) {
            cache.took = Some(cache.took.unwrap_or_default() + now.elapsed());
        }
        match found {
            Ok(found) => {
                cache.found = Some(found);
                cache.read = Some(now);
            }
            Err(failure) => cache.failure = failure,
        }
        cache.clone()
    }

    fn cached(&self) -> Cache {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What reading from Secrets Manager has taken since this was last asked, if anything was read.
    pub(crate) fn took(&self) -> Option<Duration> {
        self.lock().took.take()
    }
}

impl Cache {
    /// Whether what is cached should be read again now.
    fn is_due(&self) -> bool {
        let since = |at: Option<Instant>| at.map(|at| at.elapsed());
        let Some(tried) = since(self.tried) else { return true };
        match &self.found {
            Some(Ok(_)) => since(self.read).is_none_or(|age| age >= FRESH_FOR) && tried >= REREAD_AFTER,
            Some(Err(_)) => tried >= REREAD_AFTER,
            None => tried >= RETRY_AFTER,
        }
    }

    fn into_result(self) -> Result<Keyring, SecretsError> {
        match self.found {
            Some(found) => found.map_err(SecretsError::Invalid),
            None => Err(SecretsError::Unreachable(self.failure)),
        }
    }
}

impl<P: Provider> SecretStore for Secrets<P> {
    async fn current(&self) -> Result<Keyring, SecretsError> {
        let cached = self.cached();
        if cached.is_due() { self.read().await } else { cached }.into_result()
    }

    async fn reread(&self) -> Option<Keyring> {
        if matches!(self.source, Source::Document(_))
            || self.cached().tried.is_some_and(|tried| tried.elapsed() < REREAD_AFTER)
        {
            return None;
        }
        self.read().await.into_result().ok()
    }
}

/// The document; empty if the secret has no value yet.
async fn get(client: &Client, id: &str) -> Result<String, String> {
    match client.get_secret_value().secret_id(id).send().await {
        Ok(secret) => Ok(secret.secret_string.unwrap_or_default()),
        // There is the secret, but nobody has put a value yet: the deployer's turn, not an outage.
        Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => {
            Ok(String::new())
        }
        Err(error) => Err(cause(&error)),
    }
}
