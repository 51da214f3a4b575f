//! The bill that AWS would write: pure arithmetic over items and bytes.
//!
//! Sources: the developer guides' pages "DynamoDB item sizes and formats" (`CapacityUnitCalculations`), "DynamoDB read
//! and write operations" (`read-write-operations`) and "Using Global Secondary Indexes" (`GSI`, write capacity units),
//! and the price list of Amazon SQS.

use std::ops::{AddAssign, Sub};

use serde_json::{Map, Value};

use crate::item::Item;

/// The bytes that one write unit covers.
const WRITE_UNIT: usize = 1024;

/// The bytes that one read unit covers.
const READ_UNIT: usize = 4 * 1024;

/// The bytes of payload that SQS bills as one request.
const SQS_REQUEST: usize = 64 * 1024;

/// A global secondary index.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// The key attributes, of the index and of the table. An item that lacks one is not in the index.
    pub keys: &'static [&'static str],
    /// The attributes that are projected besides the keys.
    pub projects: &'static [&'static str],
}

/// DynamoDB's units. The difference of two readings is the cost of what happened between them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bill {
    /// Write units of the table.
    pub table_writes: u64,
    /// Write units of its index.
    pub index_writes: u64,
    /// Half read units. An eventually consistent read, as every read of an index is, costs half a unit for each 4 KB.
    pub half_reads: u64,
}

impl Bill {
    /// Returns the write units of table and index together.
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

/// Bills a write that changes an item. It costs as much as the larger of the item before and the item after.
pub fn write(before: Option<&Item>, after: Option<&Item>, index: Index) -> Bill {
    let entry = |item: Option<&Item>| item.and_then(|item| index.entry(item));
    let index_writes = match (entry(before), entry(after)) {
        (None, None) => 0,
        (Some(entry), None) | (None, Some(entry)) => write_units(bytes(&entry)),
        (Some(before), Some(after)) if before == after => 0,
        (Some(before), Some(after)) if index.same_place(&before, &after) => {
            write_units(bytes(&before).max(bytes(&after)))
        }
        // An entry with another key is deleted in one place of the index and put in another.
        (Some(before), Some(after)) => write_units(bytes(&before)) + write_units(bytes(&after)),
    };
    let size = |item: Option<&Item>| item.map_or(0, bytes);
    Bill { table_writes: write_units(size(before).max(size(after))), index_writes, half_reads: 0 }
}

/// Bills a write whose condition did not hold. It costs as much as the item that is stored.
pub fn failed_condition(stored: Option<&Item>) -> Bill {
    Bill { table_writes: write_units(stored.map_or(0, bytes)), ..Bill::default() }
}

/// Bills a query of an index. The sizes of all entries found are added before they are rounded.
pub fn query(found: &[Item]) -> Bill {
    let half_reads = units(found.iter().map(bytes).sum(), READ_UNIT);
    Bill { half_reads, ..Bill::default() }
}

/// Returns the number of requests that SQS bills for one request with so many bytes of messages.
pub fn sqs_requests(payload: usize) -> u64 {
    units(payload, SQS_REQUEST)
}

fn write_units(bytes: usize) -> u64 {
    units(bytes, WRITE_UNIT)
}

/// Returns the number of units begun, which is at least one.
fn units(bytes: usize, unit: usize) -> u64 {
    bytes.div_ceil(unit).max(1) as u64
}

/// Returns the size of an item in bytes: names and values.
pub fn bytes(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_bytes(value)).sum()
}

/// Returns the size of a value such as `{"S": "text"}`. Types that Usher does not store are not supported.
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

/// Returns one byte for every two significant digits, one more, and another for a minus.
fn number_bytes(digits: &str) -> usize {
    let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0').trim_end_matches('0').len();
    significant.div_ceil(2) + 1 + usize::from(mantissa.starts_with('-'))
}

impl Index {
    /// Returns the entry that the index holds for an item, if it holds one.
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
