//! Streams taken at the seam.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, DeleteRequest, Put, PutRequest, TransactWriteItem, Update, WriteRequest,
};
use embedded_aws::{EmbeddedAws, StreamEventName, StreamRecord};
use serde_json::json;

use crate::clients::{dynamodb, embedded};
use crate::dynamodb::{put, table};

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

async fn streaming() -> (EmbeddedAws, Client, String) {
    let aws = embedded();
    let client = dynamodb(&aws.config("test"));
    let table = table(&client).await.unwrap();
    aws.enable_stream(&table);
    (aws, client, table)
}

fn names(records: &[StreamRecord]) -> Vec<(&'static str, String)> {
    records
        .iter()
        .map(|record| {
            (
                record.event_name.as_str(),
                record.keys["SK"]["S"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_put_then_an_overwrite_then_a_delete_are_three_records() {
    let (aws, client, table) = streaming().await;
    put(&client, &table, &[("PK", s("a")), ("SK", s("1")), ("v", s("x"))])
        .await
        .unwrap();
    put(&client, &table, &[("PK", s("a")), ("SK", s("1")), ("v", s("y"))])
        .await
        .unwrap();
    client
        .delete_item()
        .table_name(&table)
        .key("PK", s("a"))
        .key("SK", s("1"))
        .send()
        .await
        .unwrap();
    let records = aws.take_stream(&table, 10);
    let events: Vec<_> = records.iter().map(|record| record.event_name).collect();
    assert_eq!(
        events,
        [
            StreamEventName::Insert,
            StreamEventName::Modify,
            StreamEventName::Remove
        ]
    );
    assert_eq!(
        records[0].new_image,
        Some(json!({"PK": {"S": "a"}, "SK": {"S": "1"}, "v": {"S": "x"}}))
    );
    assert_eq!(records[0].old_image, None);
    assert_eq!(records[1].old_image, records[0].new_image);
    assert_eq!(records[2].new_image, None);
    assert!(records[0].sequence_number < records[1].sequence_number);
}

#[tokio::test]
async fn a_write_that_changes_nothing_leaves_no_record() {
    let (aws, client, table) = streaming().await;
    for _ in 0..2 {
        put(&client, &table, &[("PK", s("a")), ("SK", s("1"))])
            .await
            .unwrap();
    }
    assert_eq!(aws.take_stream(&table, 10).len(), 1);
}

#[tokio::test]
async fn a_refused_write_leaves_no_record() {
    let (aws, client, table) = streaming().await;
    let refused = client
        .put_item()
        .table_name(&table)
        .item("PK", s("a"))
        .item("SK", s("1"))
        .condition_expression("attribute_exists(PK)")
        .send()
        .await;
    assert!(refused.is_err());
    assert!(aws.take_stream(&table, 10).is_empty());
}

#[tokio::test]
async fn each_action_of_a_transaction_is_a_record() {
    let (aws, client, table) = streaming().await;
    for key in ["changed", "removed"] {
        put(&client, &table, &[("PK", s("a")), ("SK", s(key))])
            .await
            .unwrap();
    }
    aws.drop_stream(&table);
    let put = Put::builder()
        .table_name(&table)
        .item("PK", s("a"))
        .item("SK", s("new"))
        .build()
        .unwrap();
    let update = Update::builder()
        .table_name(&table)
        .key("PK", s("a"))
        .key("SK", s("changed"))
        .update_expression("SET v = :v")
        .expression_attribute_values(":v", s("x"))
        .build()
        .unwrap();
    let delete = Delete::builder()
        .table_name(&table)
        .key("PK", s("a"))
        .key("SK", s("removed"))
        .build()
        .unwrap();
    client
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().put(put).build())
        .transact_items(TransactWriteItem::builder().update(update).build())
        .transact_items(TransactWriteItem::builder().delete(delete).build())
        .send()
        .await
        .unwrap();
    let expected = [("INSERT", "new"), ("MODIFY", "changed"), ("REMOVE", "removed")];
    let expected: Vec<_> = expected.map(|(event, key)| (event, key.to_owned())).into();
    assert_eq!(names(&aws.take_stream(&table, 10)), expected);
}

#[tokio::test]
async fn each_entry_of_a_batch_write_is_a_record() {
    let (aws, client, table) = streaming().await;
    put(&client, &table, &[("PK", s("a")), ("SK", s("old"))])
        .await
        .unwrap();
    aws.drop_stream(&table);
    let new = PutRequest::builder()
        .item("PK", s("a"))
        .item("SK", s("new"))
        .build()
        .unwrap();
    let old = DeleteRequest::builder()
        .key("PK", s("a"))
        .key("SK", s("old"))
        .build()
        .unwrap();
    let requests = vec![
        WriteRequest::builder().put_request(new).build(),
        WriteRequest::builder().delete_request(old).build(),
    ];
    client
        .batch_write_item()
        .request_items(&table, requests)
        .send()
        .await
        .unwrap();
    let expected: Vec<_> = [("INSERT", "new"), ("REMOVE", "old")]
        .map(|(e, k)| (e, k.to_owned()))
        .into();
    assert_eq!(names(&aws.take_stream(&table, 10)), expected);
}

#[tokio::test]
async fn a_stream_is_taken_in_parts_and_can_be_lost() {
    let (aws, client, table) = streaming().await;
    for key in ["1", "2", "3"] {
        put(&client, &table, &[("PK", s("a")), ("SK", s(key))])
            .await
            .unwrap();
    }
    assert_eq!(aws.take_stream(&table, 2).len(), 2);
    assert_eq!(aws.drop_stream(&table), 1);
    assert!(aws.take_stream(&table, 10).is_empty());
}

#[tokio::test]
async fn whoever_waits_for_a_stream_is_woken_by_a_write() {
    let (aws, client, table) = streaming().await;
    let waiting = tokio::spawn({
        let (aws, table) = (aws.clone(), table.clone());
        async move { aws.stream_ready(&table).await }
    });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    put(&client, &table, &[("PK", s("a")), ("SK", s("1"))])
        .await
        .unwrap();
    waiting.await.unwrap();
}

#[tokio::test]
async fn a_filter_of_a_stream_sees_what_happened_its_keys_and_what_the_item_has() {
    let aws = embedded();
    let client = dynamodb(&aws.config("test"));
    let table = table(&client).await.unwrap();
    aws.enable_filtered_stream(&table, |change| {
        let is_new = change.event_name() == StreamEventName::Insert;
        is_new && (change.key("SK").starts_with('1') || change.has("told")) && change.key("v").is_empty()
    });
    for (key, attribute) in [("1", "v"), ("2", "v"), ("3", "told"), ("1", "told")] {
        put(
            &client,
            &table,
            &[("PK", s("a")), ("SK", s(key)), (attribute, s("x"))],
        )
        .await
        .unwrap();
    }
    let inserted = |key: &str| ("INSERT", key.to_owned());
    assert_eq!(
        names(&aws.take_stream(&table, 10)),
        [inserted("1"), inserted("3")]
    );
}

#[tokio::test]
async fn whoever_would_add_to_a_stream_can_wait_until_it_is_short() {
    let (aws, client, table) = streaming().await;
    for key in ["1", "2", "3"] {
        put(&client, &table, &[("PK", s("a")), ("SK", s(key))])
            .await
            .unwrap();
    }
    aws.stream_at_most(&table, 3).await;
    let waiting = tokio::spawn({
        let (aws, table) = (aws.clone(), table.clone());
        async move { aws.stream_at_most(&table, 1).await }
    });
    tokio::task::yield_now().await;
    assert_eq!(aws.take_stream(&table, 1).len(), 1);
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished(), "two are more than one");
    assert_eq!(aws.take_stream(&table, 1).len(), 1);
    waiting.await.unwrap();
}

#[tokio::test]
async fn a_record_reads_as_a_lambda_event() {
    let (aws, client, table) = streaming().await;
    put(&client, &table, &[("PK", s("a")), ("SK", s("1"))])
        .await
        .unwrap();
    let event = aws.take_stream(&table, 1)[0].to_event_json();
    assert_eq!(event["eventName"], "INSERT");
    assert_eq!(event["eventSource"], "aws:dynamodb");
    assert_eq!(event["dynamodb"]["Keys"]["SK"]["S"], "1");
    assert_eq!(event["dynamodb"]["StreamViewType"], "NEW_AND_OLD_IMAGES");
}

#[tokio::test]
async fn capacity_is_summed_by_table_and_operation() {
    let (aws, client, table) = streaming().await;
    aws.tally_capacity(true);
    for key in ["1", "2"] {
        let item = [("PK", s("a")), ("SK", s(key)), ("GP", s("g")), ("GS", s("x"))];
        put(&client, &table, &item).await.unwrap();
    }
    let uses = aws.capacity();
    assert_eq!(uses.len(), 1);
    assert_eq!((uses[0].operation.as_str(), uses[0].calls), ("PutItem", 2));
    assert!((uses[0].units - 4.0).abs() < f64::EPSILON);
    assert!((uses[0].index_units["due"] - 2.0).abs() < f64::EPSILON);
}
