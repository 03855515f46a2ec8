//! What a provider says of itself (OpenID Connect Discovery 1.0, section 3).

use crate::{address::checked, error::OidcError, ring_signatures::TAKEN};
use serde::Deserialize;
use url::Url;

const WHAT: &str = "description of itself";
/// The one way to show that a code is one's own that is used here (RFC 7636, section 4.2).
pub(crate) const CHALLENGE_METHOD: &str = "S256";

/// What is needed of it, checked.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    pub authorization: Url,
    pub token: Url,
    pub keys: Url,
    pub userinfo: Option<Url>,
    pub end_session: Option<Url>,
    pub says_issuer: bool,
    /// How a program shows its secret; nothing: the provider does not say.
    pub secret_methods: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    response_types_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// RFC 9207, section 3.
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Where an issuer describes itself.
    pub fn address(issuer: &str, is_local: bool) -> Result<Url, OidcError> {
        let text = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        checked("issuer", &text, is_local)
    }

    /// Reads the description of the issuer that was asked.
    pub fn read(json: &[u8], issuer: &str, is_local: bool) -> Result<Self, OidcError> {
        let said: Document =
            serde_json::from_slice(json).map_err(|error| unusable(format!("it can't be read ({error})")))?;
        // Exactly: whoever describes somebody else could put their own keys beside that name.
        if said.issuer != issuer {
            return Err(unusable(format!(
                "it describes {:?}, and the desk is set up for {issuer:?}",
                said.issuer
            )));
        }
        let lacks = |listed: &Option<Vec<String>>, any_of: &[&str]| {
            listed
                .as_ref()
                .is_some_and(|listed| !listed.iter().any(|word| any_of.contains(&word.as_str())))
        };
        if lacks(&said.response_types_supported, &["code"]) {
            return Err(unusable("it offers no authorization code".to_owned()));
        }
        // Who lists ways and not this one would ignore it, and a stolen code would be enough to sign in.
        if lacks(&said.code_challenge_methods_supported, &[CHALLENGE_METHOD]) {
            return Err(unusable(format!("it offers PKCE without {CHALLENGE_METHOD}")));
        }
        let taken: Vec<String> = TAKEN.iter().map(|algorithm| format!("{algorithm:?}")).collect();
        let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
        if lacks(&said.id_token_signing_alg_values_supported, &taken) {
            return Err(unusable(format!("it signs by none of {}", taken.join(", "))));
        }
        let optional = |text: Option<&String>| text.map(|text| checked(WHAT, text, is_local)).transpose();
        Ok(Self {
            authorization: checked(WHAT, &said.authorization_endpoint, is_local)?,
            token: checked(WHAT, &said.token_endpoint, is_local)?,
            keys: checked(WHAT, &said.jwks_uri, is_local)?,
            userinfo: optional(said.userinfo_endpoint.as_ref())?,
            end_session: optional(said.end_session_endpoint.as_ref())?,
            says_issuer: said.authorization_response_iss_parameter_supported,
            secret_methods: said.token_endpoint_auth_methods_supported,
        })
    }
}

fn unusable(problem: String) -> OidcError {
    OidcError::Unusable { what: WHAT, problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ISSUER: &str = "https://id.example";

    fn described() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/auth",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://keys.example/all",
        })
    }

    #[track_caller]
    fn refused(name: &str, value: Value, words: &str) {
        let mut document = described();
        document[name] = value;
        let error = Metadata::read(document.to_string().as_bytes(), ISSUER, false).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }

    #[test]
    fn a_provider_that_says_the_least_can_be_used() {
        let metadata = Metadata::read(described().to_string().as_bytes(), ISSUER, false).unwrap();
        assert_eq!(metadata.keys.as_str(), "https://keys.example/all");
        assert!(metadata.end_session.is_none());
    }

    #[test]
    fn a_provider_that_can_not_be_relied_on_is_refused_with_the_reason() {
        refused("issuer", json!("https://evil.example"), "evil.example");
        refused("issuer", json!("https://id.example/"), "set up for");
        refused(
            "code_challenge_methods_supported",
            json!(["plain"]),
            "without S256",
        );
        refused("code_challenge_methods_supported", json!([]), "without S256");
        refused(
            "response_types_supported",
            json!(["token"]),
            "no authorization code",
        );
        refused(
            "id_token_signing_alg_values_supported",
            json!(["none", "HS256"]),
            "signs by none of",
        );
        refused("token_endpoint", json!("http://id.example/token"), "https");
        refused("jwks_uri", json!("http://127.0.0.1/keys"), "https");
        refused("end_session_endpoint", json!("javascript:alert(1)"), "https");
    }
}
