//! Search: by the language of queries, counted, exported, people and organizations by what is known of them, and what leads to
//! something by a lookup.

mod export;
mod find;
mod known;
mod paged;
mod rows;
mod sources;

pub(crate) use export::export;
pub(crate) use find::{Page as NumberedPage, count, request, search, told};
pub(crate) use known::{
    autocomplete_organizations, autocomplete_users, autocomplete_users_by_body, search_organizations,
    search_users,
};
pub(crate) use paged::{Order, Paged, sorted};
pub(crate) use sources::routes as routes_of_sources;
