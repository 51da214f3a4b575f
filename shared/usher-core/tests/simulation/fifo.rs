//! What a FIFO queue adds: it drops copies for five minutes, and the relay aims inside them.

use usher_core::ledger::{GRACE, LEASE};
use usher_core::relay::backoff;

use crate::broker::DEDUPLICATES_FOR;
use crate::evidence::Violation;
use crate::executor::Millis;
use crate::faults::{Fault, Process};
use crate::scenario::{Dependency, MINUTE, SECOND};
use crate::sent::Sent;
use crate::world::World;

/// Of one event there is no second copy within five minutes, and none after them that the relay could have sent within.
pub fn check(world: &World, earlier: &Sent, later: &Sent) -> Result<(), Violation> {
    let (from, to) = (earlier.copy.taken.min(later.copy.taken), earlier.copy.taken.max(later.copy.taken));
    if earlier.id != later.id {
        return Ok(());
    }
    if to - from < DEDUPLICATES_FOR {
        return Err(Violation::Fifo(format!("{} within {} ms", later.id, to - from)));
    }
    let resent = matches!(later.copy.process, Process::Relay { .. }) && !earlier.unchecked;
    let mut outages = world.scenario.outages.iter().filter(|outage| outage.of != Dependency::Secrets);
    let outage = outages.any(|outage| outage.from < to && from < outage.to);
    if resent
        && !outage
        && resent_by(earlier.copy.owner.attempt, setbacks(world, from, to)) < DEDUPLICATES_FOR
    {
        return Err(Violation::Fifo(format!("{}, resent only after {} ms", later.id, to - from)));
    }
    Ok(())
}

/// How many things went wrong for relays in some time.
fn setbacks(world: &World, from: Millis, to: Millis) -> u32 {
    let struck = world.struck.borrow();
    let setbacks = struck.iter().filter(|(site, (fault, at))| {
        let harmless = matches!(fault, Fault::Twin { .. });
        matches!(site.process, Process::Relay { .. }) && !harmless && (from..to).contains(at)
    });
    u32::try_from(setbacks.count()).expect("a few")
}

/// How long after a send, by its owner's attempt, the next one follows at the latest: when that owner's time is up a
/// relay is started within a minute, and each setback costs another attempt.
fn resent_by(attempt: u32, setbacks: u32) -> Millis {
    let left_alone = |attempt| if attempt == 0 { GRACE } else { LEASE.max(backoff(attempt)) };
    let waits = (attempt..=attempt + setbacks).map(|attempt| {
        let wait = u64::try_from(left_alone(attempt).as_millis()).expect("an hour at most");
        wait + MINUTE + 10 * SECOND
    });
    waits.sum()
}
