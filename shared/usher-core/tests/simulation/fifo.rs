//! What a FIFO queue adds: it drops copies for five minutes, and the relay comes back within them.

use usher_core::ledger::{GRACE, LEASE};
use usher_core::relay::{backoff, confirmation_wait};

use crate::broker::DEDUPLICATES_FOR;
use crate::evidence::{Ask, Copy, Violation};
use crate::executor::Millis;
use crate::faults::{Fault, Operation, Process, Site};
use crate::scenario::{Dependency, HOUR, MINUTE, SECOND};
use crate::sent::Sent;
use crate::world::World;

/// After a send that the queue may have taken, a relay sends again within the five minutes, however long the queue's
/// outage has been going on. After an hour of such sends only every second one is followed so closely.
pub fn comes_back(world: &World) -> Result<(), Violation> {
    if !world.scenario.fifo {
        return Ok(());
    }
    let evidence = world.evidence.borrow();
    for (index, ask) in evidence.asks.iter().enumerate().filter(|(_, ask)| ask.unconfirmed) {
        let own = |other: &&Ask| other.owner.token == ask.owner.token;
        let next = evidence.asks[index + 1..].iter().filter(own).find(|other| other.process != ask.process);
        let Some(next) = next.filter(|next| matches!(next.process, Process::Relay { .. })) else { continue };
        let gap = next.asked - ask.asked;
        let is_hindered = relays_are_hindered(world, ask.asked, next.asked);
        let second_of_a_pair = || {
            let earlier = evidence.asks[..index].iter().filter(own).filter(|earlier| earlier.unconfirmed);
            let earlier: Vec<Millis> = earlier.map(|earlier| earlier.asked).collect();
            earlier.last().is_some_and(|last| {
                let is_close = ask.asked - last < DEDUPLICATES_FOR;
                (is_close || relays_are_hindered(world, *last, ask.asked))
                    && ask.asked - earlier[0] >= HOUR - 5 * MINUTE
            })
        };
        if gap >= DEDUPLICATES_FOR && !is_hindered && !second_of_a_pair() {
            let what = format!("{:?} was unconfirmed, and sent again after {gap} ms", ask.owner);
            return Err(Violation::Fifo(what));
        }
    }
    Ok(())
}

/// Returns `true` if anything but the queue kept relays from their work at some time.
fn relays_are_hindered(world: &World, from: Millis, to: Millis) -> bool {
    let mut outages = world.scenario.outages.iter();
    let keeps = |of| of == Dependency::Ledger || of == Dependency::Relay;
    outages.any(|outage| keeps(outage.of) && outage.from < to && from < outage.to)
        || struck(world, from, to).any(|(site, fault)| {
            let crash = matches!(fault, Fault::CrashBefore | Fault::CrashAfter);
            crash || !matches!(site.operation, Operation::SendBatch | Operation::Entry)
        })
}

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
    let setbacks = u32::try_from(struck(world, from, to).count()).expect("a few");
    if resent && !outage && resent_by(earlier.copy, setbacks) < DEDUPLICATES_FOR {
        return Err(Violation::Fifo(format!("{}, resent only after {} ms", later.id, to - from)));
    }
    Ok(())
}

/// What went wrong for relays in some time.
fn struck(world: &World, from: Millis, to: Millis) -> impl Iterator<Item = (Site, Fault)> {
    let struck = world.struck.borrow();
    let setbacks = struck.iter().filter(|(site, (fault, at))| {
        let harmless = matches!(fault, Fault::Twin { .. });
        matches!(site.process, Process::Relay { .. }) && !harmless && (from..to).contains(at)
    });
    let setbacks: Vec<_> = setbacks.map(|(site, (fault, _))| (site.clone(), *fault)).collect();
    setbacks.into_iter()
}

/// How long after a copy was sent the next send follows at the latest: when its owner's time is up a relay is started
/// within a minute, and each setback costs another attempt.
fn resent_by(copy: &Copy, setbacks: u32) -> Millis {
    let attempt = copy.owner.attempt;
    let own = match (attempt, copy.told) {
        (0, _) => GRACE,
        (_, true) => LEASE,
        (_, false) => LEASE.max(confirmation_wait(attempt)),
    };
    let others = (attempt + 1..=attempt + setbacks)
        .map(|attempt| LEASE.max(backoff(attempt)).max(confirmation_wait(attempt)));
    let waits = std::iter::once(own).chain(others).map(|wait| {
        let wait = u64::try_from(wait.as_millis()).expect("an hour at most");
        wait + MINUTE + 10 * SECOND
    });
    waits.sum()
}
