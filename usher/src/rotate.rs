//! `usher rotate`: stage, watch, retire.
//!
//! A secret document lists several secrets, and all of them are valid. The new one is added before the old one, the
//! provider changes over, and the old one is removed. At no time is a delivery refused for its secret.

mod advice;
mod args;
mod document;
mod new_secret;
mod rename;
mod retire;
mod stage;
mod url;
mod watch;

use std::process::ExitCode;

use events::Provider;
use usher_core::secret::Name;

use crate::deployed::Deployed;
use crate::terminal::{Failure, count, print};
pub(crate) use args::Args;
use args::{Kind, Step};
pub(crate) use document::StoredDocument;
use url::print_url;

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let kind = args.kind.unwrap_or(Kind::default_of(args.provider));
    if kind == Kind::Token && args.provider != Provider::Lunacal {
        return Err(format!("{} has no URL token: leave --kind out", args.provider).into());
    }
    if args.step != Some(Step::Stage) && (args.generate || args.start_over) {
        return Err("--generate and --start-over are for the step `stage` only".into());
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
                rotating.push(name.map(|name| format!(" --name {name}")).unwrap_or_default());
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
    for name in rotating {
        print(&format!(
            "A rotation is under way.\nNext: usher rotate {provider} watch{name}, and once {provider} uses the newest: \
             usher rotate {provider} retire{name}"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the provider, and the account where it has a name.
fn label(provider: Provider, name: Option<&str>) -> String {
    name.map_or_else(|| provider.to_string(), |name| format!("{provider}, {name}"))
}
