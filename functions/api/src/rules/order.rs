//! The order in which rules of a kind run.

use super::Of;
use crate::kit::{
    call::{API, Call},
    configuration::done,
    error::ApiError,
    input::Sent,
};
use axum::{Extension, Json};
use docket_domain::{RuleId, rule::Rule, sla::Book};
use serde_json::Value;

/// Moves the rules whose place another one takes, each by one, as far as they stand close together.
pub(super) fn make_room(book: &mut Book, for_one: &Rule) -> Result<(), ApiError> {
    let mut taken = for_one.position;
    let others: Vec<(RuleId, u32)> = book
        .rules
        .of_kind(for_one.kind)
        .iter()
        .filter(|rule| rule.id != for_one.id && rule.position >= for_one.position)
        .map(|rule| (rule.id, rule.position))
        .collect();
    for (id, position) in others {
        if position > taken {
            break;
        }
        let next = taken.checked_add(1);
        taken = next.ok_or_else(|| ApiError::invalid("position", "is too large"))?;
        set_position(book, id, taken);
    }
    Ok(())
}

fn set_position(book: &mut Book, id: RuleId, position: u32) {
    if let Some(rule) = book.rules.rules.iter_mut().find(|rule| rule.id == id) {
        rule.position = position;
    }
}

/// `PUT …/reorder`: these first, in this order; the others after them, in theirs.
pub(crate) async fn reorder(
    call: Call,
    Extension(of): Extension<Of>,
    sent: Sent,
) -> Result<Json<Value>, ApiError> {
    let ids = ids(of, &sent)?;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let known: Vec<RuleId> = book.rules.of_kind(of.0).iter().map(|rule| rule.id).collect();
            if let Some(id) = ids.iter().find(|id| !known.contains(id)) {
                let words = format!("{id} is no {}'s id", of.record());
                return Err(ApiError::invalid(&field(of), words));
            }
            let others = known.into_iter().filter(|id| !ids.contains(id));
            let order: Vec<RuleId> = ids.iter().copied().chain(others).collect();
            for (id, position) in order.into_iter().zip(1..) {
                set_position(book, id, position);
            }
            Ok(())
        })
        .await?;
    done(changed)?;
    super::listed(&call, of, None).await
}

fn field(of: Of) -> String {
    format!("{}_ids", of.record())
}

/// The ids in the body, each once.
fn ids(of: Of, sent: &Sent) -> Result<Vec<RuleId>, ApiError> {
    let body: Value = sent.read_whole()?;
    let field = field(of);
    let given = body[&field].as_array();
    let given = given.ok_or_else(|| ApiError::invalid(&field, "has to be a list of ids"))?;
    let mut ids: Vec<RuleId> = Vec::new();
    for id in given {
        let id = id.as_u64().map(RuleId);
        let id = id.ok_or_else(|| ApiError::invalid(&field, "has to be a list of ids"))?;
        if ids.contains(&id) {
            return Err(ApiError::invalid(&field, format!("{id} stands there twice")));
        }
        ids.push(id);
    }
    if ids.is_empty() {
        Err(ApiError::blank(&field))
    } else {
        Ok(ids)
    }
}
