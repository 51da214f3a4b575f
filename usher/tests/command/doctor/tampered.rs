//! The changes to a signature, over many signatures: each changes what it is to change, and none panics.

#[path = "../../../src/doctor/tamper.rs"]
#[expect(dead_code, reason = "the other changes are tested through the probes")]
mod tamper;

use events::{Provider, Request, Secrets, forged_secret};
use tamper::{first_half, value, with_digit_changed, with_mac};

fn signed(provider: Provider, secrets: &Secrets, number: u32) -> Request {
    Request::delivery(
        provider,
        secrets,
        &format!("msg_{number}"),
        1_767_225_600,
        number.to_string().into_bytes(),
    )
    .unwrap()
}

/// Base64 may hold the letters that name the version of the scheme: `v1`.
#[test]
fn of_every_signature_one_digit_is_changed_and_nothing_else() {
    let secrets = Secrets { signing: Some(forged_secret()), url: None };
    for provider in Provider::ALL {
        let (header, mut with_version_inside) = (provider.signature_header(), 0);
        for number in 0..4_000 {
            let request = signed(provider, &secrets, number);
            let before = value(&request, header);
            let after = value(&with_mac(request, provider, with_digit_changed), header);
            assert_eq!(before.len(), after.len(), "{before}");
            let changed = before.chars().zip(after.chars()).filter(|(before, after)| before != after);
            assert_eq!(changed.count(), 1, "{before} became {after}");
            with_version_inside += u32::from(before.matches("v1").count() > 1);
        }
        assert!(provider != Provider::Allfly || with_version_inside > 0, "the case is among them");
    }
}

#[test]
fn whatever_the_header_holds_no_change_panics() {
    for header in ["", "v1", "v1,", "v1=", "t=1,v1", "t=1,v1=", "=", "====", "v1,=", "v1,é", "é", "v1é", "7"]
    {
        for provider in Provider::ALL {
            let request = || Request {
                method: "POST".to_owned(),
                path: "/".to_owned(),
                query: Vec::new(),
                headers: vec![(provider.signature_header().to_owned(), header.to_owned())],
                body: Vec::new(),
            };
            with_mac(request(), provider, with_digit_changed);
            with_mac(request(), provider, first_half);
        }
    }
}
