//! The operations on webhooks, whichever provider has them.

use events::Provider;

use super::api::{Api, ApiError};
use super::webhook::{FunctionUrl, Webhook};
use super::{allfly, luma};

/// The provider's side.
pub(crate) struct Client {
    api: Api,
}

impl Client {
    /// Makes a client of Luma or AllFly. Lunacal has no API.
    pub(crate) const fn new(api: Api) -> Self {
        Self { api }
    }

    const fn is_luma(&self) -> bool {
        matches!(self.api.provider, Provider::Luma)
    }

    /// Lists the webhooks at the function's URL, in the order of their variants.
    pub(crate) fn webhooks_at(&self, url: &FunctionUrl) -> Result<Vec<Webhook>, ApiError> {
        let mut webhooks = if self.is_luma() {
            luma::webhooks_at(&self.api, url)
        } else {
            allfly::webhooks_at(&self.api, url)
        }?;
        webhooks.sort_by_key(|webhook| webhook.variant);
        Ok(webhooks)
    }

    /// Creates a webhook that is paused as soon as the provider allows.
    pub(crate) fn create(&self, url: &str) -> Result<(), ApiError> {
        if self.is_luma() { luma::create(&self.api, url) } else { allfly::create(&self.api, url) }
    }

    pub(crate) fn set_enabled(&self, id: &str, enabled: bool) -> Result<(), ApiError> {
        if self.is_luma() {
            luma::set_enabled(&self.api, id, enabled)
        } else {
            allfly::set_enabled(&self.api, id, enabled)
        }
    }

    pub(crate) fn subscribe(&self, id: &str) -> Result<(), ApiError> {
        if self.is_luma() { luma::subscribe(&self.api, id) } else { allfly::subscribe(&self.api, id) }
    }

    /// Replaces the secret of AllFly's webhook. The plan never asks Luma for it.
    pub(crate) fn rotate_secret(&self, id: &str) -> Result<(), ApiError> {
        allfly::rotate_secret(&self.api, id)
    }

    pub(crate) fn delete(&self, id: &str) -> Result<(), ApiError> {
        if self.is_luma() { luma::delete(&self.api, id) } else { allfly::delete(&self.api, id) }
    }
}
