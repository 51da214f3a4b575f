//! The execution of a plan: look, plan, take one step, and look again.

use std::time::Duration;

use serde::Serialize;
use usher_core::secret::{Kind, Secret};

use super::acceptance;
use super::api::ApiError;
use super::client::Client;
use super::plan::{Facts, Plan, Problem, Step};
use super::report::{Report, Shown};
use super::target::Connected;
use super::webhook::Webhook;
use crate::rotate::StoredDocument;
use crate::terminal::Failure;

/// The way to plan: a connection or a rotation.
pub(crate) type Planner = fn(&Facts<'_>) -> Result<Plan, Problem>;

/// The result of a run.
#[derive(Serialize)]
pub(crate) struct Executed {
    provider: &'static str,
    /// The steps that this run took.
    steps: Vec<String>,
    pub(crate) webhook: Shown,
    /// The account that the webhook's secret is listed under.
    pub(crate) name: Option<String>,
    /// The status that the function answered a test delivery with.
    pub(crate) test_status: u16,
    /// The number of older secrets in the account.
    pub(crate) older_secrets: usize,
    /// The number of enabled webhooks at the function's URL.
    pub(crate) enabled: usize,
}

/// A run, and what it has done so far.
pub(crate) struct Execution<'e> {
    pub(crate) connected: &'e Connected,
    pub(crate) client: &'e Client,
    pub(crate) planner: Planner,
    pub(crate) report: Report,
    pub(crate) yes: bool,
    pub(crate) patience: Duration,
}

impl Execution<'_> {
    /// Takes one step after the other until nothing is left to do.
    ///
    /// # Errors
    /// When a step fails. The message says what to do, and running the command again goes on from there.
    pub(crate) async fn run(&self) -> Result<Executed, Failure> {
        let deployed = &self.connected.deployed;
        let mut proven: Option<String> = None;
        let mut taken: Vec<Step> = Vec::new();
        let mut uncertain: Option<ApiError> = None;
        loop {
            let webhooks = self.client.webhooks_at(&self.connected.url)?;
            let stored = StoredDocument::read(deployed).await?;
            let facts = Facts {
                provider: deployed.provider,
                webhooks: &webhooks,
                document: &stored.document,
                name: self.connected.name.as_ref(),
                proven: proven.as_deref(),
            };
            let step = match (self.planner)(&facts)? {
                Plan::Done(id) => return self.finish(&facts, &id, &taken),
                Plan::Confirm(_, doubt) if !self.yes => return Err(doubt.to_string().into()),
                Plan::Next(step) | Plan::Confirm(step, _) => step,
            };
            // The same step again: it failed, or the provider does not show what it did. Taking it once more could create
            // a webhook each time.
            if taken.last() == Some(&step) {
                return Err(uncertain.take().map_or_else(|| self.without_effect(&step), Failure::from));
            }
            match self.take(&step, &webhooks, stored).await {
                Ok(()) => {
                    uncertain = None;
                    self.report.say(&self.past(&step))?;
                }
                // Its answer was lost, but it may have been carried out: the next look shows that.
                Err(error) => match error.downcast::<ApiError>() {
                    Ok(error) if error.is_uncertain() => uncertain = Some(*error),
                    Ok(error) => return Err(error),
                    Err(error) => return Err(error),
                },
            }
            if let Step::Prove { id } = &step {
                proven = Some(id.clone());
            }
            taken.push(step);
        }
    }

    async fn take(&self, step: &Step, webhooks: &[Webhook], stored: StoredDocument) -> Result<(), Failure> {
        match step {
            Step::Create { variant } => self.client.create(&self.connected.url.of_variant(*variant))?,
            Step::Disable { id } => self.client.set_enabled(id, false)?,
            Step::Enable { id } => self.client.set_enabled(id, true)?,
            Step::Subscribe { id } => self.client.subscribe(id)?,
            Step::RotateSecret { id } => self.client.rotate_secret(id)?,
            Step::Prove { id } => {
                let secret = secret(webhooks, id)?;
                acceptance::wait(&self.connected.deployed, secret, self.patience, &self.report).await?;
            }
            Step::Stage { id, account } => {
                let deployed = &self.connected.deployed;
                let mut stored = stored;
                let changed = stored.document.stage(Kind::Signing, account.as_ref(), secret(webhooks, id)?);
                stored.document = changed.map_err(|error| {
                    format!(
                        "{error}: the webhook's secret is not stored (usher rotate {0} shows the accounts, \
                         usher rotate {0} rename --name NAME names the only one)",
                        deployed.provider
                    )
                })?;
                stored.check(deployed.provider)?;
                stored.store(deployed).await?;
            }
        }
        Ok(())
    }

    /// Sends the test delivery, and puts the result together.
    fn finish(&self, facts: &Facts<'_>, id: &str, taken: &[Step]) -> Result<Executed, Failure> {
        let webhook = found(facts.webhooks, id)?;
        let listed = facts.listed(&webhook.secret);
        let test_status = acceptance::test(&self.connected.deployed, &webhook.secret)?;
        if !(200..300).contains(&test_status) {
            return Err(format!(
                "the webhook is enabled, and the function refuses a test delivery ({test_status}): see its log"
            )
            .into());
        }
        Ok(Executed {
            provider: facts.provider.name(),
            steps: taken.iter().map(|step| self.past(step)).collect(),
            webhook: Shown::of(webhook),
            name: listed.and_then(|listed| listed.account.name.as_ref()).map(ToString::to_string),
            test_status,
            older_secrets: listed.map_or(0, |listed| listed.account.secrets.len().saturating_sub(1)),
            enabled: facts.webhooks.iter().filter(|webhook| webhook.is_enabled).count(),
        })
    }

    fn without_effect(&self, step: &Step) -> Failure {
        let provider = self.connected.deployed.provider;
        format!(
            "{provider} does not show what was done ({}): look at it there, and run again later",
            self.past(step)
        )
        .into()
    }

    /// Returns what a step did, as a line of the report.
    fn past(&self, step: &Step) -> String {
        match step {
            Step::Create { variant } => {
                format!("Created a webhook at {}, paused.", self.connected.url.of_variant(*variant))
            }
            Step::Disable { .. } => "Paused the webhook.".to_owned(),
            Step::Stage { account: None, .. } => "Stored its secret as the newest.".to_owned(),
            Step::Stage { account: Some(name), .. } => format!("Stored its secret as the newest of {name}."),
            Step::Prove { .. } => "The function accepts a test delivery that is signed with it.".to_owned(),
            Step::Subscribe { .. } => "Subscribed the webhook to all types.".to_owned(),
            Step::Enable { .. } => "Resumed the webhook: deliveries come from now on.".to_owned(),
            Step::RotateSecret { .. } => {
                "Had the secret replaced. Deliveries are signed with the old one, too, for 24 hours."
                    .to_owned()
            }
        }
    }
}

fn secret<'w>(webhooks: &'w [Webhook], id: &str) -> Result<&'w Secret, Failure> {
    Ok(&found(webhooks, id)?.secret)
}

fn found<'w>(webhooks: &'w [Webhook], id: &str) -> Result<&'w Webhook, Failure> {
    let webhook = webhooks.iter().find(|webhook| webhook.id == id);
    webhook.ok_or_else(|| "the webhook was deleted in the meantime: run again".into())
}
