//! `usher rotate`: stage, watch, retire.
//!
//! A secret document lists several secrets, and all of them are valid. The new one is added before the old one, the
//! provider changes over, and the old one is removed. At no time is a delivery refused for its secret.

mod advice;
mod args;
mod document;
mod known;
mod new_secret;
mod rename;
mod retire;
mod retirement;
mod stage;
mod url;
mod usage;
mod watch;

use std::process::ExitCode;

use events::Provider;
use jiff::Timestamp;
use serde::Serialize;
use usher_core::secret::Name;

use crate::deployed::Deployed;
use crate::terminal::{Failure, count, print};
pub(crate) use args::Args;
use args::{Kind, Step, command};
pub(crate) use document::StoredDocument;
pub(crate) use known::rest as time_until_known;
use url::print_url;

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let kind = args.kind.unwrap_or(Kind::default_of(args.provider));
    if kind == Kind::Token && args.provider != Provider::Lunacal {
        return Err(format!("{} has no URL token: leave --kind out", args.provider).into());
    }
    if args.step != Some(Step::Stage) && (args.generate || args.start_over) {
        return Err("--generate and --start-over are for the step `stage` only".into());
    }
    if args.step != Some(Step::Retire) && args.anyway {
        return Err("--anyway is for the step `retire` only".into());
    }
    let deployed = Deployed::find(&args.account, args.provider).await?;
    match args.step {
        None => show_state(args, &deployed).await,
        Some(Step::Stage) => stage::run(args, kind, &deployed).await,
        Some(Step::Watch) => watch::run(args, kind, &deployed).await,
        Some(Step::Retire) => retire::run(args, kind, &deployed).await,
        Some(Step::Rename) => rename::run(args, kind, &deployed).await,
    }
}

/// Prints the state of the rotation, and the next step.
async fn show_state(args: &Args, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let stored = StoredDocument::read(deployed).await?;
    let provider = args.provider;
    let kinds: &[Kind] =
        if provider == Provider::Lunacal { &[Kind::Signing, Kind::Token] } else { &[Kind::Signing] };
    if args.json {
        print(&state(provider, kinds, &stored)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut rotating = Vec::new();
    let mut any = false;
    for kind in kinds {
        let accounts = stored.document.accounts(kind.of_document());
        for account in accounts {
            any = true;
            let name = account.name.as_ref().map(Name::as_str);
            print(&format!(
                "{}: {} valid",
                label(provider, name),
                count(account.secrets.len(), kind.name())
            ))?;
            if account.secrets.len() > 1 {
                rotating.push((kind, account.name.as_ref()));
            }
        }
    }
    if args.show {
        print_url(deployed, &stored, args.name.as_ref())?;
    }
    if !any {
        print(&advice::first(provider))?;
    } else if rotating.is_empty() {
        print(&format!("No rotation is under way. To begin one: usher rotate {provider} stage"))?;
    }
    for (kind, name) in rotating {
        let [watch, retire] = ["watch", "retire"].map(|step| command(provider, step, *kind, name));
        print(&format!(
            "A rotation is under way.\nNext: {watch}, and once {provider} uses the newest: {retire}"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The state of a provider's secrets as JSON: names and numbers, never a secret.
#[derive(Serialize)]
struct State<'s> {
    provider: &'static str,
    accounts: Vec<AccountState<'s>>,
    /// The time at which the document was stored.
    stored: Option<Timestamp>,
}

#[derive(Serialize)]
struct AccountState<'s> {
    kind: &'static str,
    name: Option<&'s str>,
    /// The number of valid secrets: more than one while a rotation is under way.
    secrets: usize,
    rotating: bool,
}

fn state(provider: Provider, kinds: &[Kind], stored: &StoredDocument) -> Result<String, Failure> {
    let of = |kind: &Kind| {
        let word = if *kind == Kind::Signing { "signing" } else { "url" };
        stored.document.accounts(kind.of_document()).iter().map(move |account| AccountState {
            kind: word,
            name: account.name.as_ref().map(Name::as_str),
            secrets: account.secrets.len(),
            rotating: account.secrets.len() > 1,
        })
    };
    let accounts = kinds.iter().flat_map(of).collect();
    Ok(serde_json::to_string(&State { provider: provider.name(), accounts, stored: stored.stored })?)
}

/// Returns the provider, and the account where it has a name.
fn label(provider: Provider, name: Option<&str>) -> String {
    name.map_or_else(|| provider.to_string(), |name| format!("{provider}, {name}"))
}
