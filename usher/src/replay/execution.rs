//! The execution of a replay's plan.

use std::time::Duration;

use events::{hex, random};
use tokio::time::{MissedTickBehavior, interval};
use usher_core::ledger::Transition;
use usher_core::ledger::operator::OperatorLedger as _;

use super::plan::Plan;
use crate::ledger::StackLedger;
use crate::terminal::Failure;
use crate::terminal::interrupt::Interrupt;
use crate::terminal::progress;

/// The result of a replay so far.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) replayed: usize,
    /// The number of events that another replay or an erasure changed meanwhile.
    pub(crate) changed: usize,
    /// The end before the last event, if it ended there.
    pub(crate) stopped: Option<Stopped>,
}

/// The reason why a replay ended early.
pub(crate) enum Stopped {
    Interrupted,
    Failed(Failure),
}

/// Replays the planned events one after the other, as fast as allowed. If it is interrupted, it ends after the current
/// event. The replayed ones are marked with a time that is at or after the run's beginning.
pub(crate) async fn replay_planned(ledger: &StackLedger, plan: &Plan, per_second: u32) -> Done {
    let interrupt = Interrupt::listen();
    let bar = progress("Replaying", plan.events().len() as u64);
    let mut pace = interval(Duration::from_secs(1) / per_second);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut done = Done::default();
    for seen in plan.events() {
        pace.tick().await;
        if interrupt.is_pressed() {
            bar.abandon();
            done.stopped = Some(Stopped::Interrupted);
            return done;
        }
        match ledger.table.replay(seen, &hex(&random::<8>()), ledger.clock.now()).await {
            Ok(Transition::Done) => done.replayed += 1,
            Ok(Transition::Overtaken) => done.changed += 1,
            Err(error) => {
                bar.abandon();
                done.stopped = Some(Stopped::Failed(error.into()));
                return done;
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    done
}
