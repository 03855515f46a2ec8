//! Sign-in at a provider of OpenID Connect Core 1.0 by the authorization code flow with PKCE (RFC 7636): where a browser is sent, and
//! whom it proves when it comes back.
//!
//! The crate knows neither desk nor store. Time, randomness, the secret and the way to the provider are handed in; what was read of
//! the provider is kept for an hour.

mod address;
mod client_secret;
mod error;
mod id_token;
mod keys;
mod metadata;
mod pkce;
mod provider;
mod ring_signatures;
mod web;

pub use error::{OidcError, TokenError};
pub use pkce::Verifier;
pub use provider::{Asking, Finishing, Proven, Provider, Registration};
pub use web::{Answer, Answering, Internet, Question, Web, WebError};
