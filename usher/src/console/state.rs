//! What the page's server works with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use events::{hex, random};
use usher_core::ledger::operator::Item;

use super::board::Board;
use super::guard::Guard;
use super::source::Source;

/// All that the page's server works with.
pub(super) struct Console {
    pub(super) source: Source,
    pub(super) board: Arc<Board>,
    pub(super) guard: Guard,
    /// `true` if the page may change or send anything.
    pub(super) allows_changes: bool,
    /// The origin that webhooks are posted to, where they are received in this process.
    pub(super) webhooks: Option<String>,
    pub(super) plans: Plans,
}

/// The number of plans that are remembered. Older ones have to be made anew.
const MAX_PLANS: usize = 100;

/// The replays that were shown and not yet agreed to: the item of each as it was seen.
#[derive(Default)]
pub(super) struct Plans(Mutex<BTreeMap<(u64, String), Item>>);

impl Plans {
    /// Keeps what was shown, and returns the name of the plan.
    pub(super) fn keep(&self, seen: Item) -> String {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = plans.last_key_value().map_or(0, |((number, _), _)| number + 1);
        let name = format!("{number}-{}", hex(&random::<8>()));
        plans.insert((number, name.clone()), seen);
        while plans.len() > MAX_PLANS {
            plans.pop_first();
        }
        name
    }

    /// Takes a plan, so that it is carried out once.
    pub(super) fn take(&self, name: &str) -> Option<Item> {
        let number = name.split_once('-')?.0.parse().ok()?;
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.remove(&(number, name.to_owned()))
    }
}
