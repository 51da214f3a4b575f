//! The AWS account that the tool works on, found as every AWS tool finds it.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use crate::terminal::Failure;

/// Which account, and which deployment of Usher in it.
#[derive(clap::Args)]
pub(crate) struct Account {
    /// Usher's CloudFormation stack
    #[arg(long, env = "USHER_STACK", default_value = "usher", help_heading = "AWS")]
    pub(crate) stack: String,
    /// A profile of your AWS configuration [default: as AWS_PROFILE and the AWS_… variables say]
    #[arg(long, help_heading = "AWS")]
    profile: Option<String>,
    /// The stack's region
    #[arg(long, help_heading = "AWS")]
    region: Option<String>,
    /// Another endpoint than AWS's, such as an emulator's
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL", help_heading = "AWS")]
    endpoint_url: Option<String>,
}

impl Account {
    /// The account's configuration: region, credentials, endpoint.
    pub(crate) async fn load(&self) -> Result<SdkConfig, Failure> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(
            aws_smithy_http_client::Builder::new()
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .tls_context(trusted()?)
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
            return Err("no AWS region: pass --region, or set AWS_REGION or a profile's region".into());
        }
        Ok(config)
    }
}

/// The machine's own trust anchors, and those of `AWS_CA_BUNDLE`: an operator may sit behind a company's proxy.
fn trusted() -> Result<TlsContext, Failure> {
    let mut roots = TrustStore::default();
    if let Some(path) = std::env::var_os("AWS_CA_BUNDLE") {
        let pem = std::fs::read(&path)
            .map_err(|error| format!("AWS_CA_BUNDLE: cannot read {}: {error}", path.display()))?;
        roots = roots.with_pem_certificate(pem);
    }
    Ok(TlsContext::builder().with_trust_store(roots).build()?)
}
