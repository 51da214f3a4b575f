//! The arguments of `usher connect`.

use events::Provider;
use usher_core::secret::Name;

use crate::aws::Account;

const HELP: &str = "\
Examples:
  usher connect luma                 creates the webhook, or takes it over
  usher connect luma --name berlin   for one of several calendars
  usher connect luma --check         compares Luma's side with the stack
  usher connect luma --rotate        changes over to a second webhook
  usher connect allfly --api-host api.example.com
  usher connect calcom               the webhooks of the key's user
  usher connect lunacal --show       the clicks and the URL; waits for a ping

The API key comes from LUMA_API_KEY, ALLFLY_API_KEY or CALCOM_API_KEY, or else from standard input. It is never an argument, since a \
shell would remember it, and it is never printed.

No delivery meets a function that does not know its secret: the webhook is created paused (AllFly Connect, Cal.com) or paused at \
once (Luma, which retries what came in between), its secret is stored, and only when the function accepts it, the webhook is subscribed to all types and \
resumed. Each step begins by looking, so a command that was cut off is simply run again.

A test delivery of the type usher.doctor goes through the function, and reaches your code as usher.unrecognized.

IAM: cloudformation:DescribeStacks; on the secret secretsmanager:GetSecretValue, secretsmanager:PutSecretValue and \
secretsmanager:UpdateSecretVersionStage (GetSecretValue alone with --check); for lunacal secretsmanager:GetSecretValue, \
and logs:FilterLogEvents on the function's log group.

Exit status: 0 if it is connected; 1 if it failed, or --check found something wrong; 2 for wrong usage, such as a missing \
API key; 130 if it was interrupted.";

/// Connect a provider: create its webhook, store the secret, and let deliveries come
#[derive(clap::Args)]
#[command(after_help = HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Args {
    /// Provider to connect
    #[arg(value_enum)]
    pub(crate) provider: Connectable,
    /// Account to store the secret under, such as a calendar: letters, digits, and . _ - [default: the only one]
    #[arg(long)]
    pub(crate) name: Option<Name>,
    #[command(flatten)]
    pub(crate) api: ApiArgs,
    /// Change nothing, and compare the provider's side with the stack
    #[arg(long, conflicts_with_all = ["rotate", "yes", "show"])]
    pub(crate) check: bool,
    /// Change over to a new secret
    #[arg(long)]
    pub(crate) rotate: bool,
    /// Take the steps that need confirmation
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// lunacal: print the URL with its token
    #[arg(long)]
    pub(crate) show: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Give up waiting for the function, or for Lunacal's ping, after this time
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 300)]
    pub(crate) patience: u64,
    #[command(flatten)]
    pub(crate) account: Account,
}

/// A provider that this tool can connect.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Connectable {
    /// Luma, by its API
    Luma,
    /// AllFly Connect, by its API
    Allfly,
    /// Cal.com, by its API
    Calcom,
    /// Lunacal, by hand: it has no API
    Lunacal,
}

impl From<Connectable> for Provider {
    fn from(provider: Connectable) -> Self {
        match provider {
            Connectable::Luma => Self::Luma,
            Connectable::Allfly => Self::Allfly,
            Connectable::Calcom => Self::Calcom,
            Connectable::Lunacal => Self::Lunacal,
        }
    }
}

/// The place of a provider's API.
#[derive(clap::Args)]
pub(crate) struct ApiArgs {
    /// Host of the provider's API [default: for luma public-api.luma.com, for calcom api.cal.com; allfly: ALLFLY_API_HOST]
    #[arg(long, value_name = "HOST")]
    pub(crate) api_host: Option<String>,
}
