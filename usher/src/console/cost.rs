//! The price of a look at the whole table, as the page shows it.

use serde::Serialize;
use usher_aws::dynamodb::TableSize;

use crate::ledger::price::Price;

/// The price of a look at the whole table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Estimate {
    pub(super) items: u64,
    pub(super) read_units: u64,
    pub(super) dollars: f64,
}

impl Estimate {
    pub(super) fn of(size: TableSize) -> Self {
        let price = Price::of(size.bytes, false);
        Self { items: size.items, read_units: price.read_units, dollars: price.dollars() }
    }
}
