//! Copies of stored events for a program of the user's, past the queue.

use std::process::ExitCode;

use events::Target;

use crate::cloudevent::{Form, Receiver, Verdict};
use crate::ledger::{StackLedger, event, ids};
use crate::terminal::{Failure, print};

/// Posts the event of each delivery once, and prints the answers. The ledger stays as it is. Returns success if each was
/// taken.
pub(crate) async fn post_copies(
    ledger: &StackLedger,
    ids: &[String],
    to: &str,
    form: Form,
) -> Result<ExitCode, Failure> {
    let target = Target::parse(to).map_err(|error| format!("--to is {error}"))?;
    let receiver = Receiver::new(target, form);
    let mut code = ExitCode::SUCCESS;
    for id in ids {
        let stored = ids::find(&ledger.table, id).await?;
        let (_, message) = event(&stored)
            .ok_or_else(|| format!("the body of {id} was erased"))?
            .map_err(|why| format!("{id} makes no event: {why}"))?;
        let posted = receiver.post(&message).await?;
        print(&posted.line(&stored.event_id(), &message))?;
        if posted.verdict != Verdict::Taken {
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}
