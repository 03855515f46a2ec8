//! Ways in that are none.

use crate::{
    provider::{Provider, Signs},
    signing_in::state_of,
    visitor::Visitor,
    world::{BEN, World},
};
use axum::http::StatusCode;
use serde_json::{Value, json};

const NOT_PROVEN: &str = "does not prove who you are";
const LOST: &str = "That sign-in is not going on";

/// A token that is wrong in one way lets nobody in.
async fn refused(change: impl FnOnce(&Provider)) {
    let (world, provider) = Provider::desk().await;
    change(&provider);
    let mut browser = Visitor::new(&world.app);
    let page = browser.sign_in(&provider).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text());
    page.shows(NOT_PROVEN);
    assert!(!browser.cookies.contains_key("docket_session"));
    assert!(!browser.is_in().await);
}

async fn claims_refused(claims: Value) {
    refused(|provider| provider.manners().claims = claims).await;
}

#[tokio::test]
async fn a_token_of_another_issuer_is_refused() {
    claims_refused(json!({ "iss": "https://evil.example" })).await;
    claims_refused(json!({ "iss": null })).await;
}

#[tokio::test]
async fn a_token_for_another_program_is_refused() {
    claims_refused(json!({ "aud": "other" })).await;
    claims_refused(json!({ "aud": ["docket-desk", "other"] })).await;
    claims_refused(json!({ "aud": ["docket-desk", "other"], "azp": "other" })).await;
    claims_refused(json!({ "azp": "other" })).await;
    claims_refused(json!({ "aud": null })).await;
}

#[tokio::test]
async fn a_token_that_has_ended_or_does_not_hold_yet_is_refused() {
    let now: jiff::Timestamp = crate::world::START.parse().unwrap();
    let now = now.as_second();
    claims_refused(json!({ "exp": now - 60 })).await;
    claims_refused(json!({ "exp": null })).await;
    claims_refused(json!({ "exp": "never" })).await;
    claims_refused(json!({ "nbf": now + 3600 })).await;
    claims_refused(json!({ "iat": now + 3600 })).await;
    claims_refused(json!({ "iat": now - 7200 })).await;
}

#[tokio::test]
async fn a_token_of_another_sign_in_is_refused() {
    claims_refused(json!({ "nonce": "another" })).await;
    claims_refused(json!({ "nonce": null })).await;
}

#[tokio::test]
async fn a_token_without_a_signature_is_refused() {
    refused(|provider| provider.manners().signs = Signs::Not).await;
    refused(|provider| {
        let mut manners = provider.manners();
        manners.signs = Signs::Not;
        manners.header = json!({ "alg": "NONE" });
    })
    .await;
}

#[tokio::test]
async fn a_token_signed_with_the_public_key_as_a_secret_is_refused() {
    refused(|provider| provider.manners().signs = Signs::WithPublicKey).await;
}

#[tokio::test]
async fn a_token_signed_by_another_or_changed_afterwards_is_refused() {
    refused(|provider| provider.manners().signs = Signs::ByAnother).await;
    refused(|provider| provider.manners().signs = Signs::ThenChanges).await;
}

#[tokio::test]
async fn a_token_whose_header_names_another_way_or_key_is_refused() {
    refused(|provider| provider.manners().header = json!({ "alg": "ES384" })).await;
    refused(|provider| provider.manners().header = json!({ "alg": "RS256" })).await;
    refused(|provider| provider.manners().header = json!({ "kid": "another" })).await;
    refused(|provider| provider.manners().header = json!({ "crit": ["new"], "new": 1 })).await;
    // A key in the token itself is nobody's word.
    let key = json!({ "jwk": { "kty": "oct", "k": "c2VjcmV0" }, "alg": "HS256" });
    refused(|provider| provider.manners().header = key).await;
}

#[tokio::test]
async fn a_provider_that_would_let_pkce_pass_by_is_not_used() {
    let (world, provider) = Provider::desk().await;
    provider.manners().description = json!({ "code_challenge_methods_supported": ["plain"] });
    let mut browser = Visitor::new(&world.app);
    let page = browser.get("/agent/sign-in/provider").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    page.shows("The sign-in is set up wrong");
    assert_eq!(page.header("location"), "");
}

#[tokio::test]
async fn a_provider_that_describes_another_is_not_used() {
    let (world, provider) = Provider::desk().await;
    provider.manners().description = json!({ "issuer": "https://evil.example" });
    let page = Visitor::new(&world.app).get("/agent/sign-in/provider").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
}

/// Whoever puts their own code into another's browser would have them work under a name that is not theirs.
#[tokio::test]
async fn a_sign_in_that_another_browser_began_does_not_end_here() {
    let (world, provider) = Provider::desk().await;
    let mut attacker = Visitor::new(&world.app);
    let address = attacker.leave("").await;
    let link = provider.allow(&address);
    // A browser that began nothing.
    let mut victim = Visitor::new(&world.app);
    let page = victim.get(&link).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.shows(LOST);
    assert!(!victim.is_in().await);
    // It was not used up by that, since the browser showed nothing. One that began something of its own uses it up.
    let own = victim.leave("").await;
    victim.get(&link).await.shows(LOST);
    attacker.get(&link).await.shows(LOST);
    assert!(!attacker.is_in().await && !victim.is_in().await);
    // States swapped between the two: neither comes in.
    let other = attacker.leave("").await;
    let (mine, theirs) = (provider.allow(&own), provider.allow(&other));
    let swap = |link: &str, from: &str, to: &str| link.replace(&state_of(from), &state_of(to));
    victim.get(&swap(&mine, &own, &other)).await.shows(LOST);
    attacker.get(&swap(&theirs, &other, &own)).await.shows(LOST);
    assert!(!attacker.is_in().await && !victim.is_in().await);
}

