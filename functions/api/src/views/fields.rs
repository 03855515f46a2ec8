//! A view as it is sent, and the view that comes of it.

use super::{output::OutputFields, own_fields::check_own_fields};
use crate::kit::{
    call::Call,
    error::ApiError,
    input::{at_most, flag, id, ids, place, removable, text},
};
use docket_domain::{
    GroupId, PersonId,
    people::staff::Role,
    view::{
        LONGEST_DESCRIPTION, LONGEST_TITLE, LONGEST_VALUE, MOST_CONDITIONS, MOST_GROUPS_OF_A_VIEW,
        MOST_VALUES, View, ViewCondition, ViewFor, ViewValue,
    },
};
use docket_search::check_condition;
use serde::Deserialize;
use serde_json::Value;

/// Longest name of a field or an operator that is read.
const LONGEST_WORD: usize = 100;

/// A view as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ViewFields {
    /// Which one, where several are sent.
    #[serde(deserialize_with = "id")]
    pub id: Option<u64>,
    #[serde(deserialize_with = "text")]
    title: Option<String>,
    #[serde(deserialize_with = "text")]
    description: Option<String>,
    #[serde(deserialize_with = "flag")]
    active: Option<bool>,
    #[serde(deserialize_with = "place")]
    position: Option<u32>,
    #[serde(deserialize_with = "removable")]
    restriction: Option<Option<RestrictionFields>>,
    all: Option<Vec<ConditionFields>>,
    any: Option<Vec<ConditionFields>>,
    conditions: Option<ConditionLists>,
    output: Option<OutputFields>,
    /// As it is shown.
    execution: Option<OutputFields>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RestrictionFields {
    #[serde(rename = "type")]
    of: String,
    #[serde(deserialize_with = "id")]
    id: Option<u64>,
    #[serde(deserialize_with = "ids")]
    ids: Vec<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConditionLists {
    all: Option<Vec<ConditionFields>>,
    any: Option<Vec<ConditionFields>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConditionFields {
    field: String,
    operator: Option<String>,
    value: Value,
}

/// What is put into a view, once it was checked.
#[derive(Clone, Debug)]
pub(super) struct ViewChange {
    title: Option<String>,
    description: Option<String>,
    active: Option<bool>,
    pub position: Option<u32>,
    pub is_for: Option<ViewFor>,
    all: Option<Vec<ViewCondition>>,
    any: Option<Vec<ViewCondition>>,
    outputs: Vec<(&'static str, OutputFields)>,
}

impl ViewFields {
    /// Checks what does not depend on the view itself.
    pub async fn checked(self, call: &Call) -> Result<ViewChange, ApiError> {
        at_most("title", self.title.as_deref(), LONGEST_TITLE)?;
        at_most("description", self.description.as_deref(), LONGEST_DESCRIPTION)?;
        let title = self.title.map(|title| title.trim().to_owned());
        if title.as_ref().is_some_and(String::is_empty) {
            return Err(ApiError::blank("title"));
        }
        let is_for = match self.restriction {
            None => None,
            Some(None) => Some(ViewFor::Everyone),
            Some(Some(sent)) => Some(is_for(call, &sent).await?),
        };
        let (all, any) = match self.conditions {
            Some(lists) => (self.all.or(lists.all), self.any.or(lists.any)),
            None => (self.all, self.any),
        };
        let all = all.map(|sent| conditions(&sent, "all")).transpose()?;
        let any = any.map(|sent| conditions(&sent, "any")).transpose()?;
        for (list, conditions) in [("all", &all), ("any", &any)] {
            check_own_fields(call, list, conditions.as_deref().unwrap_or_default()).await?;
        }
        let shown = self.execution.map(|output| ("execution", output));
        let sent = self.output.map(|output| ("output", output));
        Ok(ViewChange {
            title,
            description: self.description,
            active: self.active,
            position: self.position,
            is_for,
            all,
            any,
            outputs: shown.into_iter().chain(sent).collect(),
        })
    }
}

impl ViewChange {
    /// Whether it says what the view is called.
    pub fn has_title(&self) -> bool {
        self.title.is_some()
    }

    /// Puts it into a view.
    pub fn put_into(&self, view: &mut View) -> Result<(), ApiError> {
        fn put<T: Clone>(sent: &Option<T>, into: &mut T) {
            if let Some(sent) = sent {
                into.clone_from(sent);
            }
        }
        put(&self.title, &mut view.title);
        put(&self.description, &mut view.description);
        put(&self.active, &mut view.is_active);
        put(&self.position, &mut view.position);
        put(&self.is_for, &mut view.is_for);
        put(&self.all, &mut view.all);
        put(&self.any, &mut view.any);
        for (root, output) in &self.outputs {
            output.put_into(&mut view.output, root)?;
        }
        match view.all.len() + view.any.len() {
            0 => Err(ApiError::blank("all")),
            count if count > MOST_CONDITIONS => {
                let words = format!("a view has at most {MOST_CONDITIONS} conditions");
                Err(ApiError::invalid("all", words))
            }
            _ => Ok(()),
        }
    }
}

async fn is_for(call: &Call, sent: &RestrictionFields) -> Result<ViewFor, ApiError> {
    match sent.of.as_str() {
        "User" => {
            let id = PersonId(sent.id.ok_or_else(|| ApiError::blank("restriction.id"))?);
            let person = call.desk.people().get(id).await?;
            if person.is_none_or(|person| person.role == Role::EndUser) {
                let words = format!("{id} is nobody who works here");
                return Err(ApiError::invalid("restriction.id", words));
            }
            Ok(ViewFor::Person(id))
        }
        "Group" => {
            let mut ids = sent.ids.clone();
            ids.extend(sent.id);
            ids.sort_unstable();
            ids.dedup();
            if ids.is_empty() || ids.len() > MOST_GROUPS_OF_A_VIEW {
                let words = format!("has to name 1 to {MOST_GROUPS_OF_A_VIEW} groups");
                return Err(ApiError::invalid("restriction.ids", words));
            }
            let groups = call.desk.groups().all().await?;
            let is_known = |id: &u64| groups.iter().any(|group| group.id.0 == *id);
            if let Some(id) = ids.iter().find(|id| !is_known(id)) {
                return Err(ApiError::invalid(
                    "restriction.ids",
                    format!("{id} is no group's id"),
                ));
            }
            Ok(ViewFor::Groups(ids.into_iter().map(GroupId).collect()))
        }
        other => Err(ApiError::invalid(
            "restriction.type",
            format!("{other:?} is neither Group nor User"),
        )),
    }
}

fn conditions(sent: &[ConditionFields], list: &str) -> Result<Vec<ViewCondition>, ApiError> {
    let each = sent.iter().enumerate();
    each.map(|(place, sent)| condition(sent, &format!("{list}[{place}]")))
        .collect()
}

fn condition(sent: &ConditionFields, place: &str) -> Result<ViewCondition, ApiError> {
    let operator = sent.operator.as_deref().unwrap_or("is");
    at_most(&format!("{place}.field"), Some(&sent.field), LONGEST_WORD)?;
    at_most(&format!("{place}.operator"), Some(operator), LONGEST_WORD)?;
    let field = format!("{place}.value");
    let one = |value: &Value| match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => {
            at_most(&field, Some(text), LONGEST_VALUE)?;
            Ok(text.trim().to_owned())
        }
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        other => Err(ApiError::invalid(
            &field,
            format!("{other} is neither a text nor a number"),
        )),
    };
    let value = match &sent.value {
        Value::Array(values) if values.len() > MOST_VALUES => {
            return Err(ApiError::invalid(
                &field,
                format!("has at most {MOST_VALUES} values"),
            ));
        }
        Value::Array(values) => ViewValue::Many(values.iter().map(one).collect::<Result<_, _>>()?),
        value => ViewValue::One(one(value)?),
    };
    let condition = ViewCondition {
        field: sent.field.trim().to_owned(),
        operator: operator.trim().to_owned(),
        value,
    };
    check_condition(&condition)
        .map_err(|wrong| ApiError::invalid(&format!("{place}.{}", wrong.part.as_str()), wrong.words))?;
    Ok(condition)
}
