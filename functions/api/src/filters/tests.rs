//! What filters say, and back.

use super::*;

fn names() -> Names {
    Names::for_test(&[(1, "Support"), (7, "Tier \"2\"")])
}

fn condition(filter: Value) -> Result<String, ApiError> {
    condition_of(&serde_json::from_value(filter).unwrap(), &names(), Use::Policy)
}

fn check(filter: Value, expected: &str) {
    assert_eq!(condition(filter.clone()).unwrap(), expected);
    let back = filter_of(expected, &names()).unwrap();
    assert_eq!(back, filter, "{expected}");
    docket_conditions::Condition::parse(expected).unwrap();
}

fn clause(field: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({ "field": field, "operator": operator, "value": value.into() })
}

#[test]
fn what_a_filter_says_a_condition_says_and_leads_back() {
    check(json!({ "all": [], "any": [] }), "true");
    check(
        json!({ "all": [clause("type", "is", "incident"), clause("via_id", "is", 4)], "any": [] }),
        r#"ticket.type == "incident" && ticket.channel == "mail""#,
    );
    check(
        json!({ "all": [clause("group_id", "is_not", 7)], "any": [clause("priority", "is", Value::Null), clause("current_tags", "includes", "vip gold")] }),
        r#"ticket.group != "Tier \"2\"" && (ticket.priority == null || ticket.tags.exists(tag, tag in ["vip", "gold"]))"#,
    );
    check(
        json!({ "all": [], "any": [clause("recipient", "is", "a@x.example")] }),
        r#"(ticket.mailbox == "a@x.example")"#,
    );
    check(
        json!({ "all": [
            clause("group_id", "includes", vec![1, 7]),
            clause("type", "not_includes", vec!["task"]),
            clause("current_tags", "not_includes", "spam"),
            clause("priority", "greater_than", "normal"),
            clause("priority", "less_than", "urgent"),
        ], "any": [] }),
        r#"ticket.group in ["Support", "Tier \"2\""] && !(ticket.type in ["task"]) && !ticket.tags.exists(tag, tag in ["spam"]) && ticket.priority_rank > rank("normal") && ticket.priority_rank < rank("urgent")"#,
    );
}

#[test]
fn what_a_trigger_s_filter_says_leads_back() {
    let check = |filter: Value, expected: &str| {
        let read = serde_json::from_value(filter.clone()).unwrap();
        assert_eq!(condition_of(&read, &names(), Use::Trigger).unwrap(), expected);
        assert_eq!(filter_of(expected, &names()).unwrap(), filter, "{expected}");
        docket_conditions::Condition::parse(expected).unwrap();
    };
    check(json!({ "all": [], "any": [] }), "event != null");
    check(
        json!({ "all": [clause("status", "is", "open")], "any": [clause("priority", "is", "high")] }),
        r#"event != null && ticket.status == "open" && (ticket.priority == "high")"#,
    );
    check(
        json!({ "all": [
            clause("update_type", "is", "Change"),
            clause("status", "value", "solved"),
            clause("group_id", "changed", Value::Null),
            clause("priority", "not_changed", Value::Null),
            clause("comment_is_public", "is", "true"),
            clause("comment_is_public", "is", "false"),
            clause("role", "is", "end_user"),
        ], "any": [clause("type", "changed", Value::Null), clause("type", "value", "task")] }),
        r#"event.kind != "ticket_created" && ("status" in event.changed && ticket.status == "solved") && "group" in event.changed && !("priority" in event.changed) && event.comment_public && (event.kind == "comment_added" && !event.comment_public) && event.actor != "agent" && ("type" in event.changed || ("type" in event.changed && ticket.type == "task"))"#,
    );
    check(
        json!({ "all": [
            clause("subject_includes_word", "includes", "refund money"),
            clause("comment_includes_word", "not_includes", "thanks"),
        ], "any": [] }),
        r#"["refund", "money"].exists(word, ticket.subject.lowerAscii().contains(word)) && !["thanks"].exists(word, event.comment_text.lowerAscii().contains(word))"#,
    );
}

#[test]
fn a_condition_beyond_filters_is_none() {
    for condition in [
        r#"requester.tier == "gold""#,
        r#"ticket.type == "incident" || ticket.type == "task""#,
        r#"ticket.type=="incident""#,
        r#"ticket.group == "Gone""#,
        r#"(ticket.type == "task") && (ticket.type == "task")"#,
        r#"ticket.type == "task" && "#,
        r#"ticket.tags.exists(tag, tag in [])"#,
        r#"ticket.type == "a" + "b""#,
        "",
    ] {
        assert_eq!(filter_of(condition, &names()), None, "{condition}");
    }
}

#[test]
fn what_a_filter_can_not_say_is_named_with_its_place() {
    for (filter, field, words) in [
        (
            clause("organization_id", "is", 3),
            "filter.all[0].field",
            "organization.name",
        ),
        (
            clause("brand_id", "is", 3),
            "filter.all[0].field",
            "docket.condition",
        ),
        (
            clause("type", "within", "task"),
            "filter.all[0].operator",
            "is_not",
        ),
        (clause("group_id", "is", 99), "filter.all[0].value", "no group"),
        (clause("via_id", "is", 999), "filter.all[0].value", "4"),
        (clause("type", "is", "chore"), "filter.all[0].value", "task"),
        (
            clause("current_tags", "includes", "  "),
            "filter.all[0].value",
            "blank",
        ),
        (
            clause("type", "includes", Vec::<Value>::new()),
            "filter.all[0].value",
            "blank",
        ),
    ] {
        let Err(ApiError::Invalid(problems)) = condition(json!({ "all": [filter] })) else {
            panic!("{filter} is taken");
        };
        assert_eq!(problems[0].field, field);
        assert!(problems[0].words.contains(words), "{}", problems[0].words);
    }
}
