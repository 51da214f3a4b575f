//! An AWS account with one stack: the part of CloudFormation, Secrets Manager, CloudWatch Logs and Lambda that the command
//! uses. The function accepts what a secret of the current document has signed.

use events::Provider;
use serde_json::{Value, json};

use crate::http::{Reply, Request};
use crate::world::State;

pub fn answer(state: &mut State, request: &Request) -> Reply {
    if state.is_dead {
        return none();
    }
    let input: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let reply = match request.header("x-amz-target").map(|target| target.rsplit('.').next().unwrap()) {
        Some("FilterLogEvents") => filter(state),
        Some(operation) => secrets_manager(state, operation, &input),
        None if request.path.starts_with("/_aws/lambda-url/") => function(state, request),
        None => describe_stacks(),
    };
    if state.is_dead { none() } else { reply }
}

fn function(state: &mut State, request: &Request) -> Reply {
    let provider = Provider::ALL.into_iter().find(|provider| request.path.contains(provider.name())).unwrap();
    let header = |name: &str| request.header(name).unwrap_or_default().to_owned();
    let prefix = if provider == Provider::Luma { "webhook" } else { "svix" };
    let signature = provider.signature_header();
    let (id, time) = (header(&format!("{prefix}-id")), header(&format!("{prefix}-timestamp")));
    // Cal.com signs neither an id nor a time.
    let time = time.parse().unwrap_or_default();
    let is_genuine = state.secrets().iter().any(|secret| {
        let signed = events::sign(provider, secret, &id, time, &request.body).unwrap();
        signed.iter().any(|(name, value)| name.eq_ignore_ascii_case(signature) && *value == header(signature))
    });
    if state.stale > 0 || !is_genuine {
        state.stale = state.stale.saturating_sub(1);
        return Reply::json(401, r#"{"ok":false,"status":401,"message":"wrong signature"}"#);
    }
    state.delivered += 1;
    Reply::json(200, r#"{"ok":true,"status":200,"message":"Webhook received"}"#)
}

fn filter(state: &State) -> Reply {
    let event = |(number, line): (usize, &String)| json!({ "message": line, "timestamp": number });
    let events: Vec<Value> = state.log.iter().enumerate().map(event).collect();
    Reply::json(200, json!({ "events": events, "searchedLogStreams": [] }).to_string())
}

fn secrets_manager(state: &mut State, operation: &str, input: &Value) -> Reply {
    match operation {
        "GetSecretValue" => {
            let Some(number) = holder(state, "AWSCURRENT") else { return error("ResourceNotFoundException") };
            let document = &state.versions[number].0;
            let stored = state.stored;
            let read =
                json!({ "SecretString": document, "VersionId": number.to_string(), "CreatedDate": stored });
            Reply::json(200, read.to_string())
        }
        "PutSecretValue" => {
            if !state.change("put") {
                return none();
            }
            let label = input["VersionStages"][0].as_str().unwrap().to_owned();
            unlabel(state, &label);
            state.versions.push((input["SecretString"].as_str().unwrap().to_owned(), vec![label]));
            Reply::json(200, json!({ "VersionId": (state.versions.len() - 1).to_string() }).to_string())
        }
        "UpdateSecretVersionStage" => {
            let label = input["VersionStage"].as_str().unwrap().to_owned();
            if label == "AWSCURRENT" && !state.change("make current") {
                return none();
            }
            let number = |name: &str| input[name].as_str().map(|id| id.parse::<usize>().unwrap());
            if number("RemoveFromVersionId") != holder(state, &label) {
                return error("InvalidParameterException");
            }
            unlabel(state, &label);
            if let Some(to) = number("MoveToVersionId") {
                state.versions[to].1.push(label);
            }
            Reply::json(200, "{}")
        }
        other => panic!("{other} is not expected"),
    }
}

fn holder(state: &State, label: &str) -> Option<usize> {
    state.versions.iter().position(|(_, labels)| labels.iter().any(|own| own == label))
}

fn unlabel(state: &mut State, label: &str) {
    state.versions.iter_mut().for_each(|(_, labels)| labels.retain(|own| own != label));
}

fn describe_stacks() -> Reply {
    let of = |(name, id): (&str, &str)| {
        [
            (format!("{name}Url"), format!("https://{id}0url.lambda-url.us-east-1.on.aws/")),
            (format!("{name}SecretId"), id.to_owned()),
        ]
    };
    let providers = [("Luma", "luma"), ("Lunacal", "lunacal"), ("Allfly", "allfly"), ("Calcom", "calcom")];
    let outputs: Vec<(String, String)> = providers.into_iter().flat_map(of).collect();
    let outputs: Vec<_> = outputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Reply::stack(&[], &outputs)
}

fn error(code: &str) -> Reply {
    Reply::json(400, json!({ "__type": code, "message": "as the test wants it" }).to_string())
}

/// Returns no answer: the connection is closed.
pub fn none() -> Reply {
    Reply::json(Reply::NONE, "")
}
