//! Transactions.

use anyhow::{Context, ensure};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use aws_types::SdkConfig;

use super::{get, key, n, put, s, table};
use crate::clients::{Check, code, dynamodb, fresh};

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
