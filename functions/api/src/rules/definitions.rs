//! `GET triggers/definitions` and the like: what conditions and actions can say.

use super::{Of, actions::FIELDS};
use crate::{
    filters::{Names, Use, own::FIELD},
    kit::{call::Call, error::ApiError},
    slas::condition_rows,
};
use axum::{Extension, Json};
use docket_domain::{field::FieldsOf, rule::RuleKind};
use docket_rules::TEXT_NAMES;
use serde_json::{Value, json};

/// The definitions of a kind; under `docket`, the names that conditions and texts can use.
pub(crate) async fn show(call: Call, Extension(of): Extension<Of>) -> Result<Json<Value>, ApiError> {
    let names = Names::of(&call).await?;
    let filters = if of.0 == RuleKind::Trigger {
        Use::Trigger
    } else {
        Use::Automation
    };
    let conditions = match of.0 {
        RuleKind::Macro => vec![],
        _ => condition_rows(&names, filters),
    };
    let fields = FIELDS
        .iter()
        .map(|(field, title)| ((*field).to_owned(), (*title).to_owned()));
    let own = names.fields().own(FieldsOf::Tickets).into_iter();
    let own = own.map(|field| (format!("{FIELD}{}", field.id), field.title.clone()));
    let actions: Vec<Value> = fields
        .chain(own)
        .map(|(field, title)| json!({ "value": field, "title": title, "group": "ticket" }))
        .collect();
    let of_conditions: Vec<Value> = docket_conditions::names()
        .into_iter()
        .map(|name| json!({ "name": name.path, "type": name.type_name, "meaning": name.meaning }))
        .collect();
    let of_texts: Vec<Value> = TEXT_NAMES
        .iter()
        .map(|(name, meaning)| json!({ "name": name, "meaning": meaning }))
        .collect();
    Ok(Json(json!({
        "definitions": {
            "conditions_all": conditions,
            "conditions_any": conditions,
            "actions": actions,
            "docket": { "condition_names": of_conditions, "text_names": of_texts },
        }
    })))
}
