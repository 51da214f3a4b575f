//! A secret is changed without losing a delivery.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use events::{Provider, Request, Secrets, forged_secret};

use stacks::delivery::Delivery;
use stacks::secrets::Document;
use stacks::stack::{FIFO, STANDARD, block_on};

/// AllFly sends two signatures for a day after a rotation, and Luma may.
#[test]
fn a_delivery_signed_with_a_secret_to_come_and_a_known_one_is_accepted() {
    let to_come = Secrets { signing: Some(forged_secret()), url: None };
    for (provider, header, separator) in
        [(Provider::Luma, "Webhook-Signature", ','), (Provider::Allfly, "svix-signature", ' ')]
    {
        let delivery = Delivery::any(provider);
        let known = STANDARD.sign(&delivery);
        let mut request = delivery.signed(&to_come);
        let second = value(&known, header).rsplit(separator).next().expect("rsplit gives one").to_owned();
        for (_, value) in request.headers.iter_mut().filter(|(name, _)| name == header) {
            value.push(separator);
            value.push_str(&second);
        }
        // Counted by item: base64 may itself hold the letters "v1".
        let signatures = value(&request, header).split(separator).filter(|item| item.starts_with("v1"));
        assert_eq!(signatures.count(), 2);
        STANDARD.send(provider, &request).assert_received();
        STANDARD.assert_queued_once([&delivery]);
    }
}

/// A function reads its secrets again if a signature matches none, at most once a minute.
#[test]
fn a_secret_just_put_is_accepted_within_about_a_minute_and_without_a_redeployment() {
    const PROVIDER: Provider = Provider::Allfly;
    let fresh = format!("whsec_{}", BASE64.encode(events::random::<24>()));
    let known = FIFO.secrets.of(PROVIDER);
    let mut signing = vec![fresh.clone()];
    signing.extend(known.signing.iter().take(2).cloned());
    let document = Document { signing, url: Vec::new() };
    block_on(document.put(&FIFO.clients.secrets_manager, FIFO.is.secrets.of(PROVIDER)));

    let secrets = Secrets { signing: Some(fresh), url: None };
    let delivery = Delivery::any(PROVIDER);
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        let answer = FIFO.send(PROVIDER, &delivery.signed(&secrets));
        if answer.status == 200 {
            break;
        }
        answer.assert_refused("wrong signature");
        assert!(Instant::now() < deadline, "the new secret is not read");
        std::thread::sleep(Duration::from_secs(1));
    }
    FIFO.assert_queued_once([&delivery]);
}

fn value<'r>(request: &'r Request, header: &str) -> &'r str {
    let found = request.headers.iter().find(|(name, _)| name == header);
    &found.expect("the header is there").1
}
