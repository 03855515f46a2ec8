//! A provider of OpenID Connect of the tests' own, on the loopback address. It signs with a key that it makes for itself, and lies as
//! it is told.

use crate::world::World;
use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use docket_desk::SignInSettings;
use docket_oidc::{Answering, Internet, Question, Web};
use ring::{
    digest, hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};
use url::Url;

pub const CLIENT: &str = "docket-desk";

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// As it should be.
    Rightly,
    /// By the key of somebody else, under the name of the right one.
    ByAnother,
    /// Not at all, `alg` says `none`.
    Not,
    /// By `HS256`, with the public key as the secret.
    WithPublicKey,
    /// Rightly, and changed afterwards.
    ThenChanges,
}

/// What it is to do.
pub struct Manners {
    pub subject: &'static str,
    /// What it says of whoever signs in.
    pub about: Value,
    /// Whether that stands in the token, or is told when asked.
    pub tells_in_token: bool,
    pub signs: Signs,
    /// Laid over the claims.
    pub claims: Value,
    /// Laid over the token's header.
    pub header: Value,
    /// Laid over its description of itself.
    pub description: Value,
    /// The secret that it wants to be shown.
    pub secret: Option<&'static str>,
    /// Whether it does not say what it is.
    pub is_down: bool,
    /// What the token endpoint says instead.
    pub refuses: Option<&'static str>,
    /// Paths that were asked for.
    pub asked: Vec<String>,
    key: EcdsaKeyPair,
    key_id: String,
    codes: HashMap<String, Asked>,
}

struct Asked {
    nonce: String,
    challenge: String,
    redirect_uri: String,
}

#[derive(Clone)]
pub struct Provider {
    /// What it calls itself.
    pub issuer: String,
    at: String,
    clock: embedded_aws::Clock,
    manners: Arc<Mutex<Manners>>,
}

impl Provider {
    /// One that calls itself by where it is.
    pub async fn start(clock: &embedded_aws::Clock) -> Self {
        Self::called(None, clock).await
    }

    /// One that has a name.
    pub async fn called(issuer: Option<&str>, clock: &embedded_aws::Clock) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let at = format!("http://{}", listener.local_addr().unwrap());
        let manners = Manners {
            subject: "ben-1",
            about: json!({ "email": "Ben@Docket.Local", "email_verified": true }),
            tells_in_token: true,
            signs: Signs::Rightly,
            claims: json!({}),
            header: json!({}),
            description: json!({}),
            secret: None,
            is_down: false,
            refuses: None,
            asked: vec![],
            key: new_key(),
            key_id: "first".to_owned(),
            codes: HashMap::new(),
        };
        let provider = Self {
            issuer: issuer.unwrap_or(&at).to_owned(),
            at,
            clock: clock.clone(),
            manners: Arc::new(Mutex::new(manners)),
        };
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(tell))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        provider
    }

    /// How a desk is set up for it.
    pub fn settings(&self) -> SignInSettings {
        SignInSettings {
            issuer: self.issuer.clone(),
            client_id: CLIENT.to_owned(),
            trusts_addresses: false,
        }
    }

    /// A desk on one's own machine that is set up for it.
    pub async fn desk() -> (World, Self) {
        let clock = embedded_aws::Clock::manual(crate::world::START.parse().unwrap());
        let provider = Self::start(&clock).await;
        let world = World::signing_in_at(clock, true, Some(provider.settings()))
            .await
            .unwrap();
        (world, provider)
    }

    pub fn manners(&self) -> MutexGuard<'_, Manners> {
        self.manners.lock().unwrap()
    }

    /// Somebody signs in at the address that their browser was sent to; where they are sent back to.
    pub fn allow(&self, address: &str) -> String {
        let url = Url::parse(address).unwrap();
        assert_eq!(url.path(), "/auth");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["code_challenge"].len(), 43);
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        let code = format!("code-{}", self.manners().codes.len());
        let answer = Asked {
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            redirect_uri: asked["redirect_uri"].clone(),
        };
        self.manners().codes.insert(code.clone(), answer);
        let back = Url::parse(&asked["redirect_uri"]).unwrap();
        format!("{}?code={code}&state={}", back.path(), asked["state"])
    }

    /// Signs with another key from now on.
    pub fn takes_another_key(&self, id: &str) {
        let mut manners = self.manners();
        manners.key = new_key();
        manners.key_id = id.to_owned();
    }

    /// How often a path was asked for.
    pub fn times(&self, path: &str) -> usize {
        self.manners().asked.iter().filter(|asked| *asked == path).count()
    }

    fn id_token(&self, nonce: &str) -> String {
        let manners = self.manners();
        let now = self.clock.now().as_second();
        let mut claims = json!({
            "iss": self.issuer, "sub": manners.subject, "aud": CLIENT, "nonce": nonce, "iat": now, "exp": now + 300,
        });
        if manners.tells_in_token {
            lay(&mut claims, &manners.about);
        }
        lay(&mut claims, &manners.claims);
        let algorithm = match manners.signs {
            Signs::Not => "none",
            Signs::WithPublicKey => "HS256",
            _ => "ES256",
        };
        let mut head = json!({ "alg": algorithm, "kid": manners.key_id, "typ": "JWT" });
        lay(&mut head, &manners.header);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&head), part(&claims));
        let sign = |key: &EcdsaKeyPair| {
            let signature = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
            URL_SAFE_NO_PAD.encode(signature.as_ref())
        };
        match manners.signs {
            Signs::Rightly => format!("{message}.{}", sign(&manners.key)),
            Signs::ByAnother => format!("{message}.{}", sign(&new_key())),
            Signs::Not => format!("{message}."),
            Signs::WithPublicKey => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, manners.key.public_key().as_ref());
                let tag = hmac::sign(&key, message.as_bytes());
                format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
            }
            Signs::ThenChanges => {
                let signature = sign(&manners.key);
                claims["email"] = json!("admin@docket.local");
                format!("{}.{}.{signature}", part(&head), part(&claims))
            }
        }
    }
}

