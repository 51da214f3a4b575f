//! The URL to give to Lunacal, which holds a token.

use usher_core::secret::Name;

use super::args::Kind;
use super::document::StoredDocument;
use crate::deployed::Deployed;
use crate::terminal::{Failure, print};

/// Prints the URL with the newest token, if there is a token.
pub(crate) fn print_url(
    deployed: &Deployed,
    stored: &StoredDocument,
    name: Option<&Name>,
) -> Result<(), Failure> {
    match stored.secrets(Kind::Token, name)?.first() {
        Some(token) => print(&format!("{}?token={}", deployed.url, token.expose_in_url())),
        None => print("There is no URL token."),
    }
}
