//! The machine and the programs of a run. Absolute figures mean nothing without them.

use std::fs;
use std::path::Path;
use std::process::Command;

use jiff::ZonedDateTime;

/// Returns one line each about the machine, the moment and the programs.
pub fn describe(python: Option<&Path>) -> Vec<String> {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // Other load shows in every time. It shows least in processor time.
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    let mut versions = vec![version("rustc")];
    versions.extend(python.map(|python| version(python.as_os_str())));
    versions.extend(["aws-sdk-dynamodb", "aws-sdk-sqs", "lambda_runtime"].map(locked));
    vec![
        format!("{}, Linux {}", processor(&cpuinfo), kernel.trim()),
        format!(
            "{}, load average {} when it began",
            ZonedDateTime::now().strftime("%Y-%m-%d %H:%M %Z"),
            load.trim()
        ),
        versions.join(", "),
    ]
}

/// Returns the number of processors and their model.
fn processor(cpuinfo: &str) -> String {
    let models: Vec<&str> = cpuinfo
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.trim() == "model name")
        .map(|(_, model)| model.trim())
        .collect();
    match models.first() {
        Some(model) => format!("{} × {model}", models.len()),
        // Some architectures don't name their processors.
        None => format!("{} ({})", cpuinfo.matches("processor\t").count(), std::env::consts::ARCH),
    }
}

fn version(program: impl AsRef<std::ffi::OsStr>) -> String {
    let output = Command::new(program).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.split(" (").next().unwrap_or_default().trim().to_owned()
}

/// Returns a crate's version in `Cargo.lock`.
fn locked(name: &str) -> String {
    let lock = include_str!("../../Cargo.lock");
    let entry = format!("name = \"{name}\"\nversion = \"");
    let version = lock.split_once(&entry).and_then(|(_, rest)| rest.split('"').next());
    format!("{name} {}", version.unwrap_or("unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_are_counted_and_named() {
        let two = "processor\t: 0\nmodel name\t: Some CPU @ 2.5GHz\nprocessor\t: 1\nmodel name\t: Some CPU @ 2.5GHz";
        assert_eq!(processor(two), "2 × Some CPU @ 2.5GHz");
        assert!(processor("processor\t: 0\nBogoMIPS\t: 50\n").starts_with("1 ("));
    }

    #[test]
    fn versions_are_those_of_the_lock_file() {
        assert!(locked("lambda_runtime").starts_with("lambda_runtime 1."));
    }
}
