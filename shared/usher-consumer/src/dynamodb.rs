//! The store in DynamoDB: a table with the key `id` and the TTL attribute `expiration`.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;

use crate::seen::{Attempt, Begin, Finish, Seen, SeenError, Times};

/// The condition under which an event may be begun: it is unknown, forgotten, abandoned, or this attempt's already.
/// DynamoDB deletes an expired item only within days, so the expiry is compared, too.
const FREE: &str = "attribute_not_exists(id) OR expiration <= :now_seconds \
                    OR (attribute_exists(lease) AND (lease <= :now OR #token = :token))";

/// The condition under which an attempt may change an event.
const OWNED: &str = "attribute_exists(lease) AND #token = :token";

type Item = HashMap<String, AttributeValue>;

/// A store in one table.
#[derive(Debug, Clone)]
pub struct DynamoDbSeen {
    client: Client,
    table: String,
}

impl DynamoDbSeen {
    /// Makes a store of this table. Nothing is called.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }
}

impl Seen for DynamoDbSeen {
    async fn begin(&self, attempt: &Attempt, times: Times) -> Result<Begin, SeenError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("id", text(&attempt.key))
            .update_expression("SET #token = :token, lease = :until, expiration = :expires")
            .condition_expression(FREE)
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":token", text(&attempt.token))
            .expression_attribute_values(":now", millis(times.now))
            .expression_attribute_values(":now_seconds", seconds(times.now))
            .expression_attribute_values(":until", millis(times.until))
            .expression_attribute_values(":expires", seconds(times.expires))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match request.send().await {
            Ok(_) => Ok(Begin::Yours),
            Err(error) => {
                let found = refused_update(&error)?;
                Ok(if found.contains_key("lease") { Begin::Held } else { Begin::Handled })
            }
        }
    }

    async fn finish(&self, attempt: &Attempt, times: Times) -> Result<Finish, SeenError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("id", text(&attempt.key))
            .update_expression("SET expiration = :expires REMOVE lease")
            .condition_expression(OWNED)
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":token", text(&attempt.token))
            .expression_attribute_values(":expires", seconds(times.expires))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match request.send().await {
            Ok(_) => Ok(Finish::Done),
            Err(error) => {
                // An earlier try may have been applied although its answer was lost: the item is still the attempt's own.
                let found = refused_update(&error)?;
                let is_own = found.get("token") == Some(&text(&attempt.token));
                Ok(if is_own { Finish::Done } else { Finish::Overtaken })
            }
        }
    }

    async fn release(&self, attempt: &Attempt) -> Result<Finish, SeenError> {
        let request = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("id", text(&attempt.key))
            .condition_expression(OWNED)
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":token", text(&attempt.token))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match request.send().await {
            Ok(_) => Ok(Finish::Done),
            Err(error) => match error.as_service_error() {
                Some(DeleteItemError::ConditionalCheckFailedException(failure)) => {
                    // Nothing is left of it: an earlier try was applied.
                    let is_gone = failure.item.as_ref().is_none_or(HashMap::is_empty);
                    Ok(if is_gone { Finish::Done } else { Finish::Overtaken })
                }
                _ => Err(unanswered(&error)),
            },
        }
    }
}

/// Returns the item that made the condition fail, or the error of a request that failed otherwise.
fn refused_update<R>(error: &SdkError<UpdateItemError, R>) -> Result<Item, SeenError> {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failure)) => {
            Ok(failure.item.clone().unwrap_or_default())
        }
        _ => Err(unanswered(error)),
    }
}

/// Makes the error of a request without a usable answer. The SDK's own message could quote the item.
fn unanswered<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> SeenError {
    let kind = match error {
        SdkError::TimeoutError(_) => "Timeout",
        SdkError::DispatchFailure(_) => "Unreachable",
        _ => "Unknown",
    };
    SeenError { error_code: error.code().unwrap_or(kind).to_owned() }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn millis(time: Timestamp) -> AttributeValue {
    AttributeValue::N(time.as_millisecond().to_string())
}

/// Makes a number attribute with Unix seconds, as TTL needs them.
fn seconds(time: Timestamp) -> AttributeValue {
    AttributeValue::N(time.as_second().to_string())
}
