//! Opening the user's browser.

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use events::{hex, random};

use crate::terminal::note;

/// A file that leads the browser to the page. It is deleted when this is dropped.
pub(super) struct Redirect(PathBuf);

impl Drop for Redirect {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Opens the link in the user's browser, if a person is at the terminal.
///
/// The browser's command gets the name of a file that only this user can read, not the link: every user of the machine
/// can list the arguments of a command, and would have the token.
pub(super) fn open(link: &str) -> Option<Redirect> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let redirect = write(link).ok()?;
    if open::that_detached(&redirect.0).is_err() {
        note("No browser could be started: open the link yourself");
    }
    Some(redirect)
}

fn write(link: &str) -> io::Result<Redirect> {
    let path = std::env::temp_dir().join(format!("usher-console-{}.html", hex(&random::<8>())));
    let mut options = fs::OpenOptions::new();
    // A file that another user has put there is not written to.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path)?;
    let redirect = Redirect(path);
    writeln!(
        file,
        "<!doctype html><meta http-equiv=\"refresh\" content=\"0; url={link}\"><title>Usher</title>"
    )?;
    Ok(redirect)
}
