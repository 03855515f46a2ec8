//! Single items and batches.

use std::collections::HashMap;

use anyhow::{Context, ensure};
use aws_sdk_dynamodb::types::{
    AttributeValue, DeleteRequest, KeysAndAttributes, PutRequest, ReturnConsumedCapacity, ReturnValue,
    ReturnValuesOnConditionCheckFailure, WriteRequest,
};
use aws_types::SdkConfig;

use super::{get, item, key, n, numbered, put, s, table};
use crate::clients::{Check, code, dynamodb, fresh};

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
