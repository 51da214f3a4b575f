//! The parts of an API's answer that both providers have. Pure.

use events::Provider;
use serde_json::Value;
use usher_core::secret::{DocumentError, Secret, pasted};

use super::api::ApiError;

/// Returns the elements of a list that stands alone or under one of these names.
pub(crate) fn list<'v>(
    provider: Provider,
    answer: &'v Value,
    names: &[&str],
) -> Result<&'v [Value], ApiError> {
    let under = || names.iter().find_map(|name| answer.get(name)?.as_array());
    let list = answer.as_array().or_else(under).map(Vec::as_slice);
    list.ok_or(ApiError::Unexpected { provider, fault: "there is no list of webhooks in it" })
}

/// Returns a member that is a text.
pub(crate) fn member<'v>(entry: &'v Value, name: &str) -> Option<&'v str> {
    entry.get(name)?.as_str()
}

/// Returns the types that a webhook is subscribed to.
pub(crate) fn types(entry: &Value, name: &str) -> Vec<String> {
    let types = entry.get(name).and_then(Value::as_array).into_iter().flatten();
    types.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns whether a webhook is subscribed to all of these types.
pub(crate) fn has_all(types: &[String], all: &[&str]) -> bool {
    all.iter().all(|wanted| types.iter().any(|own| own == wanted))
}

/// Checks a secret as if it was pasted: the public sample of the documentation is refused, because anyone could sign
/// with it.
pub(crate) fn secret(provider: Provider, text: &str) -> Result<Secret, ApiError> {
    pasted(text).map_err(|error| {
        let fault = match error {
            DocumentError::PublicSample => "its secret is the sample of the public documentation",
            _ => "its secret is none",
        };
        ApiError::Unexpected { provider, fault }
    })
}
