//! The store of handled events that consumers in Rust use, on the emulator's DynamoDB.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use usher_consumer::contract;
use usher_consumer::dynamodb::DynamoDbSeen;

use stacks::delivery::unique_text;
use stacks::stack::{STANDARD, block_on};

#[test]
fn the_store_in_dynamodb_passes_the_contract() {
    block_on(async {
        let table = table().await;
        let seen = DynamoDbSeen::new(STANDARD.clients.dynamodb.clone(), &table);
        contract::check(&seen, &unique_text()).await;
    });
}

/// Makes a table as the consumers' templates do.
async fn table() -> String {
    let name = format!("seen-{}", unique_text());
    let attribute =
        AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S).build();
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build();
    let created = STANDARD
        .clients
        .dynamodb
        .create_table()
        .table_name(&name)
        .attribute_definitions(attribute.expect("it is complete"))
        .key_schema(key.expect("it is complete"))
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await;
    created.expect("a table can be created");
    name
}
