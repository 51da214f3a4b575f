//! Moving what is in the dead-letter queue.

use std::process::ExitCode;

use jiff::Timestamp;

use super::letters::{DeadLetters, sent};
use crate::terminal::interrupt::{INTERRUPTED, Interrupt};
use crate::terminal::{Failure, count, note, print, progress};

/// Moves messages until there are none, or `limit`.
pub(crate) async fn run(
    letters: &DeadLetters,
    waiting: usize,
    limit: Option<usize>,
) -> Result<ExitCode, Failure> {
    let began = Timestamp::now();
    let limit = limit.unwrap_or(usize::MAX);
    let interrupt = Interrupt::watch();
    let bar = progress("Moving", waiting.min(limit) as u64);
    let (mut moved, mut refused, mut undeleted, mut back) = (0, 0, 0, 0);
    // What the queue refuses, it would refuse again: it is left, hidden for a minute.
    while moved + refused < limit && !interrupt.came() {
        let received = letters.receive(limit - moved - refused).await?;
        if received.is_empty() {
            break;
        }
        let (again, dead): (Vec<_>, Vec<_>) =
            received.into_iter().partition(|message| sent(message).is_some_and(|sent| sent > began));
        back += again.len();
        let batch = letters.pass_on(&dead).await?;
        moved += batch.moved;
        refused += batch.refused;
        undeleted += batch.undeleted;
        bar.inc(batch.moved as u64);
    }
    bar.finish_and_clear();
    print(&format!("Moved {} back to the queue.", count(moved, "message")))?;
    for (number, what) in [
        (refused, "not taken by the queue, and still in the dead-letter queue"),
        (undeleted, "sent, but not deleted from the dead-letter queue: they would be sent again"),
        (back, "came back while this ran, and were left: the consumer still fails"),
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
