//! The ledger's table as it was deployed.

use aws_sdk_dynamodb::types::{BillingMode, GlobalSecondaryIndex, TableDescription};
use usher_aws::dynamodb::DynamoDbLedger;
use usher_core::contract;

use stacks::delivery::unique_text;
use stacks::stack::{STANDARD, block_on};

/// The tests use a copy: in the deployed table, the relay would send what the suite claims.
#[test]
fn the_deployed_table_keeps_the_ledgers_contract() {
    block_on(async {
        let copy = TableCopy::create().await;
        contract::ledger(&copy.ledger(), "contract").await;
        contract::operator::check(&copy.ledger(), "operator").await;
        copy.delete().await;
    });
}

/// An empty copy of the deployed table, which only its test uses.
pub struct TableCopy(String);

impl TableCopy {
    pub async fn create() -> Self {
        let described =
            STANDARD.clients.dynamodb.describe_table().table_name(&STANDARD.is.table).send().await;
        let described = described.expect("the table is there").table.expect("it is described");
        let name = format!("copy-{}", unique_text());
        create_like(&described, &name).await;
        Self(name)
    }

    pub fn ledger(&self) -> DynamoDbLedger {
        DynamoDbLedger::new(STANDARD.clients.dynamodb.clone(), &self.0)
    }

    pub async fn delete(self) {
        let deleted = STANDARD.clients.dynamodb.delete_table().table_name(self.0).send().await;
        deleted.expect("the copy can be deleted");
    }
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
