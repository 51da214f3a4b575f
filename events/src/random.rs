//! Random bytes, and the hexadecimal digits that show them.

/// Returns `N` random bytes from the operating system, for ids and keys that cannot be guessed.
///
/// # Panics
/// If the operating system has no randomness to give: then nothing here can be trusted.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Returns lower-case hexadecimal digits, as Luma and Lunacal write their signatures.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}
