//! The arguments of `usher rotate`.

use events::Provider;

use usher_core::secret::Name;

use crate::aws::Account;

const HELP: &str = "\
The steps:
  usher rotate luma                   shows the state of the rotation
  usher rotate luma stage             adds a new secret before the old one
  usher rotate luma watch             waits until every function accepts it
  usher rotate luma retire            removes all but the newest

Several calendars, event types or endpoints, each with a secret that stays:
  usher rotate luma rename --name berlin   names the one that is there
  usher rotate luma stage --name lisbon    adds another, or a new secret to it

Other ways:
  pbpaste | usher rotate luma stage   reads the new secret from standard input
  usher rotate lunacal stage --show   makes up a URL token, and prints the URL
  usher rotate lunacal --show         prints that URL again
  usher rotate lunacal stage --kind signing

A function reads its secrets again when a delivery does not match them, at most once a minute, and every five minutes in \
any case: no step needs a deployment. stage and retire change the secret only if nothing else has changed it since they \
read it.

retire looks in the ledger for deliveries that came with an older secret, and refuses while the provider may still use \
one. It reads the whole ledger, at one read unit per 8 KB (100,000 deliveries: about 15,000 units, $0.002).

IAM: cloudformation:DescribeStacks; on the secret secretsmanager:GetSecretValue, secretsmanager:PutSecretValue and \
secretsmanager:UpdateSecretVersionStage; retire without --anyway: dynamodb:Scan on the table.

Exit status: 0 if the step is done, 1 if it failed or was refused, 2 for wrong usage.";

/// Replace a provider's secret without losing a delivery
#[derive(clap::Args)]
#[command(after_help = HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Args {
    /// Provider that the secret is shared with
    pub(crate) provider: Provider,
    /// Step to take [default: only show the state of the rotation]
    #[arg(value_enum)]
    pub(crate) step: Option<Step>,
    /// Account that the secret belongs to, such as a calendar: letters, digits, and . _ - [default: the only one]
    #[arg(long)]
    pub(crate) name: Option<Name>,
    /// Kind of secret to rotate [default: for lunacal token, else signing]
    #[arg(long, value_enum)]
    pub(crate) kind: Option<Kind>,
    /// stage: make up the new secret, where the provider lets you choose it (a token is always made up)
    #[arg(long)]
    pub(crate) generate: bool,
    /// Print the generated secret: Lunacal's URL with the newest token, or the new signing secret
    #[arg(long)]
    pub(crate) show: bool,
    /// stage: discard the present secret document, for instance one that cannot be read
    #[arg(long)]
    pub(crate) start_over: bool,
    /// retire: do not ask the ledger whether older secrets are still used, for instance if the secret leaked
    #[arg(long)]
    pub(crate) anyway: bool,
    /// Print the state of the rotation as JSON, without secrets
    #[arg(long, conflicts_with_all = ["step", "show"])]
    pub(crate) json: bool,
    /// Print what would be done, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// stage, retire: do not ask for confirmation
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// watch: give up after this time
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 180)]
    pub(crate) patience: u64,
    #[command(flatten)]
    pub(crate) account: Account,
}

/// A step of a rotation.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Step {
    /// Add a new secret before the valid ones
    Stage,
    /// Wait until every function accepts what the newest secret signs
    Watch,
    /// Remove all secrets of an account but the newest, once the provider uses no other
    Retire,
    /// Give the only account a name, so that others can be added
    Rename,
}

/// Returns the command line of a step.
pub(crate) fn command(provider: Provider, step: &str, kind: Kind, name: Option<&Name>) -> String {
    let kind = if kind == Kind::default_of(provider) { "" } else { " --kind signing" };
    let name = name.map(|name| format!(" --name {name}")).unwrap_or_default();
    format!("usher rotate {provider} {step}{kind}{name}")
}

/// A kind of secret in a document.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Secret that signs deliveries
    Signing,
    /// Token in Lunacal's URL
    Token,
}

impl Kind {
    /// Returns the kind that a provider's deliveries have by default.
    pub(crate) const fn default_of(provider: Provider) -> Self {
        match provider {
            Provider::Lunacal => Self::Token,
            _ => Self::Signing,
        }
    }

    pub(crate) const fn of_document(self) -> usher_core::secret::Kind {
        match self {
            Self::Signing => usher_core::secret::Kind::Signing,
            Self::Token => usher_core::secret::Kind::Url,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Signing => "signing secret",
            Self::Token => "URL token",
        }
    }
}
