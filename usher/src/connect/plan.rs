//! The next step of a connection or a rotation. Pure.
//!
//! No step is remembered: each plan is made of what the provider and the secret document show now. So a command that was
//! cut off between any two steps goes on from there when it is run again. The order is the promise: a webhook is enabled
//! only when the function accepts its secret.

mod rotation;

use events::Provider;
use usher_core::secret::{Account, Document, Kind, Name, Secret};

use super::webhook::Webhook;

pub(crate) use rotation::rotation;

/// A change, or a look at the function, that brings the goal nearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Create a webhook at the function's URL with this variant.
    Create { variant: u32 },
    /// Pause a webhook.
    Disable { id: String },
    /// Store a webhook's secret as the newest of an account.
    Stage { id: String, account: Option<Name> },
    /// Wait until the function accepts what a webhook's secret signs.
    Prove { id: String },
    /// Subscribe a webhook to every type.
    Subscribe { id: String },
    /// Resume a webhook.
    Enable { id: String },
    /// Have the provider replace a webhook's secret.
    RotateSecret { id: String },
}

/// The plan for what was seen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    Next(Step),
    /// A step that an operator has to agree to, and why.
    Confirm(Step, Doubt),
    /// Nothing is left to do for the webhook of this id.
    Done(String),
}

/// The reason why a step is not taken without `--yes`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Doubt {
    #[error(
        "the account has another secret already. If this webhook replaces another one, run again with --yes. If it \
         belongs to another calendar or registration, add --name with a name of its own (an account without a name gets \
         one with: usher rotate {0} rename --name NAME)"
    )]
    SecondSecret(Provider),
    #[error(
        "the new webhook is ready, and both would send each event: to resume it and to pause the old one right after, run \
         again with --yes"
    )]
    ChangeOver,
}

/// The reason why there is no plan.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("the webhook's secret is listed under the name {listed}: leave --name out, or give that name")]
    OtherName { listed: String },
    #[error("the document's accounts have names: add --name with the name of this calendar or registration")]
    NameNeeded,
    #[error(
        "the document's only account has no name yet. Name it first, so that another can be added beside it: usher rotate \
         {0} rename --name NAME"
    )]
    Unnamed(Provider),
    #[error("nothing is connected yet, so there is no secret to rotate: usher connect {0}")]
    NotConnected(Provider),
    #[error(
        "{0} shows a secret that the document lists as an older one: somebody has staged another. Look at both with: \
         usher connect {0} --check"
    )]
    NotTheNewest(Provider),
}

/// Everything that a plan depends on.
pub(crate) struct Facts<'f> {
    pub(crate) provider: Provider,
    /// The webhooks at the function's URL, in the order of their variants.
    pub(crate) webhooks: &'f [Webhook],
    pub(crate) document: &'f Document,
    /// The name that the operator gave.
    pub(crate) name: Option<&'f Name>,
    /// The webhook whose secret the function accepted in this run.
    pub(crate) proven: Option<&'f str>,
}

/// The place of a secret in the document.
#[derive(Clone, Copy)]
pub(crate) struct Listed<'d> {
    pub(crate) account: &'d Account,
    pub(crate) is_newest: bool,
}

impl<'f> Facts<'f> {
    pub(crate) fn listed(&self, secret: &Secret) -> Option<Listed<'f>> {
        self.document.accounts(Kind::Signing).iter().find_map(|account| {
            let place = account.secrets.iter().position(|listed| listed == secret)?;
            Some(Listed { account, is_newest: place == 0 })
        })
    }

    /// Returns the name of the account that a new secret belongs to: the given one, or that of the only account.
    fn account(&self) -> Result<Option<Name>, Problem> {
        match (self.name, self.document.accounts(Kind::Signing)) {
            (Some(_), [Account { name: None, .. }]) => Err(Problem::Unnamed(self.provider)),
            (Some(name), _) => Ok(Some(name.clone())),
            (None, [] | [Account { name: None, .. }]) => Ok(None),
            (None, _) => Err(Problem::NameNeeded),
        }
    }

    /// Returns whether the account of this name has a secret already.
    fn has_secret(&self, name: Option<&Name>) -> bool {
        self.document.accounts(Kind::Signing).iter().any(|account| account.name.as_ref() == name)
    }

    /// Returns the webhook that is connected, or is to be: one that works before one that could.
    pub(crate) fn chosen(&self) -> Option<&'f Webhook> {
        self.webhooks.iter().max_by_key(|webhook| {
            let is_listed = self.listed(&webhook.secret).is_some();
            (webhook.is_enabled && is_listed, webhook.is_enabled, is_listed, webhook.variant)
        })
    }

    fn check_name(&self, listed: Listed<'_>) -> Result<(), Problem> {
        match (self.name, &listed.account.name) {
            (Some(given), Some(listed)) if given != listed => {
                Err(Problem::OtherName { listed: listed.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// Returns the step, to be confirmed if its secret would be the second one of its account: it may be of another calendar,
    /// which the next `retire` would silence.
    const fn confirmed_if(&self, is_second: bool, step: Step) -> Plan {
        if is_second { Plan::Confirm(step, Doubt::SecondSecret(self.provider)) } else { Plan::Next(step) }
    }

    /// Returns the next step from a staged secret to an enabled webhook.
    fn finish(&self, webhook: &Webhook) -> Option<Step> {
        let id = webhook.id.clone();
        if self.proven != Some(webhook.id.as_str()) {
            return Some(Step::Prove { id });
        }
        if !webhook.has_all_types {
            return Some(Step::Subscribe { id });
        }
        (!webhook.is_enabled).then_some(Step::Enable { id })
    }
}

/// Plans the next step of a connection.
pub(crate) fn connection(facts: &Facts<'_>) -> Result<Plan, Problem> {
    let Some(webhook) = facts.chosen() else {
        let is_second = facts.has_secret(facts.account()?.as_ref());
        return Ok(facts.confirmed_if(is_second, Step::Create { variant: 1 }));
    };
    let id = webhook.id.clone();
    if let Some(listed) = facts.listed(&webhook.secret) {
        facts.check_name(listed)?;
        return Ok(facts.finish(webhook).map_or(Plan::Done(id), Plan::Next));
    }
    let account = facts.account()?;
    // Luma's new webhooks are active: this one was created here and not paused yet, or by hand. AllFly's are enabled by
    // hand alone, and it retries for a day what is refused until the secret is staged, but would not send what a pause
    // held back.
    if webhook.is_enabled && facts.provider == Provider::Luma {
        return Ok(Plan::Next(Step::Disable { id }));
    }
    let is_second = facts.has_secret(account.as_ref());
    Ok(facts.confirmed_if(is_second, Step::Stage { id, account }))
}
