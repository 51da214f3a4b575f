//! Measures how long each step of the warm path takes for a body of 4 KB: `cargo bench -p usher-core --bench warm_path`.
//!
//! The bench `instructions` counts instructions and allocations of the same steps.

mod body;
mod step;
#[path = "../../tests/support/mod.rs"]
mod support;

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main};
use step::{Meter, Path};
use support::signing::Signs;
use usher_core::providers::{Allfly, Luma, Lunacal};

criterion_group!(warm_path, steps::<Luma>, steps::<Lunacal>, steps::<Allfly>);
criterion_main!(warm_path);

fn steps<P: Signs>(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group(P::NAME);
    Path::<P>::steps(&mut Stopwatch(&mut group));
    group.finish();
}

struct Stopwatch<'g, 'c>(&'g mut BenchmarkGroup<'c, WallTime>);

impl Meter for Stopwatch<'_, '_> {
    fn step<I, T>(&mut self, name: &'static str, input: impl Fn() -> I, run: impl Fn(I) -> T) {
        self.0.bench_function(name, |bencher| bencher.iter_batched(&input, &run, BatchSize::SmallInput));
    }
}
