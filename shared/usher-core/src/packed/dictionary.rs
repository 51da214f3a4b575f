//! Preset dictionaries: what a body is packed with, and what it takes to unpack it again.
//!
//! They are printed by `examples/dictionary.rs`, from the tables of documented fields. **One that was released stays as
//! it is for ever**: items packed with it are kept for weeks, and a parked one until somebody looks at it. When bodies
//! have changed so much that a new one is worth its while, it is added to [`ALL`], as the last.

/// A preset dictionary.
pub struct Dictionary {
    /// Its Adler-32, by which a zlib stream names it (RFC 1950, DICTID).
    pub id: u32,
    pub text: &'static [u8],
}

const ALL: &[Dictionary] = &[Dictionary { id: 0x8162_92b8, text: include_bytes!("dictionary.1.txt") }];

/// What bodies are packed with.
pub const NEWEST: &Dictionary = &ALL[ALL.len() - 1];

/// The dictionary that a stored body names.
pub fn find(id: u32) -> Option<&'static Dictionary> {
    ALL.iter().find(|dictionary| dictionary.id == id)
}
