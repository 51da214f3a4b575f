//! The design's promises, checked when a run is over and everything has long been quiet.

use usher_core::ledger::operator::Item;
use usher_core::ledger::{MAX_ATTEMPTS, MAX_LEASES, PARKED_AFTER, Transition};
use usher_core::policy::Policy;
use usher_core::trace::Span;

use crate::copies::{self, Case};
use crate::deadline::PROMISED_WITHIN;
use crate::evidence::{Answer, Violation};
use crate::fifo;
use crate::scenario::Dependency;
use crate::sent::{Sent, xray_of};
use crate::world::World;

/// What the ledger holds at the end.
struct Held {
    ledger_key: String,
    item: Item,
    body: Vec<u8>,
}

/// The first promise that was broken, or the cases of all second copies.
pub fn check(world: &World) -> Result<Vec<Case>, Violation> {
    if let Some(violation) = world.evidence.borrow().violations.first() {
        return Err(violation.clone());
    }
    let evidence = world.evidence.borrow();
    let sent: Vec<Sent> = evidence.copies.iter().map(|copy| Sent::read(world, copy)).collect();
    let held = held(world);
    nothing_unverified(world, &sent)?;
    evidence.answers.iter().try_for_each(|answer| kept(world, answer, &sent, &held))?;
    sent.iter().try_for_each(traced)?;
    held.iter().try_for_each(|held| at_rest(world, held, &sent))?;
    settled(world)?;
    fifo::comes_back(world)?;
    copies::check(world, &sent)
}

/// What is left when TTL has deleted what it may, long after the last event.
fn held(world: &World) -> Vec<Held> {
    let later = world.timestamp() + Policy::RETENTION * 2;
    let items = world.store.items().into_iter().filter(|(_, item)| !world.deleted_unsent(item, later));
    items
        .map(|(ledger_key, item)| {
            let packed = item.body.as_ref().expect("nothing is erased");
            let body = packed.unpack(Policy::MAX_BODY_BYTES).expect("it is stored as it was").to_vec();
            Held { ledger_key, item, body }
        })
        .collect()
}

/// Whoever sends it, an event carries the trace of the request that brought it.
fn traced(sent: &Sent) -> Result<(), Violation> {
    let expected = Span::from_xray(&xray_of(&sent.copy.owner.token));
    let traceparent = sent.traceparent.as_deref().and_then(Span::from_traceparent);
    let header = sent.copy.message.trace_header.as_deref().and_then(Span::from_xray);
    if traceparent == expected && header == expected {
        return Ok(());
    }
    Err(Violation::Trace(format!("{} by {} has the trace {traceparent:?}", sent.id, sent.copy.process)))
}

/// Who settled an item is not told that another had overtaken it.
fn settled(world: &World) -> Result<(), Violation> {
    let evidence = world.evidence.borrow();
    let mut settlings = evidence.settlings.iter();
    let untrue =
        settlings.find(|(_, settling)| settling.effective && settling.told == Some(Transition::Overtaken));
    untrue.map_or(Ok(()), |(owner, _)| {
        Err(Violation::Overtaken(format!("{owner:?} settled its item, and was told that another did")))
    })
}

fn nothing_unverified(world: &World, sent: &[Sent]) -> Result<(), Violation> {
    if let Some(sent) = sent.iter().find(|sent| sent.delivery.is_none()) {
        return Err(Violation::Unverified(format!("{} is on the queue, which nobody sent", sent.id)));
    }
    let evidence = world.evidence.borrow();
    let forged = |answer: &&Answer| answer.forged;
    for Answer { process, status, .. } in evidence.answers.iter().filter(forged) {
        if *status < 300 || evidence.asked.contains(process) {
            return Err(Violation::Unverified(format!(
                "{process} worked on a forgery, and answered {status}"
            )));
        }
    }
    for sent in sent {
        let unclaimed = evidence.unclaimed.contains(&sent.copy.process);
        let unnamed = sent.delivery.is_some_and(|number| world.scenario.deliveries[number].unnamed);
        if sent.unchecked != (unclaimed || unnamed) {
            let what = format!("{} says unchecked: {}", sent.id, sent.unchecked);
            return Err(Violation::ExtraCopy(what));
        }
    }
    Ok(())
}

/// A 2xx means durable, and is answered in time.
fn kept(world: &World, answer: &Answer, sent: &[Sent], held: &[Held]) -> Result<(), Violation> {
    let Answer { process, delivery: number, forged, took, status, .. } = answer;
    if *took > PROMISED_WITHIN {
        return Err(Violation::Slow(format!("{process} took {took} ms to answer")));
    }
    let delivery = &world.scenario.deliveries[*number];
    // What does not name itself is another event each time, and has to be there for each.
    let own = |token: &str| !delivery.unnamed || token == process.to_string();
    let parked = |held: &Held| {
        held.item.parked.is_some() && delivery.is(&held.ledger_key, &held.body) && own(&held.item.token)
    };
    // Two deliveries that name themselves by nothing may have the same bytes, so only the invocation tells them apart.
    let is_sent =
        |sent: &Sent| (delivery.unnamed || sent.delivery == Some(*number)) && own(&sent.copy.owner.token);
    let kept = sent.iter().any(is_sent) || held.iter().any(parked);
    if *forged || *status >= 300 || kept {
        return Ok(());
    }
    Err(Violation::Lost(format!("delivery {number}, of which {process} answered {status}")))
}

/// What ends the relays is parked after the attempts it has, and anything else only after a long outage of the queue.
fn may_be_parked(world: &World, item: &Item) -> bool {
    let deadly = world.scenario.deadly.is_some_and(|deadly| Some(deadly) == world.delivery_of(&item.token));
    let outages = world.scenario.outages.iter().filter(|outage| outage.of == Dependency::Queue);
    let longest = outages.map(|outage| outage.to - outage.from).max().unwrap_or(0);
    let is_long = u128::from(longest) > PARKED_AFTER.as_millis();
    (deadly && item.setbacks.failed >= MAX_ATTEMPTS) || (is_long && item.attempt >= MAX_LEASES)
}

/// Every item is sent and said to be, or parked.
fn at_rest(world: &World, held: &Held, sent: &[Sent]) -> Result<(), Violation> {
    let Held { ledger_key, item, .. } = held;
    if item.due.is_some() {
        return Err(Violation::LeftPending(format!("{ledger_key}, after {} attempts", item.attempt)));
    }
    if item.parked.is_some() && !may_be_parked(world, item) {
        let what = format!("{ledger_key}, after {} leases and {:?}", item.attempt, item.setbacks);
        return Err(Violation::ParkedEarly(what));
    }
    let on_queue = sent.iter().any(|sent| {
        let delivery = sent.delivery.map(|number| &world.scenario.deliveries[number]);
        delivery.is_some_and(|delivery| {
            let own = !delivery.unnamed || sent.copy.owner.token == item.token;
            own && delivery.is(ledger_key, &held.body)
        })
    });
    if item.expires.is_some() && !on_queue {
        return Err(Violation::Expiring(format!("{ledger_key}, which is on no queue")));
    }
    Ok(())
}
