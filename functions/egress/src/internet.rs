//! The internet, with care: https on port 443, addresses looked up once, none of them private, no redirects, a bound on
//! time. Nothing of the answer but its status is read.

use crate::outside::{CallFuture, Outside, SignedCall};
use reqwest::{Client, Url, redirect};
use std::{
    error::Error,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

/// Longest a call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The way out to the internet.
#[derive(Clone, Copy, Debug)]
pub struct Internet {
    loopback_allowed: bool,
}

impl Internet {
    /// `loopback_allowed`: only on a desk on one's own machine, where callbacks are to be watched; plain http is then
    /// allowed to loopback addresses.
    pub fn new(loopback_allowed: bool) -> Self {
        Self { loopback_allowed }
    }

    async fn call(&self, call: &SignedCall) -> Result<u16, String> {
        let url = Url::parse(&call.url).map_err(|error| format!("the address can't be read: {error}"))?;
        let host = url
            .host_str()
            .ok_or("the address has no host")?
            .trim_matches(['[', ']'])
            .to_owned();
        let port = url.port_or_known_default().ok_or("the address has no port")?;
        let addresses: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => tokio::net::lookup_host((host.as_str(), port))
                .await
                .map_err(|error| format!("the host is not known: {error}"))?
                .collect(),
        };
        self.check(&url, port, &addresses)?;
        // The addresses that were checked are those that are called.
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(TIMEOUT)
            .no_proxy()
            .resolve_to_addrs(&host, &addresses)
            .build()
            .map_err(|error| words(&error))?;
        let response = client
            .post(url)
            .header("content-type", "application/json")
            .header("user-agent", "Docket")
            .header("webhook-id", &call.webhook_id)
            .header("webhook-timestamp", call.timestamp.to_string())
            .header("webhook-signature", &call.signature)
            .body(call.body.clone())
            .send()
            .await
            .map_err(|error| words(&error))?;
        Ok(response.status().as_u16())
    }

    fn check(&self, url: &Url, port: u16, addresses: &[SocketAddr]) -> Result<(), String> {
        let all_loopback =
            !addresses.is_empty() && addresses.iter().all(|address| address.ip().is_loopback());
        if self.loopback_allowed && all_loopback {
            return Ok(());
        }
        if url.scheme() != "https" || port != 443 {
            return Err("only https on port 443 is called".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address with a user name is not called".to_owned());
        }
        match addresses.iter().find(|address| !is_public(address.ip())) {
            None if addresses.is_empty() => Err("the host has no address".to_owned()),
            None => Ok(()),
            Some(_) => Err("the host has an address that is not public".to_owned()),
        }
    }
}

impl Outside for Internet {
    fn post<'a>(&'a self, call: &'a SignedCall) -> CallFuture<'a> {
        Box::pin(self.call(call))
    }
}

/// An error with its causes, without the address, which may hold a secret.
fn words(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() {
        "no answer in time".to_owned()
    } else {
        "no answer".to_owned()
    };
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Whether an address is one of the public internet (IANA special-purpose registries, read in July 2026).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, _, _)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let [first, second, ..] = address.segments();
    // Only 2000::/3 is given out. Of it, Teredo, ORCHID and documentation (2001::/23, 2001:db8::/32), 6to4 (2002::/16,
    // which carries IPv4 addresses) and documentation (3fff::/20) are no hosts.
    (first & 0xe000) == 0x2000
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        && !(first == 0x3fff && second < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_not_public() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_neighbours_of_private_addresses_are_public() {
        for text in [
            "9.255.255.255",
            "11.0.0.0",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "2606:4700::1",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[tokio::test]
    async fn a_call_to_the_inside_is_refused() {
        for url in [
            "http://example.com/",
            "https://example.com:8443/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://user:secret@93.184.215.14/",
            "nonsense",
        ] {
            let call = SignedCall {
                url: url.to_owned(),
                webhook_id: "m".into(),
                timestamp: 0,
                signature: "v1,x".into(),
                body: String::new(),
            };
            assert!(Internet::new(false).call(&call).await.is_err(), "{url}");
        }
    }
}
