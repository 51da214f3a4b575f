//! What is known of a message that SQS did not confirm, from all tries of its request.

mod clients;

use std::collections::VecDeque;
use std::sync::Mutex;

use aws_sdk_sqs::config::http::{HttpRequest, HttpResponse};
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use fakes::aws::{Aws, QUEUE_URL};
use fakes::behaviour::Behaviour;
use usher_aws::sqs::SqsQueue;
use usher_core::queue::SendFailure::{Refused, Rejected, Unconfirmed};
use usher_core::queue::{Message, Queue as _, QueueError, SendFailure};

fn message(body: &str) -> Message {
    Message {
        body: body.to_owned(),
        attributes: Vec::new(),
        trace_header: None,
        group: "group".to_owned(),
        deduplication_id: "id".to_owned(),
    }
}

fn failure(result: &Result<(), QueueError>) -> Option<SendFailure> {
    result.as_ref().err().map(|error| error.failure)
}

/// Sends one message by itself and one in a batch. Returns what is known of each.
async fn sent_both_ways(queue: &SqsQueue) -> [Option<SendFailure>; 2] {
    let message = message("{}");
    let single = queue.send(&message).await;
    let batch = queue.send_batch(&[message]).await;
    [failure(&single), failure(&batch[0])]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_down_refuses_or_leaves_it_open() {
    for (behaviour, expected) in [
        (Behaviour::Refuse, Refused),
        (Behaviour::Unreachable, Refused),
        (Behaviour::Throttle, Refused),
        (Behaviour::AccessDenied, Refused),
        (Behaviour::Reset, Unconfirmed),
        (Behaviour::ActAndReset, Unconfirmed),
        (Behaviour::NeverAnswer, Unconfirmed),
        (Behaviour::ActAndNeverAnswer, Unconfirmed),
        (Behaviour::InternalError, Unconfirmed),
        (Behaviour::Malformed, Unconfirmed),
    ] {
        let aws = Aws::start().await;
        aws.sqs.behave(behaviour);
        let queue = SqsQueue::new(clients::of(&aws).sqs, QUEUE_URL);
        assert_eq!(sent_both_ways(&queue).await, [Some(expected); 2], "{behaviour:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_try_without_an_answer_leaves_it_open_whatever_the_next_is_answered() {
    for (first, then, expected) in [
        (Behaviour::ActAndReset, Behaviour::Throttle, Unconfirmed),
        (Behaviour::NeverAnswer, Behaviour::AccessDenied, Unconfirmed),
        (Behaviour::InternalError, Behaviour::Throttle, Unconfirmed),
        (Behaviour::Throttle, Behaviour::Reset, Unconfirmed),
        (Behaviour::Throttle, Behaviour::AccessDenied, Refused),
    ] {
        let aws = Aws::start().await;
        aws.sqs.behave(then);
        aws.sqs.behave_once("SendMessage", first);
        aws.sqs.behave_once("SendMessageBatch", first);
        let queue = SqsQueue::new(clients::of(&aws).sqs, QUEUE_URL);
        assert_eq!(sent_both_ways(&queue).await, [Some(expected); 2], "{first:?}, {then:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_try_that_succeeds_confirms_whatever_came_before() {
    let aws = Aws::start().await;
    aws.sqs.behave_once("SendMessage", Behaviour::ActAndReset);
    aws.sqs.behave_once("SendMessageBatch", Behaviour::InternalError);
    let queue = SqsQueue::new(clients::of(&aws).sqs, QUEUE_URL);
    assert_eq!(sent_both_ways(&queue).await, [None; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_rejected_is_so_only_if_no_earlier_try_may_have_taken_it() {
    for (first, expected) in [(Behaviour::Throttle, Rejected), (Behaviour::ActAndReset, Unconfirmed)] {
        let aws = Aws::start().await;
        aws.sqs.service().poison("poison");
        aws.sqs.behave_once("SendMessageBatch", first);
        let queue = SqsQueue::new(clients::of(&aws).sqs, QUEUE_URL);
        let results = queue.send_batch(&[message("{}"), message("poison")]).await;
        assert_eq!(failure(&results[0]), None);
        assert_eq!(failure(&results[1]), Some(expected), "{first:?}");
    }
}

#[tokio::test]
async fn an_error_of_a_request_says_what_became_of_its_messages() {
    for (status, code, expected) in [
        (400, "InvalidMessageContents", Rejected),
        (400, "AWS.SimpleQueueService.BatchRequestTooLong", Rejected),
        (400, "AWS.SimpleQueueService.UnsupportedOperation", Rejected),
        (400, "InvalidParameterValueException", Rejected),
        (400, "MissingParameter", Rejected),
        (413, "", Rejected),
        (413, "ThrottlingException", Rejected),
        (400, "RequestThrottled", Refused),
        (403, "OverLimit", Refused),
        (400, "KMS.DisabledException", Refused),
        (400, "KmsThrottled", Refused),
        (400, "AWS.SimpleQueueService.NonExistentQueue", Refused),
        (403, "SignatureDoesNotMatch", Refused),
        (403, "ExpiredToken", Refused),
        (404, "", Refused),
        (400, "SomethingNew", Refused),
        (408, "", Unconfirmed),
        (400, "InternalError", Unconfirmed),
        (503, "ServiceUnavailable", Unconfirmed),
        (503, "ThrottlingException", Unconfirmed),
        (500, "InvalidMessageContents", Unconfirmed),
        (302, "", Unconfirmed),
        (200, "InvalidMessageContents", Unconfirmed),
    ] {
        let body = if code.is_empty() { "<html>".to_owned() } else { format!(r#"{{"__type":"{code}"}}"#) };
        let body = if status == 200 { "<html>".to_owned() } else { body };
        let single = answered([Ok((status, body.clone()))]).send(&message("{}")).await;
        let batch = answered([Ok((status, body))]).send_batch(&[message("{}")]).await;
        let known = [failure(&single), failure(&batch[0])];
        assert_eq!(known, [Some(expected); 2], "{status} {code} {single:?}");
    }
}

#[tokio::test]
async fn an_error_of_an_entry_says_what_became_of_its_message() {
    for (code, senders, expected) in [
        ("InvalidMessageContents", true, Rejected),
        ("InvalidAttributeValue", true, Rejected),
        ("SomethingNew", true, Rejected),
        ("RequestThrottled", true, Refused),
        ("AWS.SimpleQueueService.QueueDeletedRecently", true, Refused),
        ("AccessDenied", true, Refused),
        ("KMS.AccessDeniedException", true, Refused),
        ("KMS.DisabledException", true, Refused),
        ("KmsThrottled", true, Refused),
        ("InternalError", false, Unconfirmed),
        ("InternalError", true, Unconfirmed),
        ("SomethingNew", false, Unconfirmed),
    ] {
        let failed = format!(r#"{{"Id":"0","Code":"{code}","SenderFault":{senders}}}"#);
        let queue = answered([Ok((200, format!(r#"{{"Failed":[{failed}],"Successful":[]}}"#)))]);
        let results = queue.send_batch(&[message("{}"), message("{}")]).await;
        assert_eq!(failure(&results[0]), Some(expected), "{code} {senders}");
        assert_eq!(failure(&results[1]), Some(Unconfirmed), "the answer does not name it");
    }
}

#[tokio::test]
async fn a_request_that_broke_off_is_left_open() {
    for broken in [
        || ConnectorError::io("reset".into()),
        || ConnectorError::timeout("slow".into()),
        || ConnectorError::other("strange".into(), None),
    ] {
        let queue = answered([Err(broken())]);
        assert_eq!(failure(&queue.send(&message("{}")).await), Some(Unconfirmed), "{:?}", broken());
    }
}

#[test]
fn a_fifo_queue_drops_copies_and_a_standard_one_does_not() {
    assert!(!answered([]).drops_copies());
    let fifo = SqsQueue::new(client(Answers::default()), format!("{QUEUE_URL}.fifo"));
    assert!(fifo.drops_copies());
}

/// One answer to one try: a status with a body, or no response.
type Answer = Result<(u16, String), ConnectorError>;

/// The answers that are left. It panics where a try has none.
#[derive(Debug, Default)]
struct Answers(Mutex<VecDeque<Answer>>);

impl HttpConnector for Answers {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.lock().expect("no test panics with it").pop_front().expect("one more try");
        HttpConnectorFuture::ready(answer.map(|(status, body)| {
            HttpResponse::new(status.try_into().expect("it is a status"), SdkBody::from(body))
        }))
    }
}

/// Returns a queue whose requests are answered so, one try each.
fn answered<const N: usize>(answers: [Answer; N]) -> SqsQueue {
    SqsQueue::new(client(Answers(Mutex::new(answers.into()))), QUEUE_URL)
}

fn client(answers: Answers) -> aws_sdk_sqs::Client {
    let connector = SharedHttpConnector::new(answers);
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(http_client_fn(move |_, _| connector.clone()));
    aws_sdk_sqs::Client::from_conf(config.build())
}
