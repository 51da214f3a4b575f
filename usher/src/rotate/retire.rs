//! The step `retire`: all secrets but the newest are removed.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use super::advice;
use super::args::{Args, Kind};
use super::document::StoredDocument;
use crate::deployed::Deployed;
use crate::terminal::{Failure, count, print};

pub(crate) async fn run(args: &Args, kind: Kind, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let provider = args.provider;
    let mut stored = StoredDocument::read(deployed).await?;
    let valid = stored.secrets(kind, args.name.as_ref())?.len();
    if valid < 2 {
        return Err(format!(
            "{provider} has {}: there is none to retire. To begin a rotation: usher rotate {provider} stage",
            count(valid, kind.name())
        )
        .into());
    }
    stored.document = stored
        .document
        .retire(kind.of_document(), stored.account(kind, args.name.as_ref()).cloned().as_ref())?;
    let retired = count(valid - 1, kind.name());
    if args.dry_run {
        print(&format!("{provider}: {retired} would be retired, one would stay. Nothing was changed."))?;
        return Ok(ExitCode::SUCCESS);
    }
    print(advice::before_retiring(provider))?;
    if !args.yes
        && !confirm(&format!(
            "Retire {retired} of {provider}? Deliveries signed with it are refused then. [y/N] "
        ))?
    {
        print("Nothing was changed.")?;
        return Ok(ExitCode::FAILURE);
    }
    stored.store(deployed).await?;
    print(&format!(
        "{provider}: {retired} retired, one stays. It stops working within five minutes, without a deployment."
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Asks a question at the terminal, and returns whether the answer is yes.
fn confirm(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(
            "standard input is no terminal to ask at: run again with `--yes`. Nothing was changed".into()
        );
    }
    write!(io::stderr(), "{question}")?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
