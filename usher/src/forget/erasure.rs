//! The erasure of what a search found.

use jiff::Timestamp;
use usher_core::ledger::operator::{Item, OperatorLedger as _};
use usher_core::ledger::{LedgerError, State, Transition};

use crate::ledger::StackLedger;
use crate::terminal::interrupt::Interrupt;
use crate::terminal::progress;

/// A body that was erased.
pub(crate) struct Erased {
    pub(crate) seen: Item,
    pub(crate) at: Timestamp,
}

/// The reason why a body was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// It is pending, and the operator did not say that it may go unsent.
    Pending,
    /// A handler or relay may be sending it at this moment.
    BeingSent,
    /// It was sent, replayed or leased meanwhile.
    Changed,
}

impl Left {
    pub(crate) const ALL: [Self; 3] = [Self::Pending, Self::BeingSent, Self::Changed];

    /// Returns the reason in words.
    pub(crate) fn why(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::BeingSent => "being sent at this moment",
            Self::Changed => "changed meanwhile",
        }
    }

    /// Returns the sentence that says what to do.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Pending => "Run the same command again once they are sent, or add --also-pending.",
            Self::BeingSent => "Run the same command again in a minute.",
            Self::Changed => "Run the same command again.",
        }
    }
}

/// The reason why an erasure ended early.
pub(crate) enum Stopped {
    Interrupted,
    Failed(LedgerError),
}

/// The result of one pass.
#[derive(Default)]
pub(crate) struct Pass {
    pub(crate) erased: Vec<Erased>,
    pub(crate) left: Vec<(String, Left)>,
    pub(crate) stopped: Option<Stopped>,
}

/// Erases the bodies one after the other. After an interruption the command finds only those that are left.
pub(crate) async fn erase(
    ledger: &StackLedger,
    found: Vec<Item>,
    also_pending: bool,
    interrupt: &Interrupt,
) -> Pass {
    let bar = progress("Erasing", found.len() as u64);
    let mut pass = Pass::default();
    for seen in found {
        if interrupt.is_pressed() {
            pass.stopped = Some(Stopped::Interrupted);
            break;
        }
        bar.inc(1);
        let now = ledger.clock.now();
        if seen.state() == State::Pending && !also_pending {
            let left = if seen.is_being_sent(now) { Left::BeingSent } else { Left::Pending };
            pass.left.push((seen.ledger_key, left));
            continue;
        }
        // An unsent item has no expiry yet, but a tombstone needs one.
        let expires = seen.received + ledger.retention;
        match ledger.table.forget(&seen, now, expires).await {
            Ok(Transition::Done) => pass.erased.push(Erased { seen, at: now }),
            Ok(Transition::Overtaken) if seen.is_being_sent(now) => {
                pass.left.push((seen.ledger_key, Left::BeingSent));
            }
            Ok(Transition::Overtaken) => pass.left.push((seen.ledger_key, Left::Changed)),
            Err(error) => {
                pass.stopped = Some(Stopped::Failed(error));
                break;
            }
        }
    }
    bar.finish_and_clear();
    pass
}
