//! The two sides of a connection: the function in the stack, and the provider's API.

use events::Provider;
use usher_core::secret::Name;

use super::api::Api;
use super::args::ApiArgs;
use super::client::Client;
use super::key;
use super::origin::Origin;
use super::webhook::FunctionUrl;
use crate::aws::Account;
use crate::deployed::Deployed;
use crate::stack::of_provider;
use crate::terminal::Failure;

/// The function that is connected, and the account in its secret document.
pub(crate) struct Connected {
    pub(crate) deployed: Deployed,
    /// The URL that the provider has to post to, as the stack's output gives it.
    pub(crate) url: FunctionUrl,
    pub(crate) name: Option<Name>,
}

impl Connected {
    /// Reads the stack.
    pub(crate) async fn find(
        account: &Account,
        provider: Provider,
        name: Option<Name>,
    ) -> Result<Self, Failure> {
        let deployed = Deployed::find(account, provider).await?;
        let output = of_provider(provider, "Url");
        let url = FunctionUrl::parse(deployed.stack.output(&output)?);
        let url = url.ok_or_else(|| format!("the stack's output {output} is no URL"))?;
        Ok(Self { deployed, url, name })
    }
}

/// Makes the client of the provider's API, with the key of the environment or of standard input.
///
/// # Errors
/// When the host or the key is missing or malformed: the command line is at fault then.
pub(crate) fn client(args: &ApiArgs, provider: Provider) -> Result<Client, Failure> {
    let host = match (&args.api_host, provider) {
        (Some(host), _) => host.clone(),
        (None, Provider::Luma) => "public-api.luma.com".to_owned(),
        (None, Provider::Calcom) => "api.cal.com".to_owned(),
        (None, _) => std::env::var("ALLFLY_API_HOST").ok().filter(|host| !host.is_empty()).ok_or(
            "AllFly does not document the host of its API: add --api-host, or set ALLFLY_API_HOST, to the host that AllFly \
             gave you",
        )?,
    };
    let origin = Origin::parse(&host).map_err(|error| format!("the API's host is not usable: {error}"))?;
    Ok(Client::new(Api::new(provider, origin, key::obtain(provider)?)))
}
