//! The texts that a body may stand for.
//!
//! Nobody tells how often, and in which order, a sender escaped a text. So every escape is undone wherever it is found,
//! and the result is read again, until nothing new appears. Each step makes a text shorter, so this ends.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use crate::Finding;
use crate::escape::ESCAPES;

/// The number of readings that are searched. A body of a provider has a dozen. The bound stops a body of escapes within
/// escapes, which a stranger could have a provider send, from keeping the search busy for hours.
const MAX_READINGS: usize = 200;

/// Calls `is_found` with the readings of a body until it says so.
pub(crate) fn search(body: &[u8], is_found: impl Fn(&str) -> bool) -> Finding {
    let mut waiting: VecDeque<Rc<str>> = texts(body).into_iter().map(Rc::from).collect();
    let mut known: HashSet<Rc<str>> = waiting.iter().cloned().collect();
    let mut is_complete = true;
    while let Some(text) = waiting.pop_front() {
        if is_found(&text) {
            return Finding::Found;
        }
        for undo in ESCAPES {
            let Some(read) = undo(&text).map(Rc::from) else { continue };
            if known.contains(&read) {
                continue;
            }
            if known.len() == MAX_READINGS {
                is_complete = false;
                continue;
            }
            known.insert(Rc::clone(&read));
            waiting.push_back(read);
        }
    }
    if is_complete { Finding::Absent } else { Finding::Unfinished }
}

/// Returns the body as text. Bytes that are not UTF-8 are also read as Latin-1, and those with zeros as UTF-16.
fn texts(body: &[u8]) -> Vec<String> {
    let mut texts = vec![String::from_utf8_lossy(body).into_owned()];
    if std::str::from_utf8(body).is_err() {
        texts.push(body.iter().copied().map(char::from).collect());
    }
    if body.contains(&0) {
        for unit in [u16::from_le_bytes, u16::from_be_bytes] {
            let units = body.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
            let letters = char::decode_utf16(units);
            texts.push(letters.map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect());
        }
    }
    texts
}
