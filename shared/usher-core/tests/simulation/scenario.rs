//! What happens in a run, faults of single operations aside: who sends what when, and what is down when.

use std::fmt;

use crate::deliveries::{Delivery, Forgery, Sender, delivery};
use crate::executor::Millis;
use crate::faults::{Chance, Faults, KINDS};
use crate::rng::Rng;

pub const SECOND: Millis = 1_000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;
pub const DAY: Millis = 24 * HOUR;

#[derive(Clone)]
pub struct Scenario {
    /// Of latencies and of turns.
    pub seed: u64,
    pub fifo: bool,
    /// The most that a message between two machines takes when nothing is wrong.
    pub latency: Millis,
    pub deliveries: Vec<Delivery>,
    pub arrivals: Vec<Arrival>,
    pub outages: Vec<Outage>,
    /// The delivery that ends every process that sends it.
    pub deadly: Option<usize>,
    /// When the provider began to sign with a new secret, which every fresh reading of the secrets lists.
    pub rotated: Option<Millis>,
}

/// A delivery that a provider sends, and sends again by its schedule until it has a 2xx.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub at: Millis,
    /// Which of the scenario's.
    pub delivery: usize,
    pub forgery: Option<Forgery>,
    /// Left out of a schedule that shrinks. It keeps its place, since faults go by an arrival's number.
    pub dropped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependency {
    Ledger,
    Queue,
    Secrets,
    /// The relay's schedule.
    Relay,
}

/// A time in which one dependency is down for everybody.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    pub of: Dependency,
    pub from: Millis,
    pub to: Millis,
    pub mode: Mode,
}

#[derive(Debug, Clone, Copy)]
pub enum Mode {
    /// It refuses at once.
    Refuses,
    /// It takes connections and never answers.
    Hangs,
    /// The same, but it does what it was asked.
    Mute,
    /// It does what it was asked, answers nothing, and refuses the SDK's further tries.
    Once,
}

impl Arrival {
    pub fn is_genuine(&self) -> bool {
        self.forgery.is_none() && !self.dropped
    }
}

impl Outage {
    pub fn covers(&self, of: Dependency, now: Millis) -> bool {
        self.of == of && (self.from..self.to).contains(&now)
    }
}

impl Scenario {
    pub fn outage(&self, of: Dependency, now: Millis) -> Option<&Outage> {
        self.outages.iter().find(|outage| outage.covers(of, now))
    }

    /// From when on every provider has given up retrying and nothing is down.
    pub fn quiet(&self) -> Millis {
        let outages = self.outages.iter().map(|outage| outage.to);
        outages.chain(self.arrivals.iter().map(|arrival| arrival.at)).max().unwrap_or(0) + 2 * DAY
    }
}

/// The run of a seed.
pub fn generate(seed: u64) -> (Scenario, Faults) {
    let mut rng = Rng::new(&[seed, 1]);
    let rng = &mut rng;
    let mut scenario = Scenario {
        seed,
        fifo: rng.percent(50),
        latency: rng.pick(&[3, 20, 20, 100]),
        deliveries: Vec::new(),
        arrivals: Vec::new(),
        outages: Vec::new(),
        deadly: None,
        rotated: rng.percent(10).then(|| rng.between(0, 3 * MINUTE)),
    };
    for number in 0..rng.pick(&[1, 1, 1, 2, 3]) {
        let earlier = scenario.deliveries.last().cloned();
        scenario.deliveries.push(delivery(number, earlier.as_ref(), rng));
        arrivals(&mut scenario, number, rng);
    }
    scenario.deadly = rng.percent(8).then(|| rng.below(scenario.deliveries.len()));
    let outages = [Dependency::Ledger, Dependency::Queue, Dependency::Secrets, Dependency::Relay];
    for (of, percent) in outages.into_iter().zip([20, 25, 8, 8]) {
        if rng.percent(percent) {
            scenario.outages.push(outage(of, rng));
        }
    }
    let over = scenario.outages.iter().map(|outage| outage.to).max().unwrap_or(0);
    let faults = Chance {
        seed,
        percent: rng.pick(&[1, 4, 4, 10, 10, 25]),
        kinds: (0..rng.between(1, 4)).map(|_| rng.below(KINDS)).collect(),
        until: over.min(DAY) + rng.pick(&[10 * MINUTE, 10 * MINUTE, 20 * HOUR]),
    };
    (scenario, Faults::Drawn(faults))
}

