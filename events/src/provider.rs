//! The senders that this crate can play.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::random::{hex, random};

/// A sender of webhooks. Its lower-case name is also the folder that its samples are in.
///
/// Every command line of this repository takes a provider as this type, so [`Provider::ALL`] is the one list of names
/// that a user can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Provider {
    /// Luma, <https://docs.luma.com>: signs `{t}.{body}` in `Webhook-Signature`.
    Luma,
    /// Lunacal, <https://lunacal.ai>: like its ancestor Cal.com signs the body in `X-Cal-Signature-256`, or not at all.
    Lunacal,
    /// AllFly Connect: sends through Svix, <https://docs.svix.com/receiving/verifying-payloads/how-manual>.
    Allfly,
    /// Cal.com, <https://cal.com/docs/developing/guides/automation/webhooks>: signs the body in `X-Cal-Signature-256`.
    Calcom,
    /// Any sender of Standard Webhooks, <https://www.standardwebhooks.com>, under the names of the specification.
    Standard,
}

impl Provider {
    /// Every provider, in the order in which the documentation presents them.
    pub const ALL: [Self; 5] = [Self::Luma, Self::Lunacal, Self::Allfly, Self::Calcom, Self::Standard];

    /// Returns the lower-case name: `luma`, `lunacal`, `allfly`, `calcom` or `standard`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Luma => "luma",
            Self::Lunacal => "lunacal",
            Self::Allfly => "allfly",
            Self::Calcom => "calcom",
            Self::Standard => "standard",
        }
    }

    /// Returns whether it sends as Cal.com's sender does: neither an id nor a signed time, the type in `triggerEvent`, and
    /// pings.
    #[must_use]
    pub const fn is_cal(self) -> bool {
        matches!(self, Self::Lunacal | Self::Calcom)
    }

    /// Returns whether it signs by Standard Webhooks: the id, the time and the body, with a key in base64.
    #[must_use]
    pub const fn is_standard_webhooks(self) -> bool {
        matches!(self, Self::Allfly | Self::Standard)
    }

    /// Returns the name of the header that holds the signature.
    #[must_use]
    pub const fn signature_header(self) -> &'static str {
        match self {
            Self::Luma => "Webhook-Signature",
            Self::Lunacal | Self::Calcom => "X-Cal-Signature-256",
            Self::Allfly => "svix-signature",
            Self::Standard => "webhook-signature",
        }
    }

    /// Returns a new random delivery id in the provider's style.
    ///
    /// Svix ids start with `msg_`; `evt_` is what public receivers of Luma's webhooks show. Lunacal and Cal.com send no id.
    #[must_use]
    pub fn new_delivery_id(self) -> String {
        let prefix = match self {
            Self::Luma => "evt",
            Self::Lunacal | Self::Allfly | Self::Calcom | Self::Standard => "msg",
        };
        format!("{prefix}_{}", hex(&random::<12>()))
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl ValueEnum for Provider {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// A name that is no provider's.
#[derive(Debug, thiserror::Error)]
#[error("unknown provider {0:?}: use one of {names}", names = Provider::ALL.map(Provider::name).join(", "))]
pub struct UnknownProvider(pub String);

impl FromStr for Provider {
    type Err = UnknownProvider;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|provider| provider.name() == name);
        found.ok_or_else(|| UnknownProvider(name.to_owned()))
    }
}
