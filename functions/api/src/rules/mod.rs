//! `triggers`, `automations`, `macros` in the shapes that clients know, and `routing/rules` in ours: rules by their use.

mod actions;
mod categories;
mod definitions;
mod fields;
mod hours;
mod macros;
mod many;
mod order;
mod revisions;
mod routes;
mod run;
mod shape;

pub(crate) use definitions::show as definitions;
pub(crate) use order::reorder;
pub(crate) use routes::routes;
pub(crate) use run::{LeftUndone, apply, preview, run};

use crate::{
    filters::Names,
    kit::{
        call::{API, Call, Ids},
        configuration::{book_error, done, made, made_before},
        error::ApiError,
        idempotency::Once,
        input::{Sent, refuse_fields},
        paging::Paging,
    },
};
use axum::{Extension, Json, response::Response};
use docket_domain::{
    RuleId,
    rule::{Rule, RuleKind},
    sla::Book,
};
use docket_rules::{RuleWrong, check_rule};
use fields::RuleFields;
use http::StatusCode;
use serde_json::{Value, json};

/// The rules of one use, as a path names them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Of(pub RuleKind);

impl Of {
    /// Where they are.
    pub fn path(self) -> &'static str {
        match self.0 {
            RuleKind::Routing => "routing/rules",
            RuleKind::Trigger => "triggers",
            RuleKind::Automation => "automations",
            RuleKind::Macro => "macros",
        }
    }

    /// What the list is called.
    pub fn list(self) -> &'static str {
        match self.0 {
            RuleKind::Routing => "rules",
            RuleKind::Trigger => "triggers",
            RuleKind::Automation => "automations",
            RuleKind::Macro => "macros",
        }
    }

    /// What one of them is called.
    pub fn record(self) -> &'static str {
        match self.0 {
            RuleKind::Routing => "rule",
            RuleKind::Trigger => "trigger",
            RuleKind::Automation => "automation",
            RuleKind::Macro => "macro",
        }
    }
}

/// `GET …`, in the order in which they run; `?active=true` only those that do.
pub(crate) async fn list(call: Call, Extension(of): Extension<Of>) -> Result<Json<Value>, ApiError> {
    listed(&call, of, None).await
}

/// `GET …/active`.
pub(crate) async fn active(call: Call, Extension(of): Extension<Of>) -> Result<Json<Value>, ApiError> {
    listed(&call, of, Some(true)).await
}

async fn listed(call: &Call, of: Of, active: Option<bool>) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let mut rules = book.rules.of_kind(of.0);
    rules.retain(|rule| active.is_none_or(|active| rule.is_active == active));
    listed_of(call, of, &book, rules).await
}

