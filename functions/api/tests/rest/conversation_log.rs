//! All that was said on a ticket, as one list.

use crate::{
    exports::path,
    support::{ADMIN, World},
};
use serde_json::{Value, json};

#[tokio::test]
async fn what_was_said_is_one_list_in_pages_by_cursor() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    let note = json!({ "comment": { "body": "Ask <them> again", "public": false } });
    world.change(id, note).await;
    world
        .change(id, json!({ "comment": { "body": "Which lamp?" } }))
        .await;
    let whole = world.get(&format!("tickets/{id}/conversation_log.json")).await;
    assert_eq!(whole.status, 200, "{}", whole.body);
    let events = whole.body["events"].as_array().unwrap();
    let said: Vec<[&Value; 3]> = events
        .iter()
        .map(|event| {
            [
                &event["author"]["type"],
                &event["content"]["plain_body"],
                &event["content"]["public"],
            ]
        })
        .collect();
    assert_eq!(
        said,
        [
            [&json!("user"), &json!("It does not work."), &json!(true)],
            [&json!("agent"), &json!("Ask <them> again"), &json!(false)],
            [&json!("agent"), &json!("Which lamp?"), &json!(true)],
        ]
    );
    assert_eq!(events[0]["author"]["display_name"], "Ann");
    assert_eq!(events[1]["type"], "Comment");
    assert!(
        events[1]["content"]["body"]
            .as_str()
            .unwrap()
            .contains("&lt;them&gt;")
    );
    let comments = world.get(&format!("tickets/{id}/comments")).await.body;
    let comment = &comments["comments"][1]["id"];
    assert_eq!(events[1]["id"], comment.to_string());
    assert_eq!(events[1]["reference"], format!("zen:ticket_event:{comment}"));
    assert_eq!(whole.body["meta"]["has_more"], false);

    let mut next = format!("tickets/{id}/conversation_log?page[size]=2");
    let mut ids = Vec::new();
    for has_more in [true, false] {
        let page = world.get(&next).await.body;
        assert_eq!(page["meta"]["has_more"], has_more);
        ids.extend(
            page["events"]
                .as_array()
                .unwrap()
                .iter()
                .map(|event| event["id"].clone()),
        );
        if has_more {
            next = path(&page["links"]["next"]);
        }
    }
    let all: Vec<Value> = events.iter().map(|event| event["id"].clone()).collect();
    assert_eq!(ids, all);
    world
        .call_as(ADMIN, "DELETE", &format!("tickets/{id}"), &[], None)
        .await;
    let gone = world.get(&format!("tickets/{id}/conversation_log")).await;
    assert_eq!(gone.status, 404);
}
