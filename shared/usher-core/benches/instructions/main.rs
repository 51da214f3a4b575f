//! Counts the instructions and the allocations of each step of the warm path for a body of 4 KB, as two tables in
//! Markdown: `cargo bench -p usher-core --bench instructions`. Valgrind does the counting. Unlike times, the counts are
//! the same on every run.

#[path = "../warm_path/body.rs"]
mod body;
mod callgrind;
#[path = "../warm_path/step.rs"]
mod step;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::io::{self, Write as _};

use callgrind::Counts;
use step::{Meter, Path};
use usher_core::provider::Provider as _;
use usher_core::providers::{Allfly, Luma, Lunacal};

const PROVIDERS: [&str; 3] = [Luma::NAME, Lunacal::NAME, Allfly::NAME];

/// The number of times that a step is counted, after one time that pays for what is done only once.
const TIMES: u64 = 10;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["count", provider, step] => {
            steps_of(provider, &mut Repeat { step });
            Ok(())
        }
        _ => tables(),
    }
}

fn tables() -> io::Result<()> {
    let mut steps = Names(Vec::new());
    steps_of(Luma::NAME, &mut steps);
    let mut counted = Vec::new();
    for step in steps.0 {
        let mut row = Vec::new();
        for provider in PROVIDERS {
            row.push(callgrind::count(&["count", provider, step])?);
        }
        counted.push((step, row));
    }
    let mut out = io::stdout().lock();
    write_table(&mut out, "instructions", &counted, |counts| (counts.instructions / TIMES).to_string())?;
    writeln!(out)?;
    write_table(&mut out, "allocations + reallocations", &counted, |counts| {
        format!("{} + {}", counts.allocations / TIMES, counts.reallocations / TIMES)
    })
}

fn write_table(
    out: &mut impl io::Write,
    title: &str,
    counted: &[(&str, Vec<Counts>)],
    cell: impl Fn(&Counts) -> String,
) -> io::Result<()> {
    writeln!(out, "| {title} | {} |\n|---|{}", PROVIDERS.join(" | "), "---:|".repeat(PROVIDERS.len()))?;
    for (step, counts) in counted {
        let cells: Vec<String> = counts.iter().map(&cell).collect();
        writeln!(out, "| {step} | {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn steps_of(provider: &str, meter: &mut impl Meter) {
    match provider {
        "luma" => Path::<Luma>::steps(meter),
        "lunacal" => Path::<Lunacal>::steps(meter),
        "allfly" => Path::<Allfly>::steps(meter),
        other => panic!("no such provider: {other}"),
    }
}

/// Collects the steps' names.
struct Names(Vec<&'static str>);

impl Meter for Names {
    fn step<I, T>(&mut self, name: &'static str, _input: impl Fn() -> I, _run: impl Fn(I) -> T) {
        self.0.push(name);
    }
}

/// Takes one of the steps [`TIMES`] times.
struct Repeat<'s> {
    step: &'s str,
}

impl Meter for Repeat<'_> {
    fn step<I, T>(&mut self, name: &'static str, input: impl Fn() -> I, run: impl Fn(I) -> T) {
        if name == self.step {
            black_box(run(input()));
            for _ in 0..TIMES {
                let input = input();
                black_box(measured(&run, input));
            }
        }
    }
}

/// The function that [`callgrind::count`] collects in.
#[inline(never)]
fn measured<I, T>(step: &impl Fn(I) -> T, input: I) -> T {
    step(input)
}
