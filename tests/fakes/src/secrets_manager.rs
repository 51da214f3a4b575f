//! A Secrets Manager with one operation: `GetSecretValue`.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::endpoint::{Failure, Service};
use crate::lock;

/// Secrets by id. Any other id is that of a secret without a value.
#[derive(Default)]
pub struct SecretsManager {
    secrets: Mutex<HashMap<String, String>>,
}

impl SecretsManager {
    pub fn put(&self, id: &str, document: impl Into<String>) {
        lock(&self.secrets).insert(id.to_owned(), document.into());
    }

    pub fn remove(&self, id: &str) {
        lock(&self.secrets).remove(id);
    }
}

impl Service for SecretsManager {
    fn act(&self, operation: &str, input: &Value) -> Result<Value, Failure> {
        assert_eq!(operation, "GetSecretValue");
        let secrets = lock(&self.secrets);
        let id = input["SecretId"].as_str().expect("an id");
        let document = secrets.get(id).ok_or("ResourceNotFoundException")?;
        Ok(json!({ "Name": id, "SecretString": document }))
    }
}
