//! Places of a text as the browser counts them.

use std::ops::Range;

/// A part of a text, in UTF-16 code units, as JavaScript counts: start and end.
pub(super) type Mark = (usize, usize);

/// A converter of places in one text from bytes to UTF-16 code units.
pub(super) struct Marker<'t> {
    text: &'t str,
    /// The code units before every 256th byte, so that a conversion reads little of the text.
    before: Vec<(usize, usize)>,
}

const STEP: usize = 256;

impl<'t> Marker<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut before = vec![(0, 0)];
        let mut units = 0;
        for (byte, letter) in text.char_indices() {
            if before.last().is_some_and(|(last, _)| byte >= last + STEP) {
                before.push((byte, units));
            }
            units += letter.len_utf16();
        }
        Self { text, before }
    }

    pub(super) fn mark(&self, range: &Range<usize>) -> Mark {
        (self.units(range.start), self.units(range.end))
    }

    /// Returns the code units before a byte, which must begin a character or end the text.
    fn units(&self, byte: usize) -> usize {
        let step = self.before.partition_point(|(start, _)| *start <= byte) - 1;
        let (start, units) = self.before[step];
        units + self.text[start..byte].chars().map(char::len_utf16).sum::<usize>()
    }
}
