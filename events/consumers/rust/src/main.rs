//! Takes one event off the queue, handles it, and only then deletes it.
//!
//! The environment says which queue (`QUEUE_URL`), which file remembers the events handled so far (`HANDLED`), and, as
//! for every AWS tool, who and where (`AWS_ACCESS_KEY_ID`, `AWS_REGION`, …).

#![allow(clippy::print_stdout, reason = "it is a program for the command line")]

mod handled;

use std::env;
use std::error::Error;

use aws_credential_types::Credentials;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Region};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use handled::Handled;
use usher_core::event::words::RegistrationStatus;
use usher_core::event::{DATA_SCHEMA, Event};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let queue_url = env::var("QUEUE_URL")?;
    let handled = Handled::in_file(env::var("HANDLED")?);
    let client = client()?;

    let answer = client.receive_message().queue_url(&queue_url).wait_time_seconds(5).send().await?;
    let Some(message) = answer.messages().first() else {
        println!("the queue is empty");
        return Ok(());
    };
    let event: Event = serde_json::from_str(message.body().unwrap_or_default())?;
    if event.dataschema != DATA_SCHEMA {
        // Undeleted, it comes again, and ends up in the dead-letter queue if nobody learns to read it.
        return Err(format!("an event of another version: {}", event.dataschema).into());
    }
    if handled.contains(&event)? {
        println!("a second copy of {}: dropped", event.id);
    } else {
        handle(&event);
        handled.add(&event)?;
    }
    client
        .delete_message()
        .queue_url(&queue_url)
        .set_receipt_handle(message.receipt_handle.clone())
        .send()
        .await?;
    Ok(())
}

fn handle(event: &Event) {
    match &*event.event_type {
        "usher.registration.created" => println!("{}", registration(event)),
        // Genuine, but of a type or form that Usher doesn't know: its bytes are in `raw` or `raw_base64`.
        "usher.unrecognized" => {
            println!("unrecognized, from {}: kept for somebody to look at", event.provider);
        }
        other => println!("{other}: of no interest here"),
    }
}

fn registration(event: &Event) -> String {
    let data = &event.data;
    let who = data.person.as_ref().and_then(|person| person.name.as_deref()).unwrap_or("somebody");
    let what = data.event.as_ref().and_then(|event| event.title.as_deref()).unwrap_or("something");
    let how = match data.registration.as_ref().and_then(|registration| registration.status.as_ref()) {
        Some(RegistrationStatus::PendingApproval) => " and waits for approval".to_owned(),
        // A word that Usher doesn't know, as the provider spelt it.
        Some(RegistrationStatus::Other(word)) => format!(" ({word})"),
        _ => String::new(),
    };
    format!("{who} registered for {what}{how}")
}

/// With the crate aws-config it is `Client::new(&aws_config::load_from_env().await)`.
fn client() -> Result<Client, env::VarError> {
    let credentials = Credentials::new(
        env::var("AWS_ACCESS_KEY_ID")?,
        env::var("AWS_SECRET_ACCESS_KEY")?,
        env::var("AWS_SESSION_TOKEN").ok(),
        None,
        "environment",
    );
    let mut config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(env::var("AWS_REGION")?))
        .credentials_provider(credentials)
        .http_client(Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https());
    config.set_endpoint_url(env::var("AWS_ENDPOINT_URL").ok());
    Ok(Client::from_conf(config.build()))
}
