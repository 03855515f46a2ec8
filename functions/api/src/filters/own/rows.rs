//! What filters can say of fields, forms and statuses, for editors.

use super::{
    comparison::{FIELD, FORM, STATUS},
    sent::how_of,
};
use crate::filters::{clause::Use, names::Names};
use docket_domain::field::{FieldDefinition, FieldsOf};
use serde_json::{Value, json};

/// What filters can say of these, for editors: name, title, operators, values.
pub(crate) fn rows(names: &Names, of: Use) -> Vec<Value> {
    let book = names.fields();
    let list = |values: Vec<(Value, String)>| -> Value {
        let each = values.into_iter();
        each.map(|(value, title)| json!({ "value": value, "title": title, "enabled": true }))
            .collect()
    };
    let row = |name: String, title: &str, operators: Vec<&str>, kind: &str, values: Value| {
        let operators = operators.into_iter();
        let operators: Vec<Value> = operators
            .map(|operator| json!({ "value": operator, "title": operator.replace('_', " ") }))
            .collect();
        json!({
            "value": name,
            "title": title,
            "group": "ticket",
            "target": null,
            "operators": operators,
            "values": { "type": kind, "list": values },
        })
    };
    let mut rows = Vec::new();
    for field in book.own(FieldsOf::Tickets) {
        let options = field.options.iter();
        let options = options
            .map(|option| (json!(option.value), option.name.clone()))
            .collect();
        let kind = if field.kind.has_options() { "list" } else { "text" };
        let operators = operators(Some(field), of);
        rows.push(row(
            format!("{FIELD}{}", field.id),
            &field.title,
            operators,
            kind,
            list(options),
        ));
    }
    if !book.forms.is_empty() {
        let forms = book.forms.iter().map(|form| (json!(form.id), form.name.clone()));
        let forms = list(forms.collect());
        rows.push(row(FORM.to_owned(), "Form", operators(None, of), "list", forms));
    }
    if of != Use::Policy {
        let statuses = book.all_statuses().into_iter();
        let statuses = list(
            statuses
                .map(|status| (json!(status.id), status.agent_label))
                .collect(),
        );
        rows.push(row(
            STATUS.to_owned(),
            "Ticket status",
            operators(None, of),
            "list",
            statuses,
        ));
    }
    rows
}

fn operators(field: Option<&FieldDefinition>, of: Use) -> Vec<&'static str> {
    let all = [
        "is",
        "is_not",
        "present",
        "not_present",
        "less_than",
        "less_than_equal",
        "greater_than",
        "greater_than_equal",
        "includes",
        "not_includes",
        "changed",
        "not_changed",
        "value",
    ];
    let can = all
        .into_iter()
        .filter(|operator| how_of(operator, field, of).is_some());
    can.collect()
}
