//! What became of something, in the address of the page that says it, with a proof that a page of this session said so: nobody else's link
//! says anything, or puts anything back.

use crate::session::SignedIn;
use docket_domain::Digest;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Of what something came: a proof of one is none of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofOf {
    /// Of what was done to several tickets.
    Bulk,
    /// Of what was decided about mail that was held.
    Held,
}

impl ProofOf {
    fn word(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Held => "held",
        }
    }

    /// What proves that a page of this session said it.
    pub fn made(self, signed_in: &SignedIn, written: &str) -> String {
        let digest = Digest::of_parts([self.word(), written]);
        signed_in.session.form_token(digest.as_str())
    }

    /// Whether it does.
    pub fn holds(self, signed_in: &SignedIn, written: &str, proof_sent: &str) -> bool {
        let nonce = |token: &str| token.split('.').next().map(str::to_owned);
        nonce(proof_sent) == nonce(&self.made(signed_in, written)) && signed_in.session.accepts(proof_sent)
    }

    /// A page that says it.
    pub fn said_at(self, signed_in: &SignedIn, href: &str, written: &str) -> String {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let proof = self.made(signed_in, written);
        let mark = if href.contains('?') { '&' } else { '?' };
        format!("{href}{mark}did={}&proof={}", encoded(written), encoded(&proof))
    }
}
