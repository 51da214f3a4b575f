//! The items, and the index of those that are pending.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::billing::Index;
use crate::item::{Item, number};

/// The index of pending items, as template.yaml makes it.
pub const PENDING: Index = Index { keys: &["pk", "pending", "due"], projects: &["received"] };

/// Items kept as JSON text, which takes a fraction of the memory of a tree. There may be a million.
#[derive(Default)]
pub struct Table {
    items: BTreeMap<Box<str>, Box<[u8]>>,
    pending: BTreeSet<Entry>,
}

/// The place of an item in the index: shard, due time, key.
type Entry = (String, i64, String);

impl Table {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn get(&self, key: &str) -> Option<Item> {
        self.items.get(key).map(|text| parse(text))
    }

    pub fn put(&mut self, item: &Item) {
        let key = key(item);
        let text = serde_json::to_vec(item).expect("an item is JSON").into_boxed_slice();
        if let Some(before) = self.items.insert(key.into(), text)
            && let Some(entry) = entry(&parse(&before))
        {
            self.pending.remove(&entry);
        }
        self.pending.extend(entry(item));
    }

    pub fn items(&self) -> impl Iterator<Item = Item> {
        self.items.values().map(|text| parse(text))
    }

    /// Returns the keys of all pending items.
    pub fn pending(&self) -> Vec<String> {
        self.pending.iter().map(|(.., key)| key.clone()).collect()
    }

    /// Returns up to `limit` entries of one shard's part of the index, in order, beginning after `after`.
    pub fn query(&self, shard: &str, after: Option<&Item>, limit: usize) -> Vec<Item> {
        let start = match after {
            Some(after) => Bound::Excluded((shard.to_owned(), number(&after["due"]), key(after).to_owned())),
            None => Bound::Included((shard.to_owned(), i64::MIN, String::new())),
        };
        let entries = self.pending.range((start, Bound::Unbounded)).take_while(|(at, ..)| at == shard);
        entries.take(limit).filter_map(|(.., key)| PENDING.entry(&self.get(key)?)).collect()
    }
}

/// Returns the key in an item, or in a request's `Key`.
pub fn key(item: &Item) -> &str {
    item["pk"]["S"].as_str().expect("a key")
}

fn entry(item: &Item) -> Option<Entry> {
    let shard = item.get("pending")?["S"].as_str()?;
    Some((shard.to_owned(), number(item.get("due")?), key(item).to_owned()))
}

fn parse(text: &[u8]) -> Item {
    serde_json::from_slice(text).expect("an item is JSON")
}
