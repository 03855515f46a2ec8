//! Stale indexes and batches done in part.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use embedded_aws::{Call, Fault};

use super::{desk, first, once, put_one, s};
use crate::clients::{embedded, queue, sqs};
use crate::dynamodb::put;

pub async fn due(client: &Client, table: &str) -> Vec<String> {
    let found = client
        .query()
        .table_name(table)
        .index_name("due")
        .key_condition_expression("GP = :g")
        .expression_attribute_values(":g", s("g"))
        .send()
        .await
        .unwrap();
    found
        .items()
        .iter()
        .map(|item| item["GS"].as_s().unwrap().clone())
        .collect()
}

async fn put_due(client: &Client, table: &str, sk: &str, at: &str) {
    put(
        client,
        table,
        &[("PK", s("a")), ("SK", s(sk)), ("GP", s("g")), ("GS", s(at))],
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn a_stale_index_lags_behind_the_last_writes() {
    let (aws, client, table) = desk().await;
    aws.set_fault_plan(Some(Arc::new(|call: &Call| {
        if call.on_index {
            Fault::StaleIndex { writes: 2 }
        } else {
            Fault::None
        }
    })));
    put_due(&client, &table, "1", "09:00").await;
    put_due(&client, &table, "2", "10:00").await;
    put_due(&client, &table, "1", "11:00").await;
    assert_eq!(due(&client, &table).await, ["09:00"]);
}

#[tokio::test]
async fn a_strong_read_is_never_stale() {
    for (consistent, rows) in [(true, 1), (false, 0)] {
        let (aws, client, table) = desk().await;
        first(&aws, "Query", Fault::StaleIndex { writes: 16 });
        put_due(&client, &table, "1", "09:00").await;
        let read = client
            .query()
            .table_name(&table)
            .key_condition_expression("PK = :pk")
            .expression_attribute_values(":pk", s("a"))
            .consistent_read(consistent)
            .send()
            .await
            .unwrap();
        assert_eq!(read.count(), rows, "consistent: {consistent}");
    }
}

#[tokio::test]
async fn a_stale_read_leaves_the_table_as_it_was() {
    let (aws, client, table) = desk().await;
    first(&aws, "Query", Fault::StaleIndex { writes: 16 });
    put_due(&client, &table, "1", "09:00").await;
    put_due(&client, &table, "1", "10:00").await;
    client
        .delete_item()
        .table_name(&table)
        .key("PK", s("a"))
        .key("SK", s("1"))
        .send()
        .await
        .unwrap();
    put_due(&client, &table, "2", "11:00").await;
    assert!(due(&client, &table).await.is_empty());
    assert_eq!(due(&client, &table).await, ["11:00"]);
}

#[tokio::test]
async fn a_stale_index_still_shows_what_was_deleted() {
    let (aws, client, table) = desk().await;
    first(&aws, "Query", Fault::StaleIndex { writes: 1 });
    put_due(&client, &table, "1", "09:00").await;
    client
        .delete_item()
        .table_name(&table)
        .key("PK", s("a"))
        .key("SK", s("1"))
        .send()
        .await
        .unwrap();
    assert_eq!(due(&client, &table).await, ["09:00"]);
}

#[tokio::test]
async fn some_entries_of_a_batch_send_fail() {
    let aws = embedded();
    let client = sqs(&once(&aws));
    let url = queue(&client).await.unwrap();
    first(&aws, "SendMessageBatch", Fault::PartialBatch { fails: 0b10 });
    let entry = |id: &str| {
        SendMessageBatchRequestEntry::builder()
            .id(id)
            .message_body(id)
            .build()
            .unwrap()
    };
    let sent = client
        .send_message_batch()
        .queue_url(&url)
        .entries(entry("a"))
        .entries(entry("b"))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.failed()[0].id(), "b");
    assert!(!sent.failed()[0].sender_fault());
    assert_eq!(aws.queue_messages(&url).len(), 1);
}

#[tokio::test]
async fn some_keys_of_a_batch_get_stay_unprocessed() {
    let (aws, client, table) = desk().await;
    put_one(&client, &table).await.unwrap();
    first(&aws, "BatchGetItem", Fault::PartialBatch { fails: 0b1 });
    let key = |sk: &str| [("PK".to_owned(), s("a")), ("SK".to_owned(), s(sk))].into();
    let keys = KeysAndAttributes::builder()
        .keys(key("1"))
        .keys(key("2"))
        .build()
        .unwrap();
    let got = client
        .batch_get_item()
        .request_items(&table, keys)
        .send()
        .await
        .unwrap();
    assert!(got.responses().unwrap().get(&table).is_none_or(Vec::is_empty));
    let left = &got.unprocessed_keys().unwrap()[&table];
    assert_eq!(left.keys()[0]["SK"], s("1"));
}
