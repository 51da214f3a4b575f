//! The execution of a replay's plan.

use std::process::ExitCode;
use std::time::Duration;

use events::{hex, random};
use jiff::Timestamp;
use tokio::time::{MissedTickBehavior, interval};
use usher_core::ledger::Transition;
use usher_core::ledger::operator::OperatorLedger as _;

use super::plan::Plan;
use crate::ledger::StackLedger;
use crate::terminal::interrupt::{INTERRUPTED, Interrupt};
use crate::terminal::{Failure, count, note, print, progress};

/// Replays the planned events one after the other, as fast as allowed. If it is interrupted, it ends after the current
/// event and prints how to resume: the replayed ones are marked with a time that is at or after `began`.
pub(crate) async fn replay_planned(
    ledger: &StackLedger,
    plan: &Plan,
    began: Timestamp,
    per_second: u32,
) -> Result<ExitCode, Failure> {
    let interrupt = Interrupt::listen();
    let bar = progress("Replaying", plan.events().len() as u64);
    let mut pace = interval(Duration::from_secs(1) / per_second);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut replayed = 0;
    let mut changed = 0;
    for seen in plan.events() {
        pace.tick().await;
        if interrupt.is_pressed() {
            bar.abandon();
            note(&how_to_resume("Interrupted", replayed, plan, began));
            return Ok(ExitCode::from(INTERRUPTED));
        }
        match ledger.table.replay(seen, &hex(&random::<8>()), Timestamp::now()).await {
            Ok(Transition::Done) => replayed += 1,
            Ok(Transition::Overtaken) => changed += 1,
            Err(error) => {
                bar.abandon();
                note(&how_to_resume("Stopped", replayed, plan, began));
                return Err(error.into());
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    print(&format!(
        "\nReplayed {}. The relay sends them within about a minute. To see what is left: usher pending",
        count(replayed, "event")
    ))?;
    if changed > 0 {
        note(&format!("Left out: {changed} changed meanwhile, by another replay or an erasure"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns a line that says how to replay the rest.
fn how_to_resume(what: &str, replayed: usize, plan: &Plan, began: Timestamp) -> String {
    let all = plan.events().len();
    format!("{what} after {replayed} of {all}. To replay the rest, run again with `--resume {began}`")
}
