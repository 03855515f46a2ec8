use crate::filters::{Names, Use, condition_of, filter_of};
use docket_conditions::Condition;
use docket_domain::{
    Timestamp,
    field::{FIRST_ID, FieldBook, FieldDefinition, FieldKind, FieldOption, TicketForm},
};
use serde_json::{Value, json};

fn names() -> Names {
    let now = Timestamp::UNIX_EPOCH;
    let mut book = FieldBook::default();
    for (place, kind) in [
        FieldKind::Tagger,
        FieldKind::Multiselect,
        FieldKind::Integer,
        FieldKind::Checkbox,
        FieldKind::Date,
    ]
    .into_iter()
    .enumerate()
    {
        let mut field = FieldDefinition::new(FIRST_ID + place as u64, kind, "Field", now);
        if kind.has_options() {
            field.options = ["gold", "lead"]
                .map(|value| FieldOption {
                    value: value.to_owned(),
                    ..FieldOption::default()
                })
                .into();
        }
        book.ticket_fields.push(field);
    }
    book.forms.push(TicketForm::new(FIRST_ID + 9, "Returns", now));
    Names::defining(book)
}

fn clause(field: &str, operator: &str, value: Value) -> Value {
    json!({ "field": field, "operator": operator, "value": value })
}

#[test]
fn what_a_filter_says_of_own_fields_a_condition_says_and_leads_back() {
    for (clause, expected) in [
        (
            clause("custom_fields_1000001", "is", json!("gold")),
            r#"ticket.fields["1000001"] == "gold""#,
        ),
        (
            clause("custom_fields_1000001", "not_present", Value::Null),
            r#"ticket.fields["1000001"] == null"#,
        ),
        (
            clause("custom_fields_1000001", "includes", json!(["gold", "lead"])),
            r#"ticket.fields["1000001"] in ["gold", "lead"]"#,
        ),
        (
            clause("custom_fields_1000002", "not_includes", json!(["lead"])),
            r#"!["lead"].exists(value, value in ticket.fields["1000002"])"#,
        ),
        (
            clause("custom_fields_1000003", "less_than", json!(-5)),
            r#"(ticket.fields["1000003"] != null && ticket.fields["1000003"] < -5)"#,
        ),
        (
            clause("custom_fields_1000004", "is_not", json!(true)),
            r#"ticket.fields["1000004"] != true"#,
        ),
        (
            clause("custom_fields_1000005", "greater_than_equal", json!("2026-01-31")),
            r#"(ticket.fields["1000005"] != null && ticket.fields["1000005"] >= "2026-01-31")"#,
        ),
        (
            clause("custom_fields_1000001", "value", json!("lead")),
            r#"("1000001" in event.changed_fields && ticket.fields["1000001"] == "lead")"#,
        ),
        (
            clause("custom_fields_1000001", "not_changed", Value::Null),
            r#"!("1000001" in event.changed_fields)"#,
        ),
        (
            clause("ticket_form_id", "is", json!(1_000_010)),
            "ticket.form == 1000010",
        ),
        (
            clause("custom_status_id", "not_includes", json!([2, 5])),
            "!(ticket.custom_status in [2, 5])",
        ),
        (
            clause("custom_status_id", "changed", Value::Null),
            r#"("custom_status" in event.changed || "status" in event.changed)"#,
        ),
    ] {
        for any in [false, true] {
            let filter = match any {
                false => json!({ "all": [clause], "any": [] }),
                true => json!({ "all": [], "any": [clause, clause] }),
            };
            let read = serde_json::from_value(filter.clone()).unwrap();
            let condition = condition_of(&read, &names(), Use::Trigger).unwrap();
            assert!(condition.contains(expected), "{condition}");
            assert_eq!(filter_of(&condition, &names()), Some(filter), "{condition}");
            Condition::parse(&condition).unwrap();
        }
    }
}

#[test]
fn what_own_fields_can_t_be_compared_with_is_refused() {
    for (field, operator, value) in [
        ("custom_fields_1000099", "is", json!("x")),
        ("custom_fields_x", "is", json!("x")),
        ("custom_fields_1000001", "is", json!("tin")),
        ("custom_fields_1000001", "less_than", json!("gold")),
        ("custom_fields_1000003", "is", json!("many")),
        ("custom_fields_1000001", "includes", json!([])),
        ("ticket_form_id", "is", json!(7)),
        ("custom_status_id", "is", Value::Null),
    ] {
        let filter = json!({ "all": [clause(field, operator, value)] });
        let read = serde_json::from_value(filter).unwrap();
        assert!(
            condition_of(&read, &names(), Use::Trigger).is_err(),
            "{field} {operator}"
        );
    }
}
