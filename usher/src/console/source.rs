//! Where the deliveries come from: a stack's table, or the ledger in this process.

mod deployed;
pub(super) mod local;
pub(super) mod receiver;
pub(super) mod secrets;

use std::sync::Arc;
use std::time::Duration;

use events::{Provider, Sample};
use jiff::Timestamp;
use usher_core::ledger::operator::{Item, OperatorLedger as _, Page, Selection};
use usher_core::ledger::{LedgerError, Transition};

use super::board::Figures;
use super::cost::Estimate;
use crate::aws::Account;
use crate::terminal::Failure;
use deployed::DeployedStack;
use local::LocalStack;

/// The source of deliveries.
pub(super) enum Source {
    Deployed(Box<DeployedStack>),
    Local(Arc<LocalStack>),
}

impl Source {
    /// Opens the ledger of a deployed stack.
    pub(super) async fn open(account: &Account) -> Result<Self, Failure> {
        Ok(Self::Deployed(Box::new(DeployedStack::open(account).await?)))
    }

    /// Starts a stack in this process.
    pub(super) fn local(secrets: &[String]) -> Result<Self, Failure> {
        Ok(Self::Local(Arc::new(LocalStack::new(secrets)?)))
    }

    pub(super) fn as_local(&self) -> Option<&Arc<LocalStack>> {
        match self {
            Self::Deployed(_) => None,
            Self::Local(local) => Some(local),
        }
    }

    /// Returns the name that the page shows.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Deployed(stack) => stack.name(),
            Self::Local(_) => "local",
        }
    }

    /// Returns the price of a look at everything; `None` where it costs nothing.
    pub(super) async fn estimate(&self) -> Result<Option<Estimate>, Failure> {
        match self {
            Self::Deployed(stack) => stack.estimate().await.map(Some),
            Self::Local(_) => Ok(None),
        }
    }

    /// Reads a page of the ledger.
    pub(super) async fn scan(&self, selection: &Selection, after: Option<&str>) -> Result<Page, LedgerError> {
        match self {
            Self::Deployed(stack) => stack.table().scan(selection, after).await,
            Self::Local(local) => local.ledger().scan(selection, after).await,
        }
    }

    /// Reads one item, as it is now.
    pub(super) async fn get(&self, ledger_key: &str) -> Result<Option<Item>, LedgerError> {
        match self {
            Self::Deployed(stack) => stack.table().get(ledger_key).await,
            Self::Local(local) => local.ledger().get(ledger_key).await,
        }
    }

    /// Makes an item pending again, unless it is no longer as it was seen.
    pub(super) async fn replay(&self, seen: &Item, token: &str) -> Result<Transition, LedgerError> {
        let now = Timestamp::now();
        match self {
            Self::Deployed(stack) => stack.table().replay(seen, token, now).await,
            Self::Local(local) => {
                let replayed = local.ledger().replay(seen, token, now).await;
                local.relay_now();
                replayed
            }
        }
    }

    /// Reads the numbers that are not in the list.
    pub(super) async fn figures(&self) -> Result<Figures, Failure> {
        match self {
            Self::Deployed(stack) => stack.figures().await,
            Self::Local(local) => local.figures().await,
        }
    }

    /// Returns the time from one reading of those numbers to the next: a stack's cost a query for each part of the index.
    pub(super) fn figures_every(&self) -> Duration {
        match self {
            Self::Deployed(_) => Duration::from_secs(15),
            Self::Local(_) => Duration::ZERO,
        }
    }

    /// Waits for a change, where one is told.
    pub(super) async fn changed(&self) {
        match self {
            Self::Deployed(_) => std::future::pending().await,
            Self::Local(local) => local.changed().await,
        }
    }

    /// Returns whether samples may be sent: only to a stack on this machine. A sample sent to a real one would be an event
    /// for the consumers.
    pub(super) fn takes_samples(&self) -> bool {
        match self {
            Self::Deployed(stack) => stack.is_on_this_machine(),
            Self::Local(_) => true,
        }
    }

    /// Signs a sample as its provider would, and sends it. Returns the answer's status.
    pub(super) async fn send_sample(&self, sample: Sample) -> Result<u16, Failure> {
        match self {
            Self::Deployed(stack) => stack.send_sample(sample).await,
            Self::Local(local) => local.send_sample(sample).await,
        }
    }

    /// Returns the providers of a stack in this process, each with whether its secret is made up.
    pub(super) fn providers(&self) -> Vec<(Provider, bool)> {
        self.as_local().map(|local| local.providers()).unwrap_or_default()
    }
}
