//! What can go wrong, where, and how it is drawn.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::executor::Millis;
use crate::rng::Rng;

/// One Lambda invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Process {
    /// The `attempt`-th time that the provider sends its `arrival`-th delivery.
    Handler { arrival: usize, attempt: usize },
    /// Started by the schedule in that minute; `twin` is 1 for a second one beside it.
    Relay { minute: u64, twin: u64 },
}

/// What a process asks of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Its own start, which nobody is asked for.
    Start,
    ReadSecrets,
    Claim,
    Send,
    SendBatch,
    /// One message's part in a `SendBatch`.
    Entry,
    Settle,
    ListPending,
    /// The index that is listed from: it follows the table with a lag.
    Index,
    Lease,
    /// The lease of what an earlier relay left without a result.
    Retake,
    Postpone,
    Park,
    /// The handler's answer on its way to the provider.
    Answer,
}

/// A place where a fault can strike: the same in every run of one scenario.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    pub process: Process,
    pub operation: Operation,
    /// The item's key, the event's id or the shard.
    pub subject: Rc<str>,
}

impl Site {
    pub fn new(process: Process, operation: Operation, subject: &str) -> Self {
        Self { process, operation, subject: subject.into() }
    }

    /// What chance is drawn by, for this place alone.
    fn numbers(&self) -> [u64; 5] {
        let (kind, which, part) = match self.process {
            Process::Handler { arrival, attempt } => (0, arrival as u64, attempt as u64),
            Process::Relay { minute, twin } => (1, minute, twin),
        };
        let subject = self.subject.bytes().fold(0, |hash: u64, byte| hash.wrapping_mul(31) ^ u64::from(byte));
        [kind, which, part, self.operation as u64, subject]
    }

    /// A stream of its own.
    pub fn rng(&self, seed: u64, purpose: u64) -> Rng {
        let [kind, which, part, operation, subject] = self.numbers();
        Rng::new(&[seed, purpose, kind, which, part, operation, subject])
    }
}

/// A fault strikes the first `times` tries of an operation: the SDK makes up to three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The process dies before it asks.
    CrashBefore,
    /// The process dies when what it asked for has just been done.
    CrashAfter,
    LostRequest {
        times: u32,
    },
    LostResponse {
        times: u32,
    },
    /// The request takes so much longer; whoever asked may have given up by then.
    Late {
        times: u32,
        by: Millis,
    },
    /// Throttled, or refused for another reason that may pass.
    Refused {
        times: u32,
    },
    /// A cold start, which takes so long of the request's time, and has no secrets cached.
    Cold {
        init: Millis,
    },
    /// A second relay is started so much later.
    Twin {
        after: Millis,
    },
    /// What is read is as old as that.
    Stale {
        by: Millis,
    },
}

impl Fault {
    pub fn strikes(self, attempt: u32) -> bool {
        match self {
            Self::LostRequest { times }
            | Self::LostResponse { times }
            | Self::Late { times, .. }
            | Self::Refused { times } => attempt < times,
            Self::CrashBefore | Self::CrashAfter => attempt == 0,
            Self::Cold { .. } | Self::Twin { .. } | Self::Stale { .. } => false,
        }
    }
}

/// Where the faults of a run come from.
pub enum Faults {
    Drawn(Chance),
    /// These and no others: a schedule that is replayed or shrunk.
    Listed(BTreeMap<Site, Fault>),
}

/// Faults drawn site by site, so that one more or less of them leaves the others where they are.
#[derive(Clone)]
pub struct Chance {
    pub seed: u64,
    /// How many sites of a hundred are struck.
    pub percent: u64,
    /// The kinds that this run has, by [`KINDS`]: a few at a time get further than all at once.
    pub kinds: Vec<usize>,
    /// After this nothing strikes any more, and what was promised must come true.
    pub until: Millis,
}

pub const KINDS: usize = 6;

impl Faults {
    pub fn at(&self, site: &Site, now: Millis) -> Option<Fault> {
        match self {
            Self::Listed(faults) => faults.get(site).copied(),
            Self::Drawn(chance) if now < chance.until => chance.draw(site),
            Self::Drawn(_) => None,
        }
    }
}

impl Chance {
    fn draw(&self, site: &Site) -> Option<Fault> {
        let mut rng = site.rng(self.seed, 5);
        if !rng.percent(self.percent) {
            return None;
        }
        let times = rng.pick(&[1, 1, 2, 3, 3]);
        Some(match (site.operation, site.process) {
            (Operation::Start, Process::Handler { .. }) => Fault::Cold { init: rng.between(0, 1000) },
            (Operation::Start, Process::Relay { .. }) if rng.percent(30) => Fault::CrashBefore,
            (Operation::Start, Process::Relay { .. }) => {
                let most = rng.pick(&[400, 20_000]);
                Fault::Twin { after: rng.between(0, most) }
            }
            (Operation::Entry, _) => Fault::Refused { times },
            (Operation::Index, _) => {
                let most = rng.pick(&[500, 5_000, 90_000]);
                Fault::Stale { by: rng.between(1, most) }
            }
            (Operation::Answer, _) => Fault::LostResponse { times },
            _ => match rng.pick(&self.kinds) {
                0 => Fault::CrashBefore,
                1 => Fault::CrashAfter,
                2 => Fault::LostRequest { times },
                3 => Fault::LostResponse { times },
                4 => {
                    let (least, most) = rng.pick(&[(50, 650), (700, 5_000), (5_000, 100_000)]);
                    Fault::Late { times, by: rng.between(least, most) }
                }
                _ => Fault::Refused { times },
            },
        })
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handler { arrival, attempt } => write!(f, "handler {arrival}.{attempt}"),
            Self::Relay { minute, twin: 0 } => write!(f, "relay {minute}"),
            Self::Relay { minute, .. } => write!(f, "relay {minute}, its twin"),
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { process, operation, subject } = self;
        match operation {
            Operation::Start | Operation::ReadSecrets | Operation::Answer => {
                write!(f, "{process}: {operation:?}")
            }
            _ => write!(f, "{process}: {operation:?} of {subject}"),
        }
    }
}
