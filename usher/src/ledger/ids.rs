//! Deliveries named by the user: by an event's id, or by the ledger's key.

use std::io::{BufRead as _, stdin};

use usher_core::ledger::operator::{Item, OperatorLedger};

use crate::terminal::Failure;

/// Collects the ids given. In the place of `-` come those on standard input, one per line. Repeated ones are dropped.
pub(crate) fn collect(arguments: &[String]) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for argument in arguments {
        if argument == "-" {
            let lines = stdin().lock().lines().collect::<Result<Vec<_>, _>>()?;
            ids.extend(lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()));
        } else {
            ids.push(argument.clone());
        }
    }
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    if ids.is_empty() {
        Err("no id was given, neither as an argument nor on standard input".into())
    } else {
        Ok(ids)
    }
}

/// Reads the delivery of an id from the ledger.
pub(crate) async fn find(ledger: &impl OperatorLedger, id: &str) -> Result<Item, Failure> {
    if let Some(item) = ledger.get(&key(id)?).await? {
        return Ok(item);
    }
    Err(format!(
        "no delivery {id} in the ledger. It may be older than the stack keeps them, or belong to another stack \
         (--stack). Or it was sent while the ledger was down: then only the queue has it"
    )
    .into())
}

/// Returns the ledger's key of `luma:KEY`, as events have it, or of `luma#KEY`, as the ledger has it.
pub(crate) fn key(id: &str) -> Result<String, Failure> {
    if id.contains('#') {
        return Ok(id.to_owned());
    }
    match id.split_once(':') {
        Some((provider, key)) if !provider.is_empty() && !key.is_empty() => Ok(format!("{provider}#{key}")),
        _ => {
            Err(format!("{id} is not an event's id: those look like luma:evt_…, as in an event's \"id\"")
                .into())
        }
    }
}
