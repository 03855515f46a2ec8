//! The provider: what was read of it, and the two steps of a sign-in.

use crate::{
    client_secret,
    error::{OidcError, TokenError},
    id_token::{About, Claims, Expected},
    keys::KeySet,
    metadata::{CHALLENGE_METHOD, Metadata},
    pkce::Verifier,
    web::{Question, Web, WebError},
};
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use std::sync::{Arc, Mutex, PoisonError};
use url::{Url, form_urlencoded};

/// How long what was read of a provider serves, in seconds.
const SERVES_SECONDS: i64 = 3_600;
/// Shortest time between two looks for a key that is not known, in seconds: whoever makes keys up makes no calls.
const NEXT_LOOK_SECONDS: i64 = 60;
/// How long a provider that did not answer is not asked again for its description or its keys, in seconds: whoever comes meanwhile
/// need not wait to be told.
const NOT_ASKED_SECONDS: i64 = 15;
/// Most bytes of any of the provider's answers; its keys are the longest, some kilobytes.
const MOST_BYTES: usize = 256 * 1024;
/// Longest code in bytes. Some providers pack all that they know into it.
const LONGEST_CODE: usize = 8 * 1024;
/// What is asked to be told: who it is, their address.
const SCOPE: &str = "openid email profile";

/// How the desk is known to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The provider's name, an address, exactly as it says it itself.
    pub issuer: String,
    /// The desk's name there.
    pub client_id: String,
    /// Whether the provider may be on the same machine, without TLS.
    pub is_local: bool,
}

/// A provider. What was read of it is kept.
pub struct Provider {
    registration: Registration,
    web: Arc<dyn Web>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    metadata: Option<(Timestamp, Metadata)>,
    keys: Option<(Timestamp, KeySet)>,
    /// That it did not answer, unless it did since.
    silent: Option<(Timestamp, WebError)>,
}

/// What a sign-in begins with.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Where the provider sends the browser back to.
    pub redirect_uri: &'a str,
    /// What it brings back.
    pub state: &'a str,
    /// What its token says.
    pub nonce: &'a str,
    /// What is shown with its code.
    pub verifier: &'a Verifier,
    /// Whether the provider is to ask again who it is.
    pub asks_again: bool,
}

/// What a sign-in ends with.
#[derive(Clone, Copy, Debug)]
pub struct Finishing<'a> {
    /// The code that the browser brought.
    pub code: &'a str,
    /// The provider's name that the browser brought beside it.
    pub issuer: Option<&'a str>,
    /// What the sign-in began with.
    pub redirect_uri: &'a str,
    /// The same.
    pub nonce: &'a str,
    /// The same.
    pub verifier: &'a Verifier,
}

/// Whom the provider proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The provider.
    pub issuer: String,
    /// Its own name for the person, given to nobody else ever.
    pub subject: String,
    /// Their mail address.
    pub email: Option<String>,
    /// Whether it is known to be theirs.
    pub email_verified: bool,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    about: About,
}

impl Provider {
    /// A provider that is reached by `web`.
    pub fn new(registration: Registration, web: Arc<dyn Web>) -> Self {
        Self {
            registration,
            web,
            kept: Mutex::default(),
        }
    }

    /// The provider's name.
    pub fn issuer(&self) -> &str {
        &self.registration.issuer
    }

    /// Whether the provider is there, and can be relied on.
    ///
    /// # Errors
    /// When it can't be reached or used.
    pub async fn look(&self, now: Timestamp) -> Result<(), OidcError> {
        let metadata = self.metadata(now).await?;
        self.keys(&metadata, now, SERVES_SECONDS).await?;
        Ok(())
    }

