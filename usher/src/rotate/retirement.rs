//! The decision whether older secrets may be retired: only when the provider has certainly changed over. Pure.

use std::time::Duration;

use events::Provider;
use jiff::Timestamp;
use usher_core::ledger::operator::CLOCK_SKEW;

use super::usage::{Usage, Uses};

/// The time from Luma's first attempt to its last: it retries after one, two and four minutes.
const LUMA_RETRIES: Duration = Duration::from_mins(1 + 2 + 4);

/// The time for which AllFly Connect signs with the old and the new secret after a rotation.
const ALLFLY_SIGNS_WITH_BOTH: Duration = Duration::from_hours(24);

/// The time from AllFly Connect's first attempt to its last: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h.
const ALLFLY_RETRIES: Duration = Duration::from_secs(5 + 5 * 60 + 30 * 60 + (2 + 5 + 10 + 10) * 3600);

/// The time by which a delivery with the newest secret has to follow the last one with an older secret. While a provider
/// has two webhooks, each event comes under both secrets, in any order and with any of its retries.
pub(crate) const APART: Duration = Duration::from_mins(10);

/// Returns the time for which older secrets must have been unused.
///
/// An operator's clock may be off, and must not make it shorter.
pub(crate) fn quiet(provider: Provider) -> Duration {
    let retries = match provider {
        Provider::Luma => LUMA_RETRIES,
        // Any sender of Standard Webhooks: AllFly Connect's times are those of Svix, which most others took over.
        Provider::Allfly | Provider::Standard => ALLFLY_SIGNS_WITH_BOTH + ALLFLY_RETRIES,
        // Both send once. Each event type of Lunacal has to come under the newest instead.
        Provider::Lunacal | Provider::Calcom => Duration::ZERO,
    };
    APART.max(retries) + CLOCK_SKEW
}

/// A sender that keeps the older secrets from being retired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// The id of the event type at Lunacal, else nothing.
    pub(crate) sender: String,
    /// The name of the event type in its URL, if it is known.
    pub(crate) slug: Option<String>,
    /// The last time that an older secret was used, as far as the ledger shows.
    pub(crate) older: Option<Timestamp>,
    pub(crate) wait: Wait,
}

/// The condition under which older secrets may be retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Until this time no delivery may come with an older secret.
    Until(Timestamp),
    /// A delivery has to come with the newest secret. It counts from this time on.
    ForNewest(Timestamp),
}

/// Returns what keeps the older secrets from being retired now; nothing if they may be.
pub(crate) fn obstacles(provider: Provider, usage: &Usage<'_>, now: Timestamp) -> Vec<Obstacle> {
    let of = |(sender, uses): (&String, &Uses)| {
        let wait = wait(uses, usage.known(), quiet(provider), now)?;
        Some(Obstacle { sender: sender.clone(), slug: uses.slug.clone(), older: uses.older, wait })
    };
    if usage.senders.is_empty() {
        return of((&String::new(), &Uses::default())).into_iter().collect();
    }
    usage.senders.iter().filter_map(of).collect()
}

/// Returns what has to happen before one sender does without older secrets. They may have been used until every function
/// knew the present document, although the ledger has nothing from that time.
fn wait(uses: &Uses, known: Timestamp, quiet: Duration, now: Timestamp) -> Option<Wait> {
    let last = uses.older.map_or(known, |older| older.max(known));
    let after = |time: Duration| last.saturating_add(time).unwrap_or(Timestamp::MAX);
    if now < after(quiet) {
        Some(Wait::Until(after(quiet)))
    } else if uses.newest.is_none_or(|newest| newest < after(APART)) {
        Some(Wait::ForNewest(after(APART)))
    } else {
        None
    }
}
