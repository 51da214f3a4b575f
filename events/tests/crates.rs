//! The sender's independence of the code that it tests.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

/// A mistake in a signature that sender and receiver share would agree with itself.
#[test]
fn ushers_code_is_used_to_read_the_secret_document_and_for_nothing_else() {
    let mut users = Vec::new();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let path = entry.unwrap().path();
        let code = fs::read_to_string(&path).unwrap();
        if code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains("usher_")) {
            users.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    assert_eq!(users, ["secret.rs"]);
    let secret = include_str!("../src/secret.rs");
    assert!(!secret.contains("usher_core::signature"), "signing stays independent");
}
