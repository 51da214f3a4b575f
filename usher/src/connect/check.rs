//! The comparison of the provider's side with the stack. It changes nothing.

use std::process::ExitCode;

use serde::Serialize;
use usher_core::secret::Document;

use super::client::Client;
use super::plan::Facts;
use super::report::{Report, Shown};
use super::target::Connected;
use crate::rotate::StoredDocument;
use crate::terminal::Failure;

/// One thing that was compared.
#[derive(Debug, Serialize)]
struct Row {
    name: &'static str,
    passed: bool,
    seen: String,
}

/// The result of a comparison.
#[derive(Serialize)]
struct Compared {
    provider: &'static str,
    passed: bool,
    checks: Vec<Row>,
    webhooks: Vec<Shown>,
}

/// Compares both sides, and exits with 0 if they agree, else with 1.
pub(crate) async fn run(connected: &Connected, client: &Client, report: Report) -> Result<ExitCode, Failure> {
    let webhooks = client.webhooks_at(&connected.url)?;
    let provider = connected.deployed.provider;
    let document: Document = StoredDocument::read(&connected.deployed).await?.document;
    let name = connected.name.as_ref();
    let checks = compare(&Facts { provider, webhooks: &webhooks, document: &document, name, proven: None });
    let passed = checks.iter().all(|row| row.passed);
    for row in &checks {
        report.say(&format!("{} {:<20} {}", if row.passed { '✓' } else { '✗' }, row.name, row.seen))?;
    }
    if !passed {
        report.say(&format!("To put it right: usher connect {provider}"))?;
    }
    let webhooks = webhooks.iter().map(Shown::of).collect();
    report.finish(&Compared { provider: provider.name(), passed, checks, webhooks })?;
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compares what both sides show. Pure.
fn compare(facts: &Facts<'_>) -> Vec<Row> {
    let row = |name, passed, seen: String| Row { name, passed, seen };
    let Some(webhook) = facts.chosen() else {
        return vec![row("webhook", false, "none posts to the function's URL".to_owned())];
    };
    let enabled = facts.webhooks.iter().filter(|webhook| webhook.is_enabled).count();
    let listed = facts.listed(&webhook.secret);
    let listed_as = listed.map(|listed| listed.account.name.as_ref());
    let seen = match listed_as {
        None => "not in the stack's document: every delivery is refused".to_owned(),
        Some(None) => "in the stack's document".to_owned(),
        Some(Some(name)) => format!("in the stack's document, as {name}"),
    };
    let has_name = facts.name.is_none() || listed_as.is_none_or(|name| name == facts.name);
    let is_newest = listed.is_some_and(|listed| listed.is_newest);
    let age = match listed {
        None => "not listed",
        Some(_) if is_newest => "the newest",
        Some(_) => "an older one",
    };
    vec![
        row("webhook", true, crate::terminal::plain::plain(&webhook.url)),
        row("enabled", enabled == 1, format!("{enabled} of {}, and one has to be", facts.webhooks.len())),
        row("all types", webhook.has_all_types, crate::terminal::plain::plain(&webhook.types.join(", "))),
        row("secret", listed.is_some() && has_name, seen),
        row("newest secret", is_newest, age.to_owned()),
    ]
}
