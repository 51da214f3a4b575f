//! What processor time contestants have: all there is, or the share that Lambda gives a small function.

use std::cell::Cell;
use std::time::Duration;

use crate::cgroup::{Group, NoGroup};

/// Lambda gives a full processor at 1,769 MB (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>),
/// and a share in proportion below.
const SHARE: f64 = 128.0 / 1769.0;

/// How often a share is granted anew. As long as Lambda's own period is seen to be.
const PERIOD: Duration = Duration::from_millis(20);

/// The share of a 128 MB function, which a process has once it is held.
pub struct Quota {
    free: Group,
    held_so_far: Cell<u32>,
}

impl Quota {
    /// From now on this process, and all it starts, comes before all others; and there is a share to hold one to.
    pub fn new() -> Result<Self, NoGroup> {
        let quota = Self { free: Group::new("free")?, held_so_far: Cell::default() };
        quota.share()?;
        quota.free.take_in(std::process::id()).map_err(NoGroup::Unusable)?;
        Ok(quota)
    }

    /// Puts a process under the limit. The share is its own: in a group that is used again, the end of the process before
    /// would still be paid for.
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

/// A process under the limit, until this is dropped.
pub struct Held<'q> {
    pid: u32,
    quota: &'q Quota,
    /// Ends once the process is out of it.
    _group: Group,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // One that has ended already is nowhere.
        let _released = self.quota.free.take_in(self.pid);
    }
}
