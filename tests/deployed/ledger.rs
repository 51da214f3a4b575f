//! The ledger's table as it was deployed.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{BillingMode, GlobalSecondaryIndex, TableDescription};
use usher_aws::dynamodb::DynamoDbLedger;
use usher_core::contract;

use stacks::delivery::unique_text;
use stacks::moto;
use stacks::stack::{STANDARD, block_on};

/// The tests use a copy: in the deployed table, the relay would send what the suite claims.
#[test]
fn the_deployed_table_keeps_the_ledgers_contract() {
    keeps_the_contract(&STANDARD.clients.dynamodb);
}

#[test]
fn the_same_table_on_moto_keeps_the_ledgers_contract() {
    keeps_the_contract(&moto::CLIENTS.dynamodb);
}

fn keeps_the_contract(dynamodb: &Client) {
    block_on(async {
        let copy = TableCopy::create_on(dynamodb).await;
        contract::ledger(&copy.ledger(), "contract").await;
        contract::operator::check(&copy.ledger(), "operator").await;
        copy.delete().await;
    });
}

/// An empty copy of the deployed table, which only its test uses.
pub struct TableCopy {
    dynamodb: Client,
    name: String,
}

impl TableCopy {
    /// Creates a copy beside the deployed table.
    pub async fn create() -> Self {
        Self::create_on(&STANDARD.clients.dynamodb).await
    }

    /// Creates a copy on any DynamoDB.
    async fn create_on(dynamodb: &Client) -> Self {
        let described =
            STANDARD.clients.dynamodb.describe_table().table_name(&STANDARD.is.table).send().await;
        let described = described.expect("the table is there").table.expect("it is described");
        let name = format!("copy-{}", unique_text());
        create_like(dynamodb, &described, &name).await;
        Self { dynamodb: dynamodb.clone(), name }
    }

    pub fn ledger(&self) -> DynamoDbLedger {
        DynamoDbLedger::new(self.dynamodb.clone(), &self.name)
    }

    pub async fn delete(self) {
        let deleted = self.dynamodb.delete_table().table_name(self.name).send().await;
        deleted.expect("the copy can be deleted");
    }
}

async fn create_like(dynamodb: &Client, table: &TableDescription, name: &str) {
    let indexes = table.global_secondary_indexes().iter().map(|index| {
        GlobalSecondaryIndex::builder()
            .set_index_name(index.index_name.clone())
            .set_key_schema(index.key_schema.clone())
            .set_projection(index.projection.clone())
            .build()
            .expect("an index has a name and a key")
    });
    dynamodb
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
