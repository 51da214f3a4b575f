//! The looks at the ledger that keep the board up to date, within what may be spent.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use usher_core::ledger::operator::Selection;

use super::board::{Board, Figures, Phase};
use super::cost::Estimate;
use super::source::Source;
use crate::ledger::passes::interval;
use crate::terminal::{Failure, note};

/// The bounds on what is spent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// The read units that one look may use.
    pub(super) max_read_units: u32,
    /// The read units per second, on average.
    pub(super) per_second: u32,
}

/// The price up to which nobody is asked: about a hundredth of a cent.
const UNASKED: u64 = 1_000;

/// The time by which a look reaches behind the one before: clocks differ, and a handler dates an event that it sent by
/// its receipt.
const MARGIN: Duration = Duration::from_mins(2);

/// The number of pending deliveries that are read anew each time: the relay's attempts change no time that a look could
/// select by.
const PENDING: usize = 25;

/// The shortest time between two looks, in seconds.
const EVERY: u64 = 1;

/// The wait after a look that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Keeps the board up to date until the program ends.
pub(super) async fn watch(source: &Source, board: &Board, bounds: Bounds) {
    board.look(|look| look.max_read_units = bounds.max_read_units);
    let estimate = source.estimate().await.unwrap_or_else(|problem| {
        note(&format!("The size of the table is unknown: {problem}"));
        None
    });
    let mut figures_due = Instant::now();
    let asks = announce(source, board, estimate, bounds);
    let mut changed_since = None;
    let mut after = None;
    loop {
        if asks && (changed_since.is_none() || board.phase() != Phase::Live) {
            if board.phase() == Phase::Starting {
                board.look(|look| look.phase = Phase::Asking);
            }
            board.wanted.notified().await;
        }
        let began = Instant::now();
        if began >= figures_due {
            // Without the right to read them, the list is still worth showing.
            board.put_figures(source.figures().await.unwrap_or_else(|_| Figures::default()));
            figures_due = began + source.figures_every();
        }
        let now = Timestamp::now();
        match look(source, board, bounds, changed_since, after.take()).await {
            Ok(Looked { next: Some(next), .. }) => {
                board.look(|look| (look.phase, look.every) = (Phase::Partial, None));
                after = Some(next);
                board.wanted.notified().await;
            }
            Ok(Looked { read_units, .. }) => {
                let wait = interval(read_units, bounds.per_second, EVERY);
                board.look(|look| {
                    (look.phase, look.problem, look.every) = (Phase::Live, None, Some(wait.as_secs()));
                });
                changed_since = Some(now.saturating_sub(MARGIN).unwrap_or(now));
                tokio::select! {
                    () = sleep(wait.saturating_sub(began.elapsed())) => {}
                    () = source.changed() => {}
                    () = board.wanted.notified() => {}
                }
            }
            Err(problem) => {
                board.look(|look| (look.phase, look.problem) = (Phase::Failed, Some(problem.to_string())));
                tokio::select! {
                    () = sleep(AFTER_FAILURE) => {}
                    () = board.wanted.notified() => {}
                }
            }
        }
    }
}

/// Shows the price of a look. Returns whether the user is asked before it is spent.
fn announce(source: &Source, board: &Board, estimate: Option<Estimate>, bounds: Bounds) -> bool {
    board.look(|look| look.estimate = estimate);
    if source.as_local().is_some() {
        return false;
    }
    let bound = bounds.max_read_units;
    match estimate {
        Some(Estimate { items, read_units, dollars }) => note(&format!(
            "A look reads the whole table: {items} deliveries, about {read_units} read units, ${dollars:.4}; at most \
             {bound}"
        )),
        None => note(&format!("A look reads the whole table: at most {bound} read units")),
    }
    estimate.is_none_or(|estimate| estimate.read_units > UNASKED)
}

/// The end of one look.
struct Looked {
    read_units: f64,
    /// The place at which the bound was reached.
    next: Option<String>,
}

async fn look(
    source: &Source,
    board: &Board,
    bounds: Bounds,
    changed_since: Option<Timestamp>,
    mut after: Option<String>,
) -> Result<Looked, Failure> {
    if changed_since.is_none() {
        board.look(|look| look.phase = Phase::Reading);
    }
    let selection = Selection { changed_since, ..Selection::default() };
    let mut read_units = 0.0;
    loop {
        let page = source.scan(&selection, after.as_deref()).await?;
        read_units += page.read_units;
        board.put(&page.items);
        if page.read_units > 0.0 {
            board.look(|look| look.used += page.read_units);
        }
        after = page.next;
        if after.is_none() || read_units >= f64::from(bounds.max_read_units) {
            break;
        }
        // Pages in memory come at once: the server has to have its turn.
        tokio::task::yield_now().await;
    }
    for key in board.pending(PENDING) {
        board.put(&source.get(&key).await?);
    }
    Ok(Looked { read_units, next: after })
}
