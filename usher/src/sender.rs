//! The provider's side of a delivery: marked bodies and their signatures.

use events::{Provider, Request, Secrets, SignError, forged_secret, hex, random, unix_now};
use jiff::Timestamp;
use usher_core::provider::Provider as _;
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};
use usher_core::secret::Secret;

/// A stand-in for the provider. All its deliveries carry the same mark, which is new for each sender.
pub(crate) struct Sender {
    pub(crate) provider: Provider,
    /// The real secrets or, where those are unknown, made-up ones of every kind.
    secrets: Secrets,
    /// `true` if the secrets are real. Without them only refusals can be tested.
    pub(crate) knows_secret: bool,
    /// The seconds by which a signed time may be off.
    pub(crate) tolerance: i64,
    /// The largest body that the receiver accepts.
    pub(crate) max_body_bytes: usize,
    /// The part that every id and body of this sender has in common.
    mark: String,
    began: Timestamp,
}

impl Sender {
    /// Makes a sender with a new mark.
    ///
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
            tolerance: tolerance.unwrap_or_else(|| default_tolerance(provider)),
            max_body_bytes,
            mark: format!("usher-doctor-{}", hex(&random::<6>())),
            began: Timestamp::now(),
        };
        Request::delivery(provider, &sender.secrets, "id", 0, Vec::new())?;
        Ok(sender)
    }

    /// Returns the same sender with other secrets. Its deliveries are otherwise the same.
    pub(crate) fn with_secrets(&self, secrets: Secrets) -> Self {
        Self { secrets, mark: self.mark.clone(), ..*self }
    }

    /// Returns whether deliveries are signed, as far as is known.
    pub(crate) fn signs(&self) -> bool {
        self.secrets.signing.is_some()
    }

    /// Returns whether it signs with the sample secret of the public documentation, as anyone can.
    pub(crate) fn signs_with_public_sample(&self) -> bool {
        self.secrets.signing.as_ref().is_some_and(|secret| Secret::new(secret).is_public_sample())
    }

    /// Returns whether the URL has a token, as far as is known.
    pub(crate) fn has_token(&self) -> bool {
        self.provider == Provider::Lunacal && self.secrets.url.is_some()
    }

    /// Returns whether signatures include the time.
    pub(crate) fn signs_time(&self) -> bool {
        !self.provider.is_cal()
    }

    /// Returns the mark of one delivery: it is the delivery's id, and part of its body.
    pub(crate) fn mark(&self, probe: &str) -> String {
        format!("{}-{probe}", self.mark)
    }

    /// Returns the same genuine delivery each time: a ping where the provider has one, else one marked event. Sent again, it
    /// changes nothing.
    pub(crate) fn genuine(&self) -> Request {
        let mark = self.mark("genuine");
        self.sign(&mark, self.harmless(&mark), 0)
    }

    /// Returns a genuine delivery of a marked event.
    pub(crate) fn event(&self, mark: &str) -> Request {
        self.sign(mark, self.body("usher.doctor", mark), 0)
    }

    /// Signs any body as of `seconds` from now.
    pub(crate) fn sign(&self, id: &str, body: Vec<u8>, seconds: i64) -> Request {
        self.sign_at(id, body, unix_now() + seconds)
    }

    /// Signs any body as of a time in Unix seconds.
    pub(crate) fn sign_at(&self, id: &str, body: Vec<u8>, unix_seconds: i64) -> Request {
        Request::delivery(self.provider, &self.secrets, id, unix_seconds, body)
            .expect("the secret signed a body before")
    }

    /// Returns a marked event that is signed with another secret. The token in the URL is the right one.
    pub(crate) fn event_signed_with(&self, secret: &str, mark: &str) -> Request {
        let secrets = Secrets { signing: Some(secret.to_owned()), url: self.secrets.url.clone() };
        let body = self.body("usher.doctor", mark);
        Request::delivery(self.provider, &secrets, mark, unix_now(), body)
            .expect("the secret is a key of this provider")
    }

    /// Returns a body that makes a correct receiver do nothing: a ping, or an event of an unknown type.
    pub(crate) fn harmless(&self, mark: &str) -> Vec<u8> {
        self.body(self.harmless_type(), mark)
    }

    /// Returns the name of the member that holds the type of a body.
    pub(crate) fn type_member(&self) -> &'static str {
        if self.provider.is_cal() { "triggerEvent" } else { "type" }
    }

    pub(crate) fn harmless_type(&self) -> &'static str {
        if self.provider.is_cal() { "PING" } else { "usher.doctor" }
    }

    /// Returns whether a text repeats a mark or a secret that was sent.
    pub(crate) fn is_echoed_in(&self, text: &str) -> bool {
        let secrets = [&self.secrets.signing, &self.secrets.url];
        text.contains(&self.mark)
            || secrets.into_iter().flatten().any(|secret| text.contains(secret.as_str()))
    }

    fn body(&self, kind: &str, mark: &str) -> Vec<u8> {
        // The members are in alphabetical order, so a receiver that parses and prints the body compactly prints the same.
        let body = if self.provider.is_cal() {
            format!(
                r#"{{"createdAt":"{}","payload":{{"mark":"{mark}"}},"triggerEvent":"{kind}"}}"#,
                self.began
            )
        } else {
            format!(r#"{{"data":{{"mark":"{mark}"}},"type":"{kind}"}}"#)
        };
        body.into_bytes()
    }
}

/// Returns the seconds by which a signed time may be off at Usher's own functions, unless configured.
fn default_tolerance(provider: Provider) -> i64 {
    let tolerance = match provider {
        Provider::Luma => Luma::TOLERANCE,
        Provider::Lunacal => Lunacal::TOLERANCE,
        Provider::Allfly => Allfly::TOLERANCE,
        Provider::Calcom => Calcom::TOLERANCE,
        Provider::Standard => Standard::TOLERANCE,
    };
    i64::try_from(tolerance.as_secs()).unwrap_or(i64::MAX)
}
