//! Who is signed in, what they may do here, and whether a form came from a page of ours.

use crate::{access, cookies, failure::Failure, kept::Kept, language};
use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
};
use docket_desk::{Desk, Session, StoreError};
use docket_domain::people::{access::Principal, person::Person};
use serde::Deserialize;
use std::{net::IpAddr, sync::Arc};

/// Longest way back after a sign-in, in bytes: a search with all that narrows it.
const LONGEST_RETURN: usize = 2_000;
/// Where one lands who wanted nothing else.
const HOME: &str = "/agent/tickets";

/// A member of the staff who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// What every form must send back.
    pub session: Session,
    /// The page asked for; nothing where a form was sent.
    pub here: String,
    /// What is kept from one page to the next.
    pub kept: Arc<Kept>,
}

/// A form that is nothing but its button.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Pressed {
    /// What the page of this session gave it.
    pub csrf: String,
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
        let asked = parts
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string);
        let here = match parts.method {
            Method::GET => asked.clone(),
            _ => String::new(),
        };
        let signed_out = || {
            let back_to = match parts.method {
                Method::GET => asked.clone(),
                _ => page_of_form(&asked).to_owned(),
            };
            Failure::SignedOut { back_to }
        };
        let known = signed_in_as(desk, &parts.headers).await?;
        let Some((principal, person, session)) = known else {
            return Err(signed_out());
        };
        language::learn(&person);
        let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
        access::admit(principal, &parts.method, route.unwrap_or_default())?;
        Ok(Self {
            person,
            session,
            here,
            kept: parts.extensions.get().cloned().unwrap_or_default(),
        })
    }
}

/// As whom a browser is signed in; nothing where it is not.
pub async fn signed_in_as(
    desk: &Desk,
    headers: &HeaderMap,
) -> Result<Option<(Principal, Person, Session)>, StoreError> {
    let Some(token) = cookies::SESSION.read(desk, headers) else {
        return Ok(None);
    };
    let Some(session) = desk.sessions().get(token).await? else {
        return Ok(None);
    };
    // As they are now: whoever is suspended, or does not work here any more, is out with the next page.
    let person = desk.people().get(session.person).await?;
    Ok(person.and_then(|person| Some((Principal::of(&person)?, person, session))))
}

/// Where browsers reach the desk, without a slash at the end; nothing where they say that they reach it under a name that somebody
/// else's DNS could have pointed here.
pub fn own_address(desk: &Desk, headers: &HeaderMap) -> Option<String> {
    let public_url = &desk.settings.public_url;
    if !public_url.is_empty() {
        return Some(public_url.clone());
    }
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let is_own = desk.settings.is_local && is_own_host(host, public_url);
    is_own.then(|| format!("http://{host}"))
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

/// A page of the workspace to go to after the sign-in; anywhere else is replaced by the list of tickets.
pub fn safe_return(next: &str) -> &str {
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let is_page = path.strip_prefix("/agent/").is_some_and(|page| {
        let first = page.split('/').next().unwrap_or_default();
        !["", "sign-in", "sign-out", "assets"].contains(&first)
    });
    let is_straight = path
        .split('/')
        .skip(1)
        // Browsers read `%2e` for a dot here (WHATWG URL, section 4.1).
        .map(|part| part.replace("%2e", ".").replace("%2E", "."))
        .all(|part| !["", ".", ".."].contains(&part.as_str()));
    let is_plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if is_page && is_straight && is_plain && next.len() <= LONGEST_RETURN {
        next
    } else {
        HOME
    }
}

/// The page that a form stands on, by where it is sent: that of its ticket. Forms of other pages lead home.
fn page_of_form(sent_to: &str) -> &str {
    let Some(rest) = sent_to.strip_prefix("/agent/tickets/") else {
        return "";
    };
    let number = rest.bytes().take_while(u8::is_ascii_digit).count();
    sent_to[..sent_to.len() - rest.len() + number].trim_end_matches('/')
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
            ("/agent/sessions", "/agent/sessions"),
            ("/agent/tickets/1?q=//x", "/agent/tickets/1?q=//x"),
            ("/agent/sign-in", "/agent/tickets"),
            ("/agent/sign-in/provider?next=/agent/tickets/1", "/agent/tickets"),
            ("/agent/sign-out", "/agent/tickets"),
            ("/agent/", "/agent/tickets"),
            ("/agent/tickets/../../portal", "/agent/tickets"),
            ("/agent/%2e%2E/portal/solution/x", "/agent/tickets"),
            ("/agent/.%2e/agent/sign-in/provider", "/agent/tickets"),
            ("/agent//evil.example", "/agent/tickets"),
            ("/agentx/tickets", "/agent/tickets"),
            ("/portal/solution/x", "/agent/tickets"),
            ("javascript:alert(1)//agent/", "/agent/tickets"),
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
    fn a_way_back_that_is_very_long_is_none() {
        let long = format!("/agent/search?q={}", "x".repeat(LONGEST_RETURN));
        assert_eq!(safe_return(&long), HOME);
    }

    #[test]
    fn a_form_leads_back_to_the_page_of_its_ticket() {
        for (sent_to, page) in [
            ("/agent/tickets/12", "/agent/tickets/12"),
            ("/agent/tickets/12/snooze?view=mine", "/agent/tickets/12"),
            ("/agent/tickets/12/comments/3/resend", "/agent/tickets/12"),
            ("/agent/availability", ""),
        ] {
            assert_eq!(page_of_form(sent_to), page, "{sent_to}");
        }
    }
}
