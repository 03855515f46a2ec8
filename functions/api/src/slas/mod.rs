//! `slas/policies`: what is promised to whom.

mod definitions;
mod fields;
mod order;
pub(crate) mod settings;
pub(crate) mod targets;

pub(crate) use definitions::{rows as condition_rows, show as definitions};
pub(crate) use order::reorder;

use crate::{
    filters::Names,
    kit::{
        call::{API, Call, Ids},
        configuration::{Times, book_error, done, newest},
        error::ApiError,
        idempotency::Once,
        input::Sent,
        paging::Paging,
    },
    shapes::sla_policy::sla_policy,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::setup::SetupChange;
use docket_domain::{
    PolicyId,
    sla::{Book, Policy, PolicyDraft},
};
use fields::{GroupOrAgent, PolicyFields, named};
use http::StatusCode;
use serde_json::{Value, json};

/// `GET slas/policies`, in the order in which they are tried.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let names = Names::of(&call).await?;
    let policies = order::in_order(&book);
    let times = Times::of(&call).await?;
    let paging = Paging::of(&call.address);
    let window = paging.window(policies.len() as u64);
    let rows = window.of(&policies).into_iter();
    let rows = rows
        .map(|policy| sla_policy(&call.address, &names, &times, policy))
        .collect();
    let envelope = paging.envelope(&call.address, "sla_policies", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET slas/policies/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let names = Names::of(&call).await?;
    shown(&call, &Times::of(&call).await?, &book, &names, PolicyId(id)).map(Json)
}

/// `POST slas/policies`.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields: PolicyFields = sent.read("sla_policy")?;
    let once = Once::of(&call, &sent)?;
    let names = Names::of(&call).await?;
    if once.earlier(&call).await?.is_some() {
        return repeated(&call, &once, &fields, &names).await;
    }
    if fields
        .title
        .as_deref()
        .is_none_or(|title| title.trim().is_empty())
    {
        return Err(ApiError::blank("title"));
    }
    if fields.filter.is_none() && fields.docket.condition.is_none() {
        return Err(ApiError::blank("filter"));
    }
    let blank = |book: &Book| PolicyDraft {
        id: book.next_policy_id(),
        position: order::last(book) + 1,
        promises: Vec::new(),
        ..Policy::standard().into()
    };
    check_named(&call, &fields, &names).await?;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(once.cause.as_str()), once.guards(true), |book| {
            let policy = fields.put_into(blank(book), book, &names)?;
            let id = policy.id;
            book.last_policy_id = id.0;
            order::make_room(book, &policy)?;
            book.policies.push(policy);
            book.check().map_err(|error| book_error(&error))?;
            Ok(id)
        })
        .await?;
    match changed {
        SetupChange::Done(book, id) => {
            let shown = Json(shown(&call, &Times::of(&call).await?, &book, &names, id)?);
            Ok(once.mark((StatusCode::CREATED, shown).into_response(), false))
        }
        SetupChange::Refused(error) => Err(error),
        SetupChange::Repeated(answer) => {
            once.same(answer)?;
            repeated(&call, &once, &fields, &names).await
        }
    }
}

/// The policy that an earlier call of the same key made; titles are unique.
async fn repeated(
    call: &Call,
    once: &Once,
    fields: &PolicyFields,
    names: &Names,
) -> Result<Response, ApiError> {
    let book = newest(call).await?;
    let title = fields.title.as_deref().unwrap_or_default().trim();
    let made = book.policies.iter().find(|policy| policy.title == title);
    let made = made.ok_or(ApiError::Missing)?;
    let shown = Json(shown(call, &Times::of(call).await?, &book, names, made.id)?);
    Ok(once.mark((StatusCode::CREATED, shown).into_response(), true))
}

/// `PUT slas/policies/{id}`.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let fields: PolicyFields = sent.read("sla_policy")?;
    let id = PolicyId(id);
    let names = Names::of(&call).await?;
    check_named(&call, &fields, &names).await?;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let place = book.policies.iter().position(|policy| policy.id == id);
            let place = place.ok_or(ApiError::Missing)?;
            let policy = fields.put_into(book.policies[place].clone().into(), book, &names)?;
            order::make_room(book, &policy)?;
            book.policies[place] = policy;
            book.check().map_err(|error| book_error(&error))
        })
        .await?;
    let book = done(changed)?;
    shown(&call, &Times::of(&call).await?, &book, &names, id).map(Json)
}

/// `DELETE slas/policies/{id}`. Its unsolved tickets come under the next policy that holds for them.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>) -> Result<StatusCode, ApiError> {
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let place = book.policies.iter().position(|policy| policy.id == PolicyId(id));
            book.last_policy_id = book.next_policy_id().0 - 1;
            book.policies.remove(place.ok_or(ApiError::Missing)?);
            // A rule may put tickets under it.
            book.check().map_err(|error| book_error(&error))
        })
        .await?;
    done(changed)?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(call: &Call, times: &Times, book: &Book, names: &Names, id: PolicyId) -> Result<Value, ApiError> {
    let policy = book.policy(id).ok_or(ApiError::Missing)?;
    Ok(json!({ "sla_policy": sla_policy(&call.address, names, times, policy) }))
}

/// Refuses escalations to groups and people that are not there, or do not work here.
async fn check_named(call: &Call, fields: &PolicyFields, names: &Names) -> Result<(), ApiError> {
    for (place, whom) in named(fields) {
        match whom {
            GroupOrAgent::Group(group) if !names.groups().iter().any(|(id, _)| *id == group.0) => {
                return Err(ApiError::invalid(&place, format!("{group} is no group's id")));
            }
            GroupOrAgent::Group(_) => {}
            GroupOrAgent::Agent(agent) => {
                let person = call.desk.people().get(agent).await?;
                if !person.is_some_and(|person| person.role.is_staff()) {
                    return Err(ApiError::invalid(
                        &place,
                        format!("{agent} is nobody who works here"),
                    ));
                }
            }
        }
    }
    Ok(())
}
