//! One provider's function as the stack describes it: its URL, and its secret document.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use events::{Provider, Secrets, Target};

use crate::aws::Account;
use crate::cause::cause;
use crate::stack::Stack;
use crate::terminal::Failure;

pub(crate) struct Deployed {
    pub(crate) provider: Provider,
    pub(crate) config: SdkConfig,
    pub(crate) stack: Stack,
    /// Where the provider posts to, without any token.
    pub(crate) url: String,
    pub(crate) secret_id: String,
}

impl Deployed {
    pub(crate) async fn find(account: &Account, provider: Provider) -> Result<Self, Failure> {
        let config = account.load().await?;
        let stack = Stack::read(&config, &account.stack).await?;
        let name = match provider {
            Provider::Luma => "Luma",
            Provider::Lunacal => "Lunacal",
            Provider::Allfly => "Allfly",
        };
        let url = reachable(&config, stack.output(&format!("{name}Url"))?);
        let secret_id = stack.output(&format!("{name}SecretId"))?.to_owned();
        Ok(Self { provider, config, stack, url, secret_id })
    }

    pub(crate) fn secrets_manager(&self) -> Client {
        Client::new(&self.config)
    }

    /// The newest secrets.
    pub(crate) async fn secrets(&self) -> Result<Secrets, Failure> {
        let read = self.secrets_manager().get_secret_value().secret_id(&self.secret_id).send().await;
        let text = match read {
            Ok(read) => read.secret_string.unwrap_or_default(),
            Err(error)
                if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                String::new()
            }
            Err(error) => {
                let why = cause(&error);
                return Err(
                    format!("cannot read {}'s secret ({why}): may you read it?", self.provider).into()
                );
            }
        };
        Secrets::read(&text).map_err(|error| {
            let next = format!("put the one that {0} shows with `usher rotate {0} stage`", self.provider);
            format!("Secrets Manager has none to use for {}: {error}; {next}", self.provider).into()
        })
    }

    /// Whether a URL is this function's own, so that it may be sent the stack's secrets: a URL token, or a signature
    /// that passes for some minutes, is nothing to show to another server.
    pub(crate) fn is_at(&self, target: &Target) -> bool {
        Target::parse(&self.url).is_ok_and(|own| own.name() == target.name())
    }
}

/// A function URL's host is known to AWS only. An emulator serves it under a path of its own endpoint.
fn reachable(config: &SdkConfig, url: &str) -> String {
    let id = url.strip_prefix("https://").and_then(|rest| rest.split_once(".lambda-url.")).map(|(id, _)| id);
    match (config.endpoint_url(), id) {
        (Some(endpoint), Some(id)) => format!("{}/_aws/lambda-url/{id}/", endpoint.trim_end_matches('/')),
        _ => url.to_owned(),
    }
}
