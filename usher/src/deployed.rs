//! One provider's function as the stack describes it: its URL, and its secret document.

use std::error::Error;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use events::{Name, Provider, Secrets, SecretsError, Target};
use jiff::Timestamp;
use usher_core::policy::Policy;
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};
use usher_core::secret::KeyringError;

use crate::aws::Account;
use crate::aws_error::explain;
use crate::stack::{Stack, of_provider};
use crate::terminal::Failure;

/// A provider's function in the stack.
pub(crate) struct Deployed {
    pub(crate) provider: Provider,
    pub(crate) config: SdkConfig,
    pub(crate) stack: Stack,
    /// The URL that the provider posts to, without any token.
    pub(crate) url: String,
    pub(crate) secret_id: String,
}

impl Deployed {
    /// Reads the URL and the secret's id from the stack's outputs.
    pub(crate) async fn find(account: &Account, provider: Provider) -> Result<Self, Failure> {
        let config = account.load().await?;
        let stack = Stack::read(&config, &account.stack).await?;
        let url = reachable(config.endpoint_url(), stack.output(&of_provider(provider, "Url"))?);
        let secret_id = stack.output(&of_provider(provider, "SecretId"))?.to_owned();
        Ok(Self { provider, config, stack, url, secret_id })
    }

    pub(crate) fn secrets_manager(&self) -> Client {
        Client::new(&self.config)
    }

    /// Reads the secret document. It is empty where no value was ever stored.
    pub(crate) async fn document(&self) -> Result<DocumentVersion, Failure> {
        match self.secrets_manager().get_secret_value().secret_id(&self.secret_id).send().await {
            Ok(read) => Ok(DocumentVersion {
                text: read.secret_string.unwrap_or_default(),
                version: read.version_id,
                stored: read.created_date.and_then(|date| Timestamp::from_second(date.secs()).ok()),
            }),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                Ok(DocumentVersion::default())
            }
            Err(error) => {
                let (provider, why) = (self.provider, explain(&error));
                Err(format!("cannot read {provider}'s secret ({why}): may you read it?").into())
            }
        }
    }

    /// Reads the newest secrets of the account with this name, or of the only one.
    ///
    /// # Errors
    /// When the function could not use the document either, or it does not say which account is meant.
    pub(crate) async fn secrets(&self, name: Option<&Name>) -> Result<Secrets, Failure> {
        let provider = self.provider;
        let unusable = |error: &dyn Error| {
            format!(
                "Secrets Manager holds no usable secret of {provider}: {error}. Store the one that {provider} shows \
                 with `usher rotate {provider} stage`"
            )
        };
        let text = self.document().await?.text;
        let secrets = Secrets::read(&text, name).map_err(|error| match error {
            SecretsError::NameNeeded(_) | SecretsError::NoSuchName(_) => format!("{provider}: {error}"),
            error => unusable(&error),
        })?;
        check_document(provider, &text).map_err(|error| unusable(&error))?;
        Ok(secrets)
    }

    /// Returns whether a URL belongs to this function, so that it may be sent the stack's secrets.
    ///
    /// A stranger's server must get neither a URL token nor a signature, which stays valid for some minutes: either
    /// would let it forge or replay deliveries.
    pub(crate) fn is_at(&self, target: &Target) -> bool {
        Target::parse(&self.url).is_ok_and(|own| own.name() == target.name())
    }
}

/// A version of the secret document.
#[derive(Default)]
pub(crate) struct DocumentVersion {
    pub(crate) text: String,
    /// The version's id; `None` where no value was ever stored.
    pub(crate) version: Option<String>,
    /// The time at which it was stored, by the clock of Secrets Manager.
    pub(crate) stored: Option<Timestamp>,
}

/// Checks that the function could use the document, with the check that it makes itself.
pub(crate) fn check_document(provider: Provider, text: &str) -> Result<(), KeyringError> {
    let policy = Policy::with_tolerance(Duration::ZERO);
    match provider {
        Provider::Luma => usher_core::provider::keyring::<Luma>(text, &policy),
        Provider::Lunacal => usher_core::provider::keyring::<Lunacal>(text, &policy),
        Provider::Allfly => usher_core::provider::keyring::<Allfly>(text, &policy),
        Provider::Calcom => usher_core::provider::keyring::<Calcom>(text, &policy),
        Provider::Standard => usher_core::provider::keyring::<Standard>(text, &policy),
    }
    .map(drop)
}

/// Returns the URL at which this machine reaches a function. An emulator serves it under a path of its own endpoint,
/// since only AWS resolves the host of a function URL. An emulator is an endpoint on this machine: any other is AWS's
/// own, such as a VPC endpoint, which serves no function URL.
fn reachable(endpoint: Option<&str>, url: &str) -> String {
    let emulator = endpoint.filter(|endpoint| Target::parse(endpoint).is_ok_and(|target| target.is_local()));
    let id = url.strip_prefix("https://").and_then(|rest| rest.split_once(".lambda-url.")).map(|(id, _)| id);
    match (emulator, id) {
        (Some(endpoint), Some(id)) => format!("{}/_aws/lambda-url/{id}/", endpoint.trim_end_matches('/')),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::reachable;

    const URL: &str = "https://abc123.lambda-url.eu-central-1.on.aws/";

    #[test]
    fn an_emulator_on_this_machine_serves_urls_under_its_own_endpoint() {
        for endpoint in
            ["http://127.0.0.1:4566", "http://127.0.0.1:4566/", "http://localhost:4566", "http://[::1]:4566"]
        {
            let expected = format!("{}/_aws/lambda-url/abc123/", endpoint.trim_end_matches('/'));
            assert_eq!(reachable(Some(endpoint), URL), expected);
        }
    }

    #[test]
    fn a_vpc_endpoint_leaves_urls_as_they_are() {
        for endpoint in [
            None,
            Some("https://vpce-0123456789abcdef0-abcdefgh.cloudformation.eu-central-1.vpce.amazonaws.com"),
            Some("https://10.0.12.7"),
            Some("http://10.0.12.7:8080"),
            Some("https://localhost.example.com"),
            Some("not a URL"),
        ] {
            assert_eq!(reachable(endpoint, URL), URL, "{endpoint:?}");
        }
    }
}
