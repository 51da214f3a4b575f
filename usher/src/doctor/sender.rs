//! The provider's part: bodies and their signatures.

use events::{Provider, Request, Secrets, SignError, forged_secret, hex, random, unix_now};
use jiff::Timestamp;

/// Whoever plays the provider in one run of the doctor.
pub(crate) struct Sender {
    pub(crate) provider: Provider,
    /// The real secrets, or made-up ones of every kind where none are known.
    secrets: Secrets,
    /// Whether the secrets are real: without them only refusals can be asked for.
    pub(crate) knows_secret: bool,
    /// How far a signed time may be off, in seconds.
    pub(crate) tolerance: i64,
    /// What the largest body may hold.
    pub(crate) max_body_bytes: usize,
    /// Part of every id and body of this run, and of nothing else.
    mark: String,
    began: Timestamp,
}

impl Sender {
    /// # Errors
    /// When the signing secret cannot be one of this provider.
    pub(crate) fn new(
        provider: Provider,
        secrets: Option<Secrets>,
        tolerance: Option<i64>,
        max_body_bytes: usize,
    ) -> Result<Self, SignError> {
        let knows_secret = secrets.is_some();
        let made_up = || Secrets { signing: Some(forged_secret()), url: Some(forged_secret()) };
        let sender = Self {
            provider,
            secrets: secrets.unwrap_or_else(made_up),
            knows_secret,
            // As long as Usher's own providers need; a minute more or less is then clearly outside or inside.
            tolerance: tolerance.unwrap_or(if provider == Provider::Luma { 600 } else { 300 }),
            max_body_bytes,
            mark: format!("usher-doctor-{}", hex(&random::<6>())),
            began: Timestamp::now(),
        };
        Request::delivery(provider, &sender.secrets, "id", 0, Vec::new())?;
        Ok(sender)
    }

    /// The same sender, and so the same deliveries, with other secrets.
    pub(crate) fn signing_with(self, secrets: Secrets) -> Self {
        Self { secrets, ..self }
    }

    /// Whether its deliveries are signed, as far as is known.
    pub(crate) fn signs(&self) -> bool {
        self.secrets.signing.is_some()
    }

    /// Whether its URL has a token, as far as is known.
    pub(crate) fn has_token(&self) -> bool {
        self.provider == Provider::Lunacal && self.secrets.url.is_some()
    }

    /// Whether its signatures are bound to a time.
    pub(crate) fn signs_time(&self) -> bool {
        self.provider != Provider::Lunacal
    }

    /// The mark of one probe: its delivery's id, and somewhere in its body.
    pub(crate) fn mark(&self, probe: &str) -> String {
        format!("{}-{probe}", self.mark)
    }

    /// The very same delivery each time, which changes nothing: a ping where the provider has one, else a duplicate of
    /// one marked event.
    pub(crate) fn genuine(&self) -> Request {
        let mark = self.mark("genuine");
        self.sign(&mark, self.harmless(&mark), 0)
    }

    /// A genuine delivery of a marked event.
    pub(crate) fn event(&self, mark: &str) -> Request {
        self.sign(mark, self.body("usher.doctor", mark), 0)
    }

    /// Any body, signed for so many seconds from now.
    pub(crate) fn sign(&self, id: &str, body: Vec<u8>, seconds: i64) -> Request {
        self.sign_at(id, body, unix_now() + seconds)
    }

    /// Any body, signed for a moment in Unix seconds.
    pub(crate) fn sign_at(&self, id: &str, body: Vec<u8>, unix_seconds: i64) -> Request {
        Request::delivery(self.provider, &self.secrets, id, unix_seconds, body).expect("the secret was tried")
    }

    /// A marked event, signed with another secret. The token in the URL is the right one.
    pub(crate) fn event_signed_with(&self, secret: &str, mark: &str) -> Request {
        let secrets = Secrets { signing: Some(secret.to_owned()), url: self.secrets.url.clone() };
        let body = self.body("usher.doctor", mark);
        Request::delivery(self.provider, &secrets, mark, unix_now(), body).expect("a key of this provider")
    }

    /// A body that asks for nothing to be done.
    pub(crate) fn harmless(&self, mark: &str) -> Vec<u8> {
        self.body(self.harmless_type(), mark)
    }

    /// The member of a body that says its type.
    pub(crate) fn type_member(&self) -> &'static str {
        if self.provider == Provider::Lunacal { "triggerEvent" } else { "type" }
    }

    pub(crate) fn harmless_type(&self) -> &'static str {
        if self.provider == Provider::Lunacal { "PING" } else { "usher.doctor" }
    }

    /// Whether a text gives away anything of what was sent.
    pub(crate) fn is_echoed_in(&self, text: &str) -> bool {
        let secrets = [&self.secrets.signing, &self.secrets.url];
        text.contains(&self.mark)
            || secrets.into_iter().flatten().any(|secret| text.contains(secret.as_str()))
    }

    fn body(&self, kind: &str, mark: &str) -> Vec<u8> {
        // Members in alphabetical order: what parses it and prints it compactly prints the same, whatever its order.
        let body = match self.provider {
            Provider::Lunacal => format!(
                r#"{{"createdAt":"{}","payload":{{"mark":"{mark}"}},"triggerEvent":"{kind}"}}"#,
                self.began
            ),
            Provider::Luma | Provider::Allfly => format!(r#"{{"data":{{"mark":"{mark}"}},"type":"{kind}"}}"#),
        };
        body.into_bytes()
    }
}
