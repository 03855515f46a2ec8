//! `/_local` is for programs and pages of one's own machine: a page of somebody else's that is open in a browser there could call it,
//! too.

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Lets calls through that are from here.
pub(crate) async fn only(request: Request, next: Next) -> Response {
    if is_from_here(request.headers()) {
        return next.run(request).await;
    }
    let body = json!({ "error": "Forbidden",
        "description": "this answers to programs and pages of its own machine only: by http://127.0.0.1 or http://localhost" });
    (StatusCode::FORBIDDEN, Json(body)).into_response()
}

/// Whether a call names this machine as its host, and comes from no page of another's.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text(header::HOST).unwrap_or_default();
    let is_own_page = |origin: &str| origin.strip_prefix("http://") == Some(host);
    is_loopback(host) && text(header::ORIGIN).is_none_or(is_own_page)
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        is_from_here(&headers)
    }

    #[test]
    fn only_this_machines_programs_and_pages_are_answered() {
        for (host, origin) in [
            ("127.0.0.1:3000", None),
            ("localhost:3000", Some("http://localhost:3000")),
            ("[::1]:3000", None),
            ("127.0.0.1", None),
        ] {
            assert!(is(host, origin), "{host} {origin:?}");
        }
        for (host, origin) in [
            ("evil.example:3000", None),
            ("127.0.0.1.evil.example", None),
            ("127.0.0.1:3000", Some("https://evil.example")),
            ("127.0.0.1:3000", Some("http://127.0.0.1:9000")),
            ("127.0.0.1:3000", Some("null")),
            ("", None),
        ] {
            assert!(!is(host, origin), "{host} {origin:?}");
        }
    }
}
