//! Every second copy on the queue has to be one of the design's cases.

use crate::evidence::{Copy, Violation};
use crate::fifo;
use crate::scenario::MINUTE;
use crate::sent::Sent;
use crate::world::World;

/// The reasons why there may be another copy: the cases of promise 3 in DELIVERY.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// The queue took it and its answer was lost.
    AnswerLost,
    /// It was sent, and what should have said so was lost.
    SettleLost,
    /// One of the two went out with the ledger down.
    Unchecked,
}

/// The case of each copy that is not the first.
pub fn check(world: &World, sent: &[Sent]) -> Result<Vec<Case>, Violation> {
    let mut sent: Vec<&Sent> = sent.iter().collect();
    sent.sort_by_key(|sent| sent.copy.asked);
    let mut cases = Vec::new();
    for (index, later) in sent.iter().enumerate() {
        let mut latest = None;
        for earlier in &sent[..index] {
            let are_copies = are_copies(world, earlier, later);
            // A consumer drops what has an id that it has seen, and nothing else.
            if are_copies != (earlier.id == later.id) {
                return Err(Violation::Ids(format!("{} and {}", earlier.id, later.id)));
            }
            if !are_copies {
                continue;
            }
            latest = Some(case(world, earlier, later).ok_or_else(|| extra(earlier, later))?);
            if world.scenario.fifo {
                fifo::check(world, earlier, later)?;
            }
        }
        cases.extend(latest);
    }
    Ok(cases)
}

/// Copies are of one delivery, and where that does not name itself, of one invocation.
fn are_copies(world: &World, earlier: &Sent, later: &Sent) -> bool {
    let unnamed = later.delivery.is_some_and(|number| world.scenario.deliveries[number].unnamed);
    earlier.delivery == later.delivery && (!unnamed || earlier.copy.owner.token == later.copy.owner.token)
}

fn case(world: &World, earlier: &Sent, later: &Sent) -> Option<Case> {
    let (one, other) = (earlier.copy, later.copy);
    if is_unclaimed(world, one) || is_unclaimed(world, other) {
        return Some(Case::Unchecked);
    }
    if one.owner.token != other.owner.token || !troubled(world, one) {
        return None;
    }
    // The SDK's own second try, or a sender that was never told.
    if one.process == other.process || !one.told {
        return Some(Case::AnswerLost);
    }
    let evidence = world.evidence.borrow();
    let settling = evidence.settlings.get(&one.owner);
    let lost = settling.is_none_or(|settling| settling.told.is_none() && !settling.effective);
    (lost && one.owner != other.owner).then_some(Case::SettleLost)
}

/// Returns whether the sender of a copy was told that the ledger had failed.
fn is_unclaimed(world: &World, copy: &Copy) -> bool {
    world.evidence.borrow().unclaimed.contains(&copy.process)
}

/// Returns `true` if anything went wrong for the sender of a copy.
fn troubled(world: &World, copy: &Copy) -> bool {
    let struck = world.struck.borrow().keys().any(|site| site.process == copy.process);
    let since = copy.asked..copy.asked + MINUTE;
    struck || world.scenario.outages.iter().any(|outage| outage.from < since.end && since.start < outage.to)
}

fn extra(earlier: &Sent, later: &Sent) -> Violation {
    let (one, other) = (earlier.copy.process, later.copy.process);
    Violation::ExtraCopy(format!("{} by {one}, and {} by {other}", earlier.id, later.id))
}
