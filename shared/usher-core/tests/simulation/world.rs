//! All that one run consists of.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::pending;
use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};

use crate::broker::Broker;
use crate::evidence::{Answer, Evidence, Owner, Violation};
use crate::executor::{Executor, Millis, TaskId};
use crate::faults::{Fault, Faults, Operation, Process, Site};
use crate::mutants::Mutant;
use crate::network::Reply;
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::senders;
use crate::store::Store;
use crate::support;
use crate::trace::Trace;

pub struct World {
    pub scenario: Scenario,
    pub mutant: Option<Mutant>,
    pub executor: Executor,
    pub store: Store,
    pub broker: Broker,
    pub evidence: RefCell<Evidence>,
    pub trace: Trace,
    /// The faults that struck, and when.
    pub struck: RefCell<BTreeMap<Site, (Fault, Millis)>>,
    pub invocations: RefCell<BTreeMap<Process, Invocation>>,
    /// The minute of the relay's next start.
    pub next_relay: Cell<Option<u64>>,
    faults: Faults,
    alive: RefCell<BTreeMap<Process, TaskId>>,
}

/// A handler at work, as seen by the one who waits for its answer.
pub struct Invocation {
    pub began: Millis,
    pub received: Millis,
    pub reply: Rc<Reply<u16>>,
}

impl World {
    /// Runs a scenario to its end.
    pub fn run(scenario: Scenario, faults: Faults, mutant: Option<Mutant>, trace: Trace) -> Rc<Self> {
        let world = Rc::new(Self {
            executor: Executor::new(Rng::new(&[scenario.seed, 3])),
            broker: Broker::new(scenario.fifo),
            scenario,
            faults,
            mutant,
            trace,
            store: Store::default(),
            evidence: RefCell::default(),
            struck: RefCell::default(),
            invocations: RefCell::default(),
            next_relay: Cell::new(None),
            alive: RefCell::default(),
        });
        for arrival in 0..world.scenario.arrivals.len() {
            if world.scenario.arrivals[arrival].dropped {
                continue;
            }
            world.executor.spawn(senders::send(Rc::clone(&world), arrival));
        }
        world.executor.run();
        world
    }

    pub fn timestamp(&self) -> Timestamp {
        timestamp(self.executor.now())
    }

    /// The fault that strikes at a place, if one does.
    pub fn fault(&self, site: &Site) -> Option<Fault> {
        let now = self.executor.now();
        let fault = self.faults.at(site, now)?;
        self.struck.borrow_mut().insert(site.clone(), (fault, now));
        self.trace.note(now, || format!("{site}: FAULT {fault:?}"));
        Some(fault)
    }

    /// Starts a process, which will be ended when its time is up.
    pub fn start(self: &Rc<Self>, process: Process, lives: Millis, task: impl Future<Output = ()> + 'static) {
        let task = self.executor.spawn(task);
        self.alive.borrow_mut().insert(process, task);
        let world = Rc::clone(self);
        self.executor.at(self.executor.now() + lives, move || {
            let was_alive = world.kill(process);
            if was_alive && matches!(process, Process::Handler { .. }) {
                world.violated(Violation::Slow(format!("{process} was ended by Lambda")));
            }
        });
    }

    /// Returns `true` if it was still alive.
    pub fn kill(&self, process: Process) -> bool {
        let task = self.alive.borrow_mut().remove(&process);
        let was_alive = task.is_some_and(|task| self.executor.kill(task));
        if was_alive {
            self.trace.note(self.executor.now(), || format!("{process} is dead"));
        }
        was_alive
    }

    /// Returns `true` if an attempt is at the delivery that ends whoever sends it.
    pub fn is_deadly(&self, owner: &Owner) -> bool {
        self.scenario.deadly.is_some_and(|deadly| Some(deadly) == self.delivery_of(&owner.token))
    }

    /// The delivery that a handler claimed under its token.
    pub fn delivery_of(&self, token: &str) -> Option<usize> {
        let (arrival, _) = token.strip_prefix("handler ")?.split_once('.')?;
        self.scenario.arrivals.get(arrival.parse::<usize>().ok()?).map(|arrival| arrival.delivery)
    }

    /// Ends a process at work.
    pub async fn die<R>(self: &Rc<Self>, site: Site) -> R {
        let (now, process) = (self.executor.now(), site.process);
        self.trace.note(now, || format!("{site}: it is deadly"));
        self.struck.borrow_mut().insert(site, (Fault::CrashBefore, now));
        let world = Rc::clone(self);
        self.executor.at(now, move || {
            world.kill(process);
        });
        pending().await
    }

    /// A handler's answer leaves for the provider.
    pub fn answer(self: &Rc<Self>, process: Process, status: u16) {
        let Process::Handler { arrival, .. } = process else { return };
        let Some(invocation) = self.invocations.borrow_mut().remove(&process) else { return };
        let now = self.executor.now();
        self.trace.note(now, || format!("{process} answers {status}"));
        let arrival = &self.scenario.arrivals[arrival];
        self.evidence.borrow_mut().answers.push(Answer {
            process,
            delivery: arrival.delivery,
            forged: arrival.forgery.is_some(),
            received: invocation.received,
            took: now - invocation.began,
            status,
        });
        if self.fault(&Site::new(process, Operation::Answer, "")).is_none() {
            let after = self.scenario.latency;
            self.executor.at(now + after, move || invocation.reply.set(Ok(status)));
        }
    }

    pub fn violated(&self, violation: Violation) {
        self.trace.note(self.executor.now(), || format!("VIOLATION {violation}"));
        self.evidence.borrow_mut().violations.push(violation);
    }
}

pub fn timestamp(millis: Millis) -> Timestamp {
    support::now() + SignedDuration::from_millis(i64::try_from(millis).expect("within some weeks"))
}

pub fn millis(timestamp: Timestamp) -> Millis {
    let since = timestamp.as_millisecond() - support::now().as_millisecond();
    u64::try_from(since).expect("nothing is before the run")
}
