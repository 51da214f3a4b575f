//! `usher rotate`: stage, watch, retire.
//!
//! A secret document lists several secrets, and all of them are valid. The new one is added before the old one, the
//! provider changes over, and the old one is removed. At no time is a delivery refused for its secret.

mod advice;
mod args;
mod document;
mod new_secret;
mod retire;
mod stage;
mod url;
mod watch;

use std::process::ExitCode;

use events::Provider;

use crate::deployed::Deployed;
use crate::terminal::{Failure, count, print};
pub(crate) use args::Args;
use args::{Kind, Step};
use document::Document;
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
    }
}

/// Prints the state of the rotation, and the next step.
async fn show_state(args: &Args, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let document = Document::read(deployed).await?;
    let provider = args.provider;
    let (signing, token) = (document.secrets(Kind::Signing).len(), document.secrets(Kind::Token).len());
    let mut valid = vec![count(signing, Kind::Signing.name())];
    if provider == Provider::Lunacal {
        valid.push(count(token, Kind::Token.name()));
    }
    print(&format!("{provider}: {} valid", valid.join(", ")))?;
    if args.show {
        print_url(deployed, &document)?;
    }
    print(&match (signing.max(token), signing + token) {
        (_, 0) => advice::first(provider),
        (2.., _) => format!(
            "A rotation is under way.\nNext: usher rotate {provider} watch, and once {provider} uses the newest: usher \
             rotate {provider} retire"
        ),
        _ => format!("No rotation is under way. To begin one: usher rotate {provider} stage"),
    })?;
    Ok(ExitCode::SUCCESS)
}
