//! Runs of seeds, and what is told of one that fails.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::copies::Case;
use crate::evidence::Violation;
use crate::faults::Faults;
use crate::mutants::Mutant;
use crate::promises;
use crate::scenario::{Scenario, generate};
use crate::shrink::{Schedule, shrink};
use crate::trace::Trace;
use crate::world::World;

/// A seed whose run broke a promise.
pub struct Finding {
    pub seed: u64,
    pub violation: Violation,
}

/// How often each case of a second copy was met.
pub type Cases = BTreeMap<Case, usize>;

/// Runs the seeds until one breaks a promise.
pub fn search(seeds: Range<u64>, mutant: Option<Mutant>) -> Result<Cases, Finding> {
    let mut cases = Cases::new();
    for seed in seeds {
        let (scenario, faults) = generate(seed);
        let world = World::run(scenario, faults, mutant, Trace::default());
        for case in promises::check(&world).map_err(|violation| Finding { seed, violation })? {
            *cases.entry(case).or_default() += 1;
        }
    }
    Ok(cases)
}

/// The shortest schedule that still breaks the same promise, and the story of it.
pub fn explain(finding: &Finding, mutant: Option<Mutant>) -> String {
    let Finding { seed, violation } = finding;
    let (scenario, faults) = generate(*seed);
    let world = World::run(scenario.clone(), faults, mutant, Trace::default());
    let faults = world.struck.borrow().iter().map(|(site, (fault, _))| (site.clone(), *fault)).collect();
    let schedule = shrink(Schedule { scenario, faults }, violation.kind(), mutant);
    let listed = Faults::Listed(schedule.faults.clone());
    let (Ok(story) | Err(story)) = story(schedule.scenario.clone(), listed, mutant);
    format!("seed {seed} (USHER_SEED={seed} shows all of it): {violation}\n\n{schedule}\n{story}")
}

/// The whole run of one seed; an error if it breaks a promise.
pub fn tell(seed: u64) -> Result<String, String> {
    let (scenario, faults) = generate(seed);
    story(scenario, faults, None)
}

fn story(scenario: Scenario, faults: Faults, mutant: Option<Mutant>) -> Result<String, String> {
    let world = World::run(scenario, faults, mutant, Trace::kept());
    let text = world.trace.text();
    match promises::check(&world) {
        Ok(cases) => Ok(format!("{text}every promise was kept; second copies: {cases:?}\n")),
        Err(violation) => Err(format!("{text}BROKEN: {violation}\n")),
    }
}
