//! A new secret in front of the old ones. All of them are valid then.

use std::process::ExitCode;

use events::Provider;

use super::document::Document;
use super::{Args, Kind, advice, new_secret, say, show_url};
use crate::deployed::Deployed;
use crate::terminal::Failure;

pub(crate) async fn run(args: &Args, kind: Kind, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let provider = args.provider;
    // Before it is asked for: what cannot be read cannot be added to.
    let mut document = if args.start_over {
        Document::read_version(deployed).await?
    } else {
        Document::read(deployed).await?
    };
    if asks_for_more(&document, kind) && (args.generate || kind == Kind::Token) && !args.yes {
        return Err(advice::asks_for_more(kind).into());
    }
    let new = new_secret::obtain(args, kind)?;
    if document.secrets(kind).contains(&new) {
        return Err(format!("this {} is listed already: nothing was changed", kind.name()).into());
    }
    document.secrets_mut(kind).insert(0, new.clone());
    document.check(provider).map_err(|error| format!("{error}: nothing was changed"))?;
    if provider == Provider::Luma && !new.expose().starts_with("whsec_") {
        say("Note: Luma's secrets begin with whsec_. This one does not; it is taken as it is.")?;
    }
    let valid = kind.count(document.secrets(kind).len());
    if args.dry_run {
        say(&format!(
            "{provider}: there would be {valid} valid, the new one in front. Nothing was changed."
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    document.put(deployed).await?;
    say(&format!("{provider}: {valid} valid now, the new one in front."))?;
    if args.show && kind == Kind::Token {
        show_url(deployed, &document)?;
    }
    if args.show && args.generate && kind == Kind::Signing {
        say(new.expose())?;
    }
    say(advice::staged(provider, kind))?;
    say(&format!("Next: usher rotate {provider} watch"))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether a kind of proof is asked for that was not before: Lunacal's, which can have two, and must show each.
fn asks_for_more(document: &Document, kind: Kind) -> bool {
    let other = if kind == Kind::Token { Kind::Signing } else { Kind::Token };
    document.secrets(kind).is_empty() && !document.secrets(other).is_empty()
}
