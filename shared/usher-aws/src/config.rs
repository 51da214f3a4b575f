//! The configuration of a function. Nothing else reads the environment.

use std::fmt;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use usher_core::policy::Policy;
use usher_core::provider::Provider;

/// Where variables come from: the process's environment, or a test's own.
pub trait Environment {
    fn get(&self, name: &str) -> Option<String>;
}

/// The environment of this process.
pub struct Process;

impl Environment for Process {
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

impl<F: Fn(&str) -> Option<String>> Environment for F {
    fn get(&self, name: &str) -> Option<String> {
        self(name)
    }
}

/// How to reach AWS: as every AWS tool is told, less what Lambda never uses.
#[derive(Clone)]
pub struct Aws {
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
    pub dynamodb_endpoint: Option<String>,
    pub sqs_endpoint: Option<String>,
    pub secrets_manager_endpoint: Option<String>,
    /// Further trust anchors, PEM.
    pub ca_bundle: Option<Vec<u8>>,
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws").field("region", &self.region).finish_non_exhaustive()
    }
}

/// The ledger's table and the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stores {
    pub table: String,
    pub queue_url: String,
}

/// Where a provider's secret document is.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// A Secrets Manager id or ARN.
    SecretsManager(String),
    /// The document itself, for local runs and tests.
    Document(String),
}

/// All a provider's function needs.
#[derive(Clone)]
pub struct ProviderConfig {
    pub aws: Aws,
    pub stores: Stores,
    pub secrets: SecretSource,
    pub policy: Policy,
    pub metrics_namespace: String,
}

/// All the relay needs.
#[derive(Clone)]
pub struct RelayConfig {
    pub aws: Aws,
    pub stores: Stores,
    pub retention: Duration,
    pub metrics_namespace: String,
}

