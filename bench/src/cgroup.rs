//! The kernel's control groups, which set the processor time of their members.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io, process};

/// A group beside this process's own. Dropping this value removes the group if it has no members then.
pub struct Group {
    path: PathBuf,
    parent: PathBuf,
    version: Version,
}

/// The reason why there is no group.
#[derive(Debug, thiserror::Error)]
pub enum NoGroup {
    #[error("no cgroup with a cpu controller is mounted")]
    NoController,
    #[error("the cgroup {0} can't be made: {1}")]
    Unmakable(PathBuf, io::Error),
    #[error("a cgroup can't be limited or entered: {0}")]
    Unusable(io::Error),
}

impl Group {
    /// Makes a group whose members have priority over all other processes, as far as the kernel allows it. Other
    /// programs on the machine then disturb the measurement less.
    pub fn new(name: &str) -> Result<Self, NoGroup> {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let (parent, version) = find(&mounts, &own).ok_or(NoGroup::NoController)?;
        let path = parent.join(format!("usher-bench-{}-{name}", process::id()));
        let made = fs::create_dir(&path);
        let group = Self { path, parent, version };
        made.and_then(|()| group.prefer()).map_err(|error| NoGroup::Unmakable(group.path.clone(), error))?;
        Ok(group)
    }

    fn prefer(&self) -> io::Result<()> {
        match self.version {
            Version::One => self.set("cpu.shares", "262144"),
            Version::Two => {
                // The write fails harmlessly where a service manager delegates the group, for it has granted the
                // controller already.
                let _granted = fs::write(self.parent.join("cgroup.subtree_control"), "+cpu");
                self.set("cpu.weight", "10000")
            }
        }
    }

    /// Limits the members together to `quota` of processor time in each `period`.
    pub fn limit(&self, quota: Duration, period: Duration) -> io::Result<()> {
        let (quota, period) = (quota.as_micros(), period.as_micros());
        match self.version {
            Version::One => {
                self.set("cpu.cfs_period_us", &period.to_string())?;
                self.set("cpu.cfs_quota_us", &quota.to_string())
            }
            Version::Two => self.set("cpu.max", &format!("{quota} {period}")),
        }
    }

    /// Moves a process into the group, with all its threads. Processes that it starts will belong to the group as well.
    pub fn take_in(&self, pid: u32) -> io::Result<()> {
        self.set("cgroup.procs", &pid.to_string())
    }

    /// Moves this process back to its former group.
    pub fn leave(&self) {
        // A group that still has members is left behind, which costs nothing.
        let _left = fs::write(self.parent.join("cgroup.procs"), process::id().to_string());
    }

    fn set(&self, file: &str, value: &str) -> io::Result<()> {
        fs::write(self.path.join(file), value)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _removed = fs::remove_dir(&self.path);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// Returns this process's own group where processor time is controlled. The controller is in version 1 or in version 2.
fn find(mountinfo: &str, own: &str) -> Option<(PathBuf, Version)> {
    let mounts = || mountinfo.lines().filter_map(Mount::parse);
    let one = mounts().find(|mount| mount.kind == "cgroup" && mount.options.split(',').any(|o| o == "cpu"));
    let (mount, version) = match one {
        Some(mount) => (mount, Version::One),
        None => (mounts().find(|mount| mount.kind == "cgroup2")?, Version::Two),
    };
    let path = own.lines().find_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let controllers = fields.next()?;
        let is_it = match version {
            Version::One => controllers.split(',').any(|controller| controller == "cpu"),
            Version::Two => controllers.is_empty(),
        };
        fields.next().filter(|_| is_it)
    })?;
    Some((Path::new(mount.point).join(path.trim_start_matches('/')), version))
}

/// One line of `/proc/self/mountinfo` (proc(5)).
struct Mount<'m> {
    point: &'m str,
    kind: &'m str,
    options: &'m str,
}

impl<'m> Mount<'m> {
    fn parse(line: &'m str) -> Option<Self> {
        let (before, after) = line.split_once(" - ")?;
        let mut after = after.split(' ');
        let (kind, _source) = (after.next()?, after.next()?);
        Some(Self { point: before.split(' ').nth(4)?, kind, options: after.next()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_one_is_found_by_its_controller() {
        let mounts = "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n\
                      33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n\
                      32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n\
                      40 31 0:40 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw";
        let own = "2:cpuacct:/\n1:cpu:/jobs/7\n0::/";
        assert_eq!(find(mounts, own), Some(("/sys/fs/cgroup/cpu/jobs/7".into(), Version::One)));
    }

    #[test]
    fn version_two_is_found_where_it_is_all_there_is() {
        let mounts = "24 1 0:22 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate";
        let own = "0::/user.slice/app.scope\n";
        let found = Some(("/sys/fs/cgroup/user.slice/app.scope".into(), Version::Two));
        assert_eq!(find(mounts, own), found);
        assert_eq!(find("", own), None);
    }
}
