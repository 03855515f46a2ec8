//! `GET slas/policies/definitions`: what filters can say.

use crate::{
    filters::{Names, Subject, TAGS, Use, own},
    kit::{call::Call, error::ApiError},
};
use axum::Json;
use serde_json::{Value, json};

/// The conditions that filters know, with their operators and values.
pub(crate) async fn show(call: Call) -> Result<Json<Value>, ApiError> {
    let names = Names::of(&call).await?;
    let rows = rows(&names, Use::Policy);
    Ok(Json(json!({ "definitions": { "all": rows, "any": rows } })))
}

pub(crate) fn rows(names: &Names, of: Use) -> Vec<Value> {
    let operator = |(value, title): &(&str, &str)| json!({ "value": value, "title": title });
    let equal = [
        ("is", "Is"),
        ("is_not", "Is not"),
        ("includes", "Is one of"),
        ("not_includes", "Is none of"),
    ];
    let order = [("less_than", "Less than"), ("greater_than", "Greater than")];
    let mut rows: Vec<Value> = Subject::of(of)
        .map(|subject| {
            let further: &[_] = if subject == Subject::Priority { &order } else { &[] };
            let list = names.choices(subject).into_iter().flatten();
            let list: Vec<Value> = list
                .map(|(value, title)| json!({ "value": value, "title": title, "enabled": true }))
                .collect();
            json!({
                "value": subject.field(),
                "title": title(subject),
                "group": "ticket",
                "target": null,
                "operators": equal.iter().chain(further).map(operator).collect::<Vec<_>>(),
                "values": { "type": "list", "list": list },
            })
        })
        .collect();
    let tags = [
        ("includes", "Contains at least one of"),
        ("not_includes", "Contains none of"),
    ];
    rows.push(json!({
        "value": TAGS,
        "title": "Tags",
        "group": "ticket",
        "target": null,
        "operators": tags.iter().map(operator).collect::<Vec<_>>(),
        "values": { "type": "tags", "list": [] },
    }));
    rows.extend(own::rows(names, of));
    rows
}

fn title(subject: Subject) -> &'static str {
    match subject {
        Subject::Status => "Status",
        Subject::Type => "Type",
        Subject::Priority => "Priority",
        Subject::Group => "Group",
        Subject::Via => "Channel",
        Subject::Recipient => "Received at",
    }
}
