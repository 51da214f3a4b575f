//! The senders this crate can play.

use std::fmt;
use std::str::FromStr;

/// Who sends a webhook. Its lower-case name is also the folder its samples are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Provider {
    /// Luma, <https://docs.luma.com>: signs `{t}.{body}` in `Webhook-Signature`.
    Luma,
    /// Lunacal, <https://lunacal.ai>: like its ancestor Cal.com signs the body in `X-Cal-Signature-256`, or not at all.
    Lunacal,
    /// AllFly Connect: sends through Svix, <https://docs.svix.com/receiving/verifying-payloads/how-manual>.
    Allfly,
}

impl Provider {
    /// Every provider, in the order in which the documentation tells of them.
    pub const ALL: [Self; 3] = [Self::Luma, Self::Lunacal, Self::Allfly];

    /// The lower-case name: `luma`, `lunacal`, `allfly`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Luma => "luma",
            Self::Lunacal => "lunacal",
            Self::Allfly => "allfly",
        }
    }

    /// A delivery id nobody has used before, in the provider's style.
    ///
    /// Svix ids start with `msg_`; `evt_` is what public receivers of Luma's webhooks show. Lunacal sends no id.
    #[must_use]
    pub fn new_delivery_id(self) -> String {
        let prefix = match self {
            Self::Luma => "evt",
            Self::Lunacal | Self::Allfly => "msg",
        };
        format!("{prefix}_{}", crate::hex(&crate::random::<12>()))
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no provider's.
#[derive(Debug, thiserror::Error)]
#[error("unknown provider {0:?}: use luma, lunacal or allfly")]
pub struct UnknownProvider(pub String);

impl FromStr for Provider {
    type Err = UnknownProvider;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|provider| provider.name() == name);
        found.ok_or_else(|| UnknownProvider(name.to_owned()))
    }
}
