//! Whether answers can be posted to an address. What is called checks again, with the addresses that the host's name then leads to.

use docket_domain::outbox::is_public;
use url::{Host, Url};

/// Names that lead to a host's own machine or network (RFC 6761, RFC 6762, RFC 8375, and `internal`, which ICANN set aside in 2024).
const PRIVATE_NAMES: &[&str] = &["localhost", "local", "internal", "home.arpa", "intranet", "lan"];

/// Why nothing is ever posted to this address; nothing: it can be tried. `is_local`: the desk is on one's own machine, and plain
/// http to that machine is called, too.
pub(crate) fn refused(text: &str, is_local: bool) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else {
        return Some("is no address: https://host/path is one");
    };
    let Some(host) = url.host() else {
        return Some("has no host");
    };
    let is_loopback = match &host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name.trim_end_matches('.') == "localhost",
    };
    if is_local && is_loopback && matches!(url.scheme(), "http" | "https") {
        return None;
    }
    if url.scheme() != "https" || url.port_or_known_default() != Some(443) {
        return Some("is not called: only https on port 443 is");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("has a user name, and is not called");
    }
    let is_private = match &host {
        Host::Ipv4(address) => !is_public((*address).into()),
        Host::Ipv6(address) => !is_public((*address).into()),
        Host::Domain(name) => is_private_name(name),
    };
    is_private.then_some("is not called: its host is none of the public internet")
}

fn is_private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let is_of = |private: &&str| {
        name.strip_suffix(*private)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    !name.contains('.') || PRIVATE_NAMES.iter().any(is_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_to_hosts_of_the_internet_is_taken() {
        for good in [
            "https://bot.example/answers?x=1",
            "https://8.8.8.8/",
            "https://b\u{fc}ro.example/",
        ] {
            assert_eq!(refused(good, false), None, "{good}");
        }
        for bad in [
            "bot.example/answers",
            "ftp://bot.example/",
            "http://bot.example/",
            "https://bot.example:8443/",
            "https://user@bot.example/",
            "https://10.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://[::1]/",
            "https://[::ffff:169.254.169.254]/",
            "https://localhost/",
            "https://api.localhost./",
            "https://printer.local/",
            "https://metadata.google.internal/",
            "https://intranet/",
            "javascript:alert(1)",
            "https:///",
            "",
        ] {
            assert!(refused(bad, false).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_desk_on_ones_own_machine_answers_to_that_machine() {
        for own in [
            "http://127.0.0.1:9000/x",
            "http://localhost:9000/",
            "http://[::1]/",
        ] {
            assert_eq!(refused(own, true), None, "{own}");
            assert!(refused(own, false).is_some(), "{own}");
        }
        assert!(refused("http://10.0.0.1/", true).is_some());
    }
}
