//! DynamoDB as the desk uses it.

use std::collections::HashMap;

use anyhow::{Context, ensure};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, DeleteRequest, GlobalSecondaryIndex, KeySchemaElement,
    KeyType, KeysAndAttributes, Projection, ProjectionType, Put, PutRequest, ReturnConsumedCapacity,
    ReturnValue, ReturnValuesOnConditionCheckFailure, ScalarAttributeType, TransactWriteItem, Update,
    WriteRequest,
};
use aws_types::SdkConfig;

use crate::clients::{Check, code, dynamodb, fresh};

type Item = HashMap<String, AttributeValue>;

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn item(attributes: &[(&str, AttributeValue)]) -> Item {
    attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

fn key(pk: &str, sk: &str) -> Item {
    item(&[("PK", s(pk)), ("SK", s(sk))])
}

fn part(name: &str, kind: KeyType) -> KeySchemaElement {
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

pub async fn an_item_put_is_there(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    put(
        &client,
        &table,
        &[
            ("PK", s("a")),
            ("SK", s("1")),
            ("v", n(7)),
            ("b", AttributeValue::Bool(true)),
        ],
    )
    .await?;
    let item = get(&client, &table, "a", "1").await?.context("it is there")?;
    ensure!(item["v"] == n(7) && item["b"] == AttributeValue::Bool(true));
    ensure!(get(&client, &table, "a", "2").await?.is_none());
    Ok(())
}

pub async fn a_get_of_a_table_that_is_not_there_is_refused(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let got = client
        .get_item()
        .table_name(fresh("none"))
        .set_key(Some(key("a", "1")))
        .send()
        .await;
    ensure!(code(got) == "ResourceNotFoundException");
    Ok(())
}

pub async fn a_failed_condition_gives_the_item_that_stood_there(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    put(&client, &table, &[("PK", s("a")), ("SK", s("1")), ("v", n(7))]).await?;
    let error = client
        .put_item()
        .table_name(&table)
        .set_item(Some(key("a", "1")))
        .condition_expression("attribute_not_exists(PK)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await
        .err()
        .context("it is refused")?
        .into_service_error();
    ensure!(error.is_conditional_check_failed_exception());
    let aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(failed) = error
    else {
        anyhow::bail!("another error");
    };
    ensure!(failed.item().and_then(|item| item.get("v")) == Some(&n(7)));
    Ok(())
}

pub async fn a_counter_gives_its_new_value(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    for expected in 1..=3 {
        let updated = client
            .update_item()
            .table_name(&table)
            .set_key(Some(key("n", "n")))
            .update_expression("ADD #n :one")
            .expression_attribute_names("#n", "next")
            .expression_attribute_values(":one", n(1))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await?;
        ensure!(updated.attributes.context("the new value")?["next"] == n(expected));
    }
    Ok(())
}

fn put_new(table: &str, pk: &str, sk: &str) -> TransactWriteItem {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(key(pk, sk)))
        .condition_expression("attribute_not_exists(PK)");
    TransactWriteItem::builder()
        .put(put.build().expect("a whole put"))
        .build()
}

pub async fn a_refused_transaction_tells_the_reason_by_position(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    put(&client, &table, &[("PK", s("a")), ("SK", s("2"))]).await?;
    let error = client
        .transact_write_items()
        .transact_items(put_new(&table, "a", "1"))
        .transact_items(put_new(&table, "a", "2"))
        .send()
        .await
        .err()
        .context("it is refused")?
        .into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(canceled) = error else {
        anyhow::bail!("another error: {:?}", error.code());
    };
    let codes: Vec<_> = canceled
        .cancellation_reasons()
        .iter()
        .map(|reason| reason.code())
        .collect();
    ensure!(
        codes == [Some("None"), Some("ConditionalCheckFailed")],
        "{codes:?}"
    );
    Ok(())
}

pub async fn a_refused_transaction_changes_nothing(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    put(&client, &table, &[("PK", s("a")), ("SK", s("2"))]).await?;
    let refused = client
        .transact_write_items()
        .transact_items(put_new(&table, "a", "1"))
        .transact_items(put_new(&table, "a", "2"))
        .send()
        .await;
    ensure!(refused.is_err());
    ensure!(get(&client, &table, "a", "1").await?.is_none());
    Ok(())
}

fn add(table: &str, by: i64) -> TransactWriteItem {
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(key("n", "n")))
        .update_expression("ADD #n :by")
        .expression_attribute_names("#n", "count")
        .expression_attribute_values(":by", n(by));
    TransactWriteItem::builder()
        .update(update.build().expect("a whole update"))
        .build()
}

pub async fn a_transaction_repeated_with_its_token_is_done_once(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    let token = fresh("token");
    for _ in 0..2 {
        client
            .transact_write_items()
            .client_request_token(&token)
            .transact_items(add(&table, 1))
            .send()
            .await?;
    }
    ensure!(get(&client, &table, "n", "n").await?.context("it is there")?["count"] == n(1));
    Ok(())
}

pub async fn a_token_with_another_transaction_is_a_mismatch(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    let token = fresh("token");
    let send = |by| {
        client
            .transact_write_items()
            .client_request_token(&token)
            .transact_items(add(&table, by))
            .send()
    };
    send(1).await?;
    ensure!(code(send(2).await) == "IdempotentParameterMismatchException");
    Ok(())
}

pub async fn a_transaction_may_not_touch_an_item_twice(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    let sent = client
        .transact_write_items()
        .transact_items(add(&table, 1))
        .transact_items(add(&table, 2))
        .send()
        .await;
    ensure!(code(sent) == "ValidationException");
    Ok(())
}

async fn keys_in_index(client: &Client, table: &str) -> Result<Vec<String>, anyhow::Error> {
    let found = client
        .query()
        .table_name(table)
        .index_name("due")
        .key_condition_expression("GP = :g")
        .expression_attribute_values(":g", s("g"))
        .send()
        .await?;
    Ok(found
        .items()
        .iter()
        .filter_map(|item| item["SK"].as_s().ok().cloned())
        .collect())
}

pub async fn an_index_holds_only_items_with_its_attributes(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    put(
        &client,
        &table,
        &[("PK", s("a")), ("SK", s("1")), ("GP", s("g")), ("GS", s("x"))],
    )
    .await?;
    put(&client, &table, &[("PK", s("a")), ("SK", s("2"))]).await?;
    ensure!(keys_in_index(&client, &table).await? == ["1"]);
    client
        .update_item()
        .table_name(&table)
        .set_key(Some(key("a", "1")))
        .update_expression("REMOVE GP, GS")
        .send()
        .await?;
    ensure!(keys_in_index(&client, &table).await?.is_empty());
    Ok(())
}

async fn numbered(client: &Client, table: &str, count: i64) -> Check {
    for number in (0..count).rev() {
        let sk = format!("{number:03}");
        put(
            client,
            table,
            &[
                ("PK", s("a")),
                ("SK", s(&sk)),
                ("odd", AttributeValue::Bool(number % 2 == 1)),
            ],
        )
        .await?;
    }
    Ok(())
}

pub async fn a_query_answers_in_the_order_of_its_sort_key(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    numbered(&client, &table, 3).await?;
    let query = client.query().table_name(&table);
    let found = query
        .key_condition_expression("PK = :p AND SK BETWEEN :a AND :z")
        .expression_attribute_values(":p", s("a"))
        .expression_attribute_values(":a", s("001"))
        .expression_attribute_values(":z", s("999"))
        .scan_index_forward(false)
        .send()
        .await?;
    let keys: Vec<_> = found
        .items()
        .iter()
        .filter_map(|item| item["SK"].as_s().ok())
        .collect();
    ensure!(keys == ["002", "001"], "{keys:?}");
    Ok(())
}

pub async fn a_query_goes_on_where_its_page_ended(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    numbered(&client, &table, 5).await?;
    let (mut from, mut keys, mut pages) = (None, Vec::new(), 0);
    loop {
        let page = client
            .query()
            .table_name(&table)
            .key_condition_expression("PK = :p")
            .expression_attribute_values(":p", s("a"))
            .limit(2)
            .set_exclusive_start_key(from)
            .send()
            .await?;
        keys.extend(
            page.items()
                .iter()
                .filter_map(|item| item["SK"].as_s().ok().cloned()),
        );
        pages += 1;
        from = page.last_evaluated_key;
        if from.is_none() {
            break;
        }
    }
    ensure!(keys == ["000", "001", "002", "003", "004"], "{keys:?}");
    ensure!(pages == 3);
    Ok(())
}

pub async fn a_filter_does_not_change_where_a_page_ends(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    numbered(&client, &table, 4).await?;
    let page = client
        .query()
        .table_name(&table)
        .key_condition_expression("PK = :p")
        .filter_expression("odd = :t")
        .expression_attribute_values(":p", s("a"))
        .expression_attribute_values(":t", AttributeValue::Bool(true))
        .limit(2)
        .send()
        .await?;
    ensure!(page.count() == 1 && page.scanned_count() == 2);
    ensure!(page.last_evaluated_key().is_some());
    Ok(())
}

pub async fn a_batch_get_gives_what_is_there(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    numbered(&client, &table, 2).await?;
    let keys = KeysAndAttributes::builder()
        .keys(key("a", "000"))
        .keys(key("a", "001"))
        .keys(key("a", "777"))
        .build()?;
    let got = client.batch_get_item().request_items(&table, keys).send().await?;
    ensure!(got.responses().context("responses")?[&table].len() == 2);
    ensure!(got.unprocessed_keys().is_none_or(HashMap::is_empty));
    Ok(())
}

pub async fn a_batch_write_puts_and_deletes(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    numbered(&client, &table, 1).await?;
    let put = PutRequest::builder().set_item(Some(key("a", "new"))).build()?;
    let delete = DeleteRequest::builder().set_key(Some(key("a", "000"))).build()?;
    let requests = vec![
        WriteRequest::builder().put_request(put).build(),
        WriteRequest::builder().delete_request(delete).build(),
    ];
    client
        .batch_write_item()
        .request_items(&table, requests)
        .send()
        .await?;
    ensure!(get(&client, &table, "a", "000").await?.is_none());
    ensure!(get(&client, &table, "a", "new").await?.is_some());
    Ok(())
}

pub async fn an_empty_key_is_refused(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    let put = client
        .put_item()
        .table_name(&table)
        .set_item(Some(key("", "1")))
        .send()
        .await;
    ensure!(code(put) == "ValidationException");
    Ok(())
}

pub async fn a_reserved_word_in_an_expression_is_refused(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    let update = client
        .update_item()
        .table_name(&table)
        .set_key(Some(key("a", "1")))
        .update_expression("SET status = :s")
        .expression_attribute_values(":s", s("new"))
        .send()
        .await;
    ensure!(code(update) == "ValidationException");
    Ok(())
}

pub async fn capacity_counts_kilobytes_and_indexes(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    let mut attributes = key("a", "1");
    attributes.extend(item(&[
        ("GP", s("g")),
        ("GS", s("x")),
        ("text", s(&"x".repeat(1_500))),
    ]));
    let put = client
        .put_item()
        .table_name(&table)
        .set_item(Some(attributes))
        .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
        .send()
        .await?;
    let consumed = put.consumed_capacity.context("the capacity")?;
    ensure!(consumed.capacity_units() == Some(4.0), "{consumed:?}");
    ensure!(consumed.table().and_then(|table| table.capacity_units()) == Some(2.0));
    let index = &consumed.global_secondary_indexes().context("the indexes")?["due"];
    ensure!(index.capacity_units() == Some(2.0));
    Ok(())
}

pub async fn a_list_appended_to_grows(config: &SdkConfig) -> Check {
    let client = dynamodb(config);
    let table = table(&client).await?;
    for _ in 0..2 {
        client
            .update_item()
            .table_name(&table)
            .set_key(Some(key("a", "1")))
            .update_expression("SET tags = list_append(if_not_exists(tags, :none), :one)")
            .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
            .expression_attribute_values(":one", AttributeValue::L(vec![s("x")]))
            .send()
            .await?;
    }
    let item = get(&client, &table, "a", "1").await?.context("it is there")?;
    ensure!(item["tags"].as_l().is_ok_and(|list| list.len() == 2));
    Ok(())
}
