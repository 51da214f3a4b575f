//! The processor time of contestants: unlimited, or the share that Lambda gives a small function.

use std::cell::Cell;
use std::time::Duration;

use crate::cgroup::{Group, NoGroup};

/// The share of a 128 MB function. Lambda gives a full processor at 1,769 MB and a proportional share below
/// (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>).
const SHARE: f64 = 128.0 / 1769.0;

/// The period in which the share is granted. Observations of Lambda show the same.
const PERIOD: Duration = Duration::from_millis(20);

/// The limit that a process gets, and the group of those without one.
pub struct Quota {
    free: Group,
    held_so_far: Cell<u32>,
}

impl Quota {
    /// Gives this process, and everything it starts, priority over all others, and checks that a limit can be set.
    pub fn new() -> Result<Self, NoGroup> {
        let quota = Self { free: Group::new("free")?, held_so_far: Cell::default() };
        quota.share()?;
        quota.free.take_in(std::process::id()).map_err(NoGroup::Unusable)?;
        Ok(quota)
    }

    /// Limits a process. Each process has a group of its own: in a shared group, the processor time that ends the
    /// process before would count for the next.
    pub fn hold(&self, pid: u32) -> Result<Held<'_>, NoGroup> {
        let group = self.share()?;
        group.take_in(pid).map_err(NoGroup::Unusable)?;
        Ok(Held { pid, quota: self, _group: group })
    }

    fn share(&self) -> Result<Group, NoGroup> {
        let number = self.held_so_far.get() + 1;
        self.held_so_far.set(number);
        let group = Group::new(&format!("held-{number}"))?;
        group.limit(PERIOD.mul_f64(SHARE), PERIOD).map_err(NoGroup::Unusable)?;
        Ok(group)
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        self.free.leave();
    }
}

/// A limited process. Dropping this value ends the limit.
pub struct Held<'q> {
    pid: u32,
    quota: &'q Quota,
    /// The group is removed when the process has left it.
    _group: Group,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // Moving a process fails if it has ended already.
        let _released = self.quota.free.take_in(self.pid);
    }
}
