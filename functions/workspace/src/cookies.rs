//! The cookies: which browser is signed in, which began to sign in, and in which time zone it is.

use axum::http::{HeaderMap, HeaderValue, header};
use docket_desk::Desk;

/// The session: as long as it lasts.
pub const SESSION: Cookie = Cookie {
    local: "docket_session",
    secure: "__Host-docket_session",
    seconds: 12 * 3600,
};
/// A sign-in that has begun: by this the browser that comes back from the provider is known to be the one that went there.
pub const SIGN_IN: Cookie = Cookie {
    local: "docket_sign_in",
    secure: "__Host-docket_sign_in",
    seconds: 600,
};

/// A cookie of ours: no script reads it, no other site's form brings it.
pub struct Cookie {
    /// Its name without TLS.
    local: &'static str,
    /// Its name with TLS. Browsers take a name that begins so from this very host only (RFC 6265bis, section 4.1.3.2).
    secure: &'static str,
    /// How long browsers keep it.
    seconds: u32,
}

impl Cookie {
    /// What a browser sent.
    pub fn read<'h>(&self, desk: &Desk, headers: &'h HeaderMap) -> Option<&'h str> {
        value(headers, self.name(desk))
    }

    /// The header that gives it to a browser.
    pub fn set(&self, desk: &Desk, value: &str) -> HeaderValue {
        self.header(desk, value, self.seconds)
    }

    /// The header that takes it away.
    pub fn clear(&self, desk: &Desk) -> HeaderValue {
        self.header(desk, "", 0)
    }

    fn header(&self, desk: &Desk, value: &str, seconds: u32) -> HeaderValue {
        let secure = if is_secure(desk) { "; Secure" } else { "" };
        let name = self.name(desk);
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    fn name(&self, desk: &Desk) -> &'static str {
        if is_secure(desk) { self.secure } else { self.local }
    }
}

/// The name under which the script says the browser's time zone. It holds no secret, so that it is the same with TLS and without.
const ZONE: &str = "docket_zone";

/// The name of the time zone that a browser says it is in.
pub fn zone(headers: &HeaderMap) -> Option<&str> {
    value(headers, ZONE)
}

/// Whether pages are only ever asked for over TLS.
pub fn is_secure(desk: &Desk) -> bool {
    !desk.settings.is_local
}

fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(value(&headers, "docket_session"), Some("abc"));
        assert_eq!(value(&headers, "session"), None);
    }
}
