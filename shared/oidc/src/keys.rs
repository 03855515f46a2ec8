//! The provider's keys (RFC 7517), and tokens opened with them (RFC 7515).

use crate::{
    error::{OidcError, TokenError},
    ring_signatures::{self, TAKEN, family},
};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Header, Validation, decode, decode_header,
    errors::ErrorKind,
    jwk::{Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::{Deserialize, de::DeserializeOwned};

/// Most keys of a provider: two while one takes over from the other, a few more for other ways of signing.
const MOST_KEYS: usize = 100;

/// The keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeySet(Vec<Key>);

#[derive(Clone, Debug)]
struct Key {
    id: Option<String>,
    algorithm: Option<KeyAlgorithm>,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    /// Reads the provider's document. Keys that sign nothing, or that nobody here can read, are left out.
    pub fn read(json: &[u8]) -> Result<Self, OidcError> {
        let unusable = |problem: String| OidcError::Unusable {
            what: "keys",
            problem,
        };
        let document: Document = serde_json::from_slice(json)
            .map_err(|error| unusable(format!("they can't be read ({error})")))?;
        if document.keys.len() > MOST_KEYS {
            return Err(unusable(format!("there are more than {MOST_KEYS}")));
        }
        let keys = document
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value(key).ok());
        Ok(Self(keys.filter_map(|key: Jwk| Key::of(&key)).collect()))
    }

    /// What a token says, once its signature is found to be one of these keys'.
    pub fn open<T: DeserializeOwned>(&self, token: &str) -> Result<T, TokenError> {
        ring_signatures::install();
        let header = decode_header(token).map_err(|error| match error.kind() {
            // A way of signing that has no name here, such as `none`.
            ErrorKind::InvalidAlgorithmName | ErrorKind::Json(_) => TokenError::Algorithm,
            _ => TokenError::Unreadable,
        })?;
        if !TAKEN.contains(&header.alg) {
            return Err(TokenError::Algorithm);
        }
        // Whoever understands nothing of what is marked as critical has to refuse it (RFC 7515, section 4.1.11).
        if header.crit.is_some() {
            return Err(TokenError::Unreadable);
        }
        let key = self.signer(&header)?;
        let mut signature_alone = Validation::new(header.alg);
        // What is claimed is checked by the desk's clock, beside the nonce.
        signature_alone.required_spec_claims.clear();
        signature_alone.validate_exp = false;
        signature_alone.validate_aud = false;
        let opened = decode(token, &key.key, &signature_alone);
        opened
            .map(|data| data.claims)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature | ErrorKind::Base64(_) => TokenError::Signature,
                ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => TokenError::Algorithm,
                _ => TokenError::Unreadable,
            })
    }

    /// The key that a header names; where it names none, the only one that could be it.
    fn signer(&self, header: &Header) -> Result<&Key, TokenError> {
        let mut fitting = self
            .0
            .iter()
            .filter(|key| key.fits(header.alg) && (header.kid.is_none() || header.kid == key.id));
        let first = fitting.next().ok_or(TokenError::UnknownKey)?;
        if header.kid.is_none() && fitting.next().is_some() {
            return Err(TokenError::UnknownKey);
        }
        Ok(first)
    }
}

impl Key {
    fn of(jwk: &Jwk) -> Option<Self> {
        let signs = |usage: &PublicKeyUse| *usage == PublicKeyUse::Signature;
        if !jwk.common.public_key_use.as_ref().is_none_or(signs) {
            return None;
        }
        let key = DecodingKey::from_jwk(jwk).ok()?;
        if key.family() == AlgorithmFamily::Hmac {
            return None;
        }
        Some(Self {
            id: jwk.common.key_id.clone(),
            algorithm: jwk.common.key_algorithm,
            key,
        })
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        let named = self
            .algorithm
            .is_none_or(|named| named == KeyAlgorithm::from(algorithm));
        named && self.key.family() == family(algorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.2.
    const PUBLISHED_KEY: &str = r#"{"keys":[{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}]}"#;
    const PUBLISHED_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    #[test]
    fn the_published_token_opens_with_the_published_key_and_no_changed_one_does() {
        let keys = KeySet::read(PUBLISHED_KEY.as_bytes()).unwrap();
        let claims: serde_json::Value = keys.open(PUBLISHED_TOKEN).unwrap();
        assert_eq!(claims["iss"], "joe");
        let changed = PUBLISHED_TOKEN.replacen("eyJpc3MiOiJqb2Ui", "eyJpc3MiOiJldmUi", 1);
        assert_eq!(
            keys.open::<serde_json::Value>(&changed),
            Err(TokenError::Signature)
        );
        let other_way = PUBLISHED_TOKEN.replacen("eyJhbGciOiJSUzI1NiJ9", "eyJhbGciOiJQUzI1NiJ9", 1);
        assert_eq!(
            keys.open::<serde_json::Value>(&other_way),
            Err(TokenError::Signature)
        );
    }

    #[test]
    fn keys_of_others_uses_and_kinds_are_left_out_and_too_many_are_refused() {
        let keys = KeySet::read(
            br#"{"keys":[{"kty":"oct","k":"c2VjcmV0"},{"kty":"new","x":1},{"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"},7]}"#,
        );
        assert_eq!(keys.unwrap().0.len(), 0);
        let many = serde_json::json!({ "keys": vec![1; MOST_KEYS + 1] }).to_string();
        assert!(KeySet::read(many.as_bytes()).is_err());
        assert!(KeySet::read(b"<html>").is_err());
    }
}
