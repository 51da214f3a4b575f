//! The configuration of a function: its environment variables. No other code reads the environment.
//!
//! Under functions, *providers* means all but the relay. A variable set to white space is an error, except where
//! the table says otherwise. So is a blank or line break in a name, ARN, region or URL.
//!
//! | variable | meaning | unit or form | default | functions |
//! |---|---|---|---|---|
//! | `TABLE_NAME` | the ledger's DynamoDB table | name or ARN | required | all |
//! | `QUEUE_URL` | the SQS queue for events; a FIFO queue's ends in `.fifo` | URL | required | all |
//! | `WEBHOOK_SECRETS_ID` | the Secrets Manager secret that holds the secret document | name or ARN | required, unless `WEBHOOK_SECRETS` is set | providers |
//! | `WEBHOOK_SECRETS` | the secret document itself, for local runs and tests; may be empty | JSON, or one signing secret | none | providers |
//! | `TOLERANCE_SECONDS` | the largest difference between a signed timestamp and the clock | seconds, 1 to 86400 | [`Provider::TOLERANCE`] | providers whose signatures hold a time |
//! | `MAX_BODY_BYTES` | the largest body that is accepted; a larger one is answered 413 | bytes, 1 to 262144 | `262144` | providers |
//! | `ALLOW_UNSIGNED` | whether a delivery without a signature and a token is accepted; `true` only for a provider with [`Provider::MAY_BE_UNSIGNED`] | `true` or `false` | `false` | providers |
//! | `ACCEPT_STANDARD_WEBHOOKS` | whether a Standard Webhooks signature is accepted, too; `true` only for a provider with [`Provider::MAY_MOVE_TO_STANDARD_WEBHOOKS`] | `true` or `false` | `false` | providers |
//! | `ACKNOWLEDGED_DRIFT` | the deviations from the provider's documents that are no longer counted; may be empty | paths as `data.drift` has them, separated by commas; a `*` at the end stands for any ending | none | providers |
//! | `RETENTION_DAYS` | the time that the ledger keeps a delivery after it was received, once it is sent | days, 1 to 3650 | `35` | all |
//! | `METRICS_NAMESPACE` | the CloudWatch namespace of the metrics | letters, digits and `.-_/#:`, 255 at most, not beginning with `AWS/` | `Usher` | all |
//! | `AWS_REGION` | the region of the table, the queue and the secret; set by Lambda | region | required, unless `AWS_DEFAULT_REGION` is set | all |
//! | `AWS_DEFAULT_REGION` | the region if `AWS_REGION` is not set | region | none | all |
//! | `AWS_ACCESS_KEY_ID` | the credentials; set by Lambda | access key id | required | all |
//! | `AWS_SECRET_ACCESS_KEY` | the credentials; set by Lambda | secret access key | required | all |
//! | `AWS_SESSION_TOKEN` | the credentials, if they are temporary; set by Lambda; may be empty | token | none | all |
//! | `AWS_ENDPOINT_URL` | the endpoint of each service that has none of its own below | URL, `http` or `https` | the region's endpoint | all |
//! | `AWS_ENDPOINT_URL_DYNAMODB` | the endpoint of DynamoDB | URL, `http` or `https` | `AWS_ENDPOINT_URL` | all |
//! | `AWS_ENDPOINT_URL_SQS` | the endpoint of SQS | URL, `http` or `https` | `AWS_ENDPOINT_URL` | all |
//! | `AWS_ENDPOINT_URL_SECRETS_MANAGER` | the endpoint of Secrets Manager | URL, `http` or `https` | `AWS_ENDPOINT_URL` | all |
//! | `AWS_CA_BUNDLE` | a file of further root certificates to trust | path of a PEM file | none | all |
//!
//! The `AWS_…` variables are those that every AWS SDK reads, except for what Lambda never sets, such as a profile.

use std::fmt;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use usher_core::event::Acknowledged;
use usher_core::policy::Policy;
use usher_core::provider::Provider;

