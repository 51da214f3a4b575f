//! Requests on their way to a dependency and answers on their way back. What was sent goes on without its sender: a
//! request may be served after whoever made it has given up or died.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_util::future::{Either, select};

use crate::executor::Millis;
use crate::faults::{Fault, Operation, Site};
use crate::scenario::{Dependency, Mode};
use crate::world::World;

/// The SDK's tries, each one's time limit and the wait before the next: those of `usher-aws`'s clients.
const TRIES: u32 = 3;
const TRY_WITHIN: Millis = 700;
const BACKOFF: Millis = 50;

/// An operation failed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// The log's name of it.
    pub cause: &'static str,
    /// Every try was refused: nothing was done.
    pub refused: bool,
    /// The last try was refused.
    pub refused_at_last: bool,
}

const REFUSED: Failure = Failure { cause: "Refused", refused: true, refused_at_last: true };
const OUT_OF_TIME: Failure = Failure { cause: "OutOfTime", refused: false, refused_at_last: false };

impl Failure {
    /// What is known after this try and earlier ones: one without an answer leaves it open, whatever this was answered.
    fn after(self, earlier: Option<Self>) -> Self {
        Self { refused: self.refused && earlier.is_none_or(|earlier| earlier.refused), ..self }
    }
}

/// What a dependency does when a request has reached it.
type Served<R> = Rc<dyn Fn(&Rc<World>) -> R>;

/// Asks a dependency to do something, with the retries that the SDK makes.
pub async fn call<R: 'static>(
    world: &Rc<World>,
    site: Site,
    served: impl Fn(&Rc<World>) -> R + 'static,
) -> Result<R, Failure> {
    let served: Served<R> = Rc::new(served);
    let fault = world.fault(&site);
    let mut failure = None;
    for attempt in 0..TRIES {
        if attempt > 0 {
            world.executor.sleep_until(world.executor.now() + (BACKOFF << attempt)).await;
        }
        let fault = fault.filter(|fault| fault.strikes(attempt));
        match once(world, &site, attempt, fault, Rc::clone(&served)).await {
            Ok(answer) => return Ok(answer),
            Err(last) => failure = Some(last.after(failure)),
        }
    }
    Err(failure.expect("there is a first try"))
}

/// Ends as an error when the time is up. What was asked is on its way none the less.
pub async fn within<R>(
    world: &Rc<World>,
    limit: Option<Millis>,
    call: impl Future<Output = Result<R, Failure>>,
) -> Result<R, Failure> {
    let Some(limit) = limit else { return call.await };
    let alarm = world.executor.sleep_until(world.executor.now() + limit);
    match select(std::pin::pin!(call), std::pin::pin!(alarm)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(OUT_OF_TIME),
    }
}

/// How one try goes: when it is served, and when it is answered after that.
#[derive(Default)]
struct Way {
    served: Option<Millis>,
    answered: Option<Millis>,
    refused: bool,
    dies: Option<Millis>,
}

impl Way {
    fn new(there: Millis, back: Millis, fault: Option<Fault>, outage: Option<Mode>, attempt: u32) -> Self {
        let fine = Self { served: Some(there), answered: Some(back), ..Self::default() };
        let refused = Self { answered: Some(there + back), refused: true, ..Self::default() };
        match (fault, outage) {
            (Some(Fault::CrashBefore), _) => Self { dies: Some(0), ..Self::default() },
            (_, Some(Mode::Once)) if attempt > 0 => refused,
            (_, Some(Mode::Refuses)) | (Some(Fault::Refused { .. }), None) => refused,
            (_, Some(Mode::Hangs)) | (Some(Fault::LostRequest { .. }), _) => Self::default(),
            (_, Some(Mode::Mute | Mode::Once)) | (Some(Fault::LostResponse { .. }), _) => {
                Self { answered: None, ..fine }
            }
            (Some(Fault::CrashAfter), _) => Self { dies: Some(there), answered: None, ..fine },
            (Some(Fault::Late { by, .. }), _) => Self { served: Some(there + by), ..fine },
            (None | Some(Fault::Cold { .. } | Fault::Twin { .. } | Fault::Stale { .. }), None) => fine,
        }
    }
}

async fn once<R: 'static>(
    world: &Rc<World>,
    site: &Site,
    attempt: u32,
    fault: Option<Fault>,
    served: Served<R>,
) -> Result<R, Failure> {
    let executor = &world.executor;
    let now = executor.now();
    let mut rng = site.rng(world.scenario.seed ^ u64::from(attempt), 2);
    let [there, back] = [(); 2].map(|()| rng.between(1, world.scenario.latency));
    let outage = world.scenario.outage(dependency(site.operation), now).map(|outage| outage.mode);
    let way = Way::new(there, back, fault, outage, attempt);
    // Of the listings, which most of all find nothing, only the remarkable ones.
    if fault.is_some() || outage.is_some() || attempt > 0 || site.operation != Operation::ListPending {
        let of = outage.map_or(String::new(), |mode| format!(", which {mode:?}"));
        world.trace.note(now, || format!("{site}, try {attempt}{of}"));
    }
    let reply = Rc::new(Reply::default());
    if let Some(after) = way.served {
        let (world, reply) = (Rc::clone(world), Rc::clone(&reply));
        executor.at(now + after, move || {
            let answer = served(&world);
            if let Some(after) = way.answered {
                world.executor.at(world.executor.now() + after, move || reply.set(Ok(answer)));
            }
        });
    } else if let (true, Some(after)) = (way.refused, way.answered) {
        let reply = Rc::clone(&reply);
        executor.at(now + after, move || reply.set(Err(REFUSED)));
    }
    if let Some(after) = way.dies {
        let (world, process) = (Rc::clone(world), site.process);
        executor.at(now + after, move || {
            world.kill(process);
        });
        return pending().await;
    }
    within(world, Some(TRY_WITHIN), reply.get()).await
}

fn dependency(operation: Operation) -> Dependency {
    match operation {
        Operation::ReadSecrets => Dependency::Secrets,
        Operation::Send | Operation::SendBatch | Operation::Entry => Dependency::Queue,
        _ => Dependency::Ledger,
    }
}

/// Where an answer is waited for.
pub struct Reply<R> {
    answer: RefCell<Option<Result<R, Failure>>>,
    waiting: RefCell<Option<Waker>>,
}

impl<R> Default for Reply<R> {
    fn default() -> Self {
        Self { answer: RefCell::new(None), waiting: RefCell::new(None) }
    }
}

impl<R> Reply<R> {
    pub fn set(&self, answer: Result<R, Failure>) {
        self.answer.replace(Some(answer));
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }

    pub async fn get(&self) -> Result<R, Failure> {
        poll_fn(|context| {
            self.waiting.replace(Some(context.waker().clone()));
            self.answer.take().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}
