//! What a run leaves behind for the checks: every copy on the queue, every settling, every answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use usher_core::ledger::Transition;
use usher_core::queue::Message;

use crate::executor::Millis;
use crate::faults::Process;

#[derive(Default)]
pub struct Evidence {
    pub copies: Vec<Copy>,
    pub answers: Vec<Answer>,
    /// Every message that was on its way to the queue, in order.
    pub asks: Vec<Ask>,
    pub settlings: BTreeMap<Owner, Settling>,
    /// Handlers that were told that the ledger had failed.
    pub unclaimed: BTreeSet<Process>,
    /// Processes that asked the ledger or the queue for anything.
    pub asked: BTreeSet<Process>,
    /// What was seen to be wrong when it happened.
    pub violations: Vec<Violation>,
}

/// Whose attempt of which item: tokens are never used twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    pub token: String,
    pub attempt: u32,
}

/// A message on its way to the queue.
#[derive(Debug, Clone)]
pub struct Ask {
    pub owner: Owner,
    pub process: Process,
    pub asked: Millis,
    /// Its sender died or gave up without having been answered: the queue may have taken it.
    pub unconfirmed: bool,
}

/// A message that the queue keeps.
#[derive(Debug, Clone)]
pub struct Copy {
    pub process: Process,
    pub owner: Owner,
    /// When its sender began to send it, and when the queue took it.
    pub asked: Millis,
    pub taken: Millis,
    /// Its sender was told that the queue had taken it.
    pub told: bool,
    pub message: Message,
}

#[derive(Debug, Default)]
pub struct Settling {
    /// It changed the item.
    pub effective: bool,
    /// What its owner was told; nothing if it failed or the owner died.
    pub told: Option<Transition>,
}

/// A handler's answer, whether or not it reached the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub process: Process,
    pub delivery: usize,
    pub forged: bool,
    pub received: Millis,
    pub took: Millis,
    pub status: u16,
}

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// Answered 2xx, and neither on the queue nor parked.
    Lost(String),
    /// On the queue, or answered 2xx, or worked on, without having been verified.
    Unverified(String),
    /// Copies of one event with two ids, or two events with one.
    Ids(String),
    /// Another copy, in none of the cases in which there may be one.
    ExtraCopy(String),
    /// Two copies on a FIFO queue within five minutes, or for no reason outside them.
    Fifo(String),
    /// Still pending when everything had long worked again.
    LeftPending(String),
    /// Parked before its attempts were used up.
    ParkedEarly(String),
    /// It would have expired without having been sent.
    Expiring(String),
    /// A transition that should not have taken effect did, or the other way round.
    Overtaken(String),
    /// An event with another trace than that of the request that brought it.
    Trace(String),
    /// An answer that came too late.
    Slow(String),
}

impl Violation {
    /// Its name, which stays the same while a schedule shrinks.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Lost(_) => "lost",
            Self::Unverified(_) => "unverified",
            Self::Ids(_) => "ids",
            Self::ExtraCopy(_) => "extra copy",
            Self::Fifo(_) => "copies on a FIFO queue",
            Self::LeftPending(_) => "left pending",
            Self::ParkedEarly(_) => "parked early",
            Self::Expiring(_) => "expiring unsent",
            Self::Overtaken(_) => "overtaken",
            Self::Trace(_) => "trace",
            Self::Slow(_) => "slow",
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Lost(what)
        | Self::Unverified(what)
        | Self::Ids(what)
        | Self::ExtraCopy(what)
        | Self::Fifo(what)
        | Self::LeftPending(what)
        | Self::ParkedEarly(what)
        | Self::Expiring(what)
        | Self::Overtaken(what)
        | Self::Trace(what)
        | Self::Slow(what)) = self;
        write!(f, "{}: {what}", self.kind())
    }
}
