//! The items, and the index over those that are pending.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::expression::{Item, number};
use super::is_pending;

/// What the index holds: template.yaml's keys and projection, and the table's own key.
const PROJECTED: [&str; 4] = ["pk", "pending", "due", "received"];

/// Items lie as JSON text, a fraction of what the same takes as a tree: there may be a million.
#[derive(Default)]
pub struct Table {
    items: BTreeMap<Box<str>, Box<[u8]>>,
    pending: BTreeSet<Entry>,
}

/// The place of an item in the index: shard, due, key.
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

    /// The keys of everything pending.
    pub fn pending(&self) -> Vec<String> {
        self.pending.iter().map(|(.., key)| key.clone()).collect()
    }

    /// Some of one shard's part of the index, in order, from behind `after`.
    pub fn query(&self, shard: &str, after: Option<&Item>, limit: usize) -> Vec<Item> {
        let start = match after {
            Some(after) => Bound::Excluded((shard.to_owned(), number(&after["due"]), key(after).to_owned())),
            None => Bound::Included((shard.to_owned(), i64::MIN, String::new())),
        };
        let entries = self.pending.range((start, Bound::Unbounded)).take_while(|(at, ..)| at == shard);
        entries
            .take(limit)
            .map(|(.., key)| {
                let mut item = self.get(key).expect("what is pending is there");
                item.retain(|name, _| PROJECTED.contains(&name.as_str()));
                item
            })
            .collect()
    }
}

/// The key in an item, or in a request's `Key`.
pub fn key(item: &Item) -> &str {
    item["pk"]["S"].as_str().expect("a key")
}

fn entry(item: &Item) -> Option<Entry> {
    let shard = item.get("pending").filter(|_| is_pending(item))?["S"].as_str()?;
    Some((shard.to_owned(), number(&item["due"]), key(item).to_owned()))
}

fn parse(text: &[u8]) -> Item {
    serde_json::from_slice(text).expect("an item is JSON")
}
