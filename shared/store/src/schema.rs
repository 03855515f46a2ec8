//! The tables as the code expects them. `infra/template.yaml` makes them in the cloud, the embedded desk
//! from here; a test compares the two.

use crate::{
    Clients, Settings, StoreError,
    error::{NameOperation, NamedPart},
};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use aws_sdk_s3::{error::SdkError, operation::create_bucket::CreateBucketError};

/// The indexes of table `tickets`, each with partition key `<name>_pk` and sort key `<name>_sk`. They hold keys
/// only: a list reads the heads it shows, so a change of a head that moves it in no list costs no index write.
pub const INDEXES: [&str; 6] = ["view", "agent", "due", "waiting", "person", "changed"];

/// The attribute of table `guard` that holds the end of an item's life, in seconds since 1970.
pub const GUARD_TTL_ATTRIBUTE: &str = "expires_at";

/// Makes both tables where they are missing. For desks on one's own machine and tests; in the cloud the
/// template makes them.
pub async fn create_tables(clients: &Clients, settings: &Settings) -> Result<(), StoreError> {
    let existing = clients.dynamo.list_tables().send().await.named("ListTables")?;
    let names = existing.table_names();
    if !names.contains(&settings.tickets_table) {
        create_tickets(clients, &settings.tickets_table).await?;
    }
    if !names.contains(&settings.guard_table) {
        clients
            .dynamo
            .create_table()
            .table_name(&settings.guard_table)
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(string_attribute("PK")?)
            .key_schema(key("PK", KeyType::Hash)?)
            .send()
            .await
            .named("CreateTable")?;
    }
    Ok(())
}

/// Makes the bucket where it is missing. For desks on one's own machine and tests, as [`create_tables`].
pub async fn create_bucket(clients: &Clients, settings: &Settings) -> Result<(), StoreError> {
    let made = clients.s3.create_bucket().bucket(&settings.bucket).send().await;
    match made {
        Err(SdkError::ServiceError(error))
            if matches!(
                error.err(),
                CreateBucketError::BucketAlreadyOwnedByYou(_) | CreateBucketError::BucketAlreadyExists(_)
            ) =>
        {
            Ok(())
        }
        made => made.map(drop).named("CreateBucket"),
    }
}

async fn create_tickets(clients: &Clients, name: &str) -> Result<(), StoreError> {
    let mut create = clients
        .dynamo
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(string_attribute("PK")?)
        .attribute_definitions(string_attribute("SK")?)
        .key_schema(key("PK", KeyType::Hash)?)
        .key_schema(key("SK", KeyType::Range)?);
    for index in INDEXES {
        let (pk, sk) = (format!("{index}_pk"), format!("{index}_sk"));
        let keys_only = Projection::builder()
            .projection_type(ProjectionType::KeysOnly)
            .build();
        let definition = GlobalSecondaryIndex::builder()
            .index_name(index)
            .key_schema(key(&pk, KeyType::Hash)?)
            .key_schema(key(&sk, KeyType::Range)?)
            .projection(keys_only)
            .build()
            .named_part("CreateTable")?;
        create = create
            .attribute_definitions(string_attribute(&pk)?)
            .attribute_definitions(string_attribute(&sk)?)
            .global_secondary_indexes(definition);
    }
    create.send().await.named("CreateTable")?;
    Ok(())
}

fn string_attribute(name: &str) -> Result<AttributeDefinition, StoreError> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .named_part("CreateTable")
}

fn key(name: &str, key_type: KeyType) -> Result<KeySchemaElement, StoreError> {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(key_type)
        .build()
        .named_part("CreateTable")
}
