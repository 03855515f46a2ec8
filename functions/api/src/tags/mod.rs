//! Tags: on tickets, people and organizations, and which the desk has.

mod of_desk;
mod on_people;
mod on_ticket;

use crate::kit::{
    error::ApiError,
    input::{Sent, flag, tags},
};
use axum::{Router, routing::get};
use docket_domain::Timestamp;
use serde::Deserialize;

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/tags", get(of_desk::list))
        .route("/tags/count", get(of_desk::count))
        .route("/autocomplete/tags", get(of_desk::autocomplete))
        .route(
            "/tickets/{id}/tags",
            get(on_ticket::show)
                .post(on_ticket::replace)
                .put(on_ticket::add)
                .delete(on_ticket::remove),
        )
        .route(
            "/users/{id}/tags",
            get(on_people::of_user)
                .post(on_people::replace_of_user)
                .put(on_people::add_to_user)
                .delete(on_people::remove_from_user),
        )
        .route(
            "/organizations/{id}/tags",
            get(on_people::of_organization)
                .post(on_people::replace_of_organization)
                .put(on_people::add_to_organization)
                .delete(on_people::remove_from_organization),
        )
}

/// What is to be done with tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// These and no others.
    Replace,
    /// These, too.
    Add,
    /// No longer these.
    Remove,
}

/// Tags as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TagFields {
    #[serde(deserialize_with = "tags")]
    tags: Option<Vec<String>>,
    #[serde(deserialize_with = "flag")]
    safe_update: Option<bool>,
    updated_stamp: Option<Timestamp>,
}

impl TagFields {
    /// The tags that a call names.
    fn read(sent: &Sent) -> Result<Self, ApiError> {
        let fields: Self = sent.read_whole()?;
        if fields.tags.is_none() {
            return Err(ApiError::blank("tags"));
        }
        Ok(fields)
    }

    fn tags(&self) -> &[String] {
        self.tags.as_deref().unwrap_or_default()
    }
}

impl How {
    /// What tags become, sorted, each once.
    fn applied_to(self, there: &[String], named: &[String]) -> Vec<String> {
        let mut tags: Vec<String> = match self {
            Self::Replace => named.to_vec(),
            Self::Add => there.iter().chain(named).cloned().collect(),
            Self::Remove => there.iter().filter(|tag| !named.contains(tag)).cloned().collect(),
        };
        tags.sort();
        tags.dedup();
        tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_replaced_added_or_taken_away() {
        let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        let there = owned(&["a", "b"]);
        let named = owned(&["c", "b", "c"]);
        assert_eq!(How::Replace.applied_to(&there, &named), ["b", "c"]);
        assert_eq!(How::Add.applied_to(&there, &named), ["a", "b", "c"]);
        assert_eq!(How::Remove.applied_to(&there, &named), ["a"]);
    }
}