/// The way to a provider that calls itself by a name: to where it is.
pub struct ByName {
    pub provider: Provider,
    pub internet: Internet,
}

impl Web for ByName {
    fn ask<'a>(&'a self, question: &'a Question) -> Answering<'a> {
        Box::pin(async move {
            let question = Question {
                url: question.url.replace(&self.provider.issuer, &self.provider.at),
                form: question.form.clone(),
                authorization: question.authorization.clone(),
                most_bytes: question.most_bytes,
            };
            self.internet.ask(&question).await
        })
    }
}

async fn describe(State(provider): State<Provider>) -> Response {
    let Provider { issuer, .. } = &provider;
    let mut described = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "end_session_endpoint": format!("{issuer}/end"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "id_token_signing_alg_values_supported": ["ES256"],
    });
    let mut manners = provider.manners();
    manners.asked.push("description".to_owned());
    if manners.is_down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    lay(&mut described, &manners.description);
    Json(described).into_response()
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let mut manners = provider.manners();
    manners.asked.push("keys".to_owned());
    let point = manners.key.public_key().as_ref();
    let (x, y) = point[1..].split_at(32);
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let key = json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": manners.key_id, "x": text(x), "y": text(y),
    });
    Json(json!({ "keys": [key] }))
}

async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(sent): Form<HashMap<String, String>>,
) -> Response {
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let asked = {
        let mut manners = provider.manners();
        manners.asked.push("token".to_owned());
        if let Some(refuses) = manners.refuses {
            return refuse(refuses);
        }
        let basic = manners
            .secret
            .map(|secret| format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{secret}"))));
        let shown = headers
            .get(header::AUTHORIZATION)
            .map(|value| value.to_str().unwrap());
        if shown != basic.as_deref() {
            return refuse("invalid_client");
        }
        // A code is good for once.
        let Some(asked) = manners.codes.remove(&sent["code"]) else {
            return refuse("invalid_grant");
        };
        asked
    };
    let verifier = digest::digest(&digest::SHA256, sent["code_verifier"].as_bytes());
    let is_right = URL_SAFE_NO_PAD.encode(verifier.as_ref()) == asked.challenge;
    if !is_right || sent["redirect_uri"] != asked.redirect_uri || sent["grant_type"] != "authorization_code" {
        return refuse("invalid_grant");
    }
    let id_token = provider.id_token(&asked.nonce);
    Json(json!({ "access_token": "at", "token_type": "Bearer", "id_token": id_token })).into_response()
}

async fn tell(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    let mut manners = provider.manners();
    manners.asked.push("me".to_owned());
    if headers
        .get(header::AUTHORIZATION)
        .is_none_or(|value| value != "Bearer at")
    {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut told = json!({ "sub": manners.subject });
    lay(&mut told, &manners.about);
    Json(told).into_response()
}

fn new_key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap()
}

/// Lays one object over another. `null` takes away.
fn lay(under: &mut Value, over: &Value) {
    for (name, value) in over.as_object().unwrap() {
        if value.is_null() {
            under.as_object_mut().unwrap().remove(name);
        } else {
            under[name] = value.clone();
        }
    }
}
