//! A scan of the whole ledger.

use usher_core::ledger::operator::{Item, OperatorLedger, Selection};

use crate::terminal::{Failure, counter, note};

/// The result of a scan besides its items.
#[derive(Debug, Default)]
pub(crate) struct Surveyed {
    /// DynamoDB's read units; halves are possible.
    pub(crate) read_units: f64,
    /// The keys of items that are not Usher's, or broken.
    pub(crate) unreadable: Vec<String>,
}

impl Surveyed {
    /// Tells which items could not be read.
    pub(crate) fn note_unreadable(&self) {
        for key in &self.unreadable {
            note(&format!("Left out: {key} is not an item of Usher's, or broken"));
        }
    }
}

/// Calls `visit` once for each selected item.
pub(crate) async fn survey(
    ledger: &impl OperatorLedger,
    selection: &Selection,
    mut visit: impl FnMut(Item),
) -> Result<Surveyed, Failure> {
    let counter = counter("Reading the ledger, MB at most:");
    let mut surveyed = Surveyed::default();
    let mut after: Option<String> = None;
    loop {
        let page = ledger.scan(selection, after.as_deref()).await?;
        surveyed.read_units += page.read_units;
        surveyed.unreadable.extend(page.unreadable);
        // DynamoDB ends a page at a megabyte.
        counter.inc(1);
        page.items.into_iter().for_each(&mut visit);
        after = match page.next {
            Some(next) => Some(next),
            None => break,
        };
    }
    counter.finish_and_clear();
    Ok(surveyed)
}
