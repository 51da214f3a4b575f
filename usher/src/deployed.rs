//! One provider's function as the stack describes it: its URL, and its secret document.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use events::{Provider, Secrets, Target};

use crate::aws::Account;
use crate::aws_error::explain;
use crate::stack::Stack;
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
        let url = reachable(config.endpoint_url(), stack.output(&output_name(provider, "Url"))?);
        let secret_id = stack.output(&output_name(provider, "SecretId"))?.to_owned();
        Ok(Self { provider, config, stack, url, secret_id })
    }

    pub(crate) fn secrets_manager(&self) -> Client {
        Client::new(&self.config)
    }

    /// Reads the secret document and its version. The text is empty where no value was ever stored.
    pub(crate) async fn document(&self) -> Result<(String, Option<String>), Failure> {
        match self.secrets_manager().get_secret_value().secret_id(&self.secret_id).send().await {
            Ok(read) => Ok((read.secret_string.unwrap_or_default(), read.version_id)),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                Ok((String::new(), None))
            }
            Err(error) => {
                let (provider, why) = (self.provider, explain(&error));
                Err(format!("cannot read {provider}'s secret ({why}): may you read it?").into())
            }
        }
    }

    /// Reads the newest secrets.
    pub(crate) async fn secrets(&self) -> Result<Secrets, Failure> {
        let (text, _) = self.document().await?;
        Secrets::read(&text).map_err(|error| {
            let provider = self.provider;
            format!(
                "Secrets Manager holds no usable secret of {provider}: {error}. Store the one that {provider} shows \
                 with `usher rotate {provider} stage`"
            )
            .into()
        })
    }

    /// Returns whether a URL belongs to this function, so that it may be sent the stack's secrets.
    ///
    /// A stranger's server must get neither a URL token nor a signature, which stays valid for some minutes: either
    /// would let it forge or replay deliveries.
    pub(crate) fn is_at(&self, target: &Target) -> bool {
        Target::parse(&self.url).is_ok_and(|own| own.name() == target.name())
    }
}

/// Returns the name of a provider's output in template.yaml, such as `LumaUrl`.
fn output_name(provider: Provider, suffix: &str) -> String {
    let (first, rest) = provider.name().split_at(1);
    format!("{}{rest}{suffix}", first.to_ascii_uppercase())
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
