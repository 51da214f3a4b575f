//! Control groups of the kernel's, which say how much processor time their members have.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io, process};

/// A group beside this process's own. Ends with this value, if it has no members then.
pub struct Group {
    path: PathBuf,
    parent: PathBuf,
    version: Version,
}

/// Why there is none.
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
    /// Makes a group whose members come before all other processes, as far as the kernel lets them: what else runs on
    /// the machine is not what is measured.
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
                // Granted already, where a service manager delegates the group.
                let _granted = fs::write(self.parent.join("cgroup.subtree_control"), "+cpu");
                self.set("cpu.weight", "10000")
            }
        }
    }

    /// Lets its members have `quota` of processor time in each `period`, together.
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

    /// Takes a process in, all its threads included. What it starts belongs to the group, too.
    pub fn take_in(&self, pid: u32) -> io::Result<()> {
        self.set("cgroup.procs", &pid.to_string())
    }

    /// Takes this process back to where it was.
    pub fn leave(&self) {
        // A group that still has members stays behind, and costs nothing.
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

/// This process's own group where processor time is controlled. A controller is either in version 1 or in 2.
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

/// A line of `/proc/self/mountinfo` (proc(5)).
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
