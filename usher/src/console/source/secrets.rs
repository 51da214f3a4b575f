//! The secrets of a stack in this process.

use std::fs;

use events::{Provider, Secrets, forged_secret, hex, random};

use crate::terminal::Failure;

/// One provider's secret document.
pub(in crate::console) struct ProviderSecret {
    pub(in crate::console) provider: Provider,
    pub(in crate::console) document: String,
    /// `true` if it was made up for this run, so that nobody else can know it.
    pub(in crate::console) is_made_up: bool,
}

/// Reads `luma=whsec_…` and `luma=@FILE`, and makes up the secrets of the other providers. No message shows a secret.
pub(in crate::console) fn read(given: &[String]) -> Result<Vec<ProviderSecret>, Failure> {
    let mut documents: Vec<(Provider, String)> = Vec::new();
    for text in given.iter().filter(|text| !text.trim().is_empty()) {
        let form =
            "--secret and USHER_SECRET hold PROVIDER=SECRET or PROVIDER=@FILE here, such as luma=whsec_…";
        let (provider, secret) = text.split_once('=').ok_or(form)?;
        let provider: Provider = provider.trim().parse().map_err(|_| form)?;
        if documents.iter().any(|(given, _)| *given == provider) {
            return Err(format!(
                "there are two secrets of {provider}: give one, or a document that lists both: \
                 {provider}='{{\"signing\": […]}}'"
            )
            .into());
        }
        documents.push((provider, content(secret)?));
    }
    Ok(Provider::ALL
        .map(|provider| match documents.iter().find(|(given, _)| *given == provider) {
            Some((_, document)) => ProviderSecret { provider, document: document.clone(), is_made_up: false },
            None => ProviderSecret { provider, document: made_up(), is_made_up: true },
        })
        .into())
}

fn content(secret: &str) -> Result<String, Failure> {
    let Some(path) = secret.strip_prefix('@') else { return Ok(secret.to_owned()) };
    Ok(fs::read_to_string(path).map_err(|error| format!("--secret: cannot read {path}: {error}"))?)
}

fn made_up() -> String {
    format!(r#"{{"signing": ["{}"], "url": ["{}"]}}"#, forged_secret(), hex(&random::<20>()))
}

impl ProviderSecret {
    /// Returns the newest secrets, to sign samples with.
    pub(in crate::console) fn newest(&self) -> Result<Secrets, Failure> {
        Secrets::read(&self.document, None)
            .map_err(|error| format!("{}'s secret: {error}", self.provider).into())
    }
}
