//! The step `stage`: a new secret is added before the old ones. All of them are valid then.

use std::process::ExitCode;

use events::Provider;
use usher_core::secret::{ChangeError, Document};

use super::args::{Args, Kind, command};
use super::document::StoredDocument;
use super::url::print_url;
use super::{advice, new_secret};
use crate::deployed::Deployed;
use crate::terminal::{Failure, count, print};

pub(crate) async fn run(args: &Args, kind: Kind, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let provider = args.provider;
    // The document is read before the user is asked for a secret: nothing can be added to one that cannot be read.
    let mut stored =
        if args.start_over { discard(args, deployed).await? } else { StoredDocument::read(deployed).await? };
    if requires_more(&stored.document, kind) && (args.generate || kind == Kind::Token) && !args.yes {
        return Err(advice::requires_more(kind).into());
    }
    let new = new_secret::obtain(args, kind)?;
    let account = stored.account(kind, args.name.as_ref()).cloned();
    stored.document = stored
        .document
        .stage(kind.of_document(), account.as_ref(), &new)
        .map_err(|error| not_staged(error, args))?;
    stored.check(provider).map_err(|error| format!("{error}: nothing was changed"))?;
    if provider == Provider::Luma && !new.expose().starts_with("whsec_") {
        print("Note: Luma's secrets begin with whsec_. This one does not, and is stored as it is.")?;
    }
    let valid = stored.secrets(kind, account.as_ref())?.len();
    let (rotates, valid) = (valid > 1, count(valid, kind.name()));
    if args.dry_run {
        print(&format!("{provider}: {valid} would be valid, the new one in front. Nothing was changed."))?;
        return Ok(ExitCode::SUCCESS);
    }
    stored.store(deployed).await?;
    print(&format!("{provider}: {valid} valid now, the new one in front."))?;
    if args.show && kind == Kind::Token {
        print_url(deployed, &stored, account.as_ref())?;
    }
    if args.show && args.generate && kind == Kind::Signing {
        print(new.expose())?;
    }
    print(advice::staged(provider, kind, rotates))?;
    print(&format!("Next: {}", command(provider, "watch", kind, args.name.as_ref())))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns whether deliveries would have to carry a second kind of proof. Only Lunacal's can have two, and must carry
/// each kind that the document lists.
fn requires_more(document: &Document, kind: Kind) -> bool {
    let other = if kind == Kind::Token { Kind::Signing } else { Kind::Token };
    document.accounts(kind.of_document()).is_empty() && !document.accounts(other.of_document()).is_empty()
}

/// Says why a secret was not added, and what to do.
fn not_staged(error: ChangeError, args: &Args) -> Failure {
    let provider = args.provider;
    match error {
        ChangeError::Unnamed => {
            format!("{error}. Nothing was changed. To name it: usher rotate {provider} rename --name NAME")
        }
        ChangeError::NameNeeded => format!("{error}, with --name. Nothing was changed"),
        error => format!("{error}: nothing was changed"),
    }
    .into()
}

/// Discards the present document, after asking if it works: every delivery signed with its secrets would be refused.
async fn discard(args: &Args, deployed: &Deployed) -> Result<StoredDocument, Failure> {
    let works = StoredDocument::read(deployed).await.is_ok_and(|stored| stored.check(args.provider).is_ok());
    if works && !args.yes && !args.dry_run {
        return Err(format!(
            "the present secrets of {0} work, and --start-over would discard all of them: every delivery that {0} signs \
             with them would be refused. To add a secret and keep them, leave --start-over out. To discard them, run again \
             with `--yes`",
            args.provider
        )
        .into());
    }
    StoredDocument::discard(deployed).await
}
