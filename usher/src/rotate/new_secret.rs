//! The source of a new secret: never an argument, since a shell would keep it in its history.

use std::io::{self, IsTerminal as _, Read as _};

use console::Term;
use events::{forged_secret, random};
use usher_core::secret::{Secret, pasted};

use super::args::{Args, Kind};
use crate::terminal::Failure;

/// The length of a token, as of the one that the stack generates.
const TOKEN_LENGTH: usize = 40;

/// Makes the secret up, asks for it without showing it, or reads it from standard input.
pub(crate) fn obtain(args: &Args, kind: Kind) -> Result<Secret, Failure> {
    match kind {
        Kind::Token => Ok(Secret::new(token())),
        Kind::Signing if args.generate => Ok(Secret::new(forged_secret())),
        Kind::Signing => read(args),
    }
}

fn read(args: &Args) -> Result<Secret, Failure> {
    if io::stdin().is_terminal() {
        let terminal = Term::stderr();
        terminal.write_str(&format!("The new signing secret, as {} shows it: ", args.provider))?;
        return check(&terminal.read_secure_line()?);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    check(&text)
}

/// Checks a pasted secret, with the check that the function makes. What was pasted along is left out.
fn check(text: &str) -> Result<Secret, Failure> {
    if text.trim().is_empty() {
        return Err("no secret was given: nothing was changed".into());
    }
    pasted(text).map_err(|error| format!("{error}: nothing was changed").into())
}

/// Makes up a token of letters and digits, all equally likely.
fn token() -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut token = String::new();
    while token.len() < TOKEN_LENGTH {
        // Bytes beyond the last multiple of 62 would make the first letters more likely, so they are dropped.
        let usable = random::<64>().into_iter().filter(|byte| usize::from(*byte) < 4 * LETTERS.len());
        token.extend(usable.map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])));
    }
    token.truncate(TOKEN_LENGTH);
    token
}
