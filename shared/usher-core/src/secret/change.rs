//! The changes of a secret document: what an operator may do to it, as pure functions.
//!
//! Each returns another document or an error, and leaves the other accounts as they are, in their order. No sequence of
//! them can take the last secret of an account that is still connected: only [`Document::remove`] takes it, together with
//! the account, and never the last account of a kind.

use super::document::{self, DocumentError, Kind};
use super::{Account, Document, Name, Secret};

/// The reason why a document can't be changed so. No variant carries a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// A rotation that is run again finds this, and may go on.
    #[error("this secret is listed already")]
    Listed,
    #[error("there is no older secret to retire")]
    NothingToRetire,
    #[error("the document has no account of this name")]
    NoSuchName,
    #[error("the document has an account of this name already")]
    NameTaken,
    #[error("the accounts of the document have names: say which one is meant")]
    NameNeeded,
    #[error("the document's only account has no name yet: give it one first")]
    Unnamed,
    #[error("it is the only account: without it nothing would be left to verify deliveries with")]
    LastAccount,
    #[error(transparent)]
    Document(#[from] DocumentError),
}

impl Document {
    /// Adds a secret as the newest of an account. An account of a name that is not there yet is added behind the others.
    ///
    /// A secret that is listed already, in whichever account, is refused: it would verify deliveries for both.
    pub fn stage(&self, kind: Kind, name: Option<&Name>, secret: &Secret) -> Result<Self, ChangeError> {
        let secret = document::secret(secret.expose(), DocumentError::Listed)?;
        if self.accounts(kind).iter().any(|account| account.secrets.contains(&secret)) {
            return Err(ChangeError::Listed);
        }
        let mut changed = self.clone();
        match self.place(kind, name)? {
            Some(place) => changed.accounts_mut(kind)[place].secrets.insert(0, secret),
            None => {
                changed.accounts_mut(kind).push(Account { name: name.cloned(), secrets: vec![secret] });
            }
        }
        Ok(changed.bounded()?)
    }

    /// Takes the older secrets of an account away. The newest stays.
    pub fn retire(&self, kind: Kind, name: Option<&Name>) -> Result<Self, ChangeError> {
        let place = self.place(kind, name)?.ok_or(ChangeError::NoSuchName)?;
        let mut changed = self.clone();
        let secrets = &mut changed.accounts_mut(kind)[place].secrets;
        if secrets.len() < 2 {
            return Err(ChangeError::NothingToRetire);
        }
        secrets.truncate(1);
        Ok(changed)
    }

    /// Gives an account another name, or the unnamed account its first one: then others can be added beside it.
    pub fn rename(&self, kind: Kind, from: Option<&Name>, to: &Name) -> Result<Self, ChangeError> {
        let place = self.place(kind, from)?.ok_or(ChangeError::NoSuchName)?;
        let accounts = self.accounts(kind);
        if accounts.iter().any(|account| account.name.as_ref() == Some(to)) {
            return Err(ChangeError::NameTaken);
        }
        let mut changed = self.clone();
        changed.accounts_mut(kind)[place].name = Some(to.clone());
        Ok(changed)
    }

    /// Takes an account away with all its secrets: for one that was disconnected at the provider. The last of its kind
    /// can't be: the function would refuse every delivery, or ask less of them.
    pub fn remove(&self, kind: Kind, name: &Name) -> Result<Self, ChangeError> {
        let place = self.place(kind, Some(name))?.ok_or(ChangeError::NoSuchName)?;
        if self.accounts(kind).len() == 1 {
            return Err(ChangeError::LastAccount);
        }
        let mut changed = self.clone();
        changed.accounts_mut(kind).remove(place);
        Ok(changed)
    }

    /// Returns the place of an account, or `None` where one of that name could be added.
    fn place(&self, kind: Kind, name: Option<&Name>) -> Result<Option<usize>, ChangeError> {
        match (self.accounts(kind), name) {
            ([Account { name: None, .. }], None) => Ok(Some(0)),
            ([Account { name: None, .. }], Some(_)) => Err(ChangeError::Unnamed),
            ([_, ..], None) => Err(ChangeError::NameNeeded),
            (accounts, name) => Ok(accounts.iter().position(|account| account.name.as_ref() == name)),
        }
    }
}
