//! The source of an API key: the environment or standard input, never an argument, since a shell would keep it in its
//! history.

use std::io::{self, IsTerminal as _, Read as _};

use console::Term;
use events::Provider;
use usher_core::secret::Secret;

use crate::terminal::Failure;

/// Reads the API key from the environment, or asks for it without showing it, or reads it from standard input.
///
/// # Errors
/// When there is none, or it cannot be the value of a header.
pub(crate) fn obtain(provider: Provider) -> Result<Secret, Failure> {
    let variable = variable(provider);
    let text = match std::env::var(variable) {
        Ok(text) if !text.trim().is_empty() => text,
        _ => read(provider)?,
    };
    let key = Secret::new(text);
    let missing = key.expose().is_empty();
    // A line break in a header would begin another header.
    if missing || !key.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
        let fault = if missing { "no API key was given" } else { "the API key is not one word of ASCII" };
        return Err(
            format!("{fault}: set {variable}, or pass it on standard input. {}", place(provider)).into()
        );
    }
    Ok(key)
}

/// Returns where a provider shows the API key that is needed.
pub(crate) const fn place(provider: Provider) -> &'static str {
    match provider {
        Provider::Luma => {
            "Luma shows the key of a calendar under Calendars → the calendar → Settings → Developer → API Keys (needs Luma \
             Plus)"
        }
        Provider::Calcom => "Cal.com makes keys under Settings → Developer → API keys",
        _ => "AllFly gives you the key of its Connect API",
    }
}

/// Returns the name of the variable that holds the key.
pub(crate) const fn variable(provider: Provider) -> &'static str {
    match provider {
        Provider::Luma => "LUMA_API_KEY",
        Provider::Calcom => "CALCOM_API_KEY",
        _ => "ALLFLY_API_KEY",
    }
}

fn read(provider: Provider) -> Result<String, Failure> {
    if io::stdin().is_terminal() {
        let terminal = Term::stderr();
        terminal.write_str(&format!("The API key of {provider}: "))?;
        return Ok(terminal.read_secure_line()?);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
