//! Queries on tables and indexes.

use anyhow::ensure;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;

use super::{key, put, s, table};
use crate::clients::{Check, dynamodb};

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

pub async fn numbered(client: &Client, table: &str, count: i64) -> Check {
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
