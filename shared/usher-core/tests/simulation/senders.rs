//! The providers, who send until they have a 2xx or give up, and the handlers that they reach.

use std::marker::PhantomData;
use std::rc::Rc;

use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};
use usher_core::receive::{Arrival, receive};
use usher_core::request::Request;

use crate::deadline::{ANSWER_WITHIN, Deadline, HANDLER_LIVES};
use crate::deliveries::{Rotates, Sender};
use crate::faults::{Fault, Operation, Process, Site};
use crate::ledger::{Owners, SimLedger};
use crate::mutants;
use crate::network::{Reply, within};
use crate::queue::SimQueue;
use crate::secrets::SimSecrets;
use crate::sent::xray_of;
use crate::support;
use crate::world::{Invocation, World};

/// One arrival, with its retries.
pub async fn send(world: Rc<World>, index: usize) {
    let arrival = world.scenario.arrivals[index].clone();
    world.executor.sleep_until(arrival.at).await;
    match world.scenario.deliveries[arrival.delivery].sender {
        Sender::Luma => send_as::<Luma>(world, index).await,
        Sender::Allfly => send_as::<Allfly>(world, index).await,
        Sender::Lunacal => send_as::<Lunacal>(world, index).await,
        Sender::Calcom => send_as::<Calcom>(world, index).await,
        Sender::Standard => send_as::<Standard>(world, index).await,
    }
}

async fn send_as<P: Rotates>(world: Rc<World>, index: usize) {
    let arrival = world.scenario.arrivals[index].clone();
    let delivery = world.scenario.deliveries[arrival.delivery].clone();
    for attempt in 0.. {
        let now = world.executor.now();
        let process = Process::Handler { arrival: index, attempt };
        world.trace.note(now, || format!("{process} gets delivery {}", arrival.delivery));
        let signed = if delivery.resigns { now } else { arrival.at };
        let request = delivery.request::<P>(signed, world.rotated(0), arrival.forgery);
        let reply = Rc::new(Reply::default());
        let invocation = Invocation { began: now, received: now, reply: Rc::clone(&reply) };
        world.invocations.borrow_mut().insert(process, invocation);
        world.start(process, HANDLER_LIVES, handle::<P>(Rc::clone(&world), process, request));
        let status = within(&world, Some(delivery.sender.patience()), reply.get()).await;
        if status.is_ok_and(|status| (200..300).contains(&status)) {
            return;
        }
        let Some(wait) = delivery.sender.retries().get(attempt) else { return };
        world.executor.sleep_until(world.executor.now() + wait).await;
    }
}

/// A handler's invocation, as `usher-aws` runs it.
async fn handle<P: Rotates>(world: Rc<World>, process: Process, request: Request) {
    let init = match world.fault(&Site::new(process, Operation::Start, "")) {
        Some(Fault::Cold { init }) => Some(init),
        _ => None,
    };
    world.executor.sleep_until(world.executor.now() + init.unwrap_or(0)).await;
    let now = world.executor.now();
    if let Some(invocation) = world.invocations.borrow_mut().get_mut(&process) {
        invocation.received = now;
    }
    let deadline = mutants::deadline(&world, Deadline(now + ANSWER_WITHIN - init.unwrap_or(0)));
    let owners = Owners::default();
    let secrets =
        SimSecrets::<P> { world: Rc::clone(&world), process, cold: init.is_some(), provider: PhantomData };
    let ledger = SimLedger { world: Rc::clone(&world), process, deadline, owners: Rc::clone(&owners) };
    let queue = SimQueue { world: Rc::clone(&world), process, deadline, owners };
    let token = process.to_string();
    let xray = xray_of(&token);
    let arrival = Arrival { now: world.timestamp(), token: &token, xray: Some(&xray) };
    let outcome = receive::<P>(&request, arrival, &support::policy::<P>(), &secrets, &ledger, &queue).await;
    world.answer(process, outcome.answer().status);
}
