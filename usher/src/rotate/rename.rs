//! The step `rename`: the only account gets a name, so that others can be added beside it.

use std::process::ExitCode;

use super::args::{Args, Kind};
use super::document::StoredDocument;
use crate::deployed::Deployed;
use crate::terminal::{Failure, print};

pub(crate) async fn run(args: &Args, kind: Kind, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let provider = args.provider;
    let name = args.name.as_ref().ok_or("rename needs the name: add --name NAME")?;
    let mut stored = StoredDocument::read(deployed).await?;
    let present = stored.account(kind, None).cloned();
    stored.document = stored
        .document
        .rename(kind.of_document(), present.as_ref(), name)
        .map_err(|error| format!("{error}: nothing was changed"))?;
    if args.dry_run {
        print(&format!("{provider}: the account would be named {}. Nothing was changed.", name.as_str()))?;
        return Ok(ExitCode::SUCCESS);
    }
    stored.store(deployed).await?;
    print(&format!("{provider}: the account is named {} now.", name.as_str()))?;
    print(&format!("To add another: usher rotate {provider} stage --name NAME"))?;
    Ok(ExitCode::SUCCESS)
}
