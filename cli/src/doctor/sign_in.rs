//! Whether agents can sign in: the provider is there, and it can be relied on.

use super::checks::Finding;
use docket_desk::{Desk, SignInSettings};
use docket_oidc::{Internet, OidcError, Provider, Registration, Web};
use docket_store::secrets::StoredSignInSecret;
use std::sync::Arc;

/// Looks at what the provider says of itself, at its keys, and at whose the secret is that is stored.
pub async fn look(desk: &Desk) -> Vec<Finding> {
    let Some(sign_in) = &desk.settings.sign_in else {
        return vec![Finding::problem(
            "agents have nowhere to sign in",
            "deploy with OidcIssuer and OidcClientId, or without both",
        )];
    };
    let provider = match Internet::new() {
        Ok(internet) => provider(desk, sign_in, Arc::new(internet)).await,
        Err(error) => Finding::unknown("the sign-in provider", &error.to_string()),
    };
    vec![provider, secret(desk, &sign_in.issuer).await]
}

async fn provider(desk: &Desk, sign_in: &SignInSettings, web: Arc<dyn Web>) -> Finding {
    let registration = Registration {
        issuer: sign_in.issuer.clone(),
        client_id: sign_in.client_id.clone(),
        is_local: desk.settings.is_local,
    };
    let issuer = &sign_in.issuer;
    match Provider::new(registration, web).look(desk.now()).await {
        Ok(()) => Finding::ok(format!("agents sign in at {issuer}")),
        Err(OidcError::Unreachable { what, cause }) => {
            Finding::unknown(&format!("the sign-in provider's {what}"), &cause.to_string())
        }
        Err(error) => Finding::problem(
            format!("nobody can sign in at {issuer}: {error}"),
            "see docs/operators/sign-in.md",
        ),
    }
}

/// A secret that is not the provider's is never shown to it, so a provider that wants one lets nobody in.
async fn secret(desk: &Desk, issuer: &str) -> Finding {
    match desk.stored_sign_in_secret(issuer).await {
        Ok(StoredSignInSecret::Nothing) => Finding::ok("no secret for signing in is stored"),
        Ok(StoredSignInSecret::Its(_)) => Finding::ok(format!(
            "the secret for signing in that is stored is for {issuer}"
        )),
        Ok(StoredSignInSecret::NotIts) => {
            let parameter = desk.sign_in_secret_parameter();
            Finding::problem(
                format!(
                    "the secret for signing in that is stored is not for {issuer}: it is not shown there"
                ),
                format!(
                    "put two lines into secret.txt, first {issuer}, then the secret, and: aws ssm put-parameter --overwrite --type SecureString --name {parameter} --value file://secret.txt; where the provider gave none: aws ssm delete-parameter --name {parameter}"
                ),
            )
        }
        Err(error) => Finding::unknown("the secret for signing in", &super::in_short(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_desk::Secret;
    use docket_local::{LocalDesk, Options};
    use docket_oidc::{Answer, Answering, Question, WebError};
    use embedded_aws::{Clock, Storage};

    const ISSUER: &str = "https://id.example";

    /// A provider that answers this, whatever it is asked.
    struct Says(Option<&'static str>);

    impl Web for Says {
        fn ask<'a>(&'a self, _: &'a Question) -> Answering<'a> {
            let answer = match self.0 {
                Some(text) => Ok(Answer {
                    status: 200,
                    body: text.into(),
                }),
                None => Err(WebError::NoAnswer("not in time".to_owned())),
            };
            Box::pin(async { answer })
        }
    }

    fn settings() -> SignInSettings {
        SignInSettings {
            issuer: ISSUER.to_owned(),
            client_id: "desk".to_owned(),
            trusts_addresses: false,
        }
    }

    async fn desk(sign_in: Option<SignInSettings>) -> LocalDesk {
        let options = Options {
            sign_in,
            ..Options::new(Storage::Memory, Clock::wall())
        };
        LocalDesk::open(options).await.unwrap()
    }

    async fn found(says: Option<&'static str>) -> String {
        let local = desk(Some(settings())).await;
        provider(&local.desk, &settings(), Arc::new(Says(says)))
            .await
            .to_string()
    }

    #[tokio::test]
    async fn a_provider_is_in_order_or_the_line_says_what_is_wrong() {
        // One document has what both questions ask for.
        let right = r#"{"issuer":"https://id.example","authorization_endpoint":"https://id.example/a",
            "token_endpoint":"https://id.example/t","jwks_uri":"https://id.example/k","keys":[]}"#;
        assert_eq!(
            found(Some(right)).await,
            "ok       agents sign in at https://id.example"
        );
        let wrong = found(Some("<html>")).await;
        assert!(
            wrong.starts_with("problem  nobody can sign in at https://id.example:"),
            "{wrong}"
        );
        let silent = found(None).await;
        assert!(silent.starts_with("warning  "), "{silent}");
    }

    #[tokio::test]
    async fn a_desk_without_a_provider_is_a_problem() {
        let local = desk(None).await;
        let found = look(&local.desk).await;
        let [only] = found.as_slice() else {
            panic!("{found:?}");
        };
        let line = only.to_string();
        assert!(
            line.starts_with("problem  agents have nowhere to sign in"),
            "{line}"
        );
    }

    #[tokio::test]
    async fn a_secret_that_is_not_the_providers_is_a_problem_with_the_command_that_stores_it() {
        let local = desk(Some(settings())).await;
        let line = async || secret(&local.desk, ISSUER).await.to_string();
        assert_eq!(line().await, "ok       no secret for signing in is stored");
        let stored = Secret::new("s3cret");
        let put = local.desk.put_sign_in_secret("https://former.example", &stored);
        put.await.unwrap();
        let wrong = line().await;
        assert!(
            wrong.starts_with(
                "problem  the secret for signing in that is stored is not for https://id.example"
            ),
            "{wrong}"
        );
        let name = "--name /docket/local/oidc-client-secret --value file://secret.txt";
        assert!(wrong.contains(name), "{wrong}");
        assert!(!wrong.contains("s3cret"), "{wrong}");
        local.desk.put_sign_in_secret(ISSUER, &stored).await.unwrap();
        assert_eq!(
            line().await,
            "ok       the secret for signing in that is stored is for https://id.example"
        );
    }
}
