//! A provider's secret document in Secrets Manager.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_secretsmanager::operation::update_secret_version_stage::UpdateSecretVersionStageError;
use events::Provider;
use serde_json::json;
use usher_core::policy::Policy;
use usher_core::provider::{AllFly, Luma, Lunacal};
use usher_core::secret::{Keyring, KeyringError, Secret};

use super::Kind;
use crate::cause::cause;
use crate::deployed::Deployed;
use crate::terminal::Failure;

/// The label of the version that every reader gets.
const CURRENT: &str = "AWSCURRENT";
/// The label of a version that is not yet current. Without any label it might be deleted.
const STAGED: &str = "usher.staged";

/// What is valid now, and the version that says so.
pub(crate) struct Document {
    pub(crate) keyring: Keyring,
    /// `None` where nobody has put a value yet.
    version: Option<String>,
}

/// Why the document was not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PutError {
    #[error(
        "somebody else changed the secret in the meantime, so nothing was changed: look again, and repeat the step"
    )]
    Overtaken,
    #[error("cannot {0} ({1}): may you write the secret?")]
    Refused(&'static str, String),
}

impl Document {
    /// # Errors
    /// When it can't be read, or is none.
    pub(crate) async fn read(deployed: &Deployed) -> Result<Self, Failure> {
        let (text, version) = current(deployed).await?;
        let keyring = match parse(deployed.provider, &text) {
            Ok(keyring) => keyring,
            Err(KeyringError::Empty) => Keyring::default(),
            Err(error) => {
                return Err(format!(
                    "{error}: no delivery of {0} is accepted now. `usher rotate {0} stage --start-over` puts a new one in \
                     its place",
                    deployed.provider
                )
                .into());
            }
        };
        Ok(Self { keyring, version })
    }

    /// As if nothing were in it.
    pub(crate) async fn read_version(deployed: &Deployed) -> Result<Self, Failure> {
        let (_, version) = current(deployed).await?;
        Ok(Self { keyring: Keyring::default(), version })
    }

    pub(crate) fn secrets(&self, kind: Kind) -> &[Secret] {
        match kind {
            Kind::Signing => &self.keyring.signing,
            Kind::Token => &self.keyring.url,
        }
    }

    pub(crate) fn secrets_mut(&mut self, kind: Kind) -> &mut Vec<Secret> {
        match kind {
            Kind::Signing => &mut self.keyring.signing,
            Kind::Token => &mut self.keyring.url,
        }
    }

    /// Whether the function could work with it.
    pub(crate) fn check(&self, provider: Provider) -> Result<(), KeyringError> {
        parse(provider, &self.text()).map(drop)
    }

    /// Puts it in the place of the version that was read, and of no other.
    ///
    /// Secrets Manager puts unconditionally, but moves a label only from where it is said to be. So the new version is put
    /// under a label of its own, and then AWSCURRENT is moved from the version that was read: of two operators, one
    /// is refused. Only the very first value has nothing to be compared with.
    pub(crate) async fn put(&self, deployed: &Deployed) -> Result<(), PutError> {
        let client = deployed.secrets_manager();
        let label = if self.version.is_none() { CURRENT } else { STAGED };
        let put = client.put_secret_value().secret_id(&deployed.secret_id).secret_string(self.text());
        let put = put.version_stages(label).send().await;
        let put = put.map_err(|error| refused("put the secret", &error))?;
        let (Some(old), Some(new)) = (&self.version, put.version_id) else { return Ok(()) };
        let update =
            client.update_secret_version_stage().secret_id(&deployed.secret_id).version_stage(CURRENT);
        let moved = update.move_to_version_id(&new).remove_from_version_id(old).send().await;
        let moved = moved.map_err(|error| match error.as_service_error() {
            Some(
                UpdateSecretVersionStageError::InvalidParameterException(_)
                | UpdateSecretVersionStageError::InvalidRequestException(_),
            ) => PutError::Overtaken,
            _ => refused("make the new secret current", &error),
        });
        unlabel(&client, &deployed.secret_id, &new).await;
        moved.map(drop)
    }

    fn text(&self) -> String {
        let exposed =
            |secrets: &[Secret]| secrets.iter().map(|secret| secret.expose().to_owned()).collect::<Vec<_>>();
        json!({ "signing": exposed(&self.keyring.signing), "url": exposed(&self.keyring.url) }).to_string()
    }
}

/// A label left behind harms nobody: the next version put under it takes it away.
async fn unlabel(client: &Client, secret: &str, version: &str) {
    let update = client.update_secret_version_stage().secret_id(secret).version_stage(STAGED);
    let _ = update.remove_from_version_id(version).send().await;
}

fn refused<E, R>(what: &'static str, error: &SdkError<E, R>) -> PutError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    PutError::Refused(what, cause(error))
}

/// The document and its version; empty where nobody has put a value yet.
async fn current(deployed: &Deployed) -> Result<(String, Option<String>), Failure> {
    match deployed.secrets_manager().get_secret_value().secret_id(&deployed.secret_id).send().await {
        Ok(read) => Ok((read.secret_string.unwrap_or_default(), read.version_id)),
        Err(error)
            if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) =>
        {
            Ok((String::new(), None))
        }
        Err(error) => {
            let (provider, why) = (deployed.provider, cause(&error));
            Err(format!("cannot read {provider}'s secret ({why}): may you read it?").into())
        }
    }
}

fn parse(provider: Provider, text: &str) -> Result<Keyring, KeyringError> {
    let policy = Policy::with_tolerance(std::time::Duration::ZERO);
    match provider {
        Provider::Luma => Keyring::parse::<Luma>(text, &policy),
        Provider::Lunacal => Keyring::parse::<Lunacal>(text, &policy),
        Provider::Allfly => Keyring::parse::<AllFly>(text, &policy),
    }
}
