//! The options that say how to sign a delivery. No type here has `Debug`: they hold secrets.

use clap::Args;

use crate::body::Body;
use crate::provider::Provider;
use crate::request::Request;
use crate::secret::{Name, Secrets, SecretsError, forged_secret};
use crate::sign::SignError;

const SECRET_HELP: &str = r#"Signing secret, or a whole secret document {"signing": ["…"], "url": ["…"]}, of which the newest are used. Lunacal's may be left out: then the delivery is unsigned"#;

/// The options that say how a delivery is signed.
#[derive(Args)]
pub struct SigningArgs {
    /// Provider that sends FILE (a sample's folder names it)
    #[arg(long)]
    pub provider: Option<Provider>,
    /// The secrets to sign with.
    #[command(flatten)]
    pub secret: SecretArgs,
    /// Delivery id [default: a new random one]. Lunacal and Cal.com send none: the same body twice is a duplicate
    #[arg(long, value_name = "DELIVERY_ID", value_parser = header_value)]
    pub id: Option<String>,
    /// Sign as of so many seconds from now: -700 is stale, 700 is from the future
    #[arg(long, value_name = "OFFSET_SECONDS", default_value_t = 0, allow_negative_numbers = true)]
    pub at: i64,
    /// Sign with a made-up key, and send a made-up token to Lunacal; no secret is needed
    #[arg(long)]
    pub forge: bool,
}

/// The options that hold secrets.
#[derive(Args)]
pub struct SecretArgs {
    /// The signing secret or the secret document.
    #[arg(
        help = SECRET_HELP,
        long,
        env = "USHER_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub secret: Option<String>,
    /// Lunacal's URL token, where the secret document does not hold it
    #[arg(long, allow_hyphen_values = true)]
    pub token: Option<String>,
    /// Account whose secrets to use, where the secret document names several, such as a calendar [default: the only one]
    #[arg(long)]
    pub name: Option<Name>,
}

/// The reason why a delivery cannot be signed. Every message says what to do about it, and none shows a secret.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// There is nothing to sign with.
    #[error("{0} signs every delivery: pass its secret with --secret or in USHER_SECRET, or add --forge")]
    NoSecret(Provider),
    /// The text given is not a secret.
    #[error("{0} (from --secret or USHER_SECRET)")]
    NotASecret(SecretsError),
    /// The secret cannot be a key of this provider.
    #[error("{0} (from --secret or USHER_SECRET)")]
    NotAKey(SignError),
    /// The time is beyond what 64 bits of seconds hold.
    #[error("--at {0} is out of range")]
    Time(i64),
}

impl SecretArgs {
    /// Reads the secrets given; `None` if there are none.
    ///
    /// # Errors
    /// When what is given is not a secret.
    pub fn secrets(&self) -> Result<Option<Secrets>, SigningError> {
        if self.secret.is_none() && self.token.is_none() {
            return Ok(None);
        }
        let read = self.secret.as_deref().map(|text| Secrets::read(text, self.name.as_ref())).transpose();
        let mut secrets = read.map_err(SigningError::NotASecret)?.unwrap_or_default();
        if self.token.is_some() {
            secrets.url.clone_from(&self.token);
        }
        Ok(Some(secrets))
    }
}

impl SigningArgs {
    /// Reads the secrets to sign with; `None` if there are none.
    ///
    /// # Errors
    /// When what is given is not a secret.
    pub fn secrets(&self) -> Result<Option<Secrets>, SigningError> {
        if self.forge {
            return Ok(Some(Secrets { signing: Some(forged_secret()), url: Some(forged_secret()) }));
        }
        self.secret.secrets()
    }

    /// Signs a body as of `now`, in Unix seconds. `url_query` is the query of the URL that it is posted to, if any.
    ///
    /// # Errors
    /// When a secret is missing, or cannot be a key of this provider.
    pub fn sign(
        &self,
        body: Body,
        mut secrets: Secrets,
        url_query: Option<&str>,
        now: i64,
    ) -> Result<Request, SigningError> {
        // A token in the URL itself was put there on purpose; --forge and --token mean to replace it.
        let holds_token = |query: &str| query.split('&').any(|pair| pair.starts_with("token="));
        if url_query.is_some_and(holds_token) && self.secret.token.is_none() && !self.forge {
            secrets.url = None;
        }
        if secrets.signing.is_none() && body.provider != Provider::Lunacal {
            return Err(SigningError::NoSecret(body.provider));
        }
        let id = self.id.clone().unwrap_or_else(|| body.provider.new_delivery_id());
        let time = now.checked_add(self.at).ok_or(SigningError::Time(self.at))?;
        Request::delivery(body.provider, &secrets, &id, time, body.bytes).map_err(SigningError::NotAKey)
    }
}

fn header_value(text: &str) -> Result<String, &'static str> {
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.to_owned()).ok_or("an id is printable ASCII without spaces")
}
