//! Proof Key for Code Exchange (RFC 7636): whoever turns a code into a token shows what only the one who asked for it knows.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// What is shown with the code, and kept until then.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier(String);

impl Verifier {
    /// From 32 random bytes: 43 characters, as section 4.1 recommends.
    pub fn new(random: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random))
    }

    /// One that was kept.
    pub fn kept(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, to be kept or shown.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What stands in the address that asks for the code: its SHA-256. The text itself never does (method `S256`).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_verifier_has_the_published_challenge() {
        // RFC 7636, appendix B.
        let verifier = Verifier::kept("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            verifier.challenge(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        assert_eq!(format!("{verifier:?}"), "***");
        assert_eq!(Verifier::new([7; 32]).expose().len(), 43);
    }
}
