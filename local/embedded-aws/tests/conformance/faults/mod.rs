//! What a fault plan makes of calls.

mod data;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use embedded_aws::{Call, EmbeddedAws, Fault, Service};

use crate::clients::{code, dynamodb, embedded, queue, sqs};
use crate::dynamodb::{get, table};

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// A configuration that does not repeat a failed call.
fn once(aws: &EmbeddedAws) -> SdkConfig {
    aws.config("test")
        .into_builder()
        .retry_config(RetryConfig::disabled())
        .build()
}

/// The first call of this operation meets the fault.
fn first(aws: &EmbeddedAws, operation: &'static str, fault: Fault) {
    let met = AtomicBool::new(false);
    aws.set_fault_plan(Some(Arc::new(move |call: &Call| {
        if call.operation == operation && !met.swap(true, Ordering::Relaxed) {
            fault.clone()
        } else {
            Fault::None
        }
    })));
}

async fn desk() -> (EmbeddedAws, Client, String) {
    let aws = embedded();
    let client = dynamodb(&once(&aws));
    let table = table(&client).await.unwrap();
    (aws, client, table)
}

async fn put_one(
    client: &Client,
    table: &str,
) -> Result<(), SdkError<aws_sdk_dynamodb::operation::put_item::PutItemError>> {
    client
        .put_item()
        .table_name(table)
        .item("PK", s("a"))
        .item("SK", s("1"))
        .send()
        .await
        .map(drop)
}

async fn is_there(client: &Client, table: &str) -> bool {
    get(client, table, "a", "1").await.unwrap().is_some()
}

#[tokio::test]
async fn a_call_that_fails_before_is_not_done() {
    let (aws, client, table) = desk().await;
    first(&aws, "PutItem", Fault::FailBefore(500));
    assert_eq!(code(put_one(&client, &table).await), "InternalServerError");
    assert!(!is_there(&client, &table).await);
}

#[tokio::test]
async fn a_call_that_fails_after_is_done() {
    let (aws, client, table) = desk().await;
    first(&aws, "PutItem", Fault::FailAfter(503));
    assert_eq!(code(put_one(&client, &table).await), "ServiceUnavailable");
    assert!(is_there(&client, &table).await);
}

#[tokio::test]
async fn a_refused_connection_shows_that_nothing_was_done() {
    let (aws, client, table) = desk().await;
    first(&aws, "PutItem", Fault::ConnectionRefused);
    let error = put_one(&client, &table).await.unwrap_err();
    let SdkError::DispatchFailure(failure) = &error else {
        panic!("another error")
    };
    let mut cause: Option<&dyn std::error::Error> = failure.as_connector_error().map(|error| error as _);
    let mut kind = None;
    while let Some(error) = cause {
        kind = kind.or(error.downcast_ref::<std::io::Error>().map(std::io::Error::kind));
        cause = error.source();
    }
    assert_eq!(kind, Some(std::io::ErrorKind::ConnectionRefused));
    assert!(!is_there(&client, &table).await);
}

#[tokio::test]
async fn a_lost_reply_leaves_the_call_done() {
    let (aws, client, table) = desk().await;
    first(&aws, "PutItem", Fault::LoseReply);
    assert!(matches!(
        put_one(&client, &table).await,
        Err(SdkError::DispatchFailure(_))
    ));
    assert!(is_there(&client, &table).await);
}

#[tokio::test]
async fn a_timeout_may_leave_the_call_done_or_not() {
    for done in [false, true] {
        let (aws, client, table) = desk().await;
        first(&aws, "PutItem", Fault::Timeout { done });
        let error = put_one(&client, &table).await.unwrap_err();
        assert!(matches!(&error, SdkError::DispatchFailure(failure) if failure.is_timeout()));
        assert_eq!(is_there(&client, &table).await, done);
    }
}

#[tokio::test(start_paused = true)]
async fn the_sdk_repeats_a_throttled_call() {
    let aws = embedded();
    let client = dynamodb(&aws.config("test"));
    let table = table(&client).await.unwrap();
    first(&aws, "PutItem", Fault::Throttle);
    aws.reset_calls();
    put_one(&client, &table).await.unwrap();
    assert_eq!(aws.calls()[&(Service::DynamoDb, "PutItem".to_owned())], 2);
}

#[tokio::test]
async fn each_service_throttles_in_its_own_words() {
    let aws = embedded();
    let config = once(&aws);
    let url = queue(&sqs(&config)).await.unwrap();
    aws.set_fault_plan(Some(Arc::new(|_: &Call| Fault::Throttle)));
    let sent = sqs(&config)
        .send_message()
        .queue_url(url)
        .message_body("x")
        .send()
        .await;
    assert_eq!(code(sent), "RequestThrottled");
    let got = crate::clients::s3(&config)
        .get_object()
        .bucket("b")
        .key("k")
        .send()
        .await;
    assert_eq!(code(got), "SlowDown");
    let mail = crate::ses::raw(&crate::clients::ses(&config), crate::ses::MAIL).unwrap();
    assert_eq!(
        code(mail.destinations("a@example.com").send().await),
        "Throttling"
    );
    let got = crate::clients::ssm(&config)
        .get_parameter()
        .name("/p")
        .send()
        .await;
    assert_eq!(code(got), "ThrottlingException");
}

