//! What processor time contestants have: all there is, or the share that Lambda gives a small function.

use std::io;
use std::time::Duration;

use crate::cgroup::{Group, NoGroup};

/// Lambda gives a full processor at 1,769 MB (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>),
/// and a share in proportion below.
const SHARE: f64 = 128.0 / 1769.0;

/// How often a share is granted anew. As long as Lambda's own period is seen to be.
const PERIOD: Duration = Duration::from_millis(20);

/// The share of a 128 MB function, which a process has once it is held.
pub struct Quota {
    held: Group,
    _free: Group,
}

impl Quota {
    /// From now on this process, and all it starts, comes before all others; and there is a share to hold one to.
    pub fn new() -> Result<Self, NoGroup> {
        let (held, free) = (Group::new("held")?, Group::new("free")?);
        let limited = held.limit(PERIOD.mul_f64(SHARE), PERIOD);
        limited.and_then(|()| free.take_in(std::process::id())).map_err(NoGroup::Unusable)?;
        Ok(Self { held, _free: free })
    }

    /// Puts a process under the limit.
    pub fn hold(&self, pid: u32) -> io::Result<()> {
        self.held.take_in(pid)
    }
}
