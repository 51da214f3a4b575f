//! The AWS account that the tool works on, found the way every AWS tool finds it.

pub(crate) mod clock;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use crate::terminal::Failure;

/// The account, and the deployment of Usher in it.
#[derive(Clone, clap::Args)]
pub(crate) struct Account {
    /// Usher's CloudFormation stack
    #[arg(long, env = "USHER_STACK", default_value = "usher", help_heading = "AWS")]
    pub(crate) stack: String,
    /// Profile of your AWS configuration [default: from AWS_PROFILE and the other AWS_… variables]
    #[arg(long, help_heading = "AWS")]
    profile: Option<String>,
    /// Region of the stack
    #[arg(long, help_heading = "AWS")]
    region: Option<String>,
    /// Endpoint to use in place of AWS's, such as an emulator's
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL", help_heading = "AWS")]
    endpoint_url: Option<String>,
}

impl Account {
    /// Returns the options of a command line that mean this account, wherever it is run.
    pub(crate) fn options(&self) -> Vec<String> {
        let options = [
            ("--stack", Some(&self.stack).filter(|stack| *stack != "usher")),
            ("--profile", self.profile.as_ref()),
            ("--region", self.region.as_ref()),
            ("--endpoint-url", self.endpoint_url.as_ref()),
        ];
        let given = options.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?.clone()]));
        given.flatten().collect()
    }

    /// Loads the account's configuration: region, credentials, endpoint.
    pub(crate) async fn load(&self) -> Result<SdkConfig, Failure> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(
            aws_smithy_http_client::Builder::new()
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .tls_context(trust_anchors()?)
                .build_https(),
        );
        if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &self.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let config = loader.load().await;
        if config.region().is_none() {
            return Err("no AWS region: add --region, or set AWS_REGION or a profile's region".into());
        }
        Ok(config)
    }
}

/// Returns the machine's own trust anchors and those of `AWS_CA_BUNDLE`: an operator may be behind a company's proxy.
fn trust_anchors() -> Result<TlsContext, Failure> {
    let mut roots = TrustStore::default();
    if let Some(path) = std::env::var_os("AWS_CA_BUNDLE") {
        let pem = std::fs::read(&path)
            .map_err(|error| format!("AWS_CA_BUNDLE: cannot read {}: {error}", path.display()))?;
        roots = roots.with_pem_certificate(pem);
    }
    Ok(TlsContext::builder().with_trust_store(roots).build()?)
}
