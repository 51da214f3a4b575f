//! The price of reading the whole ledger, told before it is read.

use usher_aws::dynamodb::DynamoDbLedger;

use crate::terminal::{Failure, note};

/// DynamoDB's price of a million read units on demand in us-east-1, in dollars.
const DOLLARS_PER_MILLION: f64 = 0.125;

/// The bytes that a read unit reads, if the read may miss the latest writes.
const BYTES_PER_UNIT: u64 = 8192;

/// The read units of a pass above which an operator has to agree: those of 800 MB.
pub(crate) const UNASKED: u64 = 100_000;

/// The price of one pass through the ledger.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Price {
    bytes: u64,
    /// DynamoDB's read units.
    pub(crate) read_units: u64,
}

impl Price {
    /// Returns the price for this many bytes. A consistent read costs twice as much.
    pub(crate) fn of(bytes: u64, consistent: bool) -> Self {
        Self { bytes, read_units: bytes.div_ceil(BYTES_PER_UNIT) * if consistent { 2 } else { 1 } }
    }

    /// Returns the price in dollars, as of us-east-1. Other regions ask up to half as much again.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(crate) fn dollars(self) -> f64 {
        self.read_units as f64 * DOLLARS_PER_MILLION / 1e6
    }

    /// Prints `Reading the ledger: 12.3 MB, about 1502 read units ($0.0002)`.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(crate) fn text(self) -> String {
        let megabytes = self.bytes as f64 / 1e6;
        format!("{megabytes:.1} MB, about {} read units (${:.4})", self.read_units, self.dollars())
    }
}

/// Tells the price of a pass before it begins. Returns `None` if DynamoDB does not tell the size: the operator may not be
/// allowed to ask for it, and the pass needs no such permission.
pub(crate) async fn announce(ledger: &DynamoDbLedger, consistent: bool) -> Option<Price> {
    let Ok(size) = ledger.size().await else {
        note("Reading the whole ledger. Its size is unknown: that takes dynamodb:DescribeTable");
        return None;
    };
    let price = Price::of(size.bytes, consistent);
    note(&format!("Reading the whole ledger: {} a pass", price.text()));
    Some(price)
}

/// Refuses a pass that costs more than an operator may expect, unless `agreed`.
pub(crate) fn agree(price: Option<Price>, agreed: bool) -> Result<(), Failure> {
    match price {
        Some(price) if price.read_units > UNASKED && !agreed => {
            Err(format!("a pass reads {}: add --yes if that is fine", price.text()).into())
        }
        _ => Ok(()),
    }
}
