//! The address of a call and of what it is answered with: host, path, query.

use super::{error::ApiError, fields_at_hand::FieldsAtHand};
use docket_desk::Settings;
use docket_domain::{Tenant, Timestamp, contact::file_link::FileLinkKey, sla::Book};
use http::{HeaderMap, Uri};
use std::sync::Arc;

/// The address of a call.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    /// Scheme and host, without a slash at its end.
    root: String,
    /// The path below `/api/v2`, without a format.
    pub path: String,
    /// The query, decoded, in its order.
    pub query: Vec<(String, String)>,
    /// What links to files are signed with; nothing where they only work with credentials.
    signer: Option<Signer>,
    /// By what values of fields are shown.
    fields: FieldsAtHand,
}

/// Signs links to files.
#[derive(Clone, Debug)]
struct Signer {
    key: FileLinkKey,
    tenant: Tenant,
    now: Timestamp,
}

impl Address {
    /// Of a call with these headers, by the configured address of the desk or the one that was called.
    pub fn of(settings: &Settings, headers: &HeaderMap, uri: &Uri) -> Self {
        let root = match settings.public_url.as_str() {
            "" => called_root(settings.is_local, headers, uri),
            configured => configured.to_owned(),
        };
        let query = uri.query().unwrap_or_default();
        Self {
            root,
            path: uri.path().to_owned(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            signer: None,
            fields: FieldsAtHand::default(),
        }
    }

    /// The same, whose links to files work by themselves from now on for a while.
    pub fn signing_with(self, key: FileLinkKey, tenant: &Tenant, now: Timestamp) -> Self {
        let tenant = tenant.clone();
        Self {
            signer: Some(Signer { key, tenant, now }),
            ..self
        }
    }

    /// The same, whose answers show values of these fields.
    pub fn showing(self, fields: FieldsAtHand) -> Self {
        Self { fields, ..self }
    }

    /// What the operator defined of fields stands in it.
    pub fn book(&self) -> Arc<Book> {
        self.fields.book()
    }

    /// Whether a parameter says yes or no, if it says anything.
    ///
    /// # Errors
    /// When it says something else.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        let said = self.parameter(name).filter(|said| !said.is_empty());
        let read = |said: &str| said.parse::<bool>();
        let wrong = |_| ApiError::invalid(name, "is neither true nor false");
        said.map(read).transpose().map_err(wrong)
    }

    /// The last value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let pair = self.query.iter().rev().find(|(key, _)| key == name);
        pair.map(|(_, value)| value.as_str())
    }

    /// A parameter that is a number; nothing where it is none.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.parse().ok()
    }

    /// The address of a resource by its path below `/api/v2`.
    pub fn resource(&self, path: &str) -> String {
        format!("{}/api/v2{path}.json", self.root)
    }

    /// The address of a file by its path below `/api/v2`: it works by itself for a while.
    pub fn file(&self, path: &str) -> String {
        match &self.signer {
            Some(signer) => self.unsigned_file(&signer.key.link(&signer.tenant, path, signer.now)),
            None => self.unsigned_file(path),
        }
    }

    /// The same without what makes it work by itself: as long as the file is there it stays the same.
    pub fn unsigned_file(&self, path: &str) -> String {
        format!("{}/api/v2{path}", self.root)
    }

    #[cfg(test)]
    pub fn for_test(path: &str, query: &str) -> Self {
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self {
            root: "https://desk.example.com".to_owned(),
            path: path.to_owned(),
            query,
            signer: None,
            fields: FieldsAtHand::default(),
        }
    }
}

/// Scheme and host as the caller used them.
fn called_root(is_local: bool, headers: &HeaderMap, uri: &Uri) -> String {
    let first = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?;
        Some(value.split(',').next()?.trim().to_owned())
    };
    let is_host = |host: &String| {
        !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b))
    };
    let host = first("x-forwarded-host")
        .or_else(|| first("host"))
        .or_else(|| uri.authority().map(|authority| authority.as_str().to_owned()))
        .filter(is_host)
        .unwrap_or_else(|| "localhost".to_owned());
    let scheme = first("x-forwarded-proto")
        .filter(|scheme| scheme == "http" || scheme == "https")
        .unwrap_or_else(|| if is_local { "http" } else { "https" }.to_owned());
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&'static str, &str)], expected: &str) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        assert_eq!(
            called_root(false, &headers, &Uri::from_static("/tickets")),
            expected
        );
    }

    #[test]
    fn the_forwarded_host_goes_before_the_host() {
        check(
            &[
                ("host", "internal"),
                ("x-forwarded-host", "desk.example.com, proxy"),
            ],
            "https://desk.example.com",
        );
    }

    #[test]
    fn the_forwarded_scheme_is_taken() {
        check(
            &[("host", "127.0.0.1:3000"), ("x-forwarded-proto", "http")],
            "http://127.0.0.1:3000",
        );
    }

    #[test]
    fn a_host_that_is_none_is_not_repeated() {
        check(&[("host", "a/b?<script>")], "https://localhost");
        check(&[], "https://localhost");
    }
}
