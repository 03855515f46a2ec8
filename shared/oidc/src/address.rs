//! Addresses of a provider: by TLS, unless both are on one machine.

use crate::error::OidcError;
use url::{Host, Url};

/// Reads an address that the provider, or whoever set the desk up, names.
///
/// # Errors
/// When it is not one that is called.
pub(crate) fn checked(what: &'static str, text: &str, is_local: bool) -> Result<Url, OidcError> {
    let unusable = |problem: &str| OidcError::Unusable {
        what,
        problem: problem.to_owned(),
    };
    let url = Url::parse(text).map_err(|error| unusable(&format!("{text:?} is no address ({error})")))?;
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if is_here && is_local => {}
        _ => return Err(unusable(&format!("{text:?} is not reached by https"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable("its address has a user name"));
    }
    if url.fragment().is_some() {
        return Err(unusable("its address has a fragment"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_is_called_but_for_what_is_on_the_machine_of_a_local_desk() {
        let is = |text: &str, is_local| checked("keys", text, is_local).is_ok();
        assert!(is("https://id.example/keys", false));
        for (text, local) in [
            ("http://127.0.0.1:9000/keys", true),
            ("http://[::1]:9000/", true),
            ("http://localhost:9000/", true),
        ] {
            assert_eq!((is(text, true), is(text, false)), (local, false), "{text}");
        }
        for text in [
            "http://id.example/keys",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "https://user:word@id.example/",
            "https://id.example/#here",
            "id.example",
            "",
        ] {
            assert!(!is(text, true), "{text}");
        }
    }
}
