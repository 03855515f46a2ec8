//! The order in which policies are tried.

use crate::kit::{
    call::{API, Call},
    configuration::done,
    error::ApiError,
    input::Sent,
};
use axum::Json;
use docket_domain::{
    PolicyId,
    sla::{Book, Policy, PolicyDraft},
};
use serde::Deserialize;
use serde_json::Value;

/// The policies in the order in which they are tried.
pub(super) fn in_order(book: &Book) -> Vec<Policy> {
    let mut policies = book.policies.clone();
    policies.sort_by_key(|policy| (policy.position, policy.id));
    policies
}

/// The last position; 0 without policies.
pub(super) fn last(book: &Book) -> u32 {
    book.policies
        .iter()
        .map(|policy| policy.position)
        .max()
        .unwrap_or(0)
}

/// Moves the policies whose place another one takes, each by one, as far as they stand close together.
pub(super) fn make_room(book: &mut Book, for_one: &Policy) -> Result<(), ApiError> {
    let mut taken = for_one.position;
    let others = in_order(book)
        .into_iter()
        .filter(|policy| policy.id != for_one.id);
    for other in others.filter(|policy| policy.position >= for_one.position) {
        if other.position > taken {
            break;
        }
        taken = taken
            .checked_add(1)
            .ok_or_else(|| ApiError::invalid("position", "is too large"))?;
        set_position(book, other.id, taken)?;
    }
    Ok(())
}

fn set_position(book: &mut Book, id: PolicyId, position: u32) -> Result<(), ApiError> {
    let Some(policy) = book.policies.iter_mut().find(|policy| policy.id == id) else {
        return Ok(());
    };
    if policy.position != position {
        let draft = PolicyDraft {
            position,
            ..policy.clone().into()
        };
        *policy = Policy::new(draft).map_err(|error| ApiError::invalid("position", error.to_string()))?;
    }
    Ok(())
}

/// `PUT slas/policies/reorder`: these first, in this order; the others after them, in theirs.
pub(crate) async fn reorder(call: Call, sent: Sent) -> Result<Json<Value>, ApiError> {
    let ids = ids(&call, &sent)?;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            if let Some(id) = ids.iter().find(|id| book.policy(**id).is_none()) {
                return Err(ApiError::invalid(
                    "sla_policy_ids",
                    format!("{id} is no policy's id"),
                ));
            }
            let others = in_order(book).into_iter().map(|policy| policy.id);
            let others = others.filter(|id| !ids.contains(id));
            let order: Vec<PolicyId> = ids.iter().copied().chain(others).collect();
            for (id, position) in order.into_iter().zip(1..) {
                set_position(book, id, position)?;
            }
            Ok(())
        })
        .await?;
    done(changed)?;
    super::list(call).await
}

/// The ids in the body, or in the query, each once.
fn ids(call: &Call, sent: &Sent) -> Result<Vec<PolicyId>, ApiError> {
    #[derive(Deserialize)]
    struct Body {
        sla_policy_ids: Vec<u64>,
    }
    let given: Vec<u64> = match call.address.parameter("sla_policy_ids") {
        Some(list) => list.split(',').filter_map(|id| id.trim().parse().ok()).collect(),
        None => {
            let body = serde_json::from_slice::<Body>(&sent.body);
            body.map_err(|_| ApiError::invalid("sla_policy_ids", "has to be a list of ids"))?
                .sla_policy_ids
        }
    };
    let mut ids: Vec<PolicyId> = Vec::new();
    for id in given.into_iter().map(PolicyId) {
        if ids.contains(&id) {
            return Err(ApiError::invalid(
                "sla_policy_ids",
                format!("{id} stands there twice"),
            ));
        }
        ids.push(id);
    }
    if ids.is_empty() {
        return Err(ApiError::blank("sla_policy_ids"));
    }
    Ok(ids)
}
