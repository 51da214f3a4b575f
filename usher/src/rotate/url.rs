//! The URL to give to Lunacal, which holds a token.

use super::args::Kind;
use super::document::Document;
use crate::deployed::Deployed;
use crate::terminal::{Failure, print};

/// Prints the URL with the newest token, if there is a token.
pub(crate) fn print_url(deployed: &Deployed, document: &Document) -> Result<(), Failure> {
    match document.secrets(Kind::Token).first() {
        Some(token) => print(&format!("{}?token={}", deployed.url, token.expose())),
        None => print("There is no URL token."),
    }
}
