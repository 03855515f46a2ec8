//! What customers see of tickets that are hidden, were merged, have fields.

use crate::{
    fields::field,
    requests::{ANN, LEE, as_customer, asks, get, person},
    support::World,
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_customer_does_not_learn_how_many_tickets_are_hidden_from_them() {
    let world = World::new().await;
    let ann = person(&world, ANN).await;
    asks(&world, ANN, "Fire").await;
    let hidden = json!({ "ticket": {
        "subject": "Watch her", "requester_id": ann, "comment": { "body": "Odd", "public": false },
    } });
    assert_eq!(world.post("tickets", hidden).await.status, 201);
    for path in ["requests", "requests?status=new,open"] {
        let listed = get(&world, ANN, path).await.body;
        assert_eq!(listed["count"], 1, "{path}: {listed}");
        assert_eq!(listed["requests"].as_array().unwrap().len(), 1, "{path}");
    }
}

#[tokio::test]
async fn an_answer_to_a_merged_request_reaches_the_one_where_it_goes_on() {
    let world = World::new().await;
    person(&world, ANN).await;
    person(&world, LEE).await;
    let one = asks(&world, ANN, "Fire").await;
    let other = asks(&world, LEE, "Smoke").await;
    let merged = world
        .post(&format!("tickets/{other}/merge"), json!({ "ids": [one] }))
        .await;
    assert_eq!(merged.status, 200, "{}", merged.body);
    world.advance(60);
    let answer = json!({ "request": { "comment": { "body": "It burns still." } } });
    let told = as_customer(&world, ANN, "PUT", &format!("requests/{one}"), Some(answer)).await;
    assert_eq!(
        (told.status.as_u16(), &told.body["request"]["id"]),
        (200, &json!(one)),
        "{}",
        told.body
    );
    let comments = world.get(&format!("tickets/{other}/comments")).await.body["comments"].clone();
    let last = comments.as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["body"], "It burns still.");
    assert_eq!(last["metadata"]["custom"]["merged_from_ticket_id"], Value::Null);
}

#[tokio::test]
async fn customers_fill_in_the_fields_that_they_see() {
    let world = World::new().await;
    person(&world, ANN).await;
    let of = |title: &str, sees: bool| json!({ "type": "text", "title": title, "visible_in_portal": sees, "editable_in_portal": sees });
    let order = field(&world, of("Order", true)).await;
    let cost = field(&world, of("Cost", false)).await;
    let body = |id: u64| {
        json!({ "request": {
            "subject": "Lamp",
            "comment": { "body": "It is broken." },
            "custom_fields": [{ "id": id, "value": "A 7" }],
        } })
    };
    let made = as_customer(&world, ANN, "POST", "requests", Some(body(order))).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let shown = &made.body["request"];
    assert_eq!(shown["custom_fields"], json!([{ "id": order, "value": "A 7" }]));
    let refused = as_customer(&world, ANN, "POST", "requests", Some(body(cost))).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let path = format!("requests/{}", shown["id"]);
    let change = json!({ "request": { "custom_fields": [{ "id": order, "value": "B 8" }] } });
    let changed = as_customer(&world, ANN, "PUT", &path, Some(change)).await;
    assert_eq!(
        changed.body["request"]["custom_fields"][0]["value"], "B 8",
        "{}",
        changed.body
    );
    let form = json!({ "request": { "ticket_form_id": 77 } });
    assert_eq!(
        as_customer(&world, ANN, "PUT", &path, Some(form)).await.status,
        422
    );
}
