//! The placement of processes: the function has one core to itself, and the fakes of Lambda and AWS have another.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The cores of a run. They are the same core where there is only one.
#[derive(Debug, Clone, Copy)]
pub struct Cores {
    function: usize,
    surroundings: usize,
}

impl Cores {
    /// Returns the first and the last core that this process may use.
    pub fn choose() -> io::Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
        let first = cores.next().ok_or(io::ErrorKind::Unsupported)?;
        Ok(Self { function: cores.next_back().unwrap_or(first), surroundings: first })
    }

    pub fn are_apart(self) -> bool {
        self.function != self.surroundings
    }

    /// Keeps this thread, and everything that it starts, on the surroundings' core from now on.
    pub fn stay_with_surroundings(self) -> io::Result<()> {
        pin(self.surroundings)
    }

    /// Does something that starts a process, on the function's core. The process stays there.
    pub async fn on_functions_core<T>(self, start: impl Future<Output = T>) -> io::Result<T> {
        pin(self.function)?;
        let started = start.await;
        pin(self.surroundings)?;
        Ok(started)
    }
}

fn pin(core: usize) -> io::Result<()> {
    let mut only = CpuSet::new();
    only.set(core);
    Ok(sched_setaffinity(None, &only)?)
}