#[tokio::test]
async fn a_conflict_is_a_reason_among_the_transactions() {
    let (aws, client, table) = desk().await;
    first(&aws, "TransactWriteItems", Fault::TransactionConflict);
    let put = |key: &str| {
        let put = Put::builder()
            .table_name(&table)
            .item("PK", s("a"))
            .item("SK", s(key));
        TransactWriteItem::builder().put(put.build().unwrap()).build()
    };
    let sent = client
        .transact_write_items()
        .transact_items(put("1"))
        .transact_items(put("2"))
        .send()
        .await;
    let error = sent.unwrap_err().into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(canceled) = error else {
        panic!("another")
    };
    let codes: Vec<_> = canceled
        .cancellation_reasons()
        .iter()
        .map(|reason| reason.code().unwrap())
        .collect();
    assert_eq!(codes, ["TransactionConflict", "None"]);
    assert!(!is_there(&client, &table).await);
}

#[tokio::test]
async fn a_fault_without_meaning_for_a_call_does_nothing() {
    let (aws, client, table) = desk().await;
    aws.set_fault_plan(Some(Arc::new(|_: &Call| Fault::PartialBatch { fails: u64::MAX })));
    put_one(&client, &table).await.unwrap();
    aws.set_fault_plan(Some(Arc::new(|_: &Call| Fault::TransactionConflict)));
    assert!(is_there(&client, &table).await);
}

#[tokio::test]
async fn a_duplicated_call_is_done_twice() {
    let aws = embedded();
    let client = sqs(&once(&aws));
    let url = queue(&client).await.unwrap();
    first(&aws, "SendMessage", Fault::Duplicate { answer_second: false });
    client
        .send_message()
        .queue_url(&url)
        .message_body("x")
        .send()
        .await
        .unwrap();
    assert_eq!(aws.queues()[0].visible, 2);
}

#[tokio::test]
async fn the_second_answer_of_a_duplicate_tells_what_the_first_did() {
    let (aws, client, table) = desk().await;
    first(&aws, "PutItem", Fault::Duplicate { answer_second: true });
    let put = client
        .put_item()
        .table_name(&table)
        .item("PK", s("a"))
        .item("SK", s("1"))
        .condition_expression("attribute_not_exists(PK)")
        .send()
        .await;
    assert_eq!(code(put), "ConditionalCheckFailedException");
    assert!(is_there(&client, &table).await);
}

#[tokio::test(start_paused = true)]
async fn a_delayed_call_takes_its_time() {
    let (aws, client, table) = desk().await;
    first(&aws, "PutItem", Fault::Delay(Duration::from_secs(3)));
    let started = tokio::time::Instant::now();
    put_one(&client, &table).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(3));
}

#[tokio::test]
async fn the_plan_sees_who_calls_what() {
    let aws = embedded();
    let seen: Arc<std::sync::Mutex<Vec<Call>>> = Arc::default();
    let client = dynamodb(&aws.config("email-intake"));
    let table = table(&client).await.unwrap();
    aws.reset_calls();
    aws.set_fault_plan(Some(Arc::new({
        let seen = seen.clone();
        move |call: &Call| {
            seen.lock().unwrap().push(call.clone());
            Fault::None
        }
    })));
    data::due(&client, &table).await;
    put_one(&client, &table).await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(
        (seen[0].actor.as_str(), seen[0].operation.as_str()),
        ("email-intake", "Query")
    );
    assert!(seen[0].on_index && !seen[1].on_index);
    assert_eq!(seen[1].resource, table);
    assert_eq!((seen[0].index, seen[1].index), (0, 1));
}

async fn seeded_run() -> Vec<String> {
    let aws = embedded();
    aws.seed(42);
    let client = sqs(&aws.config("test"));
    let made = client.create_queue().queue_name("q").send().await.unwrap();
    let url = made.queue_url.unwrap();
    let mut ids = Vec::new();
    for body in ["one", "two"] {
        let sent = client
            .send_message()
            .queue_url(&url)
            .message_body(body)
            .send()
            .await
            .unwrap();
        ids.push(sent.message_id.unwrap());
        let received = crate::clients::receive(&client, &url).await.unwrap().unwrap();
        ids.push(received.receipt_handle.unwrap());
    }
    ids
}

#[tokio::test(start_paused = true)]
async fn equal_seeds_give_equal_runs() {
    assert_eq!(seeded_run().await, seeded_run().await);
}

#[tokio::test]
async fn the_emulations_own_time_is_told() {
    let (aws, client, table) = desk().await;
    let before = aws.emulation_time();
    put_one(&client, &table).await.unwrap();
    assert!(aws.emulation_time() > before);
}
