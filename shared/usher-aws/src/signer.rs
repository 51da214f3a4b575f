//! Signs requests to AWS by Signature Version 4, with a key that is kept for the day.
//!
//! A signing key depends on the date, the region and the service, and the SDK derives it anew for every request, which
//! takes a quarter of the hashing that a delivery needs. It also copies and checks all headers to find those to sign.
//! This signer does neither. The key and the signature itself come from AWS's own crate, `aws-sigv4`, and a test compares
//! whole requests with what that crate makes of them.
//!
//! It signs what a delivery's requests are: the first attempt of a `POST` to `/`, without a query and with its body in
//! memory. Everything else goes to the SDK's signer. That includes second attempts, because the SDK corrects the clock
//! for those after an answer that the time was wrong.
//!
//! The rules are in the IAM User Guide, "Create a signed AWS API request".

use std::fmt;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4Signer};
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::{AuthScheme, AuthSchemeEndpointConfig, AuthSchemeId, Sign};
use aws_smithy_runtime_api::client::identity::{Identity, SharedIdentityResolver};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::{GetIdentityResolver, RuntimeComponents};
use aws_smithy_types::config_bag::ConfigBag;
use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use jiff::Timestamp;
use jiff::tz::Offset;
use sha2::{Digest as _, Sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: &str = "x-amz-date";
const TOKEN: &str = "x-amz-security-token";

/// The authentication scheme of one service, in place of the SDK's of the same name.
#[derive(Debug)]
pub(crate) struct KeptKeyScheme(KeptKeySigner);

impl KeptKeyScheme {
    /// Makes a scheme for the service of this signing name (`dynamodb`, `sqs`, …) in this region.
    pub(crate) fn new(service: &'static str, region: impl Into<String>) -> Self {
        let signer = KeptKeySigner {
            service,
            region: region.into(),
            key: Mutex::new(None),
            other: SigV4Signer::new(),
        };
        Self(signer)
    }
}

impl AuthScheme for KeptKeyScheme {
    fn scheme_id(&self) -> AuthSchemeId {
        SCHEME_ID
    }

    fn identity_resolver(&self, resolvers: &dyn GetIdentityResolver) -> Option<SharedIdentityResolver> {
        resolvers.identity_resolver(self.scheme_id())
    }

    fn signer(&self) -> &dyn Sign {
        &self.0
    }
}

struct KeptKeySigner {
    service: &'static str,
    region: String,
    key: Mutex<Option<Key>>,
    other: SigV4Signer,
}

/// A derived key, and what it was derived from beside the service and the region.
struct Key {
    date: String,
    secret: String,
    bytes: Vec<u8>,
}

/// Shows neither the key nor the credentials.
impl fmt::Debug for KeptKeySigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptKeySigner")
            .field("service", &self.service)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl Sign for KeptKeySigner {
    fn sign_http_request(
        &self,
        request: &mut HttpRequest,
        identity: &Identity,
        endpoint: AuthSchemeEndpointConfig<'_>,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        let is_first = config.load::<RequestAttempts>().is_none_or(|attempts| attempts.attempts() <= 1);
        if is_first
            && let Some(credentials) = identity.data::<Credentials>()
            && let Some(signed) = {
                let now = components.time_source().map_or_else(SystemTime::now, |source| source.now());
                self.signed(request, credentials, now)
            }
        {
            return signed.add_to(request, credentials);
        }
        self.other.sign_http_request(request, identity, endpoint, components, config)
    }
}

/// The headers that prove who sends a request and when.
struct Signed {
    date_time: String,
    authorization: String,
}

impl Signed {
    fn add_to(self, request: &mut HttpRequest, credentials: &Credentials) -> Result<(), BoxError> {
        let headers = request.headers_mut();
        headers.insert(DATE, HeaderValue::try_from(self.date_time)?);
        headers.insert(AUTHORIZATION, HeaderValue::try_from(self.authorization)?);
        if let Some(token) = credentials.session_token() {
            let mut token = HeaderValue::from_str(token)?;
            token.set_sensitive(true);
            headers.insert(TOKEN, token);
        }
        Ok(())
    }
}

impl KeptKeySigner {
    /// Signs a request that is as simple as a delivery's are. Returns `None` for any other.
    fn signed(&self, request: &HttpRequest, credentials: &Credentials, now: SystemTime) -> Option<Signed> {
        let host = host(request.uri()).filter(|_| request.method() == "POST")?;
        let body = request.body().bytes()?;
        let date_time = date_time(now)?;
        let date = &date_time[..8];

        let headers = request.headers();
        let mut signed: Vec<(&str, &str)> =
            headers.iter().filter(|(name, _)| *name == CONTENT_TYPE || name.starts_with("x-amz-")).collect();
        signed.push((HOST.as_str(), headers.get(HOST).unwrap_or(host)));
        signed.push((DATE, &date_time));
        signed.extend(credentials.session_token().map(|token| (TOKEN, token)));
        signed.sort_unstable();
        // A header that is there twice becomes one, and runs of blanks one blank: the SDK's signer knows how.
        let is_plain = |value: &str| value.trim() == value && !value.contains("  ");
        if signed.windows(2).any(|two| two[0].0 == two[1].0)
            || !signed.iter().all(|(_, value)| is_plain(value))
        {
            return None;
        }

        let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let mut canonical = String::with_capacity(2048);
        canonical.push_str("POST\n/\n\n");
        for (name, value) in &signed {
            let _ = writeln!(canonical, "{name}:{value}");
        }
        let _ = write!(canonical, "\n{names}\n{}", sha256(body));
        let scope = format!("{date}/{}/{}/aws4_request", self.region, self.service);
        let to_sign = format!("{ALGORITHM}\n{date_time}\n{scope}\n{}", sha256(canonical.as_bytes()));
        let signature = self.signature(&to_sign, credentials.secret_access_key(), date, now);
        let id = credentials.access_key_id();
        let authorization =
            format!("{ALGORITHM} Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
        Some(Signed { date_time, authorization })
    }

    fn signature(&self, to_sign: &str, secret: &str, date: &str, now: SystemTime) -> String {
        let mut kept = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match kept.take() {
            Some(key) if key.date == date && key.secret == secret => key,
            _ => Key {
                date: date.to_owned(),
                secret: secret.to_owned(),
                bytes: generate_signing_key(secret, now, &self.region, self.service).as_ref().to_vec(),
            },
        };
        calculate_signature(&kept.insert(key).bytes, to_sign.as_bytes())
    }
}

/// Returns the `Host` of a URL whose path is `/` and that has no query: without the port if it is the scheme's own, as
/// HTTP clients send it (RFC 9110, section 7.2).
fn host(url: &str) -> Option<&str> {
    let (rest, port) = match url.strip_prefix("https://") {
        Some(rest) => (rest, ":443"),
        None => (url.strip_prefix("http://")?, ":80"),
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let is_plain = !authority.is_empty() && !authority.contains(['/', '?', '#', '@']);
    is_plain.then(|| authority.strip_suffix(port).unwrap_or(authority))
}

/// Returns a time as `YYYYMMDDTHHMMSSZ`.
fn date_time(time: SystemTime) -> Option<String> {
    let time = Offset::UTC.to_datetime(Timestamp::try_from(time).ok()?);
    let (year, month, day) = (time.year(), time.month(), time.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    Some(format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z"))
}

fn sha256(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
    use aws_sigv4::sign::v4::SigningParams;
    use aws_smithy_types::body::SdkBody;

    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    fn request(url: &str, headers: &[(&'static str, &str)], body: &str) -> HttpRequest {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method("POST").expect("it is a method");
        request.set_uri(url.to_owned()).expect("it is a URL");
        for (name, value) in headers {
            request.headers_mut().append(*name, (*value).to_owned());
        }
        request
    }

    fn time(text: &str) -> SystemTime {
        SystemTime::try_from(text.parse::<Timestamp>().expect("it is a time")).expect("it is in range")
    }

    fn credentials(token: Option<&str>) -> Credentials {
        Credentials::new("AKIDEXAMPLE", SECRET, token.map(str::to_owned), None, "test")
    }

    fn signer(service: &'static str) -> KeptKeySigner {
        KeptKeyScheme::new(service, "eu-central-1").0
    }

    /// Returns the `Authorization` that AWS's own signer makes if it signs the same headers.
    fn by_aws(request: &HttpRequest, credentials: &Credentials, service: &str, now: SystemTime) -> String {
        let mut settings = SigningSettings::default();
        let others = request.headers().iter().map(|(name, _)| name.to_owned());
        let others =
            others.filter(|name| name != "content-type" && name != "host" && !name.starts_with("x-amz-"));
        settings.excluded_headers.get_or_insert_default().extend(others.map(Into::into));
        let identity = Identity::from(credentials.clone());
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region("eu-central-1")
            .name(service)
            .time(now)
            .settings(settings)
            .build()
            .expect("nothing is missing");
        let body = SignableBody::Bytes(request.body().bytes().expect("it is in memory"));
        let signable = SignableRequest::new(request.method(), request.uri(), request.headers().iter(), body);
        let signed = sign(signable.expect("it can be signed"), &parameters.into()).expect("it is signed");
        let (instructions, _) = signed.into_parts();
        let mut headers = instructions.headers();
        headers.find(|(name, _)| *name == "authorization").expect("it is there").1.to_owned()
    }

    const HEADERS: [(&str, &str); 7] = [
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amz-target", "DynamoDB_20120810.PutItem"),
        ("content-length", "2"),
        ("x-amz-user-agent", "aws-sdk-rust/1.3 ua/2.1"),
        ("user-agent", "aws-sdk-rust/1.3"),
        ("amz-sdk-invocation-id", "f7b1"),
        ("amz-sdk-request", "attempt=1; max=3"),
    ];

    #[test]
    fn a_request_is_signed_as_awss_own_signer_does() {
        let start = time("2026-01-31T18:00:00Z");
        let urls = [
            "https://dynamodb.eu-central-1.amazonaws.com/",
            "http://127.0.0.1:4566/",
            "https://a.test:443/",
            "http://a.test",
        ];
        let long = "é".repeat(40_000);
        let mut compared = 0;
        for service in ["dynamodb", "sqs", "secretsmanager"] {
            let signer = signer(service);
            for (number, url) in urls.iter().cycle().take(40).enumerate() {
                let token = (number % 3 != 0).then(|| format!("token/{number}+=="));
                let credentials = credentials(token.as_deref());
                // Some seconds, a day, and a year later.
                let now = start + Duration::from_secs([7, 86_400, 31_536_000][number % 3] * number as u64);
                for body in ["{}", "", long.as_str()] {
                    let request = request(url, &HEADERS[..number % 8], body);
                    let signed = signer.signed(&request, &credentials, now).expect("it is simple");
                    assert_eq!(
                        signed.authorization,
                        by_aws(&request, &credentials, service, now),
                        "{url} {number}"
                    );
                    compared += 1;
                }
            }
        }
        assert_eq!(compared, 360);
    }

    #[test]
    fn a_key_is_not_used_for_another_day_or_other_credentials() {
        let signer = signer("sqs");
        let request = request("https://sqs.eu-central-1.amazonaws.com/", &HEADERS, "{}");
        let midnight = time("2026-02-01T00:00:00Z");
        let others = Credentials::new("OTHER", "another secret", None, None, "test");
        for (credentials, now) in [
            (credentials(None), midnight - Duration::from_secs(1)),
            (credentials(None), midnight),
            (others, midnight),
            (credentials(None), midnight),
        ] {
            let signed = signer.signed(&request, &credentials, now).expect("it is simple");
            assert_eq!(signed.authorization, by_aws(&request, &credentials, "sqs", now));
        }
    }

    #[test]
    fn what_is_not_simple_is_left_to_the_sdk() {
        let signer = signer("sqs");
        let signed = |request: &HttpRequest| {
            signer.signed(request, &credentials(None), SystemTime::UNIX_EPOCH).is_some()
        };
        assert!(signed(&request("https://a.test/", &HEADERS, "{}")));
        for url in ["https://a.test/path", "https://a.test/?query", "https://user@a.test/", "/"] {
            assert!(!signed(&request(url, &HEADERS, "{}")), "{url}");
        }
        for header in [("x-amz-target", "Twice"), ("x-amz-other", "two  blanks"), ("x-amz-other", " blank")] {
            let headers: Vec<_> = HEADERS.into_iter().chain([header]).collect();
            assert!(!signed(&request("https://a.test/", &headers, "{}")), "{header:?}");
        }
        let mut get = request("https://a.test/", &HEADERS, "{}");
        get.set_method("GET").expect("it is a method");
        assert!(!signed(&get));
    }

    #[test]
    fn neither_key_nor_secret_is_shown() {
        let signer = signer("sqs");
        signer.signed(&request("https://a.test/", &HEADERS, "{}"), &credentials(None), SystemTime::now());
        assert_eq!(format!("{signer:?}"), r#"KeptKeySigner { service: "sqs", region: "eu-central-1", .. }"#);
    }
}
