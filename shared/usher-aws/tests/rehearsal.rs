//! The rehearsal through the real SDK clients. The tests of the built functions show that nothing leaves the process.

use usher_aws::config::ProviderConfig;
use usher_aws::rehearsal::rehearse;
use usher_core::ledger::Transition;
use usher_core::outcome::Outcome;
use usher_core::provider::Provider;
use usher_core::providers::Allfly;
use usher_core::providers::{Luma, Lunacal};

async fn goes_all_the_way<P: Provider>(queue_url: &str) {
    let variable = |name: &str| {
        Some(match name {
            "AWS_REGION" => "eu-central-1".to_owned(),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "key".to_owned(),
            "TABLE_NAME" => "ledger".to_owned(),
            "QUEUE_URL" => queue_url.to_owned(),
            "WEBHOOK_SECRETS_ID" => "usher/secrets".to_owned(),
            _ => return None,
        })
    };
    let config = ProviderConfig::from_environment::<P>(&variable).unwrap_or_else(|error| panic!("{error}"));
    let Outcome::Accepted(accepted) = rehearse::<P>(&config).await else {
        panic!("{} is not accepted", P::NAME)
    };
    assert_eq!((accepted.unclaimed, accepted.unsent), (None, None), "{}", P::NAME);
    assert_eq!(accepted.settled, Some(Ok(Transition::Done)), "{}", P::NAME);
}

#[tokio::test]
async fn it_claims_sends_and_settles() {
    for queue_url in ["https://sqs.example/1/usher", "https://sqs.example/1/usher.fifo"] {
        goes_all_the_way::<Luma>(queue_url).await;
        goes_all_the_way::<Lunacal>(queue_url).await;
        goes_all_the_way::<Allfly>(queue_url).await;
    }
}
