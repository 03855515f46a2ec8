//! One row of a job, by the handler that answers the single call.

use super::shape::words;
use crate::{
    deleted_tickets, group_memberships,
    kit::{
        access::{Principal, authorize},
        call::{Call, Ids},
        error::ApiError,
        input::Sent,
    },
    memberships::of_organizations,
    organizations, rules, tickets,
    users::{self, changing::meant_by},
};
use axum::response::{IntoResponse, Response};
use docket_desk::{GuardKey, JobRows};
use docket_domain::{
    job::{JobKind, RowError, RowResult},
    people::{organization::Claim, person::Identity},
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// Most bytes of an answer that is looked at for the id of what it made.
const MOST_ANSWER_BYTES: usize = 1024 * 1024;

/// Does a row in the name of whoever asked for it. What it was about is said where it fails, too.
pub(super) async fn run(
    call: Call,
    kind: JobKind,
    rows: &JobRows,
    index: u32,
) -> Result<RowResult, ApiError> {
    let at = usize::try_from(index).unwrap_or(usize::MAX);
    let row = rows.rows.get(at).unwrap_or(&Value::Null);
    if names_by_own_id(kind, row) && was_done(&call).await? {
        // Nobody is found by it any more.
        return Ok(RowResult {
            index,
            id: None,
            created: false,
            error: None,
        });
    }
    // What answers a row is as large as the largest call.
    let answered = Box::pin(answer(call, kind, &rows.common, row)).await;
    let own = id_in(row);
    let (id, created, error) = match answered {
        Ok(response) => {
            let created = response.status() == StatusCode::CREATED;
            let left = response.extensions().get::<rules::LeftUndone>();
            let error = left.map(|left| RowError::new(RowError::PARTLY, &left.0));
            (id_of(kind, response).await.or(own), created, error)
        }
        Err(failed) if failed.is_of_the_world() => return Err(failed),
        Err(refused) => (own, false, Some(told(&refused))),
    };
    Ok(RowResult {
        index,
        id,
        created,
        error,
    })
}

/// Whether a row deletes somebody or something that it names by what leads there no more once that is done.
fn names_by_own_id(kind: JobKind, row: &Value) -> bool {
    let deletes = matches!(kind, JobKind::DeleteUsers | JobKind::DeleteOrganizations);
    deletes && id_in(row).is_none()
}

/// Whether the row was done before, by a worker that did not come to record it.
async fn was_done(call: &Call) -> Result<bool, ApiError> {
    let Some(row) = &call.row else {
        return Ok(false);
    };
    let key = GuardKey::JobRow(row.job.clone(), row.index);
    Ok(call.desk.guard(&key).await?.is_some())
}

/// The answer of the single call.
async fn answer(call: Call, kind: JobKind, common: &Value, row: &Value) -> Result<Response, ApiError> {
    let (method, route) = single_call(kind);
    authorize(Principal::of(&call.caller), &method, route)?;
    // Either what all have in common, or what the row says itself.
    let record = if common.is_null() { row } else { common };
    let write = |method: &str, name: &str| Sent {
        method: method.to_owned(),
        key: None,
        body: json!({ name: record }).to_string().into_bytes(),
    };
    let number = || id_in(row).ok_or_else(|| ApiError::blank("id"));
    match kind {
        JobKind::CreateTickets => Box::pin(tickets::create(call, write("POST", "ticket"))).await,
        JobKind::UpdateTickets => {
            Box::pin(tickets::update(call, Ids(number()?), write("PUT", "ticket"))).await
        }
        JobKind::DeleteTickets => tickets::destroy(call, Ids(number()?), nothing()).await,
        JobKind::MarkTicketsAsSpam => tickets::mark_as_spam(call, Ids(number()?), nothing()).await,
        JobKind::DeleteTicketsPermanently => deleted_tickets::destroy(call, Ids(number()?), nothing()).await,
        JobKind::CreateUsers => Box::pin(users::create(call, write("POST", "user"))).await,
        JobKind::UpdateUsers => {
            let id = person(&call, row).await?;
            users::update(call, Ids(id), write("PUT", "user")).await
        }
        JobKind::CreateOrUpdateUsers => users::create_or_update(call, write("POST", "user")).await,
        JobKind::CreateOrganizations => organizations::create(call, write("POST", "organization")).await,
        JobKind::UpdateOrganizations => {
            let id = organization(&call, row).await?;
            organizations::update(call, Ids(id), write("PUT", "organization")).await
        }
        JobKind::DeleteOrganizations => {
            let id = organization(&call, row).await?;
            let gone = organizations::destroy(call, Ids(id), nothing()).await;
            gone.map(IntoResponse::into_response)
        }
        JobKind::CreateGroupMemberships => {
            group_memberships::create(call, write("POST", "group_membership")).await
        }
        JobKind::DeleteGroupMemberships => {
            let gone = group_memberships::destroy(call, Ids(number()?), nothing()).await;
            gone.map(IntoResponse::into_response)
        }
        JobKind::DeleteUsers => {
            let id = person(&call, row).await?;
            users::soft(call, Ids(id), nothing()).await
        }
        JobKind::CreateOrganizationMemberships => {
            of_organizations::create(call, write("POST", "organization_membership")).await
        }
        JobKind::DeleteOrganizationMemberships => {
            let gone = of_organizations::destroy(call, Ids(number()?), nothing()).await;
            gone.map(IntoResponse::into_response)
        }
        JobKind::ImportTickets => tickets::imports::import(call, write("POST", "ticket")).await,
        JobKind::RunMacro => {
            let rule = record["macro_id"].as_u64();
            let ids = (number()?, rule.ok_or_else(|| ApiError::blank("macro_id"))?);
            let sent = Sent {
                method: "POST".to_owned(),
                ..nothing()
            };
            Box::pin(rules::run(call, Ids(ids), sent)).await
        }
    }
}

/// The single call that a row is: who may make that, may have the row done.
fn single_call(kind: JobKind) -> (Method, &'static str) {
    match kind {
        JobKind::CreateTickets => (Method::POST, "/tickets"),
        JobKind::UpdateTickets => (Method::PUT, "/tickets/{id}"),
        JobKind::DeleteTickets => (Method::DELETE, "/tickets/{id}"),
        JobKind::MarkTicketsAsSpam => (Method::PUT, "/tickets/{id}/mark_as_spam"),
        JobKind::DeleteTicketsPermanently => (Method::DELETE, "/deleted_tickets/{id}"),
        JobKind::CreateUsers => (Method::POST, "/users"),
        JobKind::UpdateUsers => (Method::PUT, "/users/{id}"),
        JobKind::CreateOrUpdateUsers => (Method::POST, "/users/create_or_update"),
        JobKind::CreateOrganizations => (Method::POST, "/organizations"),
        JobKind::UpdateOrganizations => (Method::PUT, "/organizations/{id}"),
        JobKind::DeleteOrganizations => (Method::DELETE, "/organizations/{id}"),
        JobKind::CreateGroupMemberships => (Method::POST, "/group_memberships"),
        JobKind::DeleteGroupMemberships => (Method::DELETE, "/group_memberships/{id}"),
        JobKind::DeleteUsers => (Method::DELETE, "/users/{id}"),
        JobKind::CreateOrganizationMemberships => (Method::POST, "/organization_memberships"),
        JobKind::DeleteOrganizationMemberships => (Method::DELETE, "/organization_memberships/{id}"),
        JobKind::ImportTickets => (Method::POST, "/imports/tickets"),
        JobKind::RunMacro => (Method::POST, "/tickets/{id}/macros/{macro}/run"),
    }
}

fn nothing() -> Sent {
    Sent {
        method: "DELETE".to_owned(),
        key: None,
        body: vec![],
    }
}

/// The id that a row has: it is one, or says one.
fn id_in(row: &Value) -> Option<u64> {
    let said = if row.is_object() { &row["id"] } else { row };
    match said {
        Value::Number(id) => id.as_u64(),
        Value::String(id) if row.is_object() => id.trim().parse().ok(),
        _ => None,
    }
}

/// The id of the caller's own that a row has.
fn external_id_in(row: &Value) -> Option<&str> {
    let said = if row.is_object() { &row["external_id"] } else { row };
    said.as_str().map(str::trim).filter(|id| !id.is_empty())
}

/// Whom a row is about: by id, by an id of the caller's own, or by address.
async fn person(call: &Call, row: &Value) -> Result<u64, ApiError> {
    if let Some(id) = id_in(row) {
        return Ok(id);
    }
    let (field, identity) = match (external_id_in(row), row["email"].as_str()) {
        (Some(id), _) => ("external_id", Identity::External(id.to_owned())),
        (None, Some(email)) => ("email", Identity::email(email)),
        (None, None) => return Err(ApiError::blank("id")),
    };
    let found = meant_by(call, field, &identity).await?;
    found.map(|person| person.id.0).ok_or(ApiError::Missing)
}

/// Which organization a row is about.
async fn organization(call: &Call, row: &Value) -> Result<u64, ApiError> {
    if let Some(id) = id_in(row) {
        return Ok(id);
    }
    let id = external_id_in(row).ok_or_else(|| ApiError::blank("id"))?;
    let claim = Claim::External(id.to_owned());
    let found = call.desk.organizations().find(&claim).await?;
    found.map(|found| found.id.0).ok_or(ApiError::Missing)
}

/// The id of the record that the single call answers with.
async fn id_of(kind: JobKind, response: Response) -> Option<u64> {
    let name = words(kind).record?;
    let bytes = axum::body::to_bytes(response.into_body(), MOST_ANSWER_BYTES)
        .await
        .ok()?;
    let body: Value = serde_json::from_slice(&bytes).ok()?;
    body[name]["id"].as_u64()
}

/// Why a row was not done, as the single call says it.
pub(super) fn told(error: &ApiError) -> RowError {
    let body = error.body();
    let kind = body["error"].as_str().or(body["error"]["title"].as_str());
    let mut details: Vec<&str> = Vec::new();
    let fields = body["details"].as_object().into_iter().flatten();
    for (_, problems) in fields {
        let problems = problems.as_array().into_iter().flatten();
        details.extend(problems.filter_map(|problem| problem["description"].as_str()));
    }
    if details.is_empty() {
        let words = body["description"].as_str();
        details.extend(words.or(body["error"]["message"].as_str()));
    }
    RowError::new(kind.unwrap_or("Error"), &details.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_it_is_about_in_each_form() {
        assert_eq!(id_in(&json!(7)), Some(7));
        assert_eq!(id_in(&json!({ "id": 7 })), Some(7));
        assert_eq!(id_in(&json!({ "id": "7" })), Some(7));
        assert_eq!(
            (id_in(&json!("7")), external_id_in(&json!("7"))),
            (None, Some("7"))
        );
        assert_eq!(external_id_in(&json!({ "external_id": " a " })), Some("a"));
    }

    #[test]
    fn an_error_of_a_row_has_the_words_of_the_single_call() {
        let invalid = told(&ApiError::blank("comment.body"));
        assert_eq!(
            (invalid.error.as_str(), invalid.details.as_str()),
            ("RecordInvalid", "Comment body: cannot be blank")
        );
        let missing = told(&ApiError::Missing);
        assert_eq!(
            (missing.error.as_str(), missing.details.as_str()),
            ("RecordNotFound", "Not found")
        );
        let forbidden = told(&ApiError::Forbidden("Only admins may."));
        assert_eq!(
            (forbidden.error.as_str(), forbidden.details.as_str()),
            ("Forbidden", "Only admins may.")
        );
    }
}
