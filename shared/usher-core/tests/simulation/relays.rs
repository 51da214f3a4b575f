//! The relay's schedule: every minute, as long as there is something for it to do. A run that finds nothing due changes
//! nothing, so those are left out.

use std::rc::Rc;

use usher_core::policy::Policy;
use usher_core::provider::Read;
use usher_core::relay::Relay;

use crate::executor::Millis;
use crate::faults::{Fault, Operation, Process, Site};
use crate::ledger::{Owners, SimLedger};
use crate::queue::SimQueue;
use crate::scenario::{Dependency, MINUTE, SECOND};
use crate::world::{World, timestamp};

const READERS: &[(&str, Read)] = &usher_core::providers::READERS;

/// What becomes due in the middle of a run may still be seen by it: so few items are all looked at by then.
const LOOKS_AHEAD: Millis = 20 * SECOND;

/// As `usher-aws` and the template have it: no batch is begun after the first, and Lambda ends it after the second.
const RUN_FOR: Millis = 40 * SECOND;
const RELAY_LIVES: Millis = 50 * SECOND;

/// Sees to it that a relay is started in the next minute in which one could have something to do.
pub fn plan(world: &Rc<World>) {
    let Some(due) = world.store.changed(world.executor.now()) else { return };
    let from = due.saturating_sub(LOOKS_AHEAD).max(world.executor.now() + 1);
    let outage = world.scenario.outage(Dependency::Relay, from.next_multiple_of(MINUTE));
    let minute = outage.map_or(from, |outage| outage.to).div_ceil(MINUTE);
    if world.next_relay.get().is_none_or(|next| next > minute) {
        world.next_relay.set(Some(minute));
        let started = Rc::clone(world);
        world.executor.at(minute * MINUTE, move || start(&started, minute));
    }
}

fn start(world: &Rc<World>, minute: u64) {
    // Planned anew since, for earlier.
    if world.next_relay.get() != Some(minute) {
        return;
    }
    world.next_relay.set(None);
    if world.executor.now() > world.scenario.quiet() {
        return;
    }
    let process = Process::Relay { minute, twin: 0 };
    let fault = world.fault(&Site::new(process, Operation::Start, ""));
    if fault != Some(Fault::CrashBefore) {
        world.start(process, RELAY_LIVES, run(Rc::clone(world), process));
    }
    if let Some(Fault::Twin { after }) = fault {
        let twin = Process::Relay { minute, twin: 1 };
        let started = Rc::clone(world);
        world.executor.at(world.executor.now() + after, move || {
            started.start(twin, RELAY_LIVES, run(Rc::clone(&started), twin));
        });
    }
    plan(world);
}

async fn run(world: Rc<World>, process: Process) {
    world.trace.note(world.executor.now(), || format!("{process} starts"));
    let owners = Owners::default();
    let ledger = SimLedger { world: Rc::clone(&world), process, deadline: None, owners: Rc::clone(&owners) };
    let queue = SimQueue { world: Rc::clone(&world), process, deadline: None, owners };
    let token = process.to_string();
    let relay = Relay {
        backlog: &ledger,
        queue: &queue,
        clock: || world.timestamp(),
        token: &token,
        readers: READERS,
        max_body_bytes: Policy::MAX_BODY_BYTES,
        retention: Policy::RETENTION,
        stop: timestamp(world.executor.now() + RUN_FOR),
    };
    relay.run().await;
}