/// These rules, as far as the call's filters leave them, in the order asked for.
async fn listed_of(call: &Call, of: Of, book: &Book, rules: Vec<&Rule>) -> Result<Json<Value>, ApiError> {
    let names = Names::of(call).await?;
    let rules = many::filtered(call, book, rules)?;
    let paging = Paging::of(&call.address).ascending();
    let window = paging.window(rules.len() as u64);
    let rows = window.of(&rules).into_iter();
    let rows = rows
        .map(|rule| {
            let times = book.rules.rule_times.get(&rule.id);
            let category = book.rules.category_of(rule.id);
            shape::rule(&call.address, of, &names, times, category, rule)
        })
        .collect();
    let envelope = paging.envelope(&call.address, of.list(), rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET …/{id}`.
pub(crate) async fn show(
    call: Call,
    Extension(of): Extension<Of>,
    Ids(id): Ids<u64>,
) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let names = Names::of(&call).await?;
    shown(&call, of, &book, &names, RuleId(id)).map(Json)
}

/// `POST …`.
pub(crate) async fn create(
    call: Call,
    Extension(of): Extension<Of>,
    sent: Sent,
) -> Result<Response, ApiError> {
    refuse_restriction(of, &sent.read::<Value>(of.record())?)?;
    let fields: RuleFields = sent.read(of.record())?;
    let once = Once::of(&call, &sent)?;
    let names = Names::of(&call).await?;
    let name = fields.name().ok_or_else(|| ApiError::blank("title"))?;
    let shown = |book: &Book| {
        let rules = book.rules.of_kind(of.0);
        let made = rules.iter().find(|rule| rule.name == name);
        self::shown(&call, of, book, &names, made.ok_or(ApiError::Missing)?.id)
    };
    if once.earlier(&call).await?.is_some() {
        return made_before(&call, &once, shown).await;
    }
    if fields.actions.is_none() && fields.docket.actions.is_none() {
        return Err(ApiError::blank("actions"));
    }
    fields.check_people(&call).await?;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(once.cause.as_str()), once.guards(true), |book| {
            let last = book.rules.of_kind(of.0).iter().map(|rule| rule.position).max();
            let blank = fields::blank(of.0, book.rules.next_rule_id(), &name, last.unwrap_or(0) + 1);
            let rule = fields.put_into(blank, &names)?;
            checked(&rule, &names)?;
            order::make_room(book, &rule)?;
            let id = rule.id;
            book.rules.last_rule_id = id.0;
            book.rules.rules.push(rule);
            fields.put_category(book, of, id)?;
            book.check().map_err(|error| book_error(&error))
        })
        .await?;
    made(&call, &once, changed, shown).await
}

/// `PUT …/{id}`.
pub(crate) async fn update(
    call: Call,
    Extension(of): Extension<Of>,
    Ids(id): Ids<u64>,
    sent: Sent,
) -> Result<Json<Value>, ApiError> {
    refuse_restriction(of, &sent.read::<Value>(of.record())?)?;
    let fields: RuleFields = sent.read(of.record())?;
    let id = RuleId(id);
    let names = Names::of(&call).await?;
    fields.check_people(&call).await?;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let place = place(book, of, id)?;
            let rule = fields.put_into(book.rules.rules[place].clone(), &names)?;
            checked(&rule, &names)?;
            order::make_room(book, &rule)?;
            book.rules.rules[place] = rule;
            fields.put_category(book, of, id)?;
            book.check().map_err(|error| book_error(&error))
        })
        .await?;
    let book = done(changed)?;
    shown(&call, of, &book, &names, id).map(Json)
}

/// `DELETE …/{id}`. What it did stays done.
pub(crate) async fn destroy(
    call: Call,
    Extension(of): Extension<Of>,
    Ids(id): Ids<u64>,
) -> Result<StatusCode, ApiError> {
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let place = place(book, of, RuleId(id))?;
            book.rules.last_rule_id = book.rules.next_rule_id().0 - 1;
            book.rules.rules.remove(place);
            Ok(())
        })
        .await?;
    done(changed)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Macros are for everybody: one that was sent for some must not look kept.
fn refuse_restriction(of: Of, record: &Value) -> Result<(), ApiError> {
    match of.0 {
        RuleKind::Macro => refuse_fields(record, &["restriction"]),
        _ => Ok(()),
    }
}

fn place(book: &Book, of: Of, id: RuleId) -> Result<usize, ApiError> {
    let mut rules = book.rules.rules.iter();
    let found = rules.position(|rule| rule.id == id && rule.kind == of.0);
    found.ok_or(ApiError::Missing)
}

fn shown(call: &Call, of: Of, book: &Book, names: &Names, id: RuleId) -> Result<Value, ApiError> {
    let rule = &book.rules.rules[place(book, of, id)?];
    let times = book.rules.rule_times.get(&id);
    let category = book.rules.category_of(id);
    Ok(json!({ of.record(): shape::rule(&call.address, of, names, times, category, rule) }))
}

/// Refuses a rule that could not run, at the field that it is about.
fn checked(rule: &Rule, names: &Names) -> Result<(), ApiError> {
    rule.check()
        .map_err(|error| ApiError::invalid(fields::field_of(&error), error.to_string()))?;
    check_rule(rule, &names.vocabulary()).map_err(|bad| {
        let field = match &bad.wrong {
            RuleWrong::Text { .. } => "actions",
            _ => "docket.condition",
        };
        ApiError::invalid(field, bad.wrong.to_string())
    })
}