#[tokio::test]
async fn a_code_that_was_begun_by_one_sign_in_does_not_end_another_of_the_same_browser() {
    let (world, provider) = Provider::desk().await;
    let mut browser = Visitor::new(&world.app);
    let (first, second) = (browser.leave("").await, browser.leave("").await);
    let (first_link, _) = (provider.allow(&first), provider.allow(&second));
    // PKCE: the provider sees that the code was asked for by another.
    let mixed = first_link.replace(&state_of(&first), &state_of(&second));
    browser.get(&mixed).await.shows(NOT_PROVEN);
    assert!(!browser.is_in().await);
}

#[tokio::test]
async fn a_way_back_is_used_once() {
    let (world, provider) = Provider::desk().await;
    let mut browser = Visitor::new(&world.app);
    let address = browser.leave("").await;
    let cookies = browser.cookies.clone();
    let link = provider.allow(&address);
    browser.get(&link).await;
    assert!(browser.is_in().await);
    let mut again = Visitor::new(&world.app);
    again.cookies = cookies;
    again.get(&link).await.shows(LOST);
    assert!(!again.is_in().await);
    assert_eq!(provider.times("token"), 1);
}

#[tokio::test]
async fn a_state_that_is_none_of_ours_is_nothing() {
    let (world, _) = Provider::desk().await;
    let mut browser = Visitor::new(&world.app);
    browser.leave("").await;
    for query in [
        "",
        "code=x",
        "code=x&state=",
        "code=x&state=../../x",
        "state=a&state=b&code=x",
        &format!("code=x&state={}", "a".repeat(52)),
        &format!("code=x&state={}", "a".repeat(5_000)),
    ] {
        let page = browser.get(&format!("/agent/sign-in/callback?{query}")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{query}");
        page.shows(LOST);
    }
}

#[tokio::test]
async fn an_answer_in_the_name_of_another_provider_is_refused() {
    let (world, provider) = Provider::desk().await;
    let mut browser = Visitor::new(&world.app);
    let address = browser.leave("").await;
    let link = format!("{}&iss=https%3A%2F%2Fevil.example", provider.allow(&address));
    browser.get(&link).await.shows(NOT_PROVEN);
    assert_eq!(provider.times("token"), 0, "its code went to nobody");
    // Who says that it always names itself, has to.
    let (world, provider) = Provider::desk().await;
    provider.manners().description = json!({ "authorization_response_iss_parameter_supported": true });
    let mut browser = Visitor::new(&world.app);
    browser.sign_in(&provider).await.shows(NOT_PROVEN);
    let address = browser.leave("").await;
    let link = format!("{}&iss={}", provider.allow(&address), provider.issuer);
    browser.get(&link).await;
    assert!(browser.is_in().await);
}

#[tokio::test]
async fn nobody_is_led_elsewhere_after_a_sign_in() {
    let (world, provider) = Provider::desk().await;
    for next in [
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2Fagent%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "javascript%3Aalert(1)",
        "%2Fagent%2Fsign-out",
        "%2Fagent%2Ftickets%0d%0aset-cookie%3A+a%3Db",
    ] {
        let mut browser = Visitor::new(&world.app);
        let address = browser.leave(next).await;
        let page = browser.get(&provider.allow(&address)).await;
        assert_eq!(page.header("location"), "/agent/tickets", "{next}");
    }
}

#[tokio::test]
async fn a_session_that_was_planted_in_a_browser_is_not_the_one_it_gets() {
    let (world, provider) = Provider::desk().await;
    let planted = world.desk.sessions().open(BEN, "A browser").await.unwrap();
    for brought in [planted.as_str(), "chosen-by-somebody"] {
        let mut browser = Visitor::new(&world.app);
        browser
            .cookies
            .insert("docket_session".to_owned(), brought.to_owned());
        browser.sign_in(&provider).await;
        assert_ne!(browser.cookies["docket_session"], brought);
        assert!(browser.is_in().await);
        assert_eq!(world.desk.sessions().get(brought).await.unwrap(), None);
    }
}

#[tokio::test]
async fn the_provider_s_words_and_the_address_run_nothing_on_our_page() {
    let (world, provider) = Provider::desk().await;
    let address = "\"><script>alert(1)</script>@x.example";
    provider.manners().about = json!({ "email": address, "email_verified": true });
    let page = Visitor::new(&world.app).sign_in(&provider).await;
    page.shows("You do not work at this desk");
    page.hides("<script>alert");
    let mut browser = Visitor::new(&world.app);
    let state = state_of(&browser.leave("").await);
    let link = format!(
        "/agent/sign-in/callback?error=%3Cscript%3Ealert&error_description=%3Cscript%3E&state={state}"
    );
    browser.get(&link).await.hides("<script>");
}

/// The list of people is for a desk on one's own machine without a provider; a `World` beside this one has it.
#[tokio::test]
async fn without_a_provider_there_is_no_way_to_one() {
    let world = World::new().await.unwrap();
    let mut browser = Visitor::new(&world.app);
    for path in [
        "/agent/sign-in/provider",
        "/agent/sign-in/callback?code=a&state=b",
    ] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND);
    }
}
