//! Moving what is in the dead-letter queue.

use std::collections::HashSet;
use std::process::ExitCode;

use super::letters::DeadLetters;
use crate::terminal::interrupt::{INTERRUPTED, Interrupt};
use crate::terminal::{Failure, count, note, print, progress};

/// Moves messages until there are none, or `limit`.
pub(crate) async fn run(
    letters: &DeadLetters,
    waiting: usize,
    limit: Option<usize>,
) -> Result<ExitCode, Failure> {
    let limit = limit.unwrap_or(usize::MAX);
    let interrupt = Interrupt::watch();
    let bar = progress("Moving", waiting.min(limit) as u64);
    let (mut refused, mut undeleted, mut back) = (0, 0, 0);
    let mut moved = HashSet::new();
    // What the queue refuses, it would refuse again: it is left, hidden for a minute.
    while moved.len() + refused < limit && !interrupt.came() {
        let received = letters.receive(limit - moved.len() - refused).await?;
        if received.is_empty() {
            break;
        }
        let (again, dead): (Vec<_>, Vec<_>) = received
            .into_iter()
            .partition(|message| message.message_id().is_some_and(|id| moved.contains(id)));
        back += again.len();
        let batch = letters.pass_on(&dead).await?;
        refused += batch.refused;
        undeleted += batch.undeleted;
        bar.inc(batch.ids.len() as u64);
        moved.extend(batch.ids);
    }
    bar.finish_and_clear();
    print(&format!("Moved {} back to the queue.", count(moved.len(), "message")))?;
    for (number, what) in [
        (refused, "not taken by the queue, and still in the dead-letter queue"),
        (undeleted, "sent, but not deleted from the dead-letter queue: they would be sent again"),
        (back, "died again while this ran, and were left: the consumer still fails"),
    ] {
        if number > 0 {
            note(&format!("{number} {what}"));
        }
    }
    if interrupt.came() {
        note("Interrupted. Say the same again to move the rest");
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(if refused + undeleted > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
