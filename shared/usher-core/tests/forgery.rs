//! A delivery in which a single byte was changed does not pass, whichever byte and whatever it became.
//!
//! One spelling is equivalent, and said to be: the hexadecimal digits of Luma's and Lunacal's signatures in the other
//! case. Base64 has none, since its decoder takes only the canonical form.

mod support;

use bytes::Bytes;
use http::HeaderValue;
use proptest::prelude::*;
use support::cases::cases;
use support::signing::{Signs, keyring};
use support::{NOW, at, policy};
use usher_core::provider;
use usher_core::providers::{Allfly, Luma, Lunacal};
use usher_core::request::Request;
use usher_core::secret::Keyring;

/// A provider, with what of its headers the signature covers or is.
trait Forged: Signs {
    const HEADERS: &'static [&'static str];
    /// `true` if the signature is hexadecimal, at the end of its header.
    const HEX: bool;
}

impl Forged for Luma {
    const HEADERS: &'static [&'static str] = &["webhook-signature"];
    const HEX: bool = true;
}

impl Forged for Lunacal {
    const HEADERS: &'static [&'static str] = &["x-cal-signature-256"];
    const HEX: bool = true;
}

impl Forged for Allfly {
    const HEADERS: &'static [&'static str] = &["svix-id", "svix-timestamp", "svix-signature"];
    const HEX: bool = false;
}

fn passes<P: Signs>(request: &Request, keyring: &Keyring) -> bool {
    provider::verify::<P>(request, keyring, &policy::<P>(), at(NOW)).is_ok()
}

fn with_byte(bytes: &[u8], index: usize, byte: u8) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[index] = byte;
    changed
}

fn body_with_byte(request: &Request, index: usize, byte: u8) -> Request {
    Request { body: Bytes::from(with_byte(&request.body, index, byte)), ..request.clone() }
}

/// `None` where HTTP does not let a header hold such a byte.
fn header_with_byte(request: &Request, name: &'static str, index: usize, byte: u8) -> Option<Request> {
    let value = HeaderValue::from_bytes(&with_byte(request.headers[name].as_bytes(), index, byte)).ok()?;
    let mut changed = request.clone();
    changed.headers.insert(name, value);
    Some(changed)
}

/// Returns `true` if a header with that byte changed still says the same.
fn says_the_same<P: Forged>(value: &[u8], index: usize, byte: u8) -> bool {
    let tag_from = value.iter().rposition(|byte| *byte == b'=').map_or(0, |equals| equals + 1);
    P::HEX && index >= tag_from && value[index].eq_ignore_ascii_case(&byte)
}

fn no_byte_of_the_body_can_change<P: Forged>(request: &Request, keyring: &Keyring) {
    for index in 0..request.body.len() {
        for byte in (0..=u8::MAX).filter(|byte| *byte != request.body[index]) {
            let forged = body_with_byte(request, index, byte);
            assert!(!passes::<P>(&forged, keyring), "body byte {index} as {byte}");
        }
    }
}

fn no_byte_of_a_header_can_change<P: Forged>(request: &Request, keyring: &Keyring) {
    for name in P::HEADERS {
        let value = request.headers[*name].as_bytes();
        for index in 0..value.len() {
            for byte in (0..=u8::MAX).filter(|byte| *byte != value[index]) {
                if let Some(forged) = header_with_byte(request, name, index, byte) {
                    let passed = passes::<P>(&forged, keyring);
                    assert_eq!(
                        passed,
                        says_the_same::<P>(value, index, byte),
                        "{name} byte {index} as {byte}"
                    );
                }
            }
        }
    }
}

fn no_byte_of_the_secret_can_change<P: Forged>(request: &Request) {
    for index in 0..P::SECRET.len() {
        for byte in (0..0x80).filter(|byte| *byte != P::SECRET.as_bytes()[index]) {
            let secret =
                String::from_utf8(with_byte(P::SECRET.as_bytes(), index, byte)).expect("still ASCII");
            assert!(!passes::<P>(request, &keyring(&[&secret])), "secret byte {index} as {byte}");
        }
    }
}

