//! Usher's clients of the fake AWS.

use fakes::aws::Aws;
use usher_aws::Clients;
use usher_aws::config;

pub fn of(aws: &Aws) -> Clients {
    Clients::new(&config::Aws {
        region: "eu-central-1".to_owned(),
        access_key_id: "id".to_owned(),
        secret_access_key: "secret".to_owned(),
        session_token: None,
        dynamodb_endpoint: Some(aws.dynamodb.url()),
        sqs_endpoint: Some(aws.sqs.url()),
        secrets_manager_endpoint: Some(aws.secrets.url()),
        ca_bundle: None,
    })
}
