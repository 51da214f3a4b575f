//! Sample webhooks of every provider, and what is needed to send them as the provider would.
//!
//! This crate plays the sender. It signs with code of its own, on purpose: if one function signed and verified, a
//! mistake in it would agree with itself, and no test could see it. From `usher-core` it takes the parser of the secret
//! document alone, in [`Secrets`].
//!
//! One delivery, start to end:
//! 1. [`sample`](fn@sample) reads a body, say `luma/guest.registered`, exactly as it is in
//!    `events/luma/guest.registered.json`.
//! 2. [`sign`](fn@sign) returns the headers that the provider would send with it.
//! 3. [`Request`] holds both, and knows its query string.
//! 4. [`Target`] posts it, or [`function_url_event`](fn@function_url_event) wraps it the way AWS Lambda receives it from
//!    a Function URL.
//!
//! [`SendArgs`] and [`EventArgs`] are the command line for these steps. The `events` command
//! (`cargo run -p events -- --help`) and the operator's tool, `usher`, both take it from here.

mod body;
mod clock;
mod command;
mod function_url;
mod header_case;
mod post;
mod provider;
mod random;
mod request;
mod sample;
mod secret;
mod sign;
mod signing_args;

pub use body::{Body, BodyError};
pub use clock::unix_now;
pub use command::{CommandError, EventArgs, SendArgs, list_samples};
pub use function_url::{BodyEncoding, function_url_event};
pub use post::{Answer, PostError, Target};
pub use provider::{Provider, UnknownProvider};
pub use random::{hex, random};
pub use request::Request;
pub use sample::{Sample, SampleError, sample, samples};
pub use secret::{Name, Secrets, SecretsError, forged_secret};
pub use sign::{Headers, SignError, sign};
pub use signing_args::{SecretArgs, SigningArgs, SigningError};
