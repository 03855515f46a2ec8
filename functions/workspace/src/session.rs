//! Who is signed in, and whether a form came from a page of ours.

use crate::{failure::Failure, kept::Kept};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
};
use docket_desk::{Desk, Session};
use docket_domain::people::person::Person;
use std::{net::IpAddr, sync::Arc};

/// How long the browser keeps the cookie: as long as the session itself lasts.
const COOKIE_SECONDS: u32 = 12 * 3600;

/// A member of the staff who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// What every form must send back.
    pub session: Session,
    /// The cookie's text.
    pub token: String,
    /// The page asked for; nothing where a form was sent.
    pub here: String,
    /// What is kept from one page to the next.
    pub kept: Arc<Kept>,
}

impl SignedIn {
    /// Stops a form that did not come from a page of this session.
    pub fn check(&self, csrf: &str) -> Result<(), Failure> {
        if self.session.accepts(csrf) {
            Ok(())
        } else {
            Err(Failure::Foreign)
        }
    }
}

impl FromRequestParts<Desk> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Failure> {
        let back_to = parts
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string);
        let here = match parts.method {
            Method::GET => back_to.clone(),
            _ => String::new(),
        };
        let signed_out = || Failure::SignedOut { back_to };
        let Some(token) = cookie(&parts.headers, cookie_name(desk)) else {
            return Err(signed_out());
        };
        let Some(session) = desk.sessions().get(&token).await? else {
            return Err(signed_out());
        };
        match desk.people().get(session.person).await? {
            Some(person) if person.role.is_staff() => Ok(Self {
                person,
                session,
                token,
                here,
                kept: parts.extensions.get().cloned().unwrap_or_default(),
            }),
            _ => Err(signed_out()),
        }
    }
}

/// Whether pages are only ever asked for over TLS.
pub fn is_secure(desk: &Desk) -> bool {
    !desk.settings.is_local
}

fn cookie_name(desk: &Desk) -> &'static str {
    if is_secure(desk) {
        "__Host-docket_session"
    } else {
        "docket_session"
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The header that signs the browser in, or out where there is no token.
pub fn set_cookie(desk: &Desk, token: Option<&str>) -> HeaderValue {
    let (value, seconds) = match token {
        Some(token) => (token, COOKIE_SECONDS),
        None => ("", 0),
    };
    let secure = if is_secure(desk) { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}",
        cookie_name(desk)
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Whether a form that is sent before there is a session came from our own page: by what the browser says of its
/// origin, and never under a name that somebody else's DNS could have pointed here.
pub fn comes_from_own_page(desk: &Desk, headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let Some(host) = text(header::HOST) else {
        return false;
    };
    if !is_own_host(host, &desk.settings.public_url) {
        return false;
    }
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site == "same-origin",
        None => text(header::ORIGIN)
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host)),
    }
}

fn is_own_host(host: &str, public_url: &str) -> bool {
    let public = public_url.split_once("://").map(|(_, authority)| authority);
    if public.is_some_and(|public| public.eq_ignore_ascii_case(host)) {
        return true;
    }
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok()
}

/// A place within the workspace to go to after the sign-in; anywhere else is replaced by the list of tickets.
pub fn safe_return(next: &str) -> &str {
    let inside = ["/agent/tickets", "/agent/search", "/agent/notifications"].iter().any(|page| {
        next.strip_prefix(page)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    });
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if inside && plain { next } else { "/agent/tickets" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_after_sign_in_stays_within_the_workspace() {
        for (next, expected) in [
            ("/agent/tickets/12", "/agent/tickets/12"),
            ("/agent/tickets?view=mine", "/agent/tickets?view=mine"),
            ("/agent/search?q=a%20b", "/agent/search?q=a%20b"),
            ("/agent/searchlight", "/agent/tickets"),
            ("//evil.example", "/agent/tickets"),
            ("https://evil.example/agent/tickets", "/agent/tickets"),
            ("/agent/tickets/\\evil", "/agent/tickets"),
            ("/agent/tickets/1\r\nx: y", "/agent/tickets"),
            ("", "/agent/tickets"),
        ] {
            assert_eq!(safe_return(next), expected, "{next}");
        }
    }

    #[test]
    fn only_addresses_and_the_desks_own_name_are_its_hosts() {
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "desk.example"] {
            assert!(is_own_host(host, "https://desk.example"), "{host}");
        }
        for host in [
            "evil.example:3000",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
        ] {
            assert!(!is_own_host(host, "https://desk.example"), "{host}");
        }
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; xdocket_session=no"),
        );
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("docket_session=abc; b=2"),
        );
        assert_eq!(cookie(&headers, "docket_session").as_deref(), Some("abc"));
        assert_eq!(cookie(&headers, "session"), None);
    }
}
