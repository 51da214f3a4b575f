//! How a delivery is to be signed, as it is asked for on a command line. No `Debug`: it holds secrets.

use clap::Args;

use crate::{Provider, Secrets, SecretsError, forged_secret};

const SECRET_HELP: &str = r#"Signing secret, or a whole secret document {"signing": ["…"], "url": ["…"]}, of which the first ones are used. Lunacal's may be left out: then the delivery is unsigned"#;

/// How the delivery is signed.
#[derive(Args)]
pub struct Signing {
    /// Whose webhook a FILE is: luma, lunacal or allfly (a sample says so by its folder)
    #[arg(long)]
    pub provider: Option<Provider>,
    /// What to sign with.
    #[command(flatten)]
    pub key: Key,
    /// Delivery id [default: a new random one]. Lunacal sends none: the same body twice is a duplicate
    #[arg(long, value_name = "DELIVERY_ID", value_parser = header_value)]
    pub id: Option<String>,
    /// Sign as of so many seconds from now: -700 is stale, 700 is from the future
    #[arg(long, value_name = "OFFSET_SECONDS", default_value_t = 0, allow_negative_numbers = true)]
    pub at: i64,
    /// Sign with a key nobody knows, and send such a token to Lunacal; no secret is needed
    #[arg(long)]
    pub forge: bool,
}

/// The secrets, as they are given on a command line.
#[derive(Args)]
pub struct Key {
    /// What to sign with
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
}

impl Key {
    /// The secrets given; `None` if neither is.
    ///
    /// # Errors
    /// When what is given is no secret.
    pub fn secrets(&self) -> Result<Option<Secrets>, SecretsError> {
        if self.secret.is_none() && self.token.is_none() {
            return Ok(None);
        }
        let mut secrets = self.secret.as_deref().map(Secrets::read).transpose()?.unwrap_or_default();
        if self.token.is_some() {
            secrets.url.clone_from(&self.token);
        }
        Ok(Some(secrets))
    }
}

impl Signing {
    /// The secrets to sign with; `None` if none are given.
    ///
    /// # Errors
    /// When what is given is no secret.
    pub fn secrets(&self) -> Result<Option<Secrets>, SecretsError> {
        if self.forge {
            return Ok(Some(Secrets { signing: Some(forged_secret()), url: Some(forged_secret()) }));
        }
        self.key.secrets()
    }
}

fn header_value(text: &str) -> Result<String, &'static str> {
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.to_owned()).ok_or("an id is printable ASCII without spaces")
}
