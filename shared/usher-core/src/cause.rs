//! The causes of refused and failed requests: the closed list of names that logs and metrics use.
//!
//! | cause | of the outcome | what it says |
//! |---|---|---|
//! | `signature_missing` | `refused` | no signature header, and the provider signs |
//! | `signature_without_secret` | `refused` | Cal.com or Lunacal sends it without a signature: no secret is set there |
//! | `signature_malformed` | `refused` | the header is there more than once, or not as its scheme says |
//! | `signature_scheme_unknown` | `refused` | it holds no signature of a scheme that is checked |
//! | `signature_wrong` | `refused` | no listed secret makes this signature of these bytes |
//! | `timestamp_missing` | `refused` | no signed time |
//! | `timestamp_malformed` | `refused` | it is not a whole number of seconds |
//! | `timestamp_stale` | `refused` | signed longer ago than the tolerance: a late retry, or a captured delivery |
//! | `timestamp_from_the_future` | `refused` | signed further ahead than the tolerance |
//! | `delivery_id_missing` | `refused` | no delivery id, and it is part of what is signed |
//! | `delivery_id_malformed` | `refused` | the id's header is there more than once, or is not text |
//! | `token_missing` | `refused` | the URL has no token |
//! | `token_wrong` | `refused` | it is none of the listed ones |
//! | `nothing_to_check` | `refused` | there is neither a signature nor a token to check |
//! | `document_empty` | `secrets_invalid` | the secret document has no value yet, or lists no secret |
//! | `document_malformed` | `secrets_invalid` | it is neither a bare secret nor the JSON that is expected |
//! | `secret_empty` | `secrets_invalid` | it lists an empty secret |
//! | `secret_malformed` | `secrets_invalid` | a secret has more with it than the secret, such as quotation marks |
//! | `name_malformed` | `secrets_invalid` | a name is too long, or has a character that names don't have |
//! | `name_without_secret` | `secrets_invalid` | a name has an empty list |
//! | `secrets_too_many` | `secrets_invalid` | it lists more secrets than are tried |
//! | `secret_not_base64` | `secrets_invalid` | a signing secret is not `whsec_` and base64 |
//! | `signing_secret_missing` | `secrets_invalid` | it lists no signing secret, which the provider needs |
//! | `genuine` | `too_large` | the body verifies, so an event was turned away: raise `MaxBodyBytes` |
//! | `same_id_other_body` | `duplicate` | the provider's id is known, but with another body |
//!
//! The names of the other outcomes that are not 200 say everything: `method_not_allowed`, `undecodable`,
//! `secrets_unreachable`, `unavailable`. AWS's error code stands beside them in the log. It is no dimension of a metric, as
//! the list of codes is not closed.

/// The cause of a duplicate whose id is known with another body: worth a look, and answered as a duplicate.
pub const SAME_ID_OTHER_BODY: &str = "same_id_other_body";

/// The cause of a body that is too large and verifies: an event was turned away.
pub const GENUINE: &str = "genuine";

/// An error whose variants are causes: each with its name and its message, in one place.
macro_rules! causes {
    ($(#[$meta:meta])* $kind:ident { $($variant:ident = $name:literal, $message:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum $kind { $(#[error($message)] $variant,)* }

        impl $kind {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the name in logs and metrics: see [`cause`](crate::cause).
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

pub(crate) use causes;
