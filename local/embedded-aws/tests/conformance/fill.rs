//! Tables filled below the API.

use embedded_aws::FillError;
use serde_json::json;

use crate::clients::{dynamodb, embedded};
use crate::dynamodb::{key, s, table};

#[tokio::test]
async fn what_was_filled_in_is_in_table_and_index_and_in_no_stream() {
    let aws = embedded();
    let client = dynamodb(&aws.config("test"));
    let table = table(&client).await.unwrap();
    aws.enable_stream(&table);
    aws.reset_calls();
    let due = json!({ "PK": { "S": "a" }, "SK": { "S": "1" }, "GP": { "S": "g" }, "GS": { "S": "x" } });
    let not_due = json!({ "PK": { "S": "b" }, "SK": { "S": "1" }, "v": { "N": "7" } });
    aws.fill_table(&table, vec![due, not_due]).unwrap();
    assert_eq!((aws.calls().len(), aws.stream_length(&table)), (0, 0));

    let got = client
        .get_item()
        .table_name(&table)
        .set_key(Some(key("b", "1")))
        .send()
        .await
        .unwrap();
    assert_eq!(got.item.unwrap()["v"].as_n().unwrap(), "7");
    let listed = client
        .query()
        .table_name(&table)
        .index_name("due")
        .key_condition_expression("GP = :g")
        .expression_attribute_values(":g", s("g"))
        .send()
        .await
        .unwrap();
    let keys: Vec<_> = listed.items().iter().map(|item| item["PK"].clone()).collect();
    assert_eq!(keys, [s("a")]);
}

#[tokio::test]
async fn of_items_of_which_one_has_no_key_none_is_filled_in() {
    let aws = embedded();
    let client = dynamodb(&aws.config("test"));
    let table = table(&client).await.unwrap();
    let sound = json!({ "PK": { "S": "a" }, "SK": { "S": "1" } });
    let filled = aws.fill_table(&table, vec![sound, json!({ "PK": { "S": "b" } })]);
    assert!(matches!(filled, Err(FillError::Table { .. })), "{filled:?}");
    let all = client.scan().table_name(&table).send().await.unwrap();
    assert_eq!(all.count(), 0);
    let filled = aws.fill_table(&table, vec![json!({ "PK": "a" })]);
    assert!(matches!(filled, Err(FillError::Item(_))), "{filled:?}");
}