/// A variable is missing or wrong. Names it, never its value: that may be a secret in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("{0} is not set")]
    Missing(&'static str),
    #[error("{0} is empty")]
    Empty(&'static str),
    #[error("neither WEBHOOK_SECRETS_ID nor WEBHOOK_SECRETS is set")]
    NoSecrets,
    #[error("both WEBHOOK_SECRETS_ID and WEBHOOK_SECRETS are set; set one")]
    TwoSecrets,
    #[error("{name} is not a whole number from {min} to {max}")]
    NotANumber { name: &'static str, min: u64, max: u64 },
    #[error("{0} is neither `true` nor `false`")]
    NotABoolean(&'static str),
    #[error("{name} applies to {provider} only")]
    NotForThisProvider { name: &'static str, provider: &'static str },
    #[error("AWS_CA_BUNDLE can't be read: {0}")]
    CaBundle(std::io::ErrorKind),
    #[error("AWS_CA_BUNDLE holds no certificate in PEM form")]
    NoCertificate,
    #[error("AWS_CA_BUNDLE holds a certificate that can't be read")]
    BadCertificate,
    #[error("{0} is no CloudWatch namespace: letters, digits and .-_/#: only, 255 at most")]
    NotANamespace(&'static str),
    #[error("{0} does not begin with http:// or https://")]
    NotAnEndpoint(&'static str),
}

impl ProviderConfig {
    pub fn read<P: Provider>(environment: &impl Environment) -> Result<Self, ConfigError> {
        let variables = Variables(environment);
        Ok(Self {
            stores: variables.stores()?,
            secrets: variables.secrets()?,
            policy: variables.policy::<P>()?,
            metrics_namespace: variables.metrics_namespace()?,
            aws: variables.aws()?,
        })
    }
}

impl RelayConfig {
    pub fn read(environment: &impl Environment) -> Result<Self, ConfigError> {
        let variables = Variables(environment);
        Ok(Self {
            stores: variables.stores()?,
            retention: variables.retention()?,
            metrics_namespace: variables.metrics_namespace()?,
            aws: variables.aws()?,
        })
    }
}

struct Variables<'e, E>(&'e E);

impl<E: Environment> Variables<'_, E> {
    fn aws(&self) -> Result<Aws, ConfigError> {
        let everywhere = self.endpoint("AWS_ENDPOINT_URL")?;
        let endpoint = |name| Ok(self.endpoint(name)?.or_else(|| everywhere.clone()));
        Ok(Aws {
            region: match self.optional("AWS_REGION")? {
                Some(region) => region,
                None => {
                    self.required("AWS_DEFAULT_REGION").map_err(|_| ConfigError::Missing("AWS_REGION"))?
                }
            },
            access_key_id: self.required("AWS_ACCESS_KEY_ID")?,
            secret_access_key: self.required("AWS_SECRET_ACCESS_KEY")?,
            session_token: self.optional("AWS_SESSION_TOKEN").unwrap_or(None),
            dynamodb_endpoint: endpoint("AWS_ENDPOINT_URL_DYNAMODB")?,
            sqs_endpoint: endpoint("AWS_ENDPOINT_URL_SQS")?,
            secrets_manager_endpoint: endpoint("AWS_ENDPOINT_URL_SECRETS_MANAGER")?,
            ca_bundle: self.ca_bundle()?,
        })
    }

    fn stores(&self) -> Result<Stores, ConfigError> {
        Ok(Stores { table: self.required("TABLE_NAME")?, queue_url: self.required("QUEUE_URL")? })
    }

    fn secrets(&self) -> Result<SecretSource, ConfigError> {
        // An empty WEBHOOK_SECRETS is a document without secrets, which is answered 500, not a variable left out.
        match (self.optional("WEBHOOK_SECRETS_ID")?, self.0.get("WEBHOOK_SECRETS")) {
            (Some(_), Some(_)) => Err(ConfigError::TwoSecrets),
            (None, None) => Err(ConfigError::NoSecrets),
            (Some(id), None) => Ok(SecretSource::SecretsManager(id)),
            (None, Some(document)) => Ok(SecretSource::Document(document)),
        }
    }

    fn policy<P: Provider>(&self) -> Result<Policy, ConfigError> {
        let defaults = Policy::with_tolerance(P::TOLERANCE);
        let tolerance = self.number("TOLERANCE_SECONDS", 1, 24 * 60 * 60)?;
        let max_body_bytes = self.number("MAX_BODY_BYTES", 1, Policy::MAX_BODY_BYTES as u64)?;
        Ok(Policy {
            tolerance: tolerance.map_or(defaults.tolerance, Duration::from_secs),
            max_body_bytes: max_body_bytes
                .and_then(|bytes| usize::try_from(bytes).ok())
                .unwrap_or(defaults.max_body_bytes),
            retention: self.retention()?,
            allow_unsigned: self.only_for::<P>("ALLOW_UNSIGNED", "lunacal")?,
            accept_standard_webhooks: self.only_for::<P>("ACCEPT_STANDARD_WEBHOOKS", "luma")?,
        })
    }

    fn retention(&self) -> Result<Duration, ConfigError> {
        let days = self.number("RETENTION_DAYS", 1, 3650)?;
        Ok(days.map_or(Policy::RETENTION, |days| Duration::from_hours(24 * days)))
    }

    /// CloudWatch takes letters, digits and `.-_/#:`, 255 in all, and drops the metrics of any other without a word.
    fn metrics_namespace(&self) -> Result<String, ConfigError> {
        let name = "METRICS_NAMESPACE";
        let namespace = self.optional(name)?.unwrap_or_else(|| "Usher".to_owned());
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/#:".contains(&byte);
        if namespace.len() > 255 || !namespace.bytes().all(fits) || namespace.starts_with("AWS/") {
            return Err(ConfigError::NotANamespace(name));
        }
        Ok(namespace)
    }

    /// A switch of one provider's. Elsewhere it may only be off: whoever sets it expects it to do something.
    fn only_for<P: Provider>(&self, name: &'static str, provider: &'static str) -> Result<bool, ConfigError> {
        let on = match self.optional(name)?.as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(ConfigError::NotABoolean(name)),
        };
        if on && P::NAME != provider {
            return Err(ConfigError::NotForThisProvider { name, provider });
        }
        Ok(on)
    }

    fn number(&self, name: &'static str, min: u64, max: u64) -> Result<Option<u64>, ConfigError> {
        let Some(text) = self.optional(name)? else { return Ok(None) };
        match text.parse() {
            Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
            _ => Err(ConfigError::NotANumber { name, min, max }),
        }
    }

    fn endpoint(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        match self.optional(name)? {
            Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => {
                Err(ConfigError::NotAnEndpoint(name))
            }
            url => Ok(url),
        }
    }

    fn ca_bundle(&self) -> Result<Option<Vec<u8>>, ConfigError> {
        let Some(path) = self.optional("AWS_CA_BUNDLE")? else { return Ok(None) };
        let pem = std::fs::read(path).map_err(|error| ConfigError::CaBundle(error.kind()))?;
        // The client takes what it is given and panics on what it can't read.
        let mut certificates = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|_| ConfigError::BadCertificate)?;
            certificates.add(certificate).map_err(|_| ConfigError::BadCertificate)?;
        }
        if certificates.is_empty() {
            return Err(ConfigError::NoCertificate);
        }
        Ok(Some(pem))
    }

    fn required(&self, name: &'static str) -> Result<String, ConfigError> {
        self.optional(name)?.ok_or(ConfigError::Missing(name))
    }

    fn optional(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        match self.0.get(name) {
            Some(value) if value.trim().is_empty() => Err(ConfigError::Empty(name)),
            value => Ok(value),
        }
    }
}
