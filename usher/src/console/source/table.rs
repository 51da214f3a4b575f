//! The ledger's table, and its size.

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::TableDescription;
use usher_aws::dynamodb::DynamoDbLedger;

use crate::aws_error::explain;
use crate::console::cost::Estimate;
use crate::terminal::Failure;

/// Makes the ledger of this table. Nothing is called.
pub(super) fn ledger(config: &SdkConfig, name: &str) -> DynamoDbLedger {
    DynamoDbLedger::new(Client::new(config), name)
}

/// Asks for the table's size, which costs nothing, and estimates what reading it costs.
pub(super) async fn estimate(config: &SdkConfig, name: &str) -> Result<Estimate, Failure> {
    let described = Client::new(config).describe_table().table_name(name).send().await;
    let described = described.map_err(|error| explain(&error))?;
    let number = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).unwrap_or(0);
    let table = described.table();
    Ok(Estimate::of(
        number(table.and_then(TableDescription::item_count)),
        number(table.and_then(TableDescription::table_size_bytes)),
    ))
}
