//! Moving the messages of the dead-letter queue.

use std::collections::HashSet;
use std::process::ExitCode;

use super::letters::DeadLetters;
use crate::terminal::interrupt::{INTERRUPTED, Interrupt};
use crate::terminal::{Failure, count, note, print, progress};

/// Moves messages back to the queue until there are none left, or `limit` is reached.
pub(crate) async fn move_back(
    letters: &DeadLetters,
    waiting: usize,
    limit: Option<usize>,
) -> Result<ExitCode, Failure> {
    let limit = limit.unwrap_or(usize::MAX);
    let interrupt = Interrupt::listen();
    let bar = progress("Moving", waiting.min(limit) as u64);
    let (mut rejected, mut undeleted, mut back) = (0, 0, 0);
    let mut moved = HashSet::new();
    // The queue would reject the same messages again, so they are left alone, hidden for a minute.
    while moved.len() + rejected < limit && !interrupt.is_pressed() {
        let received = letters.receive(limit - moved.len() - rejected).await?;
        if received.is_empty() {
            break;
        }
        let (again, dead): (Vec<_>, Vec<_>) = received
            .into_iter()
            .partition(|message| message.message_id().is_some_and(|id| moved.contains(id)));
        back += again.len();
        let batch = letters.move_to_queue(&dead).await?;
        rejected += batch.rejected;
        undeleted += batch.undeleted;
        bar.inc(batch.ids.len() as u64);
        moved.extend(batch.ids);
    }
    bar.finish_and_clear();
    print(&format!("Moved {} back to the queue.", count(moved.len(), "message")))?;
    for (number, what) in [
        (rejected, "not accepted by the queue, and still in the dead-letter queue"),
        (undeleted, "sent, but not deleted from the dead-letter queue: they would be sent again"),
        (back, "dead letters again, and left there: the consumer still fails"),
    ] {
        if number > 0 {
            note(&format!("{number} {what}"));
        }
    }
    if interrupt.is_pressed() {
        note("Interrupted. To move the rest, run the same command again");
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(if rejected + undeleted > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
