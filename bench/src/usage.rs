//! The resources that a process has used so far, as the kernel counts them.

use std::time::Duration;
use std::{fs, io};

/// Returns the processor time of all living threads in nanoseconds. `/proc/<pid>/stat` would count hundredths of a
/// second.
pub fn processor_time(pid: u32) -> io::Result<Duration> {
    let mut nanoseconds = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        // A thread may end in the meantime.
        let Ok(line) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        nanoseconds += on_processor(&line).ok_or(io::ErrorKind::InvalidData)?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// Returns the most memory that was ever resident, in bytes.
pub fn peak_memory(pid: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    Ok(high_water_mark(&status).ok_or(io::ErrorKind::InvalidData)?)
}

/// Returns the first field (<https://docs.kernel.org/scheduler/sched-stats.html>).
fn on_processor(schedstat: &str) -> Option<u64> {
    schedstat.split_whitespace().next()?.parse().ok()
}

fn high_water_mark(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_shows_in_the_processor_time_of_this_process() {
        let pid = std::process::id();
        let before = processor_time(pid).expect("this process lives");
        let began = std::time::Instant::now();
        while began.elapsed() < Duration::from_millis(50) {}
        let after = processor_time(pid).expect("this process lives");
        assert!(after > before + Duration::from_millis(1), "{before:?} {after:?}");
    }

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(high_water_mark("VmPeak:\t 9 kB\nVmHWM:\t    7124 kB\nVmRSS:\t 1 kB\n"), Some(7_294_976));
        assert_eq!(high_water_mark("VmRSS:\t 1 kB\n"), None);
        assert!(peak_memory(std::process::id()).expect("this process lives") > 100_000);
    }
}
