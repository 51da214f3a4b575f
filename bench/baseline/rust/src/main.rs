//! An ordinary idempotent receiver of Luma's webhooks, as one would write it with lambda_http and the AWS SDK: verify,
//! note the delivery in DynamoDB unless it is there, send it to SQS.
//!
//! It does less than Usher: it has no outbox, no settle, and loses an event whose send fails after it was noted.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::types::AttributeValue;
use hmac::{Hmac, KeyInit, Mac};
use lambda_http::{Body, Error, Request, Response, run, service_fn, tracing};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::OnceCell;

const TOLERANCE_SECONDS: u64 = 300;
const RETENTION_SECONDS: u64 = 35 * 24 * 60 * 60;

struct App {
    dynamodb: aws_sdk_dynamodb::Client,
    sqs: aws_sdk_sqs::Client,
    secrets_manager: aws_sdk_secretsmanager::Client,
    /// Read when it is first needed, as Secrets Manager's own caches do.
    secret: OnceCell<String>,
    table: String,
    queue_url: String,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = App::new(&aws_config::load_from_env().await)?;
    // The better-informed ordinary receiver, measured beside the plain one.
    if env::var_os("WARM_UP").is_some() {
        app.warm_up().await;
    }
    run(service_fn(|request| app.handle(request))).await
}

impl App {
    fn new(config: &SdkConfig) -> Result<Self, Error> {
        Ok(Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
            secrets_manager: aws_sdk_secretsmanager::Client::new(config),
            secret: OnceCell::new(),
            table: env::var("TABLE_NAME")?,
            queue_url: env::var("QUEUE_URL")?,
        })
    }

    /// Reads the secret and opens both connections before the first event.
    async fn warm_up(&self) {
        let item = self.dynamodb.get_item().table_name(&self.table).key("pk", text("warm-up"));
        let queue = self.sqs.get_queue_attributes().queue_url(&self.queue_url);
        let (_secret, _item, _queue) = tokio::join!(self.secret(), item.send(), queue.send());
    }

    async fn handle(&self, request: Request) -> Result<Response<Body>, Error> {
        let body = request.body().as_ref();
        if !self.is_genuine(&request, body).await? {
            return answer(401, "signature is wrong");
        }
        let id = header(&request, "webhook-id");
        if !self.note(id).await? {
            return answer(200, "duplicate");
        }
        let event: Value = serde_json::from_slice(body)?;
        self.send(id, &event).await?;
        tracing::info!(id, bytes = body.len(), "accepted");
        answer(200, "accepted")
    }

    async fn is_genuine(&self, request: &Request, body: &[u8]) -> Result<bool, Error> {
        let Some((time, signature)) = signature(header(request, "webhook-signature")) else {
            return Ok(false);
        };
        if time.parse::<u64>()?.abs_diff(now()?) > TOLERANCE_SECONDS {
            return Ok(false);
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret().await?.as_bytes())?;
        mac.update(time.as_bytes());
        mac.update(b".");
        mac.update(body);
        Ok(mac.verify_slice(&hex::decode(signature)?).is_ok())
    }

    async fn secret(&self) -> Result<&str, Error> {
        let secret = self.secret.get_or_try_init(async || {
            let id = env::var("WEBHOOK_SECRETS_ID")?;
            let answer = self.secrets_manager.get_secret_value().secret_id(id).send().await?;
            let document: Value = serde_json::from_str(answer.secret_string().unwrap_or_default())?;
            Ok::<_, Error>(document["signing"][0].as_str().ok_or("no secret")?.to_owned())
        });
        secret.await.map(String::as_str)
    }

    /// Returns `true` if the delivery is new.
    async fn note(&self, id: &str) -> Result<bool, Error> {
        let expires = now()? + RETENTION_SECONDS;
        let noted = self
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .item("pk", text(id))
            .item("expires_at", AttributeValue::N(expires.to_string()))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", "pk")
            .send()
            .await;
        match noted {
            Ok(_) => Ok(true),
            Err(error) => match error.into_service_error() {
                error if error.is_conditional_check_failed_exception() => Ok(false),
                error => Err(error.into()),
            },
        }
    }

    async fn send(&self, id: &str, event: &Value) -> Result<(), Error> {
        let message = json!({ "id": id, "provider": "luma", "type": event["type"], "data": event });
        self.sqs.send_message().queue_url(&self.queue_url).message_body(message.to_string()).send().await?;
        Ok(())
    }
}

/// Time and signature of `t=…,v1=…`.
fn signature(header: &str) -> Option<(&str, &str)> {
    let (time, signature) = header.split_once(',')?;
    Some((time.strip_prefix("t=")?, signature.strip_prefix("v1=")?))
}

fn header<'r>(request: &'r Request, name: &str) -> &'r str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn answer(status: u16, message: &str) -> Result<Response<Body>, Error> {
    let body = json!({ "message": message }).to_string();
    Ok(Response::builder().status(status).header("content-type", "application/json").body(body.into())?)
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn now() -> Result<u64, Error> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}
