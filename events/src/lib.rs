//! Sample webhooks of every provider, and what is needed to send them as the provider would.
//!
//! This crate plays the sender. It shares no code with the receiving side, on purpose: were one function to sign and to
//! verify, a mistake in it would agree with itself and no test could see it.
//!
//! One delivery, start to end:
//! 1. [`sample`] reads a body, say `luma/guest.registered`, exactly as it lies in `events/luma/guest.registered.json`.
//! 2. [`sign`](fn@sign) gives the headers the provider would send with it.
//! 3. [`Request`] holds both, and knows its query string.
//! 4. [`Target`] posts it, or [`function_url_event`](fn@function_url_event) wraps it the way AWS Lambda receives it from
//!    a Function URL.
//!
//! The `events` command (`cargo run -p events -- --help`) does these steps by hand, and so does `usher send`: both take
//! [`Signing`] from the command line and find the [`Body`] it is about.

#![allow(clippy::doc_markdown, reason = "AllFly is a name, no code")]

mod delivery;
mod function_url;
mod header_case;
mod post;
mod provider;
mod request;
mod sample;
mod secret;
mod sign;
mod signing;

pub use delivery::{Body, DeliveryError, unix_now};
pub use function_url::{BodyEncoding, function_url_event};
pub use post::{Answer, PostError, Target};
pub use provider::{Provider, UnknownProvider};
pub use request::Request;
pub use sample::{Sample, SampleError, sample, samples};
pub use secret::{Secrets, SecretsError, forged_secret};
pub use sign::{Headers, SignError, sign};
pub use signing::{Key, Signing};

/// So many random bytes from the operating system, for ids and keys nobody can guess.
///
/// # Panics
/// If the operating system has no randomness to give: then nothing here can be trusted.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Lower-case hexadecimal, as Luma and Lunacal write their signatures.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
