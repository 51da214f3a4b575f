//! An item of a DynamoDB table, as the JSON protocol writes it.

use serde_json::{Map, Value};

/// The attributes by name. Each value states its type: `{"S": "text"}`.
pub type Item = Map<String, Value>;

/// Returns the value of a whole number.
pub(crate) fn number(value: &Value) -> i64 {
    value["N"].as_str().and_then(|digits| digits.parse().ok()).expect("a whole number")
}
