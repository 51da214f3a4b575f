//! The operations on webhooks, whichever provider has them.

use events::Provider;

use super::api::{Api, ApiError};
use super::webhook::{FunctionUrl, Webhook};
use super::{allfly, calcom, luma};

/// The provider's side.
pub(crate) struct Client {
    api: Api,
}

impl Client {
    /// Makes a client of Luma, AllFly or Cal.com. Lunacal has no API.
    pub(crate) const fn new(api: Api) -> Self {
        Self { api }
    }

    /// Lists the webhooks at the function's URL, in the order of their variants.
    pub(crate) fn webhooks_at(&self, url: &FunctionUrl) -> Result<Vec<Webhook>, ApiError> {
        let mut webhooks = match self.api.provider {
            Provider::Luma => luma::webhooks_at(&self.api, url),
            Provider::Calcom => calcom::webhooks_at(&self.api, url),
            _ => allfly::webhooks_at(&self.api, url),
        }?;
        webhooks.sort_by_key(|webhook| webhook.variant);
        Ok(webhooks)
    }

    /// Creates a webhook that is paused as soon as the provider allows.
    pub(crate) fn create(&self, url: &str) -> Result<(), ApiError> {
        match self.api.provider {
            Provider::Luma => luma::create(&self.api, url),
            Provider::Calcom => calcom::create(&self.api, url),
            _ => allfly::create(&self.api, url),
        }
    }

    pub(crate) fn set_enabled(&self, id: &str, enabled: bool) -> Result<(), ApiError> {
        match self.api.provider {
            Provider::Luma => luma::set_enabled(&self.api, id, enabled),
            Provider::Calcom => calcom::set_enabled(&self.api, id, enabled),
            _ => allfly::set_enabled(&self.api, id, enabled),
        }
    }

    pub(crate) fn subscribe(&self, id: &str) -> Result<(), ApiError> {
        match self.api.provider {
            Provider::Luma => luma::subscribe(&self.api, id),
            Provider::Calcom => calcom::subscribe(&self.api, id),
            _ => allfly::subscribe(&self.api, id),
        }
    }

    /// Replaces the secret of AllFly's webhook. The plan never asks another provider for it.
    pub(crate) fn rotate_secret(&self, id: &str) -> Result<(), ApiError> {
        allfly::rotate_secret(&self.api, id)
    }

    pub(crate) fn delete(&self, id: &str) -> Result<(), ApiError> {
        match self.api.provider {
            Provider::Luma => luma::delete(&self.api, id),
            Provider::Calcom => calcom::delete(&self.api, id),
            _ => allfly::delete(&self.api, id),
        }
    }
}
