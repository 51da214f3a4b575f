//! A provider's secret document in Secrets Manager.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_secretsmanager::operation::update_secret_version_stage::UpdateSecretVersionStageError;
use events::Provider;
use jiff::Timestamp;
use usher_core::secret::{Account, Document, KeyringError, Name, Secret};

use super::args::Kind;
use crate::aws_error::explain;
use crate::deployed::{Deployed, DocumentVersion, check_document};
use crate::terminal::Failure;

/// The label of the version that every reader gets.
const CURRENT: &str = "AWSCURRENT";
/// The label of a version that is not yet current. Without any label it might be deleted.
const STAGED: &str = "usher.staged";

/// A secret document, and the version of it that was read.
pub(crate) struct StoredDocument {
    pub(crate) document: Document,
    /// The version that was read; `None` where no value was ever stored.
    version: Option<String>,
    /// The time at which that version was stored, by the clock of Secrets Manager.
    pub(crate) stored: Option<Timestamp>,
}

/// The reason why the document was not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error(
        "another operator changed the secret in the meantime, so nothing was changed: run `usher rotate` to see the \
         present state, then repeat the step"
    )]
    Overtaken,
    #[error("cannot {action} ({reason}): may you write the secret?")]
    Aws { action: &'static str, reason: String },
}

impl StoredDocument {
    /// Reads the document and its version. It is empty where no value was ever stored.
    ///
    /// # Errors
    /// When it cannot be read, or is not a secret document.
    pub(crate) async fn read(deployed: &Deployed) -> Result<Self, Failure> {
        let DocumentVersion { text, version, stored } = deployed.document().await?;
        let document = Document::parse(&text).map_err(|error| {
            format!(
                "{error}: no delivery of {0} is accepted now. To replace the document: usher rotate {0} stage \
                 --start-over",
                deployed.provider
            )
        })?;
        Ok(Self { document, version, stored })
    }

    /// Reads the version alone, for a document that replaces the present one without keeping any of its secrets.
    pub(crate) async fn discard(deployed: &Deployed) -> Result<Self, Failure> {
        let DocumentVersion { version, stored, .. } = deployed.document().await?;
        Ok(Self { document: Document::default(), version, stored })
    }

    /// Returns the secrets of an account, the newest first; of the only one, if no name is given.
    ///
    /// # Errors
    /// When the document has accounts with names, and none is given.
    pub(crate) fn secrets(&self, kind: Kind, name: Option<&Name>) -> Result<&[Secret], Failure> {
        match (self.document.accounts(kind.of_document()), name) {
            ([], _) => Ok(&[]),
            ([only], None) => Ok(&only.secrets),
            (accounts, None) => Err(format!(
                "the document has several accounts: add --name with one of {}",
                names(accounts).join(", ")
            )
            .into()),
            (accounts, Some(name)) => {
                let account = accounts.iter().find(|account| account.name.as_ref() == Some(name));
                Ok(account.map_or(&[][..], |account| &account.secrets))
            }
        }
    }

    /// Returns the secrets of the first account of a kind.
    pub(crate) fn any(&self, kind: Kind) -> &[Secret] {
        self.document.accounts(kind.of_document()).first().map_or(&[], |account| &account.secrets)
    }

    /// Returns the name of the account that is meant: the given one, or the name of the only one, if it has any.
    pub(crate) fn account<'n>(&'n self, kind: Kind, name: Option<&'n Name>) -> Option<&'n Name> {
        match (name, self.document.accounts(kind.of_document())) {
            (None, [only]) => only.name.as_ref(),
            (name, _) => name,
        }
    }

    /// Checks that the function could use the document.
    pub(crate) fn check(&self, provider: Provider) -> Result<(), KeyringError> {
        check_document(provider, &self.document.print())
    }

    /// Stores the document in the place of the version that was read, and of no other.
    ///
    /// Secrets Manager stores a version unconditionally, but moves a label only from the version that the request names.
    /// So the new version is stored under a label of its own, and then AWSCURRENT is moved from the version that was read:
    /// of two operators, one fails. Only the very first value has no version to compare with.
    pub(crate) async fn store(&self, deployed: &Deployed) -> Result<(), StoreError> {
        let client = deployed.secrets_manager();
        let label = if self.version.is_none() { CURRENT } else { STAGED };
        let put =
            client.put_secret_value().secret_id(&deployed.secret_id).secret_string(self.document.print());
        let put = put.version_stages(label).send().await;
        let put = put.map_err(|error| failure("store the secret", &error))?;
        let (Some(old), Some(new)) = (&self.version, put.version_id) else { return Ok(()) };
        let update =
            client.update_secret_version_stage().secret_id(&deployed.secret_id).version_stage(CURRENT);
        let moved = update.move_to_version_id(&new).remove_from_version_id(old).send().await;
        let moved = moved.map_err(|error| match error.as_service_error() {
            Some(
                UpdateSecretVersionStageError::InvalidParameterException(_)
                | UpdateSecretVersionStageError::InvalidRequestException(_),
            ) => StoreError::Overtaken,
            _ => failure("make the new secret current", &error),
        });
        unlabel(&client, &deployed.secret_id, &new).await;
        moved.map(drop)
    }
}

/// Returns the names of accounts.
pub(crate) fn names(accounts: &[Account]) -> Vec<&str> {
    accounts.iter().filter_map(|account| account.name.as_ref()).map(Name::as_str).collect()
}

/// Removes the label that the new version was stored under. A label left behind does no harm: storing the next version
/// moves it.
async fn unlabel(client: &Client, secret: &str, version: &str) {
    let update = client.update_secret_version_stage().secret_id(secret).version_stage(STAGED);
    let _ = update.remove_from_version_id(version).send().await;
}

fn failure<E, R>(action: &'static str, error: &SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    StoreError::Aws { action, reason: explain(error) }
}
