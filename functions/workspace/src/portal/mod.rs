//! `/portal`: the pages of customers. They know nobody: a signed token in the address says which ticket it is about, and
//! a link may be forwarded, so a page shows no more than it needs. Programs follow links: only a form that is sent
//! changes anything.

mod solution;

use axum::{Router, extract::DefaultBodyLimit, routing::get};
use docket_desk::Desk;

/// How their addresses begin.
const PREFIX: &str = "/portal/";
/// Largest form in bytes: the longest text, three bytes for one once encoded, and its fields.
const MOST_FORM_BYTES: usize = 3 * solution::LONGEST_WORDS_BYTES + 4096;

/// What these pages may do: show our own style, and send their forms home.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// Whether an address is one of a customer's page.
pub fn is_portal(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// Their routes.
pub fn routes() -> Router<Desk> {
    Router::new()
        .route(
            "/portal/solution/{token}",
            get(solution::show).post(solution::submit),
        )
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
}
