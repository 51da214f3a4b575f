//! Runs this program under valgrind's callgrind and reads what it counted.

use std::collections::HashMap;
use std::process::Command;
use std::{env, fs, io, process};

/// The counts of one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub instructions: u64,
    /// Calls that allocate memory anew.
    pub allocations: u64,
    /// Calls that change the size of an allocation.
    pub reallocations: u64,
}

/// Runs this program with other arguments and counts what happens within its function `measured`.
pub fn count(arguments: &[&str]) -> io::Result<Counts> {
    let profile = env::temp_dir().join(format!("usher-callgrind-{}", process::id()));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*measured*"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(env::current_exe()?)
        .args(arguments)
        .output()?;
    let text = fs::read_to_string(&profile);
    // Valgrind leaves none where it fails.
    let _removed = fs::remove_file(&profile);
    let counts = text.ok().and_then(|text| read(&text));
    counts.ok_or_else(|| {
        io::Error::other(format!("valgrind says: {}", String::from_utf8_lossy(&output.stderr)))
    })
}

/// Reads a profile (<https://valgrind.org/docs/manual/cl-format.html>).
///
/// A `cfn=` line names the function that the next `calls=` line counts calls of. A name is written in full once, with a
/// number by which later lines know it.
fn read(profile: &str) -> Option<Counts> {
    let mut counts = Counts::default();
    let mut names = HashMap::new();
    let mut called = "";
    for line in profile.lines() {
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        match key {
            "summary" | "totals" => counts.instructions = value.trim().parse().ok()?,
            "fn" | "cfn" => {
                let (number, name) = value.split_once(' ').unwrap_or((value, ""));
                if !name.is_empty() {
                    names.insert(number, name);
                }
                if key == "cfn" {
                    called = names.get(number).copied().unwrap_or_default();
                }
            }
            "calls" => {
                let calls: u64 = value.split(' ').next()?.parse().ok()?;
                match called {
                    "malloc" | "calloc" | "posix_memalign" | "aligned_alloc" => counts.allocations += calls,
                    "realloc" => counts.reallocations += calls,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    (counts.instructions > 0).then_some(counts)
}
