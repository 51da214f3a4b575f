//! The price of reading a table.

use serde::Serialize;

/// The bytes that one read unit of a scan covers: two eventually consistent reads of 4 KB.
const BYTES_PER_UNIT: u64 = 8192;

/// The price of a million read units on demand in us-east-1, in dollars. Other regions ask up to half as much again.
const DOLLARS_PER_MILLION: f64 = 0.125;

/// The price of a look at the whole table. The service renews its count of items and bytes every six hours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Estimate {
    pub(super) items: u64,
    pub(super) read_units: u64,
    pub(super) dollars: f64,
}

impl Estimate {
    pub(super) fn of(items: u64, bytes: u64) -> Self {
        let read_units = bytes.div_ceil(BYTES_PER_UNIT);
        #[allow(clippy::cast_precision_loss, reason = "a price is shown with two digits")]
        let dollars = read_units as f64 * DOLLARS_PER_MILLION / 1e6;
        Self { items, read_units, dollars }
    }
}
