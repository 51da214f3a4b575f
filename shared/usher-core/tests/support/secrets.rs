//! Secret stores that rotate or fail.

use std::cell::Cell;

use usher_core::secret::{Keyring, SecretStore, SecretsError};

/// Answers `cached` until it is read anew, which works as often as `fresh` says.
pub struct Rotated {
    pub cached: Keyring,
    pub fresh: Option<Keyring>,
    pub rereads: Cell<usize>,
}

impl Rotated {
    pub fn new(cached: Keyring, fresh: Option<Keyring>) -> Self {
        Self { cached, fresh, rereads: Cell::new(0) }
    }
}

impl SecretStore for Rotated {
    async fn current(&self) -> Result<Keyring, SecretsError> {
        Ok(self.cached.clone())
    }

    async fn reread(&self) -> Option<Keyring> {
        self.rereads.set(self.rereads.get() + 1);
        self.fresh.clone()
    }
}

/// Has nothing to verify with.
pub struct NoSecrets(pub SecretsError);

impl SecretStore for NoSecrets {
    async fn current(&self) -> Result<Keyring, SecretsError> {
        Err(self.0.clone())
    }

    async fn reread(&self) -> Option<Keyring> {
        panic!("there was nothing to read anew")
    }
}
