//! Every second copy on the queue has to be one of the design's cases.

use crate::evidence::{Copy, Violation};
use crate::executor::Millis;
use crate::fifo;
use crate::scenario::MINUTE;
use crate::sent::Sent;
use crate::world::World;

/// How long a delivery without an id or a time counts as the same one.
pub const SAME_FOR: Millis = 10 * MINUTE;

/// Why there may be another copy: promise 3's cases, and one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// The queue took it and its answer was lost.
    AnswerLost,
    /// It was sent, and what should have said so was lost.
    SettleLost,
    /// One of the two went out with the ledger down.
    Unchecked,
    /// A Lunacal body that counts as the same for ten minutes only came twice within them, while an even earlier one,
    /// over by then, had still to be sent. What comes then has an item of its own, by the ten minutes of the clock; in
    /// the next ten, or as soon as the earliest is sent, another. A copy too many rather than an event too few.
    KeptApart,
}

/// The case of each copy that is not the first.
pub fn check(world: &World, sent: &[Sent]) -> Result<Vec<Case>, Violation> {
    let mut sent: Vec<&Sent> = sent.iter().collect();
    sent.sort_by_key(|sent| sent.copy.asked);
    let mut cases = Vec::new();
    for (index, later) in sent.iter().enumerate() {
        let mut latest = None;
        for earlier in sent[..index].iter().filter(|earlier| are_copies(world, earlier, later)) {
            latest = Some(case(world, earlier, later).ok_or_else(|| extra(earlier, later))?);
            if world.scenario.fifo {
                fifo::check(world, earlier, later)?;
            }
        }
        cases.extend(latest);
    }
    Ok(cases)
}

fn are_copies(world: &World, earlier: &Sent, later: &Sent) -> bool {
    let delivery = later.delivery.map(|number| &world.scenario.deliveries[number]);
    let meant_anew = delivery.is_some_and(|delivery| delivery.for_a_while)
        && earlier.received.abs_diff(later.received) > SAME_FOR;
    earlier.delivery == later.delivery && !meant_anew
}

fn case(world: &World, earlier: &Sent, later: &Sent) -> Option<Case> {
    let (one, other) = (earlier.copy, later.copy);
    if earlier.unchecked || later.unchecked {
        return Some(Case::Unchecked);
    }
    if one.owner.token != other.owner.token {
        return (is_apart(world, one) || is_apart(world, other)).then_some(Case::KeptApart);
    }
    if !troubled(world, one) {
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

/// Whether a copy's item is one of those that stand beside an earlier one's.
fn is_apart(world: &World, copy: &Copy) -> bool {
    let items = world.store.items();
    items.iter().any(|(ledger_key, item)| item.token == copy.owner.token && ledger_key.contains('@'))
}

/// Whether anything went wrong for the sender of a copy.
fn troubled(world: &World, copy: &Copy) -> bool {
    let struck = world.struck.borrow().keys().any(|site| site.process == copy.process);
    let since = copy.asked..copy.asked + MINUTE;
    struck || world.scenario.outages.iter().any(|outage| outage.from < since.end && since.start < outage.to)
}

fn extra(earlier: &Sent, later: &Sent) -> Violation {
    let (one, other) = (earlier.copy.process, later.copy.process);
    Violation::ExtraCopy(format!("{} by {one}, and {} by {other}", earlier.id, later.id))
}
