//! The secrets as a handler sees them: cached where it is warm, else read across a network that fails.

use std::marker::PhantomData;
use std::rc::Rc;

use usher_core::secret::{Keyring, SecretStore, SecretsError};

use crate::deadline::SECRETS_WITHIN;
use crate::deliveries::Rotates;
use crate::executor::Millis;
use crate::faults::{Operation, Process, Site};
use crate::network::{Failure, call, within};
use crate::rng::Rng;
use crate::scenario::MINUTE;
use crate::world::World;

pub struct SimSecrets<P> {
    pub world: Rc<World>,
    pub process: Process,
    /// Nothing is cached.
    pub cold: bool,
    pub provider: PhantomData<P>,
}

/// How long a reading is cached.
const FRESH_FOR: Millis = 5 * MINUTE;

impl<P: Rotates> SimSecrets<P> {
    async fn read(&self) -> Result<Keyring, Failure> {
        let site = Site::new(self.process, Operation::ReadSecrets, "");
        let served = |world: &Rc<World>| P::secrets(world.rotated(0));
        within(&self.world, Some(SECRETS_WITHIN), call(&self.world, site, served)).await
    }
}

impl<P: Rotates> SecretStore for SimSecrets<P> {
    async fn current(&self) -> Result<Keyring, SecretsError> {
        if self.cold {
            return self.read().await.map_err(|failure| SecretsError::Unreachable(failure.cause.to_owned()));
        }
        Ok(P::secrets(self.world.rotated(FRESH_FOR)))
    }

    /// Half of the time somebody's forged delivery has just caused a reading.
    async fn reread(&self) -> Option<Keyring> {
        let mut rng = Rng::new(&[self.world.scenario.seed, 4, self.world.executor.now()]);
        if rng.percent(50) { None } else { self.read().await.ok() }
    }
}

impl World {
    /// Returns `true` if the provider has been signing with its next secret for that long.
    pub fn rotated(&self, ago: Millis) -> bool {
        self.scenario.rotated.is_some_and(|rotated| rotated + ago <= self.executor.now())
    }
}
