//! Paths with a format: `/tickets/1.json` is `/tickets/1`. And those with words that some clients encode: `/zen%3Auser`.

use axum::extract::Request;
use http::{Uri, uri::PathAndQuery};

/// How the words of lookups begin, as some clients encode them.
const ENCODED: [&str; 2] = ["/zen%3A", "/zen%3a"];

/// The request with `.json` and a closing slash taken off its path, and the words of lookups as they are.
pub(crate) fn without_suffix(mut request: Request) -> Request {
    let uri = request.uri();
    let path = uri.path();
    let bare = path.strip_suffix('/').unwrap_or(path);
    let bare = bare.strip_suffix(".json").unwrap_or(bare);
    let bare = ENCODED
        .iter()
        .fold(bare.to_owned(), |bare, encoded| bare.replace(encoded, "/zen:"));
    if bare == path || bare.is_empty() {
        return request;
    }
    let changed = match uri.query() {
        Some(query) => format!("{bare}?{query}"),
        None => bare,
    };
    let mut parts = uri.clone().into_parts();
    if let Ok(changed) = PathAndQuery::try_from(changed) {
        parts.path_and_query = Some(changed);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn check(uri: &str, expected: &str) {
        let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
        assert_eq!(without_suffix(request).uri(), expected);
    }

    #[test]
    fn the_format_is_taken_off_and_the_query_kept() {
        check("/tickets.json?page=2", "/tickets?page=2");
        check("/tickets/1.json", "/tickets/1");
        check(
            "/zen%3Auser/1/x/2/zen%3aticket.json",
            "/zen:user/1/x/2/zen:ticket",
        );
        check("/zen:user/1?a=/zen%3A", "/zen:user/1?a=/zen%3A");
    }

    #[test]
    fn other_paths_stay_as_they_are() {
        check("/tickets/1?a=.json", "/tickets/1?a=.json");
        check("/tickets/json", "/tickets/json");
        check("/", "/");
    }

    #[test]
    fn a_closing_slash_says_nothing() {
        check("/tickets/", "/tickets");
    }
}
