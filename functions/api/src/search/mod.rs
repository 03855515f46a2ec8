//! Search: by the language of queries, counted, exported, and people and organizations by what is known of them.

mod export;
mod find;
mod known;
mod rows;

pub(crate) use export::export;
pub(crate) use find::{Page as NumberedPage, count, request, search, told};
pub(crate) use known::{
    autocomplete_organizations, autocomplete_users, autocomplete_users_by_body, search_organizations,
    search_users,
};
