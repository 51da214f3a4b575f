//! All secrets but the newest are taken away.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use super::document::Document;
use super::{Args, Kind, advice, say};
use crate::deployed::Deployed;
use crate::terminal::Failure;

pub(crate) async fn run(args: &Args, kind: Kind, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let provider = args.provider;
    let mut document = Document::read(deployed).await?;
    let retired = document.secrets(kind).len().saturating_sub(1);
    if retired == 0 {
        return Err(format!(
            "{provider} has {}: there is none to retire. To begin a rotation: usher rotate {provider} stage",
            kind.count(document.secrets(kind).len())
        )
        .into());
    }
    document.secrets_mut(kind).truncate(1);
    let what = kind.count(retired);
    if args.dry_run {
        say(&format!("{provider}: {what} would be retired, and one stay. Nothing was changed."))?;
        return Ok(ExitCode::SUCCESS);
    }
    say(advice::before_retiring(provider))?;
    if !args.yes
        && !confirmed(&format!(
            "Retire {what} of {provider}? What is signed with it is refused then. [y/N] "
        ))?
    {
        say("Nothing was changed.")?;
        return Ok(ExitCode::FAILURE);
    }
    document.put(deployed).await?;
    say(&format!(
        "{provider}: {what} retired, one stays. It stops working within five minutes, without a deployment."
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn confirmed(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err("there is nobody to ask: say --yes. Nothing was changed".into());
    }
    write!(io::stderr(), "{question}")?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
