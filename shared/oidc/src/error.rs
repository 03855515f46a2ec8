//! What can go wrong, told apart by who has to do something about it.

use crate::web::WebError;

/// Why a sign-in can't go on.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The provider does not answer: it may in a moment.
    #[error("the provider's {what} can't be reached")]
    Unreachable {
        /// What was asked for.
        what: &'static str,
        /// Why.
        #[source]
        cause: WebError,
    },
    /// The provider answers what nobody can sign in with: something is set up wrong, here or there.
    #[error("the provider's {what} can't be used: {problem}")]
    Unusable {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The provider does not take the code: it is used up, too old, or somebody else's; or it does not know this desk.
    #[error("the provider refused the code: {code}")]
    Refused {
        /// The provider's word (RFC 6749, section 5.2).
        code: String,
    },
    /// The answer proves nobody.
    #[error("the ID token is not taken")]
    Token(#[from] TokenError),
}

impl OidcError {
    /// Whether whoever runs the desk has to mend something, and not whoever signs in.
    pub fn is_set_up_wrong(&self) -> bool {
        match self {
            Self::Unusable { .. } => true,
            Self::Refused { code } => code != "invalid_grant",
            Self::Unreachable { .. } | Self::Token(_) => false,
        }
    }
}

/// Why an ID token is not taken (OpenID Connect Core 1.0, section 3.1.3.7).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no signed token.
    #[error("it can't be read")]
    Unreadable,
    /// It is signed by none of the ways that prove who signed.
    #[error("it is signed by a way that is not taken")]
    Algorithm,
    /// The provider has no such key.
    #[error("the provider has no key that it could be signed with")]
    UnknownKey,
    /// The signature is not its key's.
    #[error("its signature does not hold")]
    Signature,
    /// It is of another provider.
    #[error("it was issued by somebody else")]
    Issuer,
    /// It is meant for another program.
    #[error("it is meant for somebody else")]
    Audience,
    /// It has ended.
    #[error("it has ended")]
    Expired,
    /// It does not hold yet, or was issued in the future.
    #[error("it does not hold yet")]
    NotYet,
    /// It was issued too long ago for a sign-in that took ten minutes at most.
    #[error("it was issued too long ago")]
    Old,
    /// It belongs to another sign-in.
    #[error("it belongs to another sign-in")]
    Nonce,
    /// It names nobody.
    #[error("it names nobody")]
    Subject,
}
