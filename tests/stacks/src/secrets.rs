//! The secret documents of a stack, with two secrets of each kind, as during a rotation.

use aws_sdk_secretsmanager::Client;
use events::{Provider, Secrets, forged_secret};
use serde_json::{Value, json};

use crate::stack::PerProvider;

pub struct Documents {
    luma: Document,
    lunacal: Document,
    allfly: Document,
    calcom: Document,
    standard: Document,
}

impl Documents {
    pub fn of(&self, provider: Provider) -> &Document {
        match provider {
            Provider::Luma => &self.luma,
            Provider::Lunacal => &self.lunacal,
            Provider::Allfly => &self.allfly,
            Provider::Calcom => &self.calcom,
            Provider::Standard => &self.standard,
        }
    }
}

/// The secrets of one provider's function, the newest first.
#[derive(Clone)]
pub struct Document {
    pub signing: Vec<String>,
    pub url: Vec<String>,
}

impl Document {
    pub fn newest(&self) -> Secrets {
        Secrets { signing: self.signing.first().cloned(), url: self.url.first().cloned() }
    }

    /// Returns the oldest secrets, with which a provider signs until it has the newest.
    pub fn older(&self) -> Secrets {
        Secrets { signing: self.signing.last().cloned(), url: self.url.last().cloned() }
    }

    pub async fn put(&self, client: &Client, id: &str) {
        let document = json!({ "signing": self.signing, "url": self.url }).to_string();
        let put = client.put_secret_value().secret_id(id).secret_string(document).send();
        put.await.expect("a secret can be put");
    }

    pub async fn read(client: &Client, id: &str) -> Self {
        let read = client.get_secret_value().secret_id(id).send().await.expect("the stack has a secret");
        let document = read.secret_string.expect("it is text");
        let document: Value = serde_json::from_str(&document).expect("it is a secret document");
        Self { signing: one_or_many(&document["signing"]), url: one_or_many(&document["url"]) }
    }
}

/// Adds an older secret to each document that has one secret only. If it was added before, the documents stay as they
/// are, for the functions cache what they have read.
///
/// A stack is deployed with a token alone for Lunacal. If Lunacal is to sign as well, its document gets signing secrets
/// here.
pub async fn put(client: &Client, ids: &PerProvider, lunacal_signs: bool) -> Documents {
    let complete = async |provider, signs| {
        let mut document = Document::read(client, ids.of(provider)).await;
        if signs && document.signing.is_empty() {
            document.signing.push(forged_secret());
        }
        for secrets in [&mut document.signing, &mut document.url] {
            if secrets.len() == 1 {
                secrets.push(forged_secret());
            }
        }
        document.put(client, ids.of(provider)).await;
        document
    };
    Documents {
        luma: complete(Provider::Luma, true).await,
        lunacal: complete(Provider::Lunacal, lunacal_signs).await,
        allfly: complete(Provider::Allfly, true).await,
        calcom: complete(Provider::Calcom, true).await,
        standard: complete(Provider::Standard, true).await,
    }
}

/// Reads a member of a secret document, where one string stands for a list of one.
fn one_or_many(secrets: &Value) -> Vec<String> {
    match secrets {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
