//! `usher rotate`: stage, watch, retire.
//!
//! A secret document lists several secrets, and all of them are valid: the new one goes in front of the old one, the
//! provider is told, and the old one is taken away. At no time is a delivery refused for its secret.

mod advice;
mod document;
mod new_secret;
mod retire;
mod stage;
mod watch;

use std::io::{self, Write as _};
use std::process::ExitCode;

use events::Provider;

use crate::aws::Account;
use crate::deployed::Deployed;
use crate::terminal::Failure;
use document::Document;

const EXAMPLES: &str = "\
The steps:
  usher rotate luma                   where the rotation stands, and what is next
  usher rotate luma stage             puts a new secret in front of the old one, and asks for it
  usher rotate luma watch             waits until the function accepts what the new one signs
  usher rotate luma retire            takes all but the newest away

Other ways:
  pbpaste | usher rotate luma stage   takes the new secret from standard input
  usher rotate lunacal stage --show   makes up a URL token, and prints the URL to give to Lunacal
  usher rotate lunacal --show         prints that URL again
  usher rotate lunacal stage --kind signing

A function reads its secrets again when a delivery does not match them, at most once a minute, and every five minutes \
anyhow: no step needs a deployment. stage and retire change the secret only if nobody else has changed it meanwhile.

Of AWS it needs cloudformation:DescribeStacks, and of Secrets Manager GetSecretValue, PutSecretValue and \
UpdateSecretVersionStage.";

/// Replace a provider's secret without losing a delivery
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Args {
    /// Whose secret: luma, lunacal or allfly
    provider: Provider,
    /// What to do [default: say where the rotation stands]
    #[arg(value_enum)]
    step: Option<Step>,
    /// What is rotated [default: lunacal token, else signing]
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// stage: make the new secret up, where the provider lets you choose it (a token is made up anyhow)
    #[arg(long)]
    generate: bool,
    /// Print what was generated: Lunacal's URL with the newest token, or the new signing secret
    #[arg(long)]
    show: bool,
    /// stage: forget what the secret document holds now, such as one that cannot be read
    #[arg(long)]
    start_over: bool,
    /// Say what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// retire, stage: do it, and do not ask
    #[arg(long, short)]
    yes: bool,
    /// watch: give up after so long
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 180)]
    patience: u64,
    #[command(flatten)]
    account: Account,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Step {
    /// Put a new secret in front of those that are valid
    Stage,
    /// Wait until what the newest secret signs is accepted
    Watch,
    /// Take away all secrets but the newest
    Retire,
}

/// The kinds of secrets in a document.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// What deliveries are signed with
    Signing,
    /// What stands in Lunacal's URL
    Token,
}

impl Kind {
    const fn of(provider: Provider) -> Self {
        match provider {
            Provider::Lunacal => Self::Token,
            Provider::Luma | Provider::Allfly => Self::Signing,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Signing => "signing secret",
            Self::Token => "URL token",
        }
    }

    /// So many of it, in words.
    fn count(self, number: usize) -> String {
        format!("{number} {}{}", self.name(), if number == 1 { "" } else { "s" })
    }
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let kind = args.kind.unwrap_or(Kind::of(args.provider));
    if kind == Kind::Token && args.provider != Provider::Lunacal {
        return Err(format!("{} has no URL token: leave --kind out", args.provider).into());
    }
    if args.step != Some(Step::Stage) && (args.generate || args.start_over) {
        return Err("--generate and --start-over are for stage: say `usher rotate PROVIDER stage`".into());
    }
    let deployed = Deployed::find(&args.account, args.provider).await?;
    match args.step {
        None => status(args, &deployed).await,
        Some(Step::Stage) => stage::run(args, kind, &deployed).await,
        Some(Step::Watch) => watch::run(args, kind, &deployed).await,
        Some(Step::Retire) => retire::run(args, kind, &deployed).await,
    }
}

/// Where the rotation stands.
async fn status(args: &Args, deployed: &Deployed) -> Result<ExitCode, Failure> {
    let document = Document::read(deployed).await?;
    let provider = args.provider;
    let (signing, token) = (document.secrets(Kind::Signing).len(), document.secrets(Kind::Token).len());
    let mut valid = vec![Kind::Signing.count(signing)];
    if provider == Provider::Lunacal {
        valid.push(Kind::Token.count(token));
    }
    say(&format!("{provider}: {} valid", valid.join(", ")))?;
    if args.show {
        show_url(deployed, &document)?;
    }
    say(&match (signing.max(token), signing + token) {
        (_, 0) => advice::first(provider),
        (2.., _) => format!(
            "A rotation is under way.\nNext: usher rotate {provider} watch, and once {provider} uses the newest: usher \
             rotate {provider} retire"
        ),
        _ => format!("No rotation is under way. To begin one: usher rotate {provider} stage"),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the URL to give to Lunacal, if there is a token.
fn show_url(deployed: &Deployed, document: &Document) -> io::Result<()> {
    match document.secrets(Kind::Token).first() {
        Some(token) => say(&format!("{}?token={}", deployed.url, token.expose())),
        None => say("There is no URL token."),
    }
}

fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
