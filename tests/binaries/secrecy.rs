//! Nothing secret or personal is logged, whatever the outcome.

use events::Request;
use serde_json::Value;

use crate::delivery::{LUNACAL_TOKEN, Provider, base64_event, delivery, event, forged, sample};
use crate::world::{AWS, World};
use fakes::behaviour::Behaviour;

/// Collects every text of a body that could be about a person: texts with a space or an @, and each name in them.
fn personal(value: &Value, found: &mut Vec<String>) {
    let name = |word: &&str| word.len() > 3 && word.starts_with(char::is_uppercase);
    match value {
        Value::String(text) if text.contains([' ', '@']) => {
            found.push(text.clone());
            found.extend(text.split(|letter: char| !letter.is_alphabetic()).filter(name).map(str::to_owned));
        }
        Value::Array(values) => values.iter().for_each(|value| personal(value, found)),
        Value::Object(members) => members.values().for_each(|value| personal(value, found)),
        _ => {}
    }
}

fn forbidden(provider: Provider) -> Vec<String> {
    let secrets = [provider.signing_secret(), LUNACAL_TOKEN, AWS[2].1, AWS[3].1, "203.0.113.7"];
    let mut forbidden = secrets.map(str::to_owned).to_vec();
    let body = serde_json::from_slice(&sample(provider.sample())).expect("samples are JSON");
    personal(&body, &mut forbidden);
    forbidden
}

fn signatures(request: &Request) -> impl Iterator<Item = String> {
    let headers = request.headers.iter();
    headers.filter(|(name, _)| name.to_lowercase().contains("signature")).map(|(_, value)| value.clone())
}

fn holds_none_of(output: &str, texts: &[String]) {
    for line in output.lines() {
        for text in texts {
            assert!(!line.contains(text), "{text:?} is logged: {line}");
        }
    }
}

#[tokio::test]
async fn no_outcome_s_log_line_holds_anything_secret_or_personal() {
    for provider in Provider::ALL {
        let world = World::new().await;
        let mut function = world.start(provider).await;
        let mut seen = forbidden(provider);
        assert!(seen.len() > 8, "the sample is about a person: {seen:?}");

        for down in [Behaviour::Answer, Behaviour::AccessDenied, Behaviour::Malformed, Behaviour::Reset] {
            world.dynamodb.behave(down);
            for down in [Behaviour::Answer, Behaviour::AccessDenied, Behaviour::Malformed] {
                world.sqs.behave(down);
                let request = delivery(provider);
                seen.extend(signatures(&request));
                function.deliver(&request).await;
                function.deliver(&request).await;
            }
        }
        let mut broken = base64_event(&delivery(provider));
        broken["body"] = "not base64".into();
        function.deliver_event(&broken).await;
        function.deliver(&forged(provider)).await;
        function.deliver_event(&Value::Null).await;
        let mut large = event(&delivery(provider));
        large["body"] = "too large ".repeat(30_000).into();
        function.deliver_event(&large).await;

        let lines = 2 * 4 * 3 + 4;
        for _ in 0..lines {
            function.log_line().await;
        }
        let output = function.output();
        assert_eq!(output.lines().count(), lines, "nothing but these: {output}");
        holds_none_of(&output, &seen);
    }
}

#[tokio::test]
async fn a_malformed_secret_document_is_not_quoted() {
    let world = World::new().await;
    let documents = [
        r#"{"signing": "hunter2-secret", }"#,
        r#"["hunter2-secret"]"#,
        r#"{"hunter2-secret": 1}"#,
        r#""hunter2-secret"#,
    ];
    for document in documents {
        let mut function = world.start_with_document(Provider::Luma, document).await;
        let answer = function.deliver(&delivery(Provider::Luma)).await;
        assert_eq!(answer.status, 500);
        assert!(!answer.body.to_string().contains("hunter2"));
        function.log_line().await;
        assert!(!function.output().contains("hunter2"), "{}", function.output());
    }
}

#[tokio::test]
async fn the_relay_logs_nothing_personal_either() {
    let world = World::new().await;
    world.sqs.behave(Behaviour::InternalError);
    let mut function = world.start(Provider::Luma).await;
    function.deliver(&delivery(Provider::Luma)).await;
    let mut relay = world.start_relay().await;
    for behaviour in [Behaviour::AccessDenied, Behaviour::Malformed, Behaviour::Answer] {
        world.sqs.behave(behaviour);
        world.dynamodb.service().make_due();
        relay.invoke("{}".to_owned()).await;
        relay.log_line().await;
    }
    let output = relay.output();
    holds_none_of(&output, &forbidden(Provider::Luma));
}
