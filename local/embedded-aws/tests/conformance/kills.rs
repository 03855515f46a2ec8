//! Callers that are killed in the middle of a call.

use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use embedded_aws::{Call, EmbeddedAws, Fault};

use crate::clients::{dynamodb, embedded};
use crate::dynamodb::{get, table};

/// Runs a put as `victim` until it ends or is killed; whether it was killed, and whether the item is there.
async fn put_under(aws: &EmbeddedAws, fault: Fault) -> (bool, bool) {
    let table = table(&dynamodb(&aws.config("other"))).await.unwrap();
    aws.set_fault_plan(Some(Arc::new(move |call: &Call| {
        if call.actor == "victim" {
            fault.clone()
        } else {
            Fault::None
        }
    })));
    let client = dynamodb(&aws.config("victim"));
    let killed = aws.killed("victim");
    let put = client
        .put_item()
        .table_name(&table)
        .item("PK", AttributeValue::S("a".to_owned()))
        .item("SK", AttributeValue::S("1".to_owned()))
        .send();
    let was_killed = tokio::select! {
        biased;
        () = killed => true,
        _ = put => false,
    };
    (
        was_killed,
        get(&dynamodb(&aws.config("other")), &table, "a", "1")
            .await
            .unwrap()
            .is_some(),
    )
}

#[tokio::test]
async fn a_caller_killed_before_its_call_has_done_nothing() {
    assert_eq!(put_under(&embedded(), Fault::KillBefore).await, (true, false));
}

#[tokio::test]
async fn a_caller_killed_after_its_call_has_done_it() {
    assert_eq!(put_under(&embedded(), Fault::KillAfter).await, (true, true));
}

#[tokio::test]
async fn an_earlier_kill_does_not_end_a_later_life() {
    let aws = embedded();
    assert_eq!(put_under(&aws, Fault::KillBefore).await, (true, false));
    assert_eq!(put_under(&aws, Fault::None).await, (false, true));
}

#[tokio::test]
async fn a_kill_ends_no_other_actor() {
    let aws = embedded();
    let bystander = tokio::spawn(aws.killed("bystander"));
    put_under(&aws, Fault::KillBefore).await;
    tokio::task::yield_now().await;
    assert!(!bystander.is_finished());
    bystander.abort();
}
