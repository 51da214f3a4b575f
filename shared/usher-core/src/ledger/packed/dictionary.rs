//! The preset dictionaries that bodies are packed and unpacked with.
//!
//! `examples/dictionary.rs` prints them, from the tables of documented fields. **A released one stays as it is for ever**:
//! items packed with it are kept for weeks, and a parked one until an operator looks at it. When bodies have changed so
//! much that a new one pays, it is added to [`ALL`], as the last.

/// A preset dictionary.
pub struct Dictionary {
    /// Its Adler-32, by which a zlib stream names it (RFC 1950, DICTID).
    pub id: u32,
    /// The text that the compressor is primed with.
    pub text: &'static [u8],
}

const ALL: &[Dictionary] = &[Dictionary { id: 0x8162_92b8, text: include_bytes!("dictionary.1.txt") }];

/// The dictionary that new bodies are packed with.
pub const NEWEST: &Dictionary = &ALL[ALL.len() - 1];

/// Finds the dictionary that a stored body names.
pub fn find(id: u32) -> Option<&'static Dictionary> {
    ALL.iter().find(|dictionary| dictionary.id == id)
}
