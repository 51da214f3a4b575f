//! The times at which the secret document is fetched, and the secrets that are valid while it can't be. The tests move
//! the clock.

mod secrets_manager;

use std::time::Duration;

use secrets_manager::{Says, SecretsManager};
use tokio::time::{Instant, advance};
use usher_aws::config::SecretSource;
use usher_aws::secrets::Secrets;
use usher_core::policy::Policy;
use usher_core::provider::Provider as _;
use usher_core::providers::Luma;
use usher_core::secret::{KeyringError, SecretStore as _, SecretsError, listed};

fn secrets(source: &SecretSource, manager: &SecretsManager) -> Secrets<Luma> {
    Secrets::new(source, manager.client(), Policy::with_tolerance(Luma::TOLERANCE))
}

fn from(manager: &SecretsManager) -> Secrets<Luma> {
    secrets(&SecretSource::SecretsManager("usher/luma".to_owned()), manager)
}

/// Returns the signing secrets that are valid now.
async fn current(secrets: &Secrets<Luma>) -> Result<Vec<String>, SecretsError> {
    let keyring = secrets.current().await?;
    Ok(listed(&keyring.signing).map(|listed| listed.secret.expose().to_owned()).collect())
}

#[tokio::test(start_paused = true)]
async fn a_document_is_read_once_in_five_minutes() {
    let manager = SecretsManager::that(Says::Document("first"));
    let secrets = from(&manager);
    for _ in 0..290 {
        assert_eq!(current(&secrets).await, Ok(vec!["first".to_owned()]));
        advance(Duration::from_secs(1)).await;
    }
    assert_eq!(manager.reads(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_five_minutes_a_retired_secret_stops_working() {
    let manager = SecretsManager::that(Says::Document(r#"{"signing": ["new", "old"]}"#));
    let secrets = from(&manager);
    assert_eq!(current(&secrets).await, Ok(vec!["new".to_owned(), "old".to_owned()]));
    manager.says(Says::Document("new"));
    advance(Duration::from_mins(5)).await;
    assert_eq!(current(&secrets).await, Ok(vec!["new".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn an_outage_serves_what_is_cached_and_asks_once_a_minute() {
    let manager = SecretsManager::that(Says::Document("cached"));
    let secrets = from(&manager);
    assert!(current(&secrets).await.is_ok());
    for outage in [Says::InternalError, Says::Nothing, Says::AccessDenied] {
        manager.says(outage);
        let reads = manager.reads();
        advance(Duration::from_mins(5)).await;
        for _ in 0..600 {
            assert_eq!(current(&secrets).await, Ok(vec!["cached".to_owned()]), "{outage:?}");
            advance(Duration::from_millis(100)).await;
        }
        assert!(manager.reads() - reads <= 2, "{outage:?}: {}", manager.reads() - reads);
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_forged_deliveries_costs_one_read_a_minute() {
    let manager = SecretsManager::that(Says::Document("secret"));
    let secrets = from(&manager);
    assert!(current(&secrets).await.is_ok());
    for _ in 0..6000 {
        assert!(current(&secrets).await.is_ok());
        secrets.reread().await;
        advance(Duration::from_millis(100)).await;
    }
    assert!((9..=10).contains(&(manager.reads() - 1)), "in ten minutes: {}", manager.reads());
}

#[tokio::test(start_paused = true)]
async fn a_secret_just_rotated_is_found_by_the_first_delivery_that_needs_it() {
    let manager = SecretsManager::that(Says::Document("old"));
    let secrets = from(&manager);
    assert!(current(&secrets).await.is_ok());
    manager.says(Says::Document("new"));

    advance(Duration::from_secs(59)).await;
    assert_eq!(secrets.reread().await, None, "not sooner than a minute");
    advance(Duration::from_secs(1)).await;
    let fresh = secrets.reread().await.expect("it may be read again");
    assert_eq!(fresh.signing.len(), 1);
    assert_eq!(fresh.signing[0].secrets[0].expose(), "new");
    assert_eq!(current(&secrets).await, Ok(vec!["new".to_owned()]), "and it stays");
    assert_eq!(manager.reads(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_reread_that_fails_leaves_the_cached_ones_valid() {
    let manager = SecretsManager::that(Says::Document("cached"));
    let secrets = from(&manager);
    assert!(current(&secrets).await.is_ok());
    manager.says(Says::InternalError);
    advance(Duration::from_mins(1)).await;
    secrets.reread().await;
    assert_eq!(current(&secrets).await, Ok(vec!["cached".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_read_ahead_is_tried_again_by_the_first_delivery() {
    for outage in [Says::InternalError, Says::Nothing] {
        let manager = SecretsManager::that(outage);
        let secrets = from(&manager);
        secrets.fetch_ahead().await;
        manager.says(Says::Document("there after all"));
        assert_eq!(current(&secrets).await, Ok(vec!["there after all".to_owned()]), "{outage:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_read_ahead_is_not_read_again_by_the_first_delivery() {
    for found in [Says::Document("secret"), Says::NoValue] {
        let manager = SecretsManager::that(found);
        let secrets = from(&manager);
        secrets.fetch_ahead().await;
        let _found = current(&secrets).await;
        assert_eq!(manager.reads(), 1, "{found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_that_was_missing_is_picked_up_within_a_minute_of_being_put() {
    let manager = SecretsManager::that(Says::NoValue);
    let secrets = from(&manager);
    assert_eq!(current(&secrets).await, Err(SecretsError::Invalid(KeyringError::Empty)));
    manager.says(Says::Document("put"));
    advance(Duration::from_secs(59)).await;
    assert_eq!(current(&secrets).await, Err(SecretsError::Invalid(KeyringError::Empty)));
    assert_eq!(manager.reads(), 1, "read again at most once a minute");
    advance(Duration::from_secs(1)).await;
    assert_eq!(current(&secrets).await, Ok(vec!["put".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_malformed_document_is_an_error_until_it_is_fixed() {
    let manager = SecretsManager::that(Says::Document(r#"{"signing": }"#));
    let secrets = from(&manager);
    for _ in 0..120 {
        assert_eq!(current(&secrets).await, Err(SecretsError::Invalid(KeyringError::Malformed)));
        advance(Duration::from_secs(1)).await;
    }
    assert_eq!(manager.reads(), 2, "once a minute");
    manager.says(Says::Document("fixed"));
    advance(Duration::from_mins(1)).await;
    assert_eq!(current(&secrets).await, Ok(vec!["fixed".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn out_of_reach_with_nothing_cached_it_is_tried_again_every_five_seconds() {
    for (outage, cause) in [
        (Says::InternalError, "InternalServiceError"),
        (Says::AccessDenied, "AccessDeniedException"),
        (Says::Nothing, "OutOfTime"),
    ] {
        let manager = SecretsManager::that(outage);
        let secrets = from(&manager);
        let began = Instant::now();
        for _ in 0..40 {
            assert_eq!(current(&secrets).await, Err(SecretsError::Unreachable(cause.to_owned())));
            advance(Duration::from_millis(250)).await;
        }
        let most = began.elapsed().as_secs() / 5 + 1;
        assert!((2..=most).contains(&(manager.reads() as u64)), "{outage:?}: {}", manager.reads());
        manager.says(Says::Document("back"));
        advance(Duration::from_secs(5)).await;
        assert_eq!(current(&secrets).await, Ok(vec!["back".to_owned()]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_never_answers_is_given_up_within_a_second() {
    let manager = SecretsManager::that(Says::Nothing);
    let began = Instant::now();
    assert!(current(&from(&manager)).await.is_err());
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_document_of_the_environment_needs_no_secrets_manager() {
    let manager = SecretsManager::that(Says::InternalError);
    let secrets = secrets(&SecretSource::Document("mine".to_owned()), &manager);
    for _ in 0..10 {
        assert_eq!(current(&secrets).await, Ok(vec!["mine".to_owned()]));
        assert_eq!(secrets.reread().await, None);
        advance(Duration::from_mins(6)).await;
    }
    assert_eq!(manager.reads(), 0);
}
