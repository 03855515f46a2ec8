//! What an ID token claims, and whether it is about this sign-in (OpenID Connect Core 1.0, sections 2 and 3.1.3.7).

use crate::error::TokenError;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq as _;

/// How far two clocks may be apart, in seconds.
const LEEWAY_SECONDS: f64 = 60.0;
/// Longest time from the issue of a token to the end of its sign-in, in seconds: it comes straight from the provider, for a sign-in
/// that takes ten minutes at most.
const MOST_AGE_SECONDS: f64 = 600.0;
/// Longest name that a provider gives somebody, in bytes (section 2).
const LONGEST_SUBJECT: usize = 255;

/// The claims.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    pub sub: String,
    #[serde(deserialize_with = "one_or_many")]
    aud: Vec<String>,
    azp: Option<String>,
    /// Seconds since 1970, which may have a fraction (RFC 7519, section 2).
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    #[serde(flatten)]
    pub about: About,
}

/// What is said of the person, in a token or beside it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct About {
    pub email: Option<String>,
    #[serde(default, deserialize_with = "yes")]
    pub email_verified: bool,
}

/// What the sign-in that a token ends began with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
}

impl Claims {
    /// Whether they are about this sign-in.
    pub fn check(&self, expected: Expected<'_>, now: Timestamp) -> Result<(), TokenError> {
        if self.iss != expected.issuer {
            return Err(TokenError::Issuer);
        }
        let is_other = |azp: &String| azp != expected.client_id;
        // Meant for several, it says whom it was given to, or somebody else of them could bring it here.
        let is_unnamed = self.aud.len() > 1 && self.azp.is_none();
        if !self.aud.iter().any(|aud| aud == expected.client_id)
            || self.azp.as_ref().is_some_and(is_other)
            || is_unnamed
        {
            return Err(TokenError::Audience);
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "seconds since 1970 are exact in 53 bits"
        )]
        let now = now.as_second() as f64;
        if self.exp <= now - LEEWAY_SECONDS {
            return Err(TokenError::Expired);
        }
        let begins_at = self.nbf.map_or(self.iat, |nbf| nbf.max(self.iat));
        if begins_at > now + LEEWAY_SECONDS {
            return Err(TokenError::NotYet);
        }
        if self.iat < now - MOST_AGE_SECONDS - LEEWAY_SECONDS {
            return Err(TokenError::Old);
        }
        let nonce = self.nonce.as_deref().unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
            return Err(TokenError::Nonce);
        }
        if self.sub.is_empty() || self.sub.len() > LONGEST_SUBJECT {
            return Err(TokenError::Subject);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Plainly(bool),
    InWords(String),
    Otherwise(serde::de::IgnoredAny),
}

/// Some providers say it in a text.
fn yes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Said::deserialize(deserializer)? {
        Said::Plainly(said) => said,
        Said::InWords(word) => word == "true",
        Said::Otherwise(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: i64 = 1_800_000_000;

    fn judged(changed: &[(&str, Value)]) -> Result<(), TokenError> {
        let mut claims = json!({
            "iss": "https://id.example", "sub": "ada", "aud": "desk", "exp": NOW + 300, "iat": NOW, "nonce": "n",
        });
        for (name, value) in changed {
            claims[*name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(claims).map_err(|_| TokenError::Unreadable)?;
        let expected = Expected {
            issuer: "https://id.example",
            client_id: "desk",
            nonce: "n",
        };
        claims.check(expected, Timestamp::from_second(NOW).unwrap())
    }

    #[test]
    fn a_token_of_this_sign_in_is_taken_at_each_of_its_limits() {
        for changed in [
            ("exp", json!(NOW - 59)),
            ("exp", json!(f64::from(i32::MAX) * 2.5)),
            ("iat", json!(NOW + 60)),
            ("iat", json!(NOW - 660)),
            ("nbf", json!(NOW + 60)),
            ("azp", json!("desk")),
            ("aud", json!(["desk"])),
        ] {
            assert_eq!(judged(std::slice::from_ref(&changed)), Ok(()), "{changed:?}");
        }
        assert_eq!(
            judged(&[("aud", json!(["other", "desk"])), ("azp", json!("desk"))]),
            Ok(())
        );
    }

    #[test]
    fn a_token_of_anything_else_is_refused() {
        for (name, value, why) in [
            ("iss", json!("https://id.example/"), TokenError::Issuer),
            ("iss", json!("https://evil.example"), TokenError::Issuer),
            ("aud", json!("other"), TokenError::Audience),
            ("aud", json!([]), TokenError::Audience),
            ("aud", json!(["desk", "other"]), TokenError::Audience),
            ("azp", json!("other"), TokenError::Audience),
            ("exp", json!(NOW - 60), TokenError::Expired),
            ("nbf", json!(NOW + 61), TokenError::NotYet),
            ("iat", json!(NOW + 61), TokenError::NotYet),
            ("iat", json!(NOW - 661), TokenError::Old),
            ("nonce", json!("m"), TokenError::Nonce),
            ("nonce", json!(null), TokenError::Nonce),
            ("sub", json!(""), TokenError::Subject),
            ("sub", json!("x".repeat(256)), TokenError::Subject),
            // What has the wrong kind is not as if it were not there.
            ("exp", json!("tomorrow"), TokenError::Unreadable),
            ("exp", json!(null), TokenError::Unreadable),
            ("nbf", json!("tomorrow"), TokenError::Unreadable),
        ] {
            assert_eq!(judged(&[(name, value.clone())]), Err(why), "{name} {value}");
        }
    }

    #[test]
    fn an_address_is_verified_where_the_provider_says_so_and_nowhere_else() {
        let said =
            |value: Value| serde_json::from_value::<About>(json!({ "email_verified": value })).unwrap();
        assert!(said(json!(true)).email_verified && said(json!("true")).email_verified);
        for value in [json!(false), json!("false"), json!(1), json!(null), json!({})] {
            assert!(!said(value.clone()).email_verified, "{value}");
        }
        assert!(!serde_json::from_str::<About>("{}").unwrap().email_verified);
    }
}
