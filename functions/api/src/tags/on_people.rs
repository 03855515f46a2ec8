//! `users/{id}/tags` and `organizations/{id}/tags`.

use super::{How, TagFields};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::Sent,
    },
    users::changing::{may_change, standing},
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Committed, MOST_TRIES, StoreError, Write};
use docket_domain::{
    OrganizationId, PersonId,
    people::{
        organization::Organization,
        person::{LONGEST_PERSON_TEXT, Person},
    },
};
use http::StatusCode;
use serde_json::{Value, json};

/// Most tags of a person.
const MOST_TAGS: usize = 100;

/// Whose tags.
#[derive(Clone, Copy)]
enum Whose {
    User(PersonId),
    Organization(OrganizationId),
}

/// Somebody as they were read.
enum Read {
    Person(Box<Person>),
    Organization(Box<Organization>),
}

pub(super) async fn of_user(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    show(&call, Whose::User(PersonId(id))).await
}

pub(super) async fn of_organization(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    show(&call, Whose::Organization(OrganizationId(id))).await
}

pub(super) async fn replace_of_user(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    change(&call, Whose::User(PersonId(id)), &sent, How::Replace).await
}

pub(super) async fn add_to_user(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    change(&call, Whose::User(PersonId(id)), &sent, How::Add).await
}

pub(super) async fn remove_from_user(
    call: Call,
    Ids(id): Ids<u64>,
    sent: Sent,
) -> Result<Response, ApiError> {
    change(&call, Whose::User(PersonId(id)), &sent, How::Remove).await
}

pub(super) async fn replace_of_organization(
    call: Call,
    Ids(id): Ids<u64>,
    sent: Sent,
) -> Result<Response, ApiError> {
    change(
        &call,
        Whose::Organization(OrganizationId(id)),
        &sent,
        How::Replace,
    )
    .await
}

pub(super) async fn add_to_organization(
    call: Call,
    Ids(id): Ids<u64>,
    sent: Sent,
) -> Result<Response, ApiError> {
    change(&call, Whose::Organization(OrganizationId(id)), &sent, How::Add).await
}

pub(super) async fn remove_from_organization(
    call: Call,
    Ids(id): Ids<u64>,
    sent: Sent,
) -> Result<Response, ApiError> {
    change(&call, Whose::Organization(OrganizationId(id)), &sent, How::Remove).await
}

async fn show(call: &Call, whose: Whose) -> Result<Json<Value>, ApiError> {
    let tags = read(call, whose).await?.tags().to_vec();
    Ok(Json(json!({ "tags": tags })))
}

async fn read(call: &Call, whose: Whose) -> Result<Read, ApiError> {
    Ok(match whose {
        Whose::User(id) => Read::Person(Box::new(standing(call, id.0).await?)),
        Whose::Organization(id) => {
            let found = call.desk.organizations().get(id).await?;
            Read::Organization(Box::new(found.ok_or(ApiError::Missing)?))
        }
    })
}

impl Read {
    fn tags(&self) -> &[String] {
        match self {
            Self::Person(person) => &person.tags,
            Self::Organization(organization) => &organization.tags,
        }
    }

    /// Refuses who may not change them.
    fn check_caller(&self, call: &Call) -> Result<(), ApiError> {
        match self {
            Self::Person(person) => may_change(call, person),
            Self::Organization(_) => Ok(()),
        }
    }

    /// The same with other tags, and the parts that store it; none where they are the same.
    async fn with_tags(
        self,
        call: &Call,
        once: &Once,
        tags: Vec<String>,
    ) -> Result<(Vec<String>, Vec<Write>), ApiError> {
        if self.tags() == tags {
            return Ok((tags, vec![]));
        }
        let by = call.changed_by(once.cause.as_str());
        let writes = match self {
            Self::Person(person) => {
                check(&tags)?;
                let changed = Person {
                    tags: tags.clone(),
                    updated_at: by.at,
                    ..(*person).clone()
                };
                call.desk.people().changed_writes(&person, &changed, &by).await?
            }
            Self::Organization(organization) => {
                let changed = Organization {
                    tags: tags.clone(),
                    updated_at: by.at,
                    ..(*organization).clone()
                };
                let changed = changed.checked();
                let changed = changed.map_err(|error| ApiError::invalid("tags", error.to_string()))?;
                call.desk
                    .organizations()
                    .changed_writes(&organization, &changed, &by)?
            }
        };
        Ok((tags, writes))
    }
}

fn check(tags: &[String]) -> Result<(), ApiError> {
    if tags.len() > MOST_TAGS {
        return Err(ApiError::invalid(
            "tags",
            format!("at most {MOST_TAGS} are allowed"),
        ));
    }
    let is_long = |tag: &&String| tag.chars().count() > LONGEST_PERSON_TEXT;
    match tags.iter().find(is_long) {
        Some(_) => {
            let words = format!("have at most {LONGEST_PERSON_TEXT} characters each");
            Err(ApiError::invalid("tags", words))
        }
        None => Ok(()),
    }
}

async fn change(call: &Call, whose: Whose, sent: &Sent, how: How) -> Result<Response, ApiError> {
    let once = Once::of(call, sent)?;
    let status = match how {
        How::Replace => StatusCode::CREATED,
        How::Add | How::Remove => StatusCode::OK,
    };
    let answer = |tags: &[String], repeated: bool| {
        let body = Json(json!({ "tags": tags }));
        once.mark((status, body).into_response(), repeated)
    };
    if once.earlier(call).await?.is_some() {
        return Ok(answer(read(call, whose).await?.tags(), true));
    }
    let fields = TagFields::read(sent)?;
    for nth in 0..MOST_TRIES {
        call.desk.wait_before(nth).await;
        let found = read(call, whose).await?;
        found.check_caller(call)?;
        let tags = how.applied_to(found.tags(), fields.tags());
        let (tags, writes) = found.with_tags(call, &once, tags).await?;
        let guards = once.guards(false);
        if writes.is_empty() && guards.is_empty() {
            return Ok(answer(&tags, false));
        }
        match call.desk.commit_writes(guards, writes).await? {
            Committed::Done(_) => return Ok(answer(&tags, false)),
            Committed::Duplicate(earlier) => {
                once.same(earlier)?;
                return Ok(answer(read(call, whose).await?.tags(), true));
            }
            // Somebody else changed them at the same time.
            Committed::Lost => {}
        }
    }
    Err(StoreError::contended("the tags").into())
}