    /// Where a browser goes to sign in.
    ///
    /// # Errors
    /// When the provider can't be reached or used.
    pub async fn sign_in_address(&self, asking: Asking<'_>, now: Timestamp) -> Result<Url, OidcError> {
        let mut url = self.metadata(now).await?.authorization;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.registration.client_id)
            .append_pair("redirect_uri", asking.redirect_uri)
            .append_pair("scope", SCOPE)
            .append_pair("state", asking.state)
            .append_pair("nonce", asking.nonce)
            .append_pair("code_challenge", &asking.verifier.challenge())
            .append_pair("code_challenge_method", CHALLENGE_METHOD);
        if asking.asks_again {
            url.query_pairs_mut().append_pair("prompt", "login");
        }
        Ok(url)
    }

    /// Whom the code proves that a browser came back with.
    ///
    /// # Errors
    /// When the provider can't be reached or used, or the code proves nobody.
    pub async fn finish(
        &self,
        finishing: Finishing<'_>,
        secret: Option<&str>,
        now: Timestamp,
    ) -> Result<Proven, OidcError> {
        let metadata = self.metadata(now).await?;
        // Another provider's answer must not be taken for this one's (RFC 9207).
        let is_missing = finishing.issuer.is_none() && metadata.says_issuer;
        if is_missing
            || finishing
                .issuer
                .is_some_and(|issuer| issuer != self.registration.issuer)
        {
            return Err(TokenError::Issuer.into());
        }
        if finishing.code.is_empty() || finishing.code.len() > LONGEST_CODE {
            return Err(TokenError::Unreadable.into());
        }
        let tokens = self.tokens(&metadata, finishing, secret).await?;
        let claims = self.claims(&metadata, &tokens.id_token, now).await?;
        let expected = Expected {
            issuer: &self.registration.issuer,
            client_id: &self.registration.client_id,
            nonce: finishing.nonce,
        };
        claims.check(expected, now)?;
        let about = match (&claims.about.email, &metadata.userinfo, &tokens.access_token) {
            (None, Some(userinfo), Some(access_token)) => {
                self.about(userinfo, access_token, &claims.sub).await?
            }
            _ => claims.about.clone(),
        };
        Ok(Proven {
            issuer: self.registration.issuer.clone(),
            subject: claims.sub,
            email: about.email,
            email_verified: about.email_verified,
        })
    }

    /// Where a browser goes to end what the provider remembers of it, and from where it comes back (OpenID Connect RP-Initiated
    /// Logout 1.0); nothing where the provider has no such place, or can't be asked now.
    pub async fn sign_out_address(&self, back_to: &str, now: Timestamp) -> Option<Url> {
        let metadata = self.metadata(now).await.ok()?;
        let mut url = metadata.end_session?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.registration.client_id)
            .append_pair("post_logout_redirect_uri", back_to)
            // Cognito's own word for it (developer guide, "Logout endpoint", looked up 2026-11); others pass over it.
            .append_pair("logout_uri", back_to);
        Some(url)
    }

    async fn tokens(
        &self,
        metadata: &Metadata,
        finishing: Finishing<'_>,
        secret: Option<&str>,
    ) -> Result<Tokens, OidcError> {
        const WHAT: &str = "token endpoint";
        let shown = client_secret::shown(metadata, &self.registration.client_id, secret)?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", finishing.code)
            .append_pair("redirect_uri", finishing.redirect_uri)
            .append_pair("code_verifier", finishing.verifier.expose())
            .extend_pairs(&shown.fields)
            .finish();
        let question = Question {
            url: metadata.token.to_string(),
            form: Some(form),
            authorization: shown.authorization,
            most_bytes: MOST_BYTES,
        };
        let answer = self.ask(WHAT, &question).await?;
        if answer.status == 200 {
            return read(WHAT, &answer.body);
        }
        match serde_json::from_slice(&answer.body) {
            Ok(Refusal { error }) => Err(OidcError::Refused { code: short(&error) }),
            Err(_) => Err(status(WHAT, answer.status)),
        }
    }

    /// What an ID token claims. A key that is not known may have come since the keys were read.
    async fn claims(&self, metadata: &Metadata, token: &str, now: Timestamp) -> Result<Claims, OidcError> {
        let (read_at, keys) = self.keys(metadata, now, SERVES_SECONDS).await?;
        match keys.open(token) {
            Err(TokenError::UnknownKey) if now.as_second() - read_at.as_second() >= NEXT_LOOK_SECONDS => {
                let (_, keys) = self.keys(metadata, now, NEXT_LOOK_SECONDS).await?;
                Ok(keys.open(token)?)
            }
            opened => Ok(opened?),
        }
    }

    /// What the provider tells of somebody who just signed in (section 5.3), where the token does not.
    async fn about(&self, userinfo: &Url, access_token: &str, subject: &str) -> Result<About, OidcError> {
        const WHAT: &str = "user info";
        let question = Question {
            authorization: Some(format!("Bearer {access_token}")),
            ..Question::reading(userinfo)
        };
        let answer = self.ask(WHAT, &question).await?;
        if answer.status != 200 {
            return Err(status(WHAT, answer.status));
        }
        let info: UserInfo = read(WHAT, &answer.body)?;
        // It may be somebody else's (section 5.3.2).
        if info.sub != subject {
            return Err(TokenError::Subject.into());
        }
        Ok(info.about)
    }

    async fn metadata(&self, now: Timestamp) -> Result<Metadata, OidcError> {
        let kept = self.kept().metadata.clone();
        if let Some((read_at, metadata)) = kept
            && serves(read_at, now, SERVES_SECONDS)
        {
            return Ok(metadata);
        }
        const WHAT: &str = "description of itself";
        let Registration { issuer, is_local, .. } = &self.registration;
        let question = Question::reading(&Metadata::address(issuer, *is_local)?);
        let described = self.look_up(WHAT, &question, now).await?;
        let metadata = Metadata::read(&described, issuer, *is_local)?;
        self.kept().metadata = Some((now, metadata.clone()));
        Ok(metadata)
    }

    async fn keys(
        &self,
        metadata: &Metadata,
        now: Timestamp,
        serves_seconds: i64,
    ) -> Result<(Timestamp, KeySet), OidcError> {
        const WHAT: &str = "keys";
        let kept = self.kept().keys.clone();
        if let Some((read_at, keys)) = kept
            && serves(read_at, now, serves_seconds)
        {
            return Ok((read_at, keys));
        }
        let question = Question::reading(&metadata.keys);
        let keys = KeySet::read(&self.look_up(WHAT, &question, now).await?)?;
        self.kept().keys = Some((now, keys.clone()));
        Ok((now, keys))
    }

    /// Reads what is kept for a while, unless the provider did not answer a moment ago.
    async fn look_up(
        &self,
        what: &'static str,
        question: &Question,
        now: Timestamp,
    ) -> Result<Vec<u8>, OidcError> {
        let silent = self.kept().silent.clone();
        if let Some((since, cause)) = silent
            && serves(since, now, NOT_ASKED_SECONDS)
        {
            return Err(OidcError::Unreachable { what, cause });
        }
        let read = match self.ask(what, question).await {
            Ok(answer) if answer.status == 200 => Ok(answer.body),
            Ok(answer) => Err(status(what, answer.status)),
            Err(error) => Err(error),
        };
        self.kept().silent = match &read {
            Err(OidcError::Unreachable { cause, .. }) => Some((now, cause.clone())),
            _ => None,
        };
        read
    }

    async fn ask(&self, what: &'static str, question: &Question) -> Result<crate::web::Answer, OidcError> {
        let answer = self.web.ask(question).await;
        answer.map_err(|cause| OidcError::Unreachable { what, cause })
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Question {
    fn reading(url: &Url) -> Self {
        Self {
            url: url.to_string(),
            form: None,
            authorization: None,
            most_bytes: MOST_BYTES,
        }
    }
}

fn serves(read_at: Timestamp, now: Timestamp, seconds: i64) -> bool {
    (0..seconds).contains(&(now.as_second() - read_at.as_second()))
}

fn read<T: DeserializeOwned>(what: &'static str, json: &[u8]) -> Result<T, OidcError> {
    serde_json::from_slice(json).map_err(|error| OidcError::Unusable {
        what,
        // Where, and not what: the answer holds tokens.
        problem: format!(
            "its answer can't be read, at line {} column {}",
            error.line(),
            error.column()
        ),
    })
}

fn status(what: &'static str, status: u16) -> OidcError {
    if status >= 500 || status == 429 {
        let cause = WebError::NoAnswer(format!("it answered {status}"));
        return OidcError::Unreachable { what, cause };
    }
    OidcError::Unusable {
        what,
        problem: format!("it answered {status}"),
    }
}

/// A word of the provider's as far as it can stand in a log.
fn short(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_graphic()).take(60).collect()
}
