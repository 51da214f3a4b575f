//! The functions as they are deployed, run by AWS's Runtime Interface Emulator: AWS's own reading of the Runtime API, of
//! INIT and of a function that ends too early.

use std::time::Duration;

use futures_util::future::join_all;

use crate::delivery::{Provider, delivery, forged};
use crate::interface_emulator::EmulatedFunction;
use crate::relay::schedule;
use crate::world::{World, secret_id};
use fakes::behaviour::Behaviour;
use fakes::dynamodb::is_pending;

/// The time within which an answer is promised, INIT included. Luma waits 5 s.
const BUDGET: Duration = Duration::from_secs(4);

async fn start(world: &World, provider: Provider) -> EmulatedFunction {
    let secrets = [("WEBHOOK_SECRETS_ID", secret_id(provider))];
    EmulatedFunction::of(provider, &world.variables(&secrets)).await
}

#[tokio::test]
async fn a_delivery_is_let_in_once_and_a_forged_one_not_at_all() {
    for provider in Provider::ALL {
        let world = World::new().await;
        let function = start(&world, provider).await;
        let request = delivery(provider);

        let accepted = function.deliver(&request).await;
        assert_eq!(accepted.emulator_status, 200);
        assert_eq!(accepted.status(), Some(200), "{}", accepted.result);
        assert_eq!(accepted.result["headers"]["content-type"], "application/json");
        assert_eq!(accepted.result["body"], r#"{"ok":true,"status":200,"message":"Webhook received"}"#);
        assert_eq!(function.deliver(&request).await.status(), Some(200));
        assert_eq!(function.deliver(&forged(provider)).await.status(), Some(401));

        let lines = function.log_lines(3).await;
        let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].as_str()).collect();
        assert_eq!(outcomes, ["accepted", "duplicate", "refused"].map(Some));
        assert_eq!(world.sqs.service().message().event()["provider"], provider.name(), "one message");
    }
}

#[tokio::test]
async fn a_cold_start_is_told_and_has_done_its_work_before_the_first_event() {
    for provider in Provider::ALL {
        let world = World::new().await;
        let function = start(&world, provider).await;
        assert!(world.secrets.calls().is_empty(), "the emulator starts the function at the first event");
        for _ in 0..2 {
            assert_eq!(function.deliver(&delivery(provider)).await.status(), Some(200));
        }

        let [cold, warm] = &function.log_lines(2).await[..] else { panic!("two lines") };
        assert_eq!(cold["cold_start"], true);
        assert!(cold["init_ms"].as_f64() > Some(0.0), "{cold}");
        assert_eq!(cold.get("secrets_ms"), None, "INIT has read them");
        assert_eq!((warm.get("cold_start"), warm.get("init_ms")), (None, None));
        assert_eq!(world.secrets.calls(), ["GetSecretValue"]);
    }
}

#[tokio::test]
async fn the_relay_sends_what_a_receiver_could_not() {
    let world = World::new().await;
    // No client retries this failure, so the delivery is answered at once.
    world.sqs.behave(Behaviour::AccessDenied);
    let receiver = start(&world, Provider::Luma).await;
    assert_eq!(receiver.deliver(&delivery(Provider::Luma)).await.status(), Some(200));
    assert!(is_pending(&world.dynamodb.service().item()));
    world.sqs.behave(Behaviour::Answer);
    world.dynamodb.service().make_due();

    let relay = EmulatedFunction::of_relay(&world.variables(&[])).await;
    assert_eq!(relay.invoke(schedule()).await.emulator_status, 200);

    assert_eq!(relay.log_lines(1).await[0]["Sent"], 1);
    assert_eq!(world.sqs.service().message().event()["provider"], "luma");
    assert!(!is_pending(&world.dynamodb.service().item()));
}

#[tokio::test]
async fn a_wrong_configuration_is_said_and_ends_the_function() {
    let world = World::new().await;
    let variables = world.variables(&[("QUEUE_URL", " "), ("WEBHOOK_SECRETS", "whsec_never-to-be-printed")]);
    let receivers = Provider::ALL.map(|provider| EmulatedFunction::of(provider, &variables));
    let mut functions = join_all(receivers).await;
    let of_relay: Vec<_> = variables.iter().filter(|(name, _)| *name != "WEBHOOK_SECRETS").cloned().collect();
    functions.push(EmulatedFunction::of_relay(&of_relay).await);
    for function in functions {
        let invoked = function.invoke(schedule()).await;

        assert_eq!(invoked.emulator_status, 502);
        assert_eq!(invoked.status(), None, "nothing ran that could answer");
        function.output_with("QUEUE_URL is empty").await;
        let output = function.output_with("Runtime exited with error: exit status 1").await;
        assert!(!output.contains("never-to-be-printed"), "{output}");
    }
    assert!(world.dynamodb.calls().is_empty() && world.sqs.calls().is_empty());
}

/// INIT waits for endpoints that never answer, and the first delivery waits for INIT.
#[tokio::test]
async fn an_init_against_silent_endpoints_leaves_time_for_the_right_answer() {
    /// A service that is silent, and the right answer then.
    #[derive(Debug, Clone, Copy)]
    enum Silent {
        DynamoDb,
        Sqs,
        SecretsManager,
        All,
    }
    let cases =
        [(Silent::DynamoDb, 200), (Silent::Sqs, 200), (Silent::SecretsManager, 503), (Silent::All, 503)];
    let every = Provider::ALL.into_iter().flat_map(|provider| cases.map(|case| (provider, case)));
    join_all(every.map(|(provider, (silent, right))| async move {
        let world = World::new().await;
        if matches!(silent, Silent::DynamoDb | Silent::All) {
            world.dynamodb.behave(Behaviour::NeverAnswer);
        }
        if matches!(silent, Silent::Sqs | Silent::All) {
            world.sqs.behave(Behaviour::NeverAnswer);
        }
        if matches!(silent, Silent::SecretsManager | Silent::All) {
            world.secrets.behave(Behaviour::NeverAnswer);
        }
        let function = start(&world, provider).await;

        let answer = function.deliver(&delivery(provider)).await;

        assert_eq!(answer.status(), Some(right), "{provider:?}, {silent:?}: {}", answer.result);
        assert!(answer.took < BUDGET, "{provider:?}, {silent:?}: {:?}", answer.took);
    }))
    .await;
}
