//! The step `retire`: all secrets but the newest are removed, once no delivery comes with them any more.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use jiff::Timestamp;
use usher_aws::dynamodb::DynamoDbLedger;
use usher_core::ledger::operator::Selection;
use usher_core::secret::Name;

use super::advice;
use super::args::{Args, Kind};
use super::document::StoredDocument;
use super::retirement::{self, Obstacle};
use super::usage::Usage;
use crate::deployed::Deployed;
use crate::ledger::survey::survey;
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
    let account = stored.account(kind, args.name.as_ref()).cloned();
    let retired = count(valid - 1, kind.name());
    if !args.anyway {
        let obstacles = obstacles(kind, account.as_ref(), &stored, deployed).await.map_err(|error| {
            format!(
                "cannot learn from the ledger whether {provider} still uses an older {} ({error}). Nothing was changed. \
                 To retire it all the same, run again with --anyway",
                kind.name()
            )
        })?;
        if !obstacles.is_empty() {
            print(&advice::not_yet(provider, kind, &obstacles, Timestamp::now()))?;
            return Err(format!(
                "{provider} may still use an older {}: nothing was changed. To retire it all the same, run again with \
                 --anyway: deliveries that come with it are refused then",
                kind.name()
            )
            .into());
        }
    }
    stored.document = stored.document.retire(kind.of_document(), account.as_ref())?;
    if args.dry_run {
        print(&format!("{provider}: {retired} would be retired, one would stay. Nothing was changed."))?;
        return Ok(ExitCode::SUCCESS);
    }
    print(if args.anyway { advice::before_retiring(provider) } else { advice::unused(kind) })?;
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

/// Reads the ledger for deliveries that came with an older secret, and returns what keeps it from being retired.
async fn obstacles(
    kind: Kind,
    name: Option<&Name>,
    stored: &StoredDocument,
    deployed: &Deployed,
) -> Result<Vec<Obstacle>, Failure> {
    let since = stored.stored.ok_or("Secrets Manager does not say when the document was stored")?;
    let client = aws_sdk_dynamodb::Client::new(&deployed.config);
    let ledger = DynamoDbLedger::new(client, deployed.stack.output("TableName")?);
    let provider = deployed.provider;
    let selection = Selection { provider: Some(provider.name().to_owned()), ..Selection::default() };
    let mut usage = Usage::new(kind.of_document(), name, since);
    survey(&ledger, &selection, |item| usage.add(provider, &item)).await?;
    Ok(retirement::obstacles(provider, &usage, Timestamp::now()))
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
