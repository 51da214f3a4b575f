//! A scan of the whole ledger.

use usher_core::ledger::operator::{Item, OperatorLedger, Selection};

use crate::terminal::{Failure, counter};

/// Calls `visit` once for each selected item. Returns the read units used; halves are possible.
pub(crate) async fn survey(
    ledger: &impl OperatorLedger,
    selection: &Selection,
    mut visit: impl FnMut(Item),
) -> Result<f64, Failure> {
    let counter = counter("Reading the ledger, MB at most:");
    let mut read_units = 0.0;
    let mut after: Option<String> = None;
    loop {
        let page = ledger.scan(selection, after.as_deref()).await?;
        read_units += page.read_units;
        // DynamoDB ends a page at a megabyte.
        counter.inc(1);
        page.items.into_iter().for_each(&mut visit);
        after = match page.next {
            Some(next) => Some(next),
            None => break,
        };
    }
    counter.finish_and_clear();
    Ok(read_units)
}
