//! A view.

use super::{
    columns::{listed, title_of},
    standing,
};
use crate::{kit::address::Address, shapes::time};
use docket_domain::view::{View, ViewCondition, ViewFor, ViewSort};
use serde_json::{Value, json};

/// The view.
pub(super) fn view(address: &Address, view: &View) -> Value {
    let of = |sort: &Option<ViewSort>| {
        let by = sort.as_ref().map(|sort| sort.column.clone());
        let order = sort
            .as_ref()
            .map(|sort| if sort.descending { "desc" } else { "asc" });
        let whole = sort
            .as_ref()
            .map(|sort| json!({ "id": sort.column, "title": title_of(&sort.column), "order": order }));
        (json!(by), json!(order), json!(whole))
    };
    let (group_by, group_order, group) = of(&view.output.group);
    let (sort_by, sort_order, sort) = of(&view.output.sort);
    let (fields, columns): (Vec<&String>, Vec<&String>) = view
        .output
        .columns
        .iter()
        .partition(|column| column.bytes().all(|byte| byte.is_ascii_digit()));
    let all_columns: Vec<Value> = view.output.columns.iter().map(|column| listed(column)).collect();
    json!({
        "id": view.id,
        "url": address.resource(&format!("/views/{}", view.id)),
        "title": view.title,
        "raw_title": view.title,
        "description": view.description,
        "active": view.is_active,
        "default": standing::is_standing(view.id),
        "position": view.position,
        "restriction": restriction(&view.is_for),
        "conditions": { "all": conditions(&view.all), "any": conditions(&view.any) },
        "execution": {
            "group_by": group_by,
            "group_order": group_order,
            "group": group,
            "sort_by": sort_by,
            "sort_order": sort_order,
            "sort": sort,
            "columns": all_columns,
            "fields": columns.iter().map(|column| listed(column)).collect::<Vec<_>>(),
            "custom_fields": fields.iter().map(|column| listed(column)).collect::<Vec<_>>(),
        },
        "created_at": time(view.created_at),
        "updated_at": time(view.updated_at),
    })
}

fn restriction(is_for: &ViewFor) -> Value {
    match is_for {
        ViewFor::Everyone => Value::Null,
        ViewFor::Groups(ids) => json!({ "type": "Group", "id": ids.first(), "ids": ids }),
        ViewFor::Person(id) => json!({ "type": "User", "id": id }),
    }
}

fn conditions(conditions: &[ViewCondition]) -> Value {
    json!(conditions)
}
