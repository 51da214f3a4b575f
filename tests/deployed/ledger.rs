//! The ledger's table, as it was deployed.

use aws_sdk_dynamodb::types::{BillingMode, GlobalSecondaryIndex, TableDescription};
use usher_aws::dynamodb::DynamoDbLedger;
use usher_core::contract;

use crate::delivery::unique_text;
use crate::stack::{STANDARD, block_on};

/// On a table made as the deployed one is described: in that one itself, the relay would send what the suite claims.
#[test]
fn the_deployed_table_keeps_the_ledgers_contract() {
    let dynamodb = &STANDARD.clients.dynamodb;
    let copy = format!("contract-{}", unique_text());
    block_on(async {
        let described = dynamodb.describe_table().table_name(&STANDARD.is.table).send().await;
        let described = described.expect("the table is there").table.expect("it is described");
        create_like(&described, &copy).await;
        contract::ledger(&DynamoDbLedger::new(dynamodb.clone(), &copy), "contract").await;
        dynamodb.delete_table().table_name(&copy).send().await.expect("the copy can be deleted");
    });
}

async fn create_like(table: &TableDescription, name: &str) {
    let indexes = table.global_secondary_indexes().iter().map(|index| {
        GlobalSecondaryIndex::builder()
            .set_index_name(index.index_name.clone())
            .set_key_schema(index.key_schema.clone())
            .set_projection(index.projection.clone())
            .build()
            .expect("an index has a name and a key")
    });
    STANDARD
        .clients
        .dynamodb
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(table.attribute_definitions.clone())
        .set_key_schema(table.key_schema.clone())
        .set_global_secondary_indexes(Some(indexes.collect()))
        .send()
        .await
        .expect("the copy can be created");
}
