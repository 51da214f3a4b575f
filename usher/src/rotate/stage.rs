//! The step `stage`: a new secret is added before the old ones. All of them are valid then.

use std::process::ExitCode;

use events::Provider;

use super::args::{Args, Kind};
use super::document::Document;
use super::url::print_url;
use super::{advice, new_secret};
use crate::deployed::Deployed;
use crate::terminal::{Failure, count, print};

pub(crate) async fn run(args: &Args, kind: Kind, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let provider = args.provider;
    // The document is read before the user is asked for a secret: nothing can be added to one that cannot be read.
    let mut document =
        if args.start_over { Document::discard(deployed).await? } else { Document::read(deployed).await? };
    if requires_more(&document, kind) && (args.generate || kind == Kind::Token) && !args.yes {
        return Err(advice::requires_more(kind).into());
    }
    let new = new_secret::obtain(args, kind)?;
    if document.secrets(kind).contains(&new) {
        return Err(format!("this {} is listed already: nothing was changed", kind.name()).into());
    }
    document.secrets_mut(kind).insert(0, new.clone());
    document.check(provider).map_err(|error| format!("{error}: nothing was changed"))?;
    if provider == Provider::Luma && !new.expose().starts_with("whsec_") {
        print("Note: Luma's secrets begin with whsec_. This one does not, and is stored as it is.")?;
    }
    let valid = count(document.secrets(kind).len(), kind.name());
    if args.dry_run {
        print(&format!("{provider}: {valid} would be valid, the new one in front. Nothing was changed."))?;
        return Ok(ExitCode::SUCCESS);
    }
    document.store(deployed).await?;
    print(&format!("{provider}: {valid} valid now, the new one in front."))?;
    if args.show && kind == Kind::Token {
        print_url(deployed, &document)?;
    }
    if args.show && args.generate && kind == Kind::Signing {
        print(new.expose())?;
    }
    print(advice::staged(provider, kind))?;
    print(&format!("Next: usher rotate {provider} watch"))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns whether deliveries would have to carry a second kind of proof. Only Lunacal's can have two, and must carry
/// each kind that the document lists.
fn requires_more(document: &Document, kind: Kind) -> bool {
    let other = if kind == Kind::Token { Kind::Signing } else { Kind::Token };
    document.secrets(kind).is_empty() && !document.secrets(other).is_empty()
}