/// A source of environment variables: the process's own, or a test's.
pub trait Environment {
    /// Returns the variable's value; `None` if it is not set.
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

/// The region, credentials and endpoints of AWS.
#[derive(Clone)]
pub struct Aws {
    /// `AWS_REGION`, or `AWS_DEFAULT_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: String,
    /// `AWS_SESSION_TOKEN`; `None` for credentials that do not expire.
    pub session_token: Option<String>,
    /// `AWS_ENDPOINT_URL_DYNAMODB`, or `AWS_ENDPOINT_URL`; `None` for the region's endpoint.
    pub dynamodb_endpoint: Option<String>,
    /// `AWS_ENDPOINT_URL_SQS`, or `AWS_ENDPOINT_URL`; `None` for the region's endpoint.
    pub sqs_endpoint: Option<String>,
    /// `AWS_ENDPOINT_URL_SECRETS_MANAGER`, or `AWS_ENDPOINT_URL`; `None` for the region's endpoint.
    pub secrets_manager_endpoint: Option<String>,
    /// The content of the file that `AWS_CA_BUNDLE` names: root certificates in PEM form.
    pub ca_bundle: Option<Vec<u8>>,
}

/// Shows the region only: the credentials must not reach a log.
impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws").field("region", &self.region).finish_non_exhaustive()
    }
}

/// The two places that a delivery is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stores {
    /// `TABLE_NAME`: the ledger's table.
    pub table: String,
    /// `QUEUE_URL`: the queue for events.
    pub queue_url: String,
}

/// The source of a provider's secret document.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// `WEBHOOK_SECRETS_ID`: the name or ARN of a Secrets Manager secret.
    SecretsManager(String),
    /// `WEBHOOK_SECRETS`: the document itself, for local runs and tests.
    Document(String),
}

/// The configuration of a provider's function.
#[derive(Clone)]
pub struct ProviderConfig {
    /// The region, credentials and endpoints of AWS.
    pub aws: Aws,
    /// The ledger's table and the queue.
    pub stores: Stores,
    /// The source of the secret document.
    pub secrets: SecretSource,
    /// The settings of the pipeline.
    pub policy: Policy,
    /// `METRICS_NAMESPACE`: the CloudWatch namespace.
    pub metrics_namespace: String,
    /// `ACKNOWLEDGED_DRIFT`: the drift that is no longer counted.
    pub acknowledged: Acknowledged,
}

/// The configuration of the relay.
#[derive(Clone)]
pub struct RelayConfig {
    /// The region, credentials and endpoints of AWS.
    pub aws: Aws,
    /// The ledger's table and the queue.
    pub stores: Stores,
    /// `RETENTION_DAYS`: the time that the ledger keeps a delivery after it was received, once it is sent.
    pub retention: Duration,
    /// `METRICS_NAMESPACE`: the CloudWatch namespace.
    pub metrics_namespace: String,
}

