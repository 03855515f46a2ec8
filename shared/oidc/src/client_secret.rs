//! How the desk shows the provider's token endpoint which program it is (RFC 6749, section 2.3.1).

use crate::{error::OidcError, metadata::Metadata};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use url::form_urlencoded;

/// What is added to a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub authorization: Option<String>,
    pub fields: Vec<(&'static str, String)>,
}

/// Shows the secret in the way that the provider takes; a program that has none says its name only, and PKCE does the rest.
pub(crate) fn shown(metadata: &Metadata, client_id: &str, secret: Option<&str>) -> Result<Shown, OidcError> {
    let id = ("client_id", client_id.to_owned());
    let Some(secret) = secret else {
        return Ok(Shown {
            authorization: None,
            fields: vec![id],
        });
    };
    // Without a word of the provider's it is the header (OpenID Connect Discovery 1.0, section 3).
    let takes = |method: &str| match &metadata.secret_methods {
        Some(methods) => methods.iter().any(|taken| taken == method),
        None => method == "client_secret_basic",
    };
    if takes("client_secret_basic") {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encoded(client_id), encoded(secret));
        return Ok(Shown {
            authorization: Some(format!("Basic {}", STANDARD.encode(pair))),
            fields: vec![],
        });
    }
    if takes("client_secret_post") {
        return Ok(Shown {
            authorization: None,
            fields: vec![id, ("client_secret", secret.to_owned())],
        });
    }
    Err(OidcError::Unusable {
        what: "token endpoint",
        problem: "it takes a secret neither in the header nor in the form".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(methods: Option<&[&str]>) -> Metadata {
        let at = |path: &str| url::Url::parse(&format!("https://id.example/{path}")).unwrap();
        Metadata {
            authorization: at("auth"),
            token: at("token"),
            keys: at("keys"),
            userinfo: None,
            end_session: None,
            says_issuer: false,
            secret_methods: methods.map(|all| all.iter().map(|one| (*one).to_owned()).collect()),
        }
    }

    #[test]
    fn a_secret_is_shown_as_the_provider_takes_it_and_otherwise_not_at_all() {
        let header = shown(&metadata(None), "desk", Some("a:b/c")).unwrap();
        // `desk:a%3Ab%2Fc`
        assert_eq!(
            header.authorization.as_deref(),
            Some("Basic ZGVzazphJTNBYiUyRmM=")
        );
        assert_eq!(header.fields, []);
        let form = shown(&metadata(Some(&["client_secret_post"])), "desk", Some("s")).unwrap();
        assert_eq!(form.authorization, None);
        assert_eq!(form.fields[1], ("client_secret", "s".to_owned()));
        assert!(shown(&metadata(Some(&["private_key_jwt"])), "desk", Some("s")).is_err());
        let public = shown(&metadata(Some(&["none"])), "desk", None).unwrap();
        assert_eq!(public.fields, [("client_id", "desk".to_owned())]);
    }
}
