//! How many instructions each step of the warm path takes for a body of 4 KB, counted by valgrind, as a Markdown table:
//! `cargo bench -p usher-core --bench instructions`. Unlike time, they are the same on every run.

#[path = "../warm_path/body.rs"]
mod body;
#[path = "../warm_path/step.rs"]
mod step;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::io::{self, Write as _};
use std::process::Command;

use step::Path;
use support::signing::Signs;
use usher_core::parsed_body::ParsedBody;
use usher_core::provider::Provider as _;
use usher_core::providers::{Allfly, Luma, Lunacal};

const PROVIDERS: [&str; 3] = [Luma::NAME, Lunacal::NAME, Allfly::NAME];
const STEPS: [&str; 7] = ["verify", "parse", "read", "key", "pack", "message", "verify to message"];

/// How often a step is taken: once to have what is only done once behind it, then to count.
const TIMES: usize = 10;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["count", provider, step] => {
            take(provider, step);
            Ok(())
        }
        _ => table(),
    }
}

fn table() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "| instructions | {} |\n|---|{}", PROVIDERS.join(" | "), "---:|".repeat(PROVIDERS.len()))?;
    for step in STEPS {
        write!(out, "| {step} |")?;
        for provider in PROVIDERS {
            write!(out, " {} |", counted(provider, step)?)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// This very program under valgrind, which collects within [`measured`] only.
fn counted(provider: &str, step: &str) -> io::Result<usize> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*measured*", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["count", provider, step])
        .output()?;
    let log = String::from_utf8_lossy(&output.stderr);
    let collected = log.lines().find_map(|line| line.split_once("Collected : "));
    let collected = collected.and_then(|(_, count)| count.trim().parse::<usize>().ok());
    let collected = collected.ok_or_else(|| io::Error::other(format!("valgrind says: {log}")))?;
    Ok(collected / TIMES)
}

fn take(provider: &str, step: &str) {
    match provider {
        "luma" => take_of::<Luma>(step),
        "lunacal" => take_of::<Lunacal>(step),
        "allfly" => take_of::<Allfly>(step),
        other => panic!("no such provider: {other}"),
    }
}

fn take_of<P: Signs>(step: &str) {
    let path = Path::<P>::new();
    let verified = path.verify();
    let document = ParsedBody::parse(verified.body());
    let delivery = path.key(&verified, &document);
    let reading = Path::<P>::read(&document);
    match step {
        "verify" => repeat(|| (), |()| path.verify()),
        "parse" => repeat(|| (), |()| ParsedBody::parse(verified.body())),
        "read" => repeat(|| (), |()| Path::<P>::read(&document)),
        "key" => repeat(|| (), |()| path.key(&verified, &document)),
        "pack" => repeat(|| (), |()| Path::<P>::pack(&delivery)),
        "message" => repeat(|| reading.clone(), |reading| Path::<P>::message(&delivery, &document, reading)),
        "verify to message" => repeat(|| (), |()| path.whole()),
        other => panic!("no such step: {other}"),
    }
}

fn repeat<I, T>(input: impl Fn() -> I, step: impl Fn(I) -> T) {
    black_box(step(input()));
    for _ in 0..TIMES {
        let input = input();
        black_box(measured(&step, input));
    }
}

#[inline(never)]
fn measured<I, T>(step: &impl Fn(I) -> T, input: I) -> T {
    step(input)
}
