//! What was done to a ticket, as exports of ticket events tell it: the same as an audit, in another shape.

use serde_json::{Map, Value, json};

/// The event of an audit. Comments come with what they say, or only with that there is one.
pub(crate) fn ticket_event(audit: &Value, timestamp: i64, with_texts: bool) -> Value {
    let via = via_in_words(&audit["via"]);
    let events = audit["events"].as_array().into_iter().flatten();
    let child_events: Vec<Value> = events.map(|event| child(event, audit, via, with_texts)).collect();
    json!({
        "id": audit["id"],
        "ticket_id": audit["ticket_id"],
        "timestamp": timestamp,
        "created_at": audit["created_at"],
        "updater_id": audit["author_id"],
        "via": via,
        "via_reference_id": null,
        "system": audit["metadata"]["system"],
        "metadata": audit["metadata"]["custom"],
        "merged_ticket_ids": [],
        "event_type": "Audit",
        "child_events": child_events,
    })
}

fn child(event: &Value, audit: &Value, via: &str, with_texts: bool) -> Value {
    let kind = event["type"].as_str().unwrap_or_default();
    let mut child = Map::new();
    match kind {
        "Comment" if with_texts => {
            child.extend(event.as_object().cloned().unwrap_or_default());
            child.insert("audit_id".to_owned(), audit["id"].clone());
            child.insert("created_at".to_owned(), audit["created_at"].clone());
            child.insert("comment_present".to_owned(), json!(true));
            child.insert("comment_public".to_owned(), event["public"].clone());
        }
        "Comment" => {
            child.insert("comment_present".to_owned(), json!(true));
            child.insert("comment_public".to_owned(), event["public"].clone());
        }
        "Create" | "Change" => {
            let name = event["field_name"].as_str().unwrap_or_default();
            child.insert(name.to_owned(), event["value"].clone());
            if kind == "Change" {
                child.insert("previous_value".to_owned(), event["previous_value"].clone());
            }
            if name == "tags" {
                let (is, was) = (&event["value"], &event["previous_value"]);
                child.insert("added_tags".to_owned(), without(is, was));
                child.insert("removed_tags".to_owned(), without(was, is));
            }
        }
        "DocketDeleted" => {
            child.insert("status".to_owned(), json!("deleted"));
        }
        _ => child.extend(event.as_object().cloned().unwrap_or_default()),
    }
    child.insert("id".to_owned(), event["id"].clone());
    child.insert(
        "event_type".to_owned(),
        json!(if kind == "DocketDeleted" { "Change" } else { kind }),
    );
    child.insert("via".to_owned(), json!(via));
    child.insert("via_reference_id".to_owned(), Value::Null);
    Value::Object(child)
}

/// What of a list is not in another.
fn without(list: &Value, other: &Value) -> Value {
    let others: Vec<&Value> = other.as_array().into_iter().flatten().collect();
    let rest = list.as_array().into_iter().flatten();
    Value::Array(rest.filter(|value| !others.contains(value)).cloned().collect())
}

/// How it came, as these exports call it.
fn via_in_words(via: &Value) -> &'static str {
    match via["channel"].as_str() {
        Some("email") => "Mail",
        Some("web") => "Web form",
        Some("phone") => "Phone call",
        Some("rule") => "Rule",
        Some("any_channel") => "Any channel",
        Some("system") => "System",
        _ => "Web service",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audit() -> Value {
        json!({
            "id": 700_001, "ticket_id": 7, "created_at": "1970-01-01T00:01:00Z", "author_id": 3,
            "via": { "channel": "email" }, "metadata": { "system": {}, "custom": {} },
            "events": [
                { "id": 1, "type": "Change", "field_name": "tags", "value": ["a", "c"], "previous_value": ["a", "b"] },
                { "id": 2, "type": "Comment", "public": false, "body": "Hush" },
                { "id": 3, "type": "DocketDeleted" },
            ],
        })
    }

    #[test]
    fn a_change_stands_under_the_name_of_its_field() {
        let event = ticket_event(&audit(), 60, false);
        assert_eq!(
            (&event["timestamp"], &event["updater_id"], &event["via"]),
            (&json!(60), &json!(3), &json!("Mail"))
        );
        let tags = &event["child_events"][0];
        assert_eq!(
            (&tags["tags"], &tags["event_type"]),
            (&json!(["a", "c"]), &json!("Change"))
        );
        assert_eq!(
            (&tags["added_tags"], &tags["removed_tags"]),
            (&json!(["c"]), &json!(["b"]))
        );
        assert_eq!(event["child_events"][2]["status"], "deleted");
    }

    #[test]
    fn what_a_comment_says_comes_only_where_it_is_asked_for() {
        let plain = ticket_event(&audit(), 60, false)["child_events"][1].clone();
        assert_eq!(
            (&plain["comment_public"], plain.get("body")),
            (&json!(false), None)
        );
        let full = ticket_event(&audit(), 60, true)["child_events"][1].clone();
        assert_eq!(
            (&full["body"], &full["audit_id"]),
            (&json!("Hush"), &json!(700_001))
        );
    }
}
