//! The runbook of the secrets. A function reads them again at most once a minute, so these tests wait.

use std::thread::sleep;
use std::time::{Duration, Instant};

use events::{Provider, Secrets, forged_secret};

use stacks::stack::{FIFO, block_on};

use crate::usher::{usher, usher_reading};

/// The minute until a function reads its secrets again, and time for a busy machine.
const PATIENCE: Duration = Duration::from_secs(100);

#[test]
fn a_secret_is_rotated_without_losing_a_delivery() {
    const PROVIDER: Provider = Provider::Luma;
    let old = FIFO.stored_secrets(PROVIDER);
    let new = forged_secret();
    assert_eq!(FIFO.deliver(PROVIDER, &old).status, 200);

    usher_reading(&FIFO, &["rotate", "luma", "stage"], &new).well();
    let new = Secrets { signing: Some(new), url: None };
    assert_eq!(FIFO.deliver(PROVIDER, &old).status, 200, "the old one goes on");
    let watched = usher(&FIFO, &["rotate", "luma", "watch"]).well();
    assert!(watched.contains("the one before it is accepted, too"), "{watched}");
    until(|| FIFO.deliver(PROVIDER, &new).status == 200);
    assert_eq!(FIFO.deliver(PROVIDER, &old).status, 200);

    // The ledger shows that the old one was used a moment ago.
    let refused = usher(&FIFO, &["rotate", "luma", "retire", "--yes"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.out.contains("came with an older signing secret of luma"),
        "{}{}",
        refused.out,
        refused.error
    );
    usher(&FIFO, &["rotate", "luma", "retire", "--yes", "--anyway"]).well();
    assert_eq!(FIFO.deliver(PROVIDER, &new).status, 200);
    // A delivery that matches no secret makes the function read them again.
    until(|| {
        FIFO.deliver(PROVIDER, &forged());
        FIFO.deliver(PROVIDER, &old).status == 401
    });
    assert_eq!(FIFO.deliver(PROVIDER, &new).status, 200);
}

#[test]
fn a_secret_put_for_the_first_time_is_picked_up() {
    const PROVIDER: Provider = Provider::Allfly;
    let id = FIFO.is.secrets.of(PROVIDER);
    // As before the first value is stored: there is the secret, but no current version.
    block_on(async {
        let client = &FIFO.clients.secrets_manager;
        let current = client.get_secret_value().secret_id(id).send().await.unwrap().version_id.unwrap();
        let update = client.update_secret_version_stage().secret_id(id).version_stage("AWSCURRENT");
        update.remove_from_version_id(current).send().await.unwrap();
    });
    until(|| FIFO.deliver(PROVIDER, &forged()).status == 500);
    assert!(usher(&FIFO, &["rotate", "allfly"]).well().contains("No secret is stored yet"));

    let first = forged_secret();
    usher_reading(&FIFO, &["rotate", "allfly", "stage"], &first).well();
    usher(&FIFO, &["rotate", "allfly", "watch"]).well();
    let first = Secrets { signing: Some(first), url: None };
    until(|| FIFO.deliver(PROVIDER, &first).status == 200);
}

#[test]
fn an_outage_of_secrets_manager_is_served_from_what_is_cached() {
    const PROVIDER: Provider = Provider::Lunacal;
    let id = FIFO.is.secrets.of(PROVIDER);
    let secrets = FIFO.stored_secrets(PROVIDER);
    assert_eq!(FIFO.deliver(PROVIDER, &secrets).status, 200);
    // A secret that is to be deleted can't be read, and can be restored.
    block_on(async {
        let client = &FIFO.clients.secrets_manager;
        client.delete_secret().secret_id(id).recovery_window_in_days(7).send().await.unwrap();
    });
    // Longer than a function goes without reading, even if deliveries make it read.
    let began = Instant::now();
    let mut answers = Vec::new();
    while began.elapsed() < Duration::from_secs(70) {
        answers.push((FIFO.deliver(PROVIDER, &forged()).status, FIFO.deliver(PROVIDER, &secrets).status));
        sleep(Duration::from_secs(5));
    }
    block_on(async {
        let client = &FIFO.clients.secrets_manager;
        client.restore_secret().secret_id(id).send().await.unwrap();
    });
    assert!(answers.iter().all(|answer| *answer == (401, 200)), "{answers:?}");
}

fn forged() -> Secrets {
    Secrets { signing: Some(forged_secret()), url: Some(forged_secret()) }
}

#[track_caller]
fn until(mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "it does not happen");
        sleep(Duration::from_secs(2));
    }
}
