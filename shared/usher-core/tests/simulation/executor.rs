//! Runs futures on one thread and in virtual time: which of those that are ready goes next is drawn, and the clock
//! jumps to the next timer when none is.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::rng::Rng;

/// Milliseconds since the run began: what the pipeline's own clock is rounded to.
pub type Millis = u64;

pub type TaskId = u64;

type Task = Pin<Box<dyn Future<Output = ()>>>;

pub struct Executor {
    now: Cell<Millis>,
    turns: RefCell<Rng>,
    tasks: RefCell<BTreeMap<TaskId, Task>>,
    ready: Arc<Ready>,
    /// Those of one moment in the order they were set.
    timers: RefCell<BTreeMap<(Millis, u64), Action>>,
    /// How many tasks and timers there were.
    made: Cell<u64>,
}

enum Action {
    Wake(Waker),
    Do(Box<dyn FnOnce()>),
}

#[derive(Default)]
struct Ready(Mutex<Vec<TaskId>>);

struct TaskWaker {
    id: TaskId,
    ready: Arc<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.ready.add(self.id);
    }
}

impl Ready {
    fn add(&self, id: TaskId) {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !ready.contains(&id) {
            ready.push(id);
        }
    }

    fn take(&self, turns: &mut Rng) -> Option<TaskId> {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.is_empty() {
            return None;
        }
        let next = turns.below(ready.len());
        Some(ready.swap_remove(next))
    }
}

impl Executor {
    pub fn new(turns: Rng) -> Self {
        Self {
            now: Cell::new(0),
            turns: RefCell::new(turns),
            tasks: RefCell::default(),
            ready: Arc::default(),
            timers: RefCell::default(),
            made: Cell::new(0),
        }
    }

    pub fn now(&self) -> Millis {
        self.now.get()
    }

    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) -> TaskId {
        let id = self.number();
        self.tasks.borrow_mut().insert(id, Box::pin(task));
        self.ready.add(id);
        id
    }

    /// Ends a task where it stands, as SIGKILL would.
    pub fn kill(&self, id: TaskId) -> bool {
        // Out of the map before it is dropped: what it holds may ask the executor things.
        let task = self.tasks.borrow_mut().remove(&id);
        task.is_some()
    }

    pub fn at(&self, time: Millis, action: impl FnOnce() + 'static) {
        self.set(time, Action::Do(Box::new(action)));
    }

    pub async fn sleep_until(&self, time: Millis) {
        let mut set = false;
        poll_fn(|context| {
            if self.now() >= time {
                return Poll::Ready(());
            }
            if !std::mem::replace(&mut set, true) {
                self.set(time, Action::Wake(context.waker().clone()));
            }
            Poll::Pending
        })
        .await;
    }

    /// Until there is nothing left to do or to wait for.
    pub fn run(&self) {
        loop {
            while let Some(id) = self.ready.take(&mut self.turns.borrow_mut()) {
                self.poll(id);
            }
            let Some(((time, _), action)) = self.timers.borrow_mut().pop_first() else { break };
            self.now.set(time);
            match action {
                Action::Wake(waker) => waker.wake(),
                Action::Do(action) => action(),
            }
        }
        // Tasks that wait for ever hold on to what holds the executor.
        let left = std::mem::take(&mut *self.tasks.borrow_mut());
        drop(left);
    }

    fn poll(&self, id: TaskId) {
        let Some(mut task) = self.tasks.borrow_mut().remove(&id) else { return };
        let waker = Waker::from(Arc::new(TaskWaker { id, ready: Arc::clone(&self.ready) }));
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            self.tasks.borrow_mut().insert(id, task);
        }
    }

    fn set(&self, time: Millis, action: Action) {
        self.timers.borrow_mut().insert((time.max(self.now()), self.number()), action);
    }

    fn number(&self) -> u64 {
        self.made.replace(self.made.get() + 1)
    }
}