/// The reason why a configuration is refused. It names the variable and never holds the value, which may be a secret in
/// the wrong variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A name or URL holds a blank or line break, which is easily pasted along.
    #[error("{0} holds a blank or line break: remove it")]
    Blank(&'static str),
    /// A required variable is not set.
    #[error("{0} is not set")]
    Missing(&'static str),
    /// A variable is set to white space.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// No variable names the source of the secret document.
    #[error("neither WEBHOOK_SECRETS_ID nor WEBHOOK_SECRETS is set")]
    NoSecrets,
    /// Two variables name a source of the secret document.
    #[error("both WEBHOOK_SECRETS_ID and WEBHOOK_SECRETS are set; set one")]
    TwoSecrets,
    /// A number has another form or is out of its range, whose ends are allowed.
    #[error("{name} is not a whole number from {min} to {max}")]
    NotANumber {
        /// The variable.
        name: &'static str,
        /// The smallest number that is allowed.
        min: u64,
        /// The largest number that is allowed.
        max: u64,
    },
    /// A switch is set to another word.
    #[error("{0} is neither `true` nor `false`")]
    NotABoolean(&'static str),
    /// A variable is set that has no effect there, such as a switch that this provider does not have.
    #[error("{name} does not apply to {provider}")]
    NotForThisProvider {
        /// The variable.
        name: &'static str,
        /// The provider of this function, or `relay`.
        provider: &'static str,
    },
    /// The file of root certificates can't be read.
    #[error("AWS_CA_BUNDLE can't be read: {0}")]
    CaBundle(std::io::ErrorKind),
    /// The file of root certificates is not in PEM form, or has none.
    #[error("AWS_CA_BUNDLE holds no certificate in PEM form")]
    NoCertificate,
    /// A certificate in the file is broken.
    #[error("AWS_CA_BUNDLE holds a certificate that can't be read")]
    BadCertificate,
    /// CloudWatch would drop metrics of this namespace.
    #[error("{0} is no CloudWatch namespace: letters, digits and .-_/#: only, 255 at most")]
    NotANamespace(&'static str),
    /// An endpoint has no scheme, or another.
    #[error("{0} does not begin with http:// or https://")]
    NotAnEndpoint(&'static str),
}

impl ProviderConfig {
    /// Reads the configuration of provider `P`'s function.
    ///
    /// # Errors
    ///
    /// - [`ConfigError::Missing`], [`NoSecrets`](ConfigError::NoSecrets): a required variable is not set.
    /// - [`ConfigError::TwoSecrets`]: `WEBHOOK_SECRETS_ID` and `WEBHOOK_SECRETS` are both set.
    /// - [`ConfigError::NotForThisProvider`]: a switch is on that `P` does not have, or a tolerance is set for signatures
    ///   without a time.
    /// - Any other [`ConfigError`]: a variable has a value that the table in [`config`](self) excludes.
    pub fn from_environment<P: Provider>(environment: &impl Environment) -> Result<Self, ConfigError> {
        let variables = Variables(environment);
        Ok(Self {
            stores: variables.stores()?,
            secrets: variables.secrets()?,
            policy: variables.policy::<P>()?,
            metrics_namespace: variables.metrics_namespace()?,
            acknowledged: Acknowledged::parse(&environment.get("ACKNOWLEDGED_DRIFT").unwrap_or_default()),
            aws: variables.aws()?,
        })
    }

    /// Returns the sentence that warns of a configuration under which provider `P`'s own retry could become a second event.
    pub fn warning<P: Provider>(&self) -> Option<String> {
        (self.policy.retention < P::RETRIES).then(|| {
            format!(
                "RETENTION_DAYS is shorter than the {} hours for which {} sends a delivery again: such a delivery can \
                 become a second event. Set more days",
                P::RETRIES.as_secs().div_ceil(60 * 60),
                P::NAME
            )
        })
    }
}

impl RelayConfig {
    /// Reads the configuration of the relay. Variables that only providers' functions have are ignored, but for a
    /// tolerance.
    ///
    /// # Errors
    ///
    /// - [`ConfigError::Missing`]: a required variable is not set.
    /// - [`ConfigError::NotForThisProvider`]: a tolerance is set, and the relay verifies nothing.
    /// - Any other [`ConfigError`]: a variable has a value that the table in [`config`](self) excludes.
    pub fn from_environment(environment: &impl Environment) -> Result<Self, ConfigError> {
        let variables = Variables(environment);
        if environment.get(TOLERANCE_SECONDS).is_some() {
            return Err(ConfigError::NotForThisProvider { name: TOLERANCE_SECONDS, provider: "the relay" });
        }
        Ok(Self {
            stores: variables.stores()?,
            retention: variables.retention()?,
            metrics_namespace: variables.metrics_namespace()?,
            aws: variables.aws()?,
        })
    }
}

const TOLERANCE_SECONDS: &str = "TOLERANCE_SECONDS";

struct Variables<'e, E>(&'e E);

impl<E: Environment> Variables<'_, E> {
    fn aws(&self) -> Result<Aws, ConfigError> {
        let everywhere = self.endpoint("AWS_ENDPOINT_URL")?;
        let endpoint = |name| Ok(self.endpoint(name)?.or_else(|| everywhere.clone()));
        Ok(Aws {
            region: match self.word("AWS_REGION")? {
                Some(region) => region,
                None => self.word("AWS_DEFAULT_REGION")?.ok_or(ConfigError::Missing("AWS_REGION"))?,
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
        let word = |name| self.word(name)?.ok_or(ConfigError::Missing(name));
        Ok(Stores { table: word("TABLE_NAME")?, queue_url: word("QUEUE_URL")? })
    }

    fn secrets(&self) -> Result<SecretSource, ConfigError> {
        // An empty WEBHOOK_SECRETS counts as set: it is a document without secrets, and deliveries are answered 500.
        match (self.word("WEBHOOK_SECRETS_ID")?, self.0.get("WEBHOOK_SECRETS")) {
            (Some(_), Some(_)) => Err(ConfigError::TwoSecrets),
            (None, None) => Err(ConfigError::NoSecrets),
            (Some(id), None) => Ok(SecretSource::SecretsManager(id)),
            (None, Some(document)) => Ok(SecretSource::Document(document)),
        }
    }

    fn policy<P: Provider>(&self) -> Result<Policy, ConfigError> {
        let defaults = Policy::with_tolerance(P::TOLERANCE);
        let tolerance = self.number(TOLERANCE_SECONDS, 1, 24 * 60 * 60)?;
        if tolerance.is_some() && P::TOLERANCE.is_zero() {
            return Err(ConfigError::NotForThisProvider { name: TOLERANCE_SECONDS, provider: P::NAME });
        }
        let max_body_bytes = self.number("MAX_BODY_BYTES", 1, Policy::MAX_BODY_BYTES as u64)?;
        Ok(Policy {
            tolerance: tolerance.map_or(defaults.tolerance, Duration::from_secs),
            max_body_bytes: max_body_bytes
                .and_then(|bytes| usize::try_from(bytes).ok())
                .unwrap_or(defaults.max_body_bytes),
            retention: self.retention()?,
            allow_unsigned: self.switch::<P>("ALLOW_UNSIGNED", P::MAY_BE_UNSIGNED)?,
            accept_standard_webhooks: self
                .switch::<P>("ACCEPT_STANDARD_WEBHOOKS", P::MAY_MOVE_TO_STANDARD_WEBHOOKS)?,
        })
    }

    fn retention(&self) -> Result<Duration, ConfigError> {
        let days = self.number("RETENTION_DAYS", 1, 3650)?;
        Ok(days.map_or(Policy::RETENTION, |days| Duration::from_hours(24 * days)))
    }

    /// Returns the namespace, checked: CloudWatch drops the metrics of one that it does not allow, without an error.
    fn metrics_namespace(&self) -> Result<String, ConfigError> {
        let name = "METRICS_NAMESPACE";
        let namespace = self.optional(name)?.unwrap_or_else(|| "Usher".to_owned());
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/#:".contains(&byte);
        if namespace.len() > 255 || !namespace.bytes().all(fits) || namespace.starts_with("AWS/") {
            return Err(ConfigError::NotANamespace(name));
        }
        Ok(namespace)
    }

    /// Returns whether a switch is on. Where the provider does not have it, it may only be off: a deployer who turns it
    /// on expects an effect.
    fn switch<P: Provider>(&self, name: &'static str, may_be_on: bool) -> Result<bool, ConfigError> {
        let on = match self.optional(name)?.as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(ConfigError::NotABoolean(name)),
        };
        if on && !may_be_on {
            return Err(ConfigError::NotForThisProvider { name, provider: P::NAME });
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
        match self.word(name)? {
            Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => {
                Err(ConfigError::NotAnEndpoint(name))
            }
            url => Ok(url),
        }
    }

    fn ca_bundle(&self) -> Result<Option<Vec<u8>>, ConfigError> {
        let Some(path) = self.optional("AWS_CA_BUNDLE")? else { return Ok(None) };
        let pem = std::fs::read(path).map_err(|error| ConfigError::CaBundle(error.kind()))?;
        // The HTTP client would panic on a certificate that it can't read.
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

    /// Returns a name or URL, which can't hold a blank.
    fn word(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        match self.optional(name)? {
            Some(value) if value.contains(char::is_whitespace) => Err(ConfigError::Blank(name)),
            value => Ok(value),
        }
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
