//! Whether agents can sign in: the provider is there, and it can be relied on.

use super::checks::Finding;
use docket_desk::Desk;
use docket_oidc::{Internet, OidcError, Provider, Registration, Web};
use std::sync::Arc;

/// Looks at what the provider says of itself, and at its keys.
pub async fn look(desk: &Desk) -> Finding {
    match Internet::new() {
        Ok(internet) => look_by(desk, Arc::new(internet)).await,
        Err(error) => Finding::unknown("the sign-in provider", &error.to_string()),
    }
}

async fn look_by(desk: &Desk, web: Arc<dyn Web>) -> Finding {
    let Some(sign_in) = &desk.settings.sign_in else {
        return Finding::problem(
            "agents have nowhere to sign in",
            "deploy with OidcIssuer and OidcClientId, or without both",
        );
    };
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

#[cfg(test)]
mod tests {
    use super::*;
    use docket_local::{LocalDesk, Options};
    use docket_oidc::{Answer, Answering, Question, WebError};
    use embedded_aws::{Clock, Storage};

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

    async fn found(says: Option<&'static str>, is_set_up: bool) -> String {
        let options = Options {
            sign_in: is_set_up.then(|| docket_desk::SignInSettings {
                issuer: "https://id.example".to_owned(),
                client_id: "desk".to_owned(),
                trusts_addresses: false,
            }),
            ..Options::new(Storage::Memory, Clock::wall())
        };
        let local = LocalDesk::open(options).await.unwrap();
        look_by(&local.desk, Arc::new(Says(says))).await.to_string()
    }

    #[tokio::test]
    async fn a_provider_is_in_order_or_the_line_says_what_is_wrong() {
        // One document has what both questions ask for.
        let right = r#"{"issuer":"https://id.example","authorization_endpoint":"https://id.example/a",
            "token_endpoint":"https://id.example/t","jwks_uri":"https://id.example/k","keys":[]}"#;
        assert_eq!(
            found(Some(right), true).await,
            "ok       agents sign in at https://id.example"
        );
        let wrong = found(Some("<html>"), true).await;
        assert!(
            wrong.starts_with("problem  nobody can sign in at https://id.example:"),
            "{wrong}"
        );
        let silent = found(None, true).await;
        assert!(silent.starts_with("warning  "), "{silent}");
        assert!(
            found(Some(right), false)
                .await
                .starts_with("problem  agents have nowhere to sign in")
        );
    }
}
