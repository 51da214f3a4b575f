//! Makes a failing schedule shorter: whatever it fails without is left out.

use std::collections::BTreeMap;
use std::fmt;

use crate::faults::{Fault, Faults, Site};
use crate::mutants::Mutant;
use crate::promises;
use crate::scenario::Scenario;
use crate::trace::Trace;
use crate::world::World;

/// A run without chance: what is sent, what is down and what strikes where.
#[derive(Clone)]
pub struct Schedule {
    pub scenario: Scenario,
    pub faults: BTreeMap<Site, Fault>,
}

impl Schedule {
    /// The kind of promise that it breaks.
    pub fn breaks(&self, mutant: Option<Mutant>) -> Option<&'static str> {
        let faults = Faults::Listed(self.faults.clone());
        let world = World::run(self.scenario.clone(), faults, mutant, Trace::default());
        promises::check(&world).err().map(|violation| violation.kind())
    }

    /// How many messages it puts on the queue.
    pub fn copies(&self) -> usize {
        let faults = Faults::Listed(self.faults.clone());
        let world = World::run(self.scenario.clone(), faults, None, Trace::default());
        world.evidence.borrow().copies.len()
    }

    /// Every schedule that has half of the faults less, or one thing.
    fn shorter(&self) -> impl Iterator<Item = Self> {
        let half = self.faults.len() / 2;
        let halves = [true, false].into_iter().filter(move |_| half > 2).map(move |first| {
            let mut less = self.clone();
            let rest = self.faults.iter().enumerate().filter(|(index, _)| (*index < half) != first);
            less.faults = rest.map(|(_, (site, fault))| (site.clone(), *fault)).collect();
            less
        });
        let without_fault = self.faults.keys().map(|site| {
            let mut less = self.clone();
            less.faults.remove(site);
            less
        });
        let without_outage = (0..self.scenario.outages.len()).map(|index| {
            let mut less = self.clone();
            less.scenario.outages.remove(index);
            less
        });
        let without_arrival = (0..self.scenario.arrivals.len()).map(|index| {
            let mut less = self.clone();
            less.scenario.arrivals[index].dropped = true;
            less
        });
        let without_rotation = self.scenario.rotated.map(|_| {
            let mut less = self.clone();
            less.scenario.rotated = None;
            less
        });
        let without_death = self.scenario.deadly.map(|_| {
            let mut less = self.clone();
            less.scenario.deadly = None;
            less
        });
        let without_one = without_rotation.into_iter().chain(without_death);
        halves.chain(without_arrival).chain(without_outage).chain(without_one).chain(without_fault)
    }

    fn len(&self) -> usize {
        let scenario = &self.scenario;
        let arrivals = scenario.arrivals.iter().filter(|arrival| !arrival.dropped).count();
        let once = usize::from(scenario.rotated.is_some()) + usize::from(scenario.deadly.is_some());
        arrivals + scenario.outages.len() + self.faults.len() + once
    }
}

/// The shortest schedule that can be had by leaving out one thing after another and still breaks that promise.
pub fn shrink(mut schedule: Schedule, kind: &str, mutant: Option<Mutant>) -> Schedule {
    loop {
        let shorter =
            schedule.shorter().find(|less| less.len() < schedule.len() && less.breaks(mutant) == Some(kind));
        match shorter {
            Some(shorter) => schedule = shorter,
            None => return schedule,
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scenario = &self.scenario;
        writeln!(
            f,
            "The shortest schedule, on a {} queue:",
            if scenario.fifo { "FIFO" } else { "standard" }
        )?;
        for (number, arrival) in scenario.arrivals.iter().enumerate().filter(|(_, arrival)| !arrival.dropped)
        {
            let Scenario { deliveries, .. } = scenario;
            writeln!(f, "  {number}: {arrival} ({:?})", deliveries[arrival.delivery].sender)?;
        }
        if let Some(rotated) = scenario.rotated {
            writeln!(f, "  the secret is rotated at {rotated} ms")?;
        }
        if let Some(deadly) = scenario.deadly {
            writeln!(f, "  whoever sends delivery {deadly} dies")?;
        }
        for outage in &scenario.outages {
            writeln!(f, "  {outage}")?;
        }
        for (site, fault) in &self.faults {
            writeln!(f, "  {site}: {fault:?}")?;
        }
        Ok(())
    }
}