fn nothing_can_change<P: Forged>() {
    let request = P::genuine(NOW);
    assert!(passes::<P>(&request, &P::keyring()), "it is genuine unchanged");
    no_byte_of_the_body_can_change::<P>(&request, &P::keyring());
    no_byte_of_a_header_can_change::<P>(&request, &P::keyring());
    no_byte_of_the_secret_can_change::<P>(&request);
}

#[test]
fn no_byte_of_a_luma_delivery_can_change() {
    nothing_can_change::<Luma>();
}

#[test]
fn no_byte_of_a_lunacal_delivery_can_change() {
    nothing_can_change::<Lunacal>();
}

#[test]
fn no_byte_of_an_allfly_delivery_can_change() {
    nothing_can_change::<Allfly>();
}

/// Not a weakness to be found later: the id of a Luma delivery is not signed, which is why the key holds the body.
#[test]
fn lumas_id_can_change_because_it_is_not_signed() {
    let mut request = Luma::genuine(NOW);
    request.headers.insert("webhook-id", HeaderValue::from_static("evt_of_another"));
    assert!(passes::<Luma>(&request, &Luma::keyring()));
}

/// What a forger may do to a body besides changing a byte.
fn forgeries(body: &[u8], index: prop::sample::Index, byte: u8) -> Vec<Vec<u8>> {
    let at = index.index(body.len());
    let mut forgeries = vec![
        with_byte(body, at, body[at] ^ byte.max(1)),
        [&body[..at], &[byte], &body[at..]].concat(),
        [body, &[byte]].concat(),
        [&body[..at], &body[at + 1..]].concat(),
        Vec::new(),
    ];
    forgeries.retain(|forged| forged != body);
    forgeries
}

fn a_forged_body_never_passes<P: Signs>(
    body: &[u8],
    index: prop::sample::Index,
    byte: u8,
) -> Result<(), TestCaseError> {
    let request = P::sign(P::SECRET, "msg_1", NOW, body);
    prop_assert!(passes::<P>(&request, &P::keyring()));
    for forged in forgeries(body, index, byte) {
        let request = Request { body: Bytes::from(forged), ..request.clone() };
        prop_assert!(!passes::<P>(&request, &P::keyring()));
    }
    Ok(())
}

fn another_secret_never_opens<P: Signs>(secrets: &[String; 2], body: &[u8]) -> Result<(), TestCaseError> {
    let request = P::sign(&secrets[0], "msg_1", NOW, body);
    prop_assert!(passes::<P>(&request, &keyring(&[&secrets[0]])));
    prop_assert_eq!(passes::<P>(&request, &keyring(&[&secrets[1]])), secrets[0] == secrets[1]);
    Ok(())
}

/// Secrets of 24 bytes, in the form that all three providers take.
fn secret() -> impl Strategy<Value = String> {
    prop::collection::vec("[A-Za-z0-9+/]{4}", 8).prop_map(|quads| format!("whsec_{}", quads.concat()))
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn a_genuine_body_passes_and_a_forged_one_never(
        body in prop::collection::vec(any::<u8>(), 1..512),
        index in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        a_forged_body_never_passes::<Luma>(&body, index, byte)?;
        a_forged_body_never_passes::<Lunacal>(&body, index, byte)?;
        a_forged_body_never_passes::<Allfly>(&body, index, byte)?;
    }

    #[test]
    fn a_secret_opens_its_own_deliveries_only(
        secrets in [secret(), secret()],
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        another_secret_never_opens::<Luma>(&secrets, &body)?;
        another_secret_never_opens::<Lunacal>(&secrets, &body)?;
        another_secret_never_opens::<Allfly>(&secrets, &body)?;
    }
}
