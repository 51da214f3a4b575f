//! What AWS would bill: pure arithmetic over items and bytes.
//!
//! From the developer guides' pages "DynamoDB item sizes and formats" (`CapacityUnitCalculations`), "DynamoDB read and
//! write operations" (`read-write-operations`), "Using Global Secondary Indexes" (`GSI`, write capacity units) and the
//! price list of Amazon SQS.

use std::ops::{AddAssign, Sub};

use serde_json::{Map, Value};

use crate::item::Item;

/// Bytes that one write unit covers.
const WRITE_UNIT: usize = 1024;

/// Bytes that one read unit covers.
const READ_UNIT: usize = 4 * 1024;

/// Bytes of payload that SQS bills as one request.
const SQS_REQUEST: usize = 64 * 1024;

/// A global secondary index.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// The attributes that are keys: the index's own, and the table's. An item that lacks one is not in the index.
    pub keys: &'static [&'static str],
    /// Attributes projected besides.
    pub projects: &'static [&'static str],
}

/// Units of DynamoDB. Subtract an earlier reading to get what happened in between.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bill {
    /// Write units of the table.
    pub table_writes: u64,
    /// Write units of its index.
    pub index_writes: u64,
    /// Halves of read units: what reads that may lag, as an index's always do, cost for each 4 KB.
    pub half_reads: u64,
}

impl Bill {
    /// Write units in all.
    pub fn writes(self) -> u64 {
        self.table_writes + self.index_writes
    }
}

impl AddAssign for Bill {
    fn add_assign(&mut self, other: Self) {
        self.table_writes += other.table_writes;
        self.index_writes += other.index_writes;
        self.half_reads += other.half_reads;
    }
}

impl Sub for Bill {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            table_writes: self.table_writes - earlier.table_writes,
            index_writes: self.index_writes - earlier.index_writes,
            half_reads: self.half_reads - earlier.half_reads,
        }
    }
}

/// A write that changes an item: the larger of what was there and what is there.
pub fn write(before: Option<&Item>, after: Option<&Item>, index: Index) -> Bill {
    let entry = |item: Option<&Item>| item.and_then(|item| index.entry(item));
    let index_writes = match (entry(before), entry(after)) {
        (None, None) => 0,
        (Some(entry), None) | (None, Some(entry)) => write_units(bytes(&entry)),
        (Some(before), Some(after)) if before == after => 0,
        (Some(before), Some(after)) if index.same_place(&before, &after) => {
            write_units(bytes(&before).max(bytes(&after)))
        }
        // Another key is another place: the entry is deleted here and put there.
        (Some(before), Some(after)) => write_units(bytes(&before)) + write_units(bytes(&after)),
    };
    let size = |item: Option<&Item>| item.map_or(0, bytes);
    Bill { table_writes: write_units(size(before).max(size(after))), index_writes, half_reads: 0 }
}

/// A write whose condition did not hold: the item that is there, though nothing was written.
pub fn failed_condition(stored: Option<&Item>) -> Bill {
    Bill { table_writes: write_units(stored.map_or(0, bytes)), ..Bill::default() }
}

/// A query of an index: all it found, together.
pub fn query(found: &[Item]) -> Bill {
    let half_reads = units(found.iter().map(bytes).sum(), READ_UNIT);
    Bill { half_reads, ..Bill::default() }
}

/// Requests that SQS bills for one that carries so many bytes of messages.
pub fn sqs_requests(payload: usize) -> u64 {
    units(payload, SQS_REQUEST)
}

fn write_units(bytes: usize) -> u64 {
    units(bytes, WRITE_UNIT)
}

/// How many are begun; always one.
fn units(bytes: usize, unit: usize) -> u64 {
    bytes.div_ceil(unit).max(1) as u64
}

/// The size of an item: names and values.
pub fn bytes(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_bytes(value)).sum()
}

/// The size of `{"S": "text"}` and the like. What Usher doesn't store is not known here.
fn value_bytes(value: &Value) -> usize {
    let typed = value.as_object().and_then(|value| value.iter().next()).expect("a value has a type");
    match (typed.0.as_str(), typed.1) {
        ("S", Value::String(text)) => text.len(),
        ("N", Value::String(digits)) => number_bytes(digits),
        ("B", Value::String(base64)) => base64.trim_end_matches('=').len() * 3 / 4,
        ("BOOL" | "NULL", _) => 1,
        ("L", Value::Array(values)) => 3 + values.iter().map(|value| 1 + value_bytes(value)).sum::<usize>(),
        ("M", Value::Object(members)) => 3 + members.len() + bytes(members),
        (other, _) => panic!("the size of a {other} is not known here"),
    }
}

/// One byte for two significant digits, and one; another for a minus.
fn number_bytes(digits: &str) -> usize {
    let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0').trim_end_matches('0').len();
    significant.div_ceil(2) + 1 + usize::from(mantissa.starts_with('-'))
}

impl Index {
    /// What the index holds of an item, if anything.
    pub fn entry(self, item: &Item) -> Option<Item> {
        if !self.keys.iter().all(|key| item.contains_key(*key)) {
            return None;
        }
        let attributes = self.keys.iter().chain(self.projects);
        let entry: Map<_, _> = attributes
            .filter_map(|name| item.get(*name).map(|value| ((*name).to_owned(), value.clone())))
            .collect();
        Some(entry)
    }

    fn same_place(self, one: &Item, other: &Item) -> bool {
        self.keys.iter().all(|key| one[*key] == other[*key])
    }
}
