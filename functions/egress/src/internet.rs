//! The internet, with care: https on port 443, addresses looked up once, none of them private, no redirects, a bound on
//! time. Nothing of the answer but its status is read.

use crate::outside::{CallFuture, Outside, SignedCall};
use docket_domain::outbox::is_public;
use reqwest::{Client, Url, redirect};
use std::{
    error::Error,
    net::{IpAddr, SocketAddr},
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

#[cfg(test)]
mod tests {
    use super::*;

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
