//! DynamoDB as the desk uses it.

mod items;
mod queries;
mod transactions;

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    Projection, ProjectionType, ScalarAttributeType,
};

use crate::clients::{Check, fresh};

pub use items::*;
pub use queries::*;
pub use transactions::*;

pub type Item = HashMap<String, AttributeValue>;

pub fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub fn n(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub fn item(attributes: &[(&str, AttributeValue)]) -> Item {
    attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

pub fn key(pk: &str, sk: &str) -> Item {
    item(&[("PK", s(pk)), ("SK", s(sk))])
}

pub fn part(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(kind)
        .build()
        .expect("a whole key part")
}

/// A table with the key `PK`, `SK` and the sparse index `due` over `GP`, `GS`.
pub async fn table(client: &Client) -> Result<String, anyhow::Error> {
    let name = fresh("table");
    let mut create = client
        .create_table()
        .table_name(&name)
        .billing_mode(BillingMode::PayPerRequest);
    for attribute in ["PK", "SK", "GP", "GS"] {
        let definition = AttributeDefinition::builder()
            .attribute_name(attribute)
            .attribute_type(ScalarAttributeType::S)
            .build()?;
        create = create.attribute_definitions(definition);
    }
    let index = GlobalSecondaryIndex::builder()
        .index_name("due")
        .key_schema(part("GP", KeyType::Hash))
        .key_schema(part("GS", KeyType::Range))
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()?;
    create
        .key_schema(part("PK", KeyType::Hash))
        .key_schema(part("SK", KeyType::Range))
        .global_secondary_indexes(index)
        .send()
        .await?;
    Ok(name)
}

pub async fn put(client: &Client, table: &str, attributes: &[(&str, AttributeValue)]) -> Check {
    client
        .put_item()
        .table_name(table)
        .set_item(Some(item(attributes)))
        .send()
        .await?;
    Ok(())
}

pub async fn get(client: &Client, table: &str, pk: &str, sk: &str) -> Result<Option<Item>, anyhow::Error> {
    let got = client
        .get_item()
        .table_name(table)
        .set_key(Some(key(pk, sk)))
        .consistent_read(true)
        .send();
    Ok(got.await?.item)
}