/// The first sending, often just when the relay starts, and what duplicates there are.
fn arrivals(scenario: &mut Scenario, delivery: usize, rng: &mut Rng) {
    let unnamed = scenario.deliveries[delivery].unnamed;
    let mut arrive = |at, forgery| scenario.arrivals.push(Arrival { at, delivery, forgery, dropped: false });
    let first = if rng.percent(25) {
        rng.between(1, 3) * MINUTE + rng.between(0, 300) - 200
    } else {
        rng.between(0, 4 * MINUTE)
    };
    if rng.percent(12) {
        arrive(first, Some(rng.pick(&Forgery::ALL)));
        // Some forgeries are of what is genuine, too.
        if rng.percent(60) {
            return;
        }
    }
    arrive(first, None);
    if rng.percent(35) {
        for _ in 0..rng.between(1, 2) {
            arrive(first + rng.between(0, 60), None);
        }
    }
    // The same bytes mean something new each time where they don't name themselves.
    if rng.percent(if unnamed { 80 } else { 30 }) {
        for _ in 0..rng.between(1, 2) {
            let (least, most) =
                rng.pick(&[(SECOND, MINUTE), (MINUTE, 12 * MINUTE), (10 * MINUTE, 40 * MINUTE)]);
            arrive(first + rng.between(least, most), None);
        }
    }
    // By hand, from the provider's dashboard.
    if rng.percent(3) {
        arrive(first + rng.between(DAY, 30 * DAY), None);
    }
}

fn outage(of: Dependency, rng: &mut Rng) -> Outage {
    let from = rng.between(0, 4 * MINUTE);
    let (least, most) = match (of, rng.between(0, 99)) {
        (_, 0..40) => (SECOND, 90 * SECOND),
        (_, 40..88) => (90 * SECOND, 15 * MINUTE),
        (Dependency::Relay, 94..) => (36 * DAY, 40 * DAY),
        // Long enough for all the leases after which an event is parked.
        (Dependency::Queue, 99..) => (DAY, 6 * DAY),
        // Longer than the hour in which unconfirmed sends follow each other closely.
        (Dependency::Queue, _) => (15 * MINUTE, 100 * MINUTE),
        _ => (15 * MINUTE, 3 * HOUR),
    };
    let mode = rng.pick(&[Mode::Refuses, Mode::Hangs, Mode::Mute, Mode::Once]);
    Outage { of, from, to: from + rng.between(least, most), mode }
}

impl fmt::Display for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "delivery {} arrives at {} ms", self.delivery, self.at)?;
        self.forgery.map_or(Ok(()), |forgery| write!(f, ", forged: {forgery:?}"))
    }
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, from, to, mode } = self;
        write!(f, "{of:?} {mode:?} from {from} to {to} ms")
    }
}

impl Sender {
    /// The waits after which the provider sends a delivery again.
    pub fn retries(self) -> &'static [Millis] {
        match self {
            Self::Luma => &[MINUTE, 2 * MINUTE, 4 * MINUTE],
            Self::Allfly | Self::Standard => {
                &[5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR]
            }
            Self::Lunacal | Self::Calcom => &[],
        }
    }

    /// How long the provider waits for an answer.
    pub fn patience(self) -> Millis {
        match self {
            Self::Luma | Self::Lunacal | Self::Calcom => 5 * SECOND,
            Self::Allfly | Self::Standard => 15 * SECOND,
        }
    }
}
