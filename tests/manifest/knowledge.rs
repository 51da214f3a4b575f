//! The limits of what each part knows, as the table in ARCHITECTURE.md states them.

use std::fs;

use toml::Table;

use crate::code::{self, Code};
use crate::manifest::{MANIFEST, RELAY, binaries, source};
use crate::sources::{Crate, shown};

/// Prefixes of crates that talk to a server, run tasks, or ask the system for something.
const OF_THE_OUTSIDE: [&str; 14] = [
    "aws-",
    "lambda_",
    "tokio",
    "hyper",
    "reqwest",
    "ureq",
    "rustls",
    "axum",
    "tower",
    "getrandom",
    "rand",
    "rustix",
    "libc",
    "tracing",
];

/// Paths that ask the system for the time, a variable, a file, a connection, a process or a thread.
const OF_THE_SYSTEM: [&str; 10] = [
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::os",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "ZonedDateTime::now",
];

/// Returns the names of a package's dependencies, but for those of its tests.
fn dependencies(folder: &str) -> Vec<String> {
    let path = format!("{}/{folder}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
    let manifest: Table = fs::read_to_string(path).expect("it is there").parse().expect("it is TOML");
    manifest["dependencies"].as_table().expect("there are dependencies").keys().cloned().collect()
}

fn ours() -> impl Iterator<Item = String> {
    let members = MANIFEST["workspace"]["members"].as_array().expect("there are members").iter();
    members.filter_map(|member| member.as_str()?.rsplit('/').next().map(str::to_owned))
}

/// Returns those dependencies of a package that are packages of this workspace.
fn ours_in(folder: &str) -> Vec<String> {
    let ours: Vec<String> = ours().collect();
    dependencies(folder).into_iter().filter(|name| ours.contains(name)).collect()
}

#[test]
fn a_function_knows_its_own_provider_and_no_other() {
    let known = code::providers();
    for binary in binaries() {
        let source = source(&binary);
        for provider in known.iter().filter(|provider| provider.name != binary) {
            let names_it = source.to_lowercase().contains(provider.name);
            assert!(!names_it, "functions/{binary}.rs names {}", provider.type_name);
        }
        let lines = source.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("//")).count();
        assert!(lines < 10, "functions/{binary}.rs starts what the crates do, and does nothing itself");
    }
    assert!(binaries().contains(RELAY));
}

#[test]
fn the_core_depends_on_nothing_that_reaches_the_outside() {
    for name in dependencies("shared/usher-core") {
        let reaching = OF_THE_OUTSIDE.iter().find(|outside| name.starts_with(**outside));
        assert_eq!(reaching, None, "usher-core depends on {name}");
    }
    assert_eq!(ours_in("shared/usher-core"), Vec::<String>::new());
}

#[test]
fn the_core_asks_the_system_for_nothing() {
    for (module, line, path) in Crate::read("shared/usher-core/src").paths() {
        let asked =
            OF_THE_SYSTEM.iter().find(|asked| format!("::{path}::").contains(&format!("::{asked}::")));
        assert_eq!(asked, None, "{}, line {line}: {path}", shown(module));
    }
}

#[test]
fn the_edge_knows_no_provider() {
    assert_eq!(ours_in("shared/usher-aws"), ["usher-core"]);
    for (module, line, word) in Crate::read("shared/usher-aws/src").words() {
        // `standard` is a word of the language, too: there only the type counts.
        let names = |code: &Code| {
            word == code.type_name || (code.name != "standard" && word.to_lowercase().contains(code.name))
        };
        let named = code::providers().into_iter().find(names).map(|code| code.name);
        assert_eq!(named, None, "{}, line {line}: {word}", shown(module));
    }
}

#[test]
fn the_operators_tool_does_not_know_how_a_function_runs() {
    for name in dependencies("usher") {
        assert!(!name.starts_with("lambda_"), "usher depends on {name}");
    }
    for (module, line, path) in Crate::read("usher/src").paths() {
        let runs = ["usher_aws::run", "usher_aws::relay", "usher_aws::rehearsal", "usher_core::receive"];
        // `usher console --local` is a stack of its own: it runs the pipeline, and nothing of AWS.
        let is_own_stack = shown(module) == "console::source::local";
        let known = runs.into_iter().find(|run| path.starts_with(run) && !is_own_stack);
        assert_eq!(known, None, "{}, line {line}: {path}", shown(module));
    }
}
