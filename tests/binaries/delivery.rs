//! The deliveries of the providers.

use events::{BodyEncoding, Request, Secrets, function_url_event};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A provider, and with it a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    Luma,
    Lunacal,
    Allfly,
    Calcom,
    Standard,
}

/// The secrets are distinctive, so that one would be found in a log. `Zm9yZ2VkLW5ldmVyLWZvci1yZWFs` is base64.
const LUMA_SECRET: &str = "whsec_luma-secret-never-to-be-logged";
const LUNACAL_SECRET: &str = "lunacal-secret-never-to-be-logged";
pub const LUNACAL_TOKEN: &str = "lunacal-token-never-to-be-logged";
const CALCOM_SECRET: &str = "calcom-secret-never-to-be-logged";
const STANDARD_SECRET: &str = "whsec_bmV2ZXItdG8tYmUtbG9nZ2VkLWVpdGhlcg==";
const ALLFLY_SECRET: &str = "whsec_Zm9yZ2VkLW5ldmVyLWZvci1yZWFs";

impl Provider {
    pub const ALL: [Self; 5] = [Self::Luma, Self::Lunacal, Self::Allfly, Self::Calcom, Self::Standard];

    pub fn name(self) -> &'static str {
        self.sender().name()
    }

    pub fn binary(self) -> &'static str {
        match self {
            Self::Luma => env!("CARGO_BIN_EXE_luma"),
            Self::Lunacal => env!("CARGO_BIN_EXE_lunacal"),
            Self::Allfly => env!("CARGO_BIN_EXE_allfly"),
            Self::Calcom => env!("CARGO_BIN_EXE_calcom"),
            Self::Standard => env!("CARGO_BIN_EXE_standard"),
        }
    }

    /// Returns the name of a sample of an ordinary event.
    pub fn sample(self) -> &'static str {
        match self {
            Self::Luma => "luma/guest.registered",
            Self::Lunacal => "lunacal/BOOKING_CREATED",
            Self::Allfly => "allfly/event_attendee.ticket_success",
            Self::Calcom => "calcom/BOOKING_CREATED",
            Self::Standard => "standard/contact.created",
        }
    }

    pub fn signing_secret(self) -> &'static str {
        match self {
            Self::Luma => LUMA_SECRET,
            Self::Lunacal => LUNACAL_SECRET,
            Self::Allfly => ALLFLY_SECRET,
            Self::Calcom => CALCOM_SECRET,
            Self::Standard => STANDARD_SECRET,
        }
    }

    pub fn secret_document(self) -> String {
        let url: &[&str] = if self == Self::Lunacal { &[LUNACAL_TOKEN] } else { &[] };
        json!({ "signing": [self.signing_secret()], "url": url }).to_string()
    }

    fn sender(self) -> events::Provider {
        match self {
            Self::Luma => events::Provider::Luma,
            Self::Lunacal => events::Provider::Lunacal,
            Self::Allfly => events::Provider::Allfly,
            Self::Calcom => events::Provider::Calcom,
            Self::Standard => events::Provider::Standard,
        }
    }
}

/// Returns every sample with its provider and its name.
pub fn samples() -> Vec<(Provider, String, Vec<u8>)> {
    let samples = events::samples().expect("the samples can be read");
    let whose = |sender| Provider::ALL.into_iter().find(|provider| provider.sender() == sender);
    samples
        .into_iter()
        .map(|sample| (whose(sample.provider).expect("a provider"), sample.name, sample.body))
        .collect()
}

/// Returns the body of a sample.
pub fn sample(name: &str) -> Vec<u8> {
    events::sample(name).expect("the sample is there").body
}

/// Returns a provider's ordinary event, signed now under a new id.
pub fn delivery(provider: Provider) -> Request {
    signed(provider, sample(provider.sample()))
}

/// Returns a delivery of this body, signed now under a new id.
pub fn signed(provider: Provider, body: impl Into<Vec<u8>>) -> Request {
    signed_with(provider, provider.signing_secret(), body)
}

/// Returns a delivery of this body, signed now under this id.
pub fn signed_as(provider: Provider, id: &str, body: impl Into<Vec<u8>>) -> Request {
    signed_by(provider, provider.signing_secret(), id, body)
}

/// Returns a provider's ordinary event signed with another secret.
pub fn forged(provider: Provider) -> Request {
    signed_with(provider, &events::forged_secret(), sample(provider.sample()))
}

pub fn signed_with(provider: Provider, secret: &str, body: impl Into<Vec<u8>>) -> Request {
    signed_by(provider, secret, &provider.sender().new_delivery_id(), body)
}

fn signed_by(provider: Provider, secret: &str, id: &str, body: impl Into<Vec<u8>>) -> Request {
    let secrets = Secrets { signing: Some(secret.to_owned()), url: Some(LUNACAL_TOKEN.to_owned()) };
    Request::delivery(provider.sender(), &secrets, id, Timestamp::now().as_second(), body.into())
        .expect("it can be signed")
}

/// Returns the event that Lambda hands to a function for a request.
pub fn event(request: &Request) -> Value {
    function_url_event(request, Timestamp::now().as_second(), BodyEncoding::Text)
}

/// Returns the same event with the body as base64.
pub fn base64_event(request: &Request) -> Value {
    function_url_event(request, Timestamp::now().as_second(), BodyEncoding::Base64)
}
