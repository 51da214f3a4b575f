//! What is pending is spread evenly over the index, whatever the providers' ids look like.

use usher_core::ledger::{SHARDS, shard};

const KEYS: u32 = 100_000;

/// How far the fullest and the emptiest shard may be from the mean, in percent. Chance alone makes some 2.
const TOLERANCE: u32 = 4;

/// Letters that look random, and are the same in every run (SplitMix64).
struct Letters(u64);

impl Letters {
    fn some(&mut self, count: usize, alphabet: &[u8]) -> String {
        (0..count).map(|_| char::from(alphabet[self.next() % alphabet.len()])).collect()
    }

    /// 128 bits as unpadded base64, of whose last letter only two bits are theirs.
    fn digest(&mut self) -> String {
        self.some(21, BASE64_URL) + &self.some(1, b"AQgw")
    }

    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).expect("31 bits fit")
    }
}

const HEX: &[u8] = b"0123456789abcdef";
const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE64_URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn spread(kind: &str, key: impl Fn(u32, &mut Letters) -> String) {
    let mut letters = Letters(1);
    let mut shards = vec![0; SHARDS as usize];
    for number in 0..KEYS {
        shards[shard(&key(number, &mut letters)) as usize] += 1;
    }
    let mean = KEYS / SHARDS;
    let even = |count: &u32| count.abs_diff(mean) * 100 <= mean * TOLERANCE;
    assert!(shards.iter().all(even), "{kind}: {shards:?}");
}

#[test]
fn luma_s_keys_spread() {
    spread("an id and a digest", |_, letters| {
        format!("luma#evt_{}.{}", letters.some(24, HEX), letters.digest())
    });
}

#[test]
fn lunacal_s_keys_spread() {
    spread("a digest", |_, letters| format!("lunacal#{}", letters.digest()));
    spread("an unnamed delivery", |number, letters| {
        format!("lunacal#{}@{}", letters.digest(), 2_949_804 + number / 1000)
    });
}

#[test]
fn allfly_s_keys_spread() {
    spread("an id that begins with the time", |number, letters| {
        format!("allfly#msg_2b{:05}{}", number / 100, letters.some(20, BASE62))
    });
}

#[test]
fn ids_that_only_count_spread() {
    spread("counted", |number, _| format!("allfly#msg_{number}"));
    spread("counted, padded", |number, _| format!("allfly#msg_{number:012}"));
    spread("counted by tens", |number, _| format!("allfly#msg_{number}0"));
}
