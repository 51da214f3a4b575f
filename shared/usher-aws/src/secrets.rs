//! The secrets of one provider, fetched from Secrets Manager and cached in memory.

use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use tokio::time::{Instant, timeout};
use usher_core::budget::SECRETS_WITHIN;
use usher_core::policy::Policy;
use usher_core::provider::Provider;
use usher_core::secret::{FRESH_FOR, Keyring, KeyringError, REREAD_AFTER, SecretStore, SecretsError};

use crate::config::SecretSource;
use crate::error_code::{OUT_OF_TIME, error_code};

/// The shortest time between two fetches while none has succeeded yet.
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
    /// The result of the last fetch that reached the document.
    found: Option<Result<Keyring, KeyringError>>,
    /// The start of that fetch.
    fetched: Option<Instant>,
    /// The start of the last fetch, whether or not it reached the document.
    tried: Option<Instant>,
    /// The error code of the last fetch that did not reach the document.
    failure: String,
    /// The time that fetches took and that [`Secrets::take_elapsed`] has not returned yet.
    elapsed: Option<Duration>,
}

impl<P: Provider> Secrets<P> {
    /// Makes a store that fetches from this source when it is first asked. `client` is used for
    /// [`SecretSource::SecretsManager`] only.
    pub fn new(source: &SecretSource, client: Client, policy: Policy) -> Self {
        let source = match source {
            SecretSource::SecretsManager(id) => Source::SecretsManager { client, id: id.clone() },
            SecretSource::Document(document) => Source::Document(document.clone()),
        };
        Self { source, policy, cache: Mutex::default(), provider: PhantomData }
    }

    /// Fetches the document before the first delivery. If the fetch fails, the first delivery fetches again without a
    /// wait: it is the one that started this function, and its sender may not retry.
    pub async fn fetch_ahead(&self) {
        let _found = self.current().await;
        let mut cache = self.lock();
        if cache.found.is_none() {
            cache.tried = None;
        }
    }

    /// Fetches the document, caches the result and returns the cache. While Secrets Manager can't be reached, the
    /// cached secrets stay valid.
    async fn fetch(&self) -> Cache {
        let now = Instant::now();
        let found = match &self.source {
            Source::Document(document) => Ok(usher_core::provider::keyring::<P>(document, &self.policy)),
            Source::SecretsManager { client, id } => timeout(SECRETS_WITHIN, get_secret_value(client, id))
                .await
                .unwrap_or_else(|_| Err(OUT_OF_TIME.to_owned()))
                .map(|document| usher_core::provider::keyring::<P>(&document, &self.policy)),
        };
        let mut cache = self.lock();
        cache.tried = Some(now);
        if matches!(self.source, Source::SecretsManager { .. }) {
            cache.elapsed = Some(cache.elapsed.unwrap_or_default() + now.elapsed());
        }
        match found {
            Ok(found) => {
                cache.found = Some(found);
                cache.fetched = Some(now);
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

    /// Returns how long fetches from Secrets Manager took since the last call of this function; `None` if there was
    /// none.
    pub(crate) fn take_elapsed(&self) -> Option<Duration> {
        self.lock().elapsed.take()
    }
}

impl Cache {
    /// Returns whether the document should be fetched now.
    fn is_due(&self) -> bool {
        let since = |at: Option<Instant>| at.map(|at| at.elapsed());
        let Some(tried) = since(self.tried) else { return true };
        match &self.found {
            Some(Ok(_)) => since(self.fetched).is_none_or(|age| age >= FRESH_FOR) && tried >= REREAD_AFTER,
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
        if cached.is_due() { self.fetch().await } else { cached }.into_result()
    }

    async fn reread(&self) -> Option<Keyring> {
        if matches!(self.source, Source::Document(_))
            || self.cached().tried.is_some_and(|tried| tried.elapsed() < REREAD_AFTER)
        {
            return None;
        }
        self.fetch().await.into_result().ok()
    }
}

/// Returns the document, or the error code of the call; an empty document if the secret has no value yet.
async fn get_secret_value(client: &Client, id: &str) -> Result<String, String> {
    match client.get_secret_value().secret_id(id).send().await {
        Ok(secret) => Ok(secret.secret_string.unwrap_or_default()),
        // The secret exists without a value: the deployer has not stored one yet. That is no outage.
        Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => {
            Ok(String::new())
        }
        Err(error) => Err(error_code(&error)),
    }
}
