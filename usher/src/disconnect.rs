//! `usher disconnect`: the webhooks at the function's URL are paused and deleted.

use std::process::ExitCode;

use events::Provider;
use serde::Serialize;
use usher_core::secret::{Account, Kind};

use crate::aws;
use crate::connect::{ApiArgs, Connectable, Connected, Report, Shown, client, wrong_usage};
use crate::rotate::StoredDocument;
use crate::terminal::{Failure, count, plain::plain};

const HELP: &str = "\
Examples:
  usher disconnect luma         shows the webhooks at the stack's URL
  usher disconnect luma --yes   pauses and deletes them

The API key comes from LUMA_API_KEY, ALLFLY_API_KEY or CALCOM_API_KEY, or else from standard input. Without --yes it only shows what it \
would do. Webhooks at other URLs are left alone. The secret stays in the stack's document, since deliveries that the \
provider sends again are still signed with it.

IAM: cloudformation:DescribeStacks, and secretsmanager:GetSecretValue on the secret.

Exit status: 0 if it is done or shown; 1 if it failed; 2 for wrong usage, such as a missing API key; 130 if it was \
interrupted.";

/// Disconnect a provider: pause and delete its webhooks at the stack's URL
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Provider to disconnect
    #[arg(value_enum)]
    provider: Connectable,
    #[command(flatten)]
    api: ApiArgs,
    /// Pause and delete the webhooks
    #[arg(long, short)]
    yes: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: aws::Account,
}

/// The result in the JSON.
#[derive(Serialize)]
struct Disconnected {
    provider: &'static str,
    /// The webhooks at the function's URL, as they were before.
    webhooks: Vec<Shown>,
    deleted: bool,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let provider = Provider::from(args.provider);
    if args.provider == Connectable::Lunacal {
        let advice = "Lunacal has no API: delete the webhook of each event type there (Advanced → Webhooks)";
        return Ok(wrong_usage(&advice.into()));
    }
    let client = match client(&args.api, provider) {
        Ok(client) => client,
        Err(error) => return Ok(wrong_usage(&error)),
    };
    let report = Report { json: args.json };
    let connected = Connected::find(&args.account, provider, None).await?;
    let webhooks = client.webhooks_at(&connected.url)?;
    let document = StoredDocument::read(&connected.deployed).await?.document;
    let accounts = document.accounts(Kind::Signing);
    if webhooks.is_empty() {
        report.say(&format!("{provider} has no webhook at the function's URL."))?;
    }
    for webhook in &webhooks {
        let (url, id) = (plain(&webhook.url), plain(&webhook.id));
        let done = if args.yes { "Deleted" } else { "Would delete" };
        if args.yes {
            // Paused first: if deleting fails, nothing comes any more, either.
            if webhook.is_enabled {
                client.set_enabled(&webhook.id, false)?;
            }
            client.delete(&webhook.id)?;
        }
        report.say(&format!("{done} {id} at {url}"))?;
        let account = accounts.iter().find(|account| account.secrets.contains(&webhook.secret));
        report.say(&advice(provider, account, accounts.len()))?;
    }
    if !args.yes && !webhooks.is_empty() {
        let webhooks = count(webhooks.len(), "webhook");
        report.say(&format!("Nothing has been changed yet; run again with --yes to delete {webhooks}."))?;
    }
    let webhooks = webhooks.iter().map(Shown::of).collect();
    report.finish(&Disconnected { provider: provider.name(), webhooks, deleted: args.yes })?;
    Ok(ExitCode::SUCCESS)
}

/// Returns what becomes of the secret of a deleted webhook. Pure.
fn advice(provider: Provider, account: Option<&Account>, accounts: usize) -> String {
    let wait = match provider {
        Provider::Luma => "seven minutes",
        Provider::Calcom => "no time",
        _ => "28 hours",
    };
    match account {
        None => "  Its secret is not in the stack's document.".to_owned(),
        Some(Account { name: Some(name), .. }) if accounts > 1 => format!(
            "  Its secret stays in the document, as {name}: retries come for {wait}. After that, take the member \"{name}\" \
             out of the document: aws secretsmanager get-secret-value prints it, put-secret-value stores it"
        ),
        Some(_) => format!(
            "  Its secret stays in the document: retries come for {wait}, and it is the only account, without which every \
             delivery would be answered 500. To leave the provider out of the stack, see its parameter in template.yaml"
        ),
    }
}
