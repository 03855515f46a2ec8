//! `docket forget-sign-in`: whoever was given another account at the provider signs in with it as if for the first time.

use crate::target::Target;
use anyhow::Context as _;
use docket_desk::Desk;
use docket_domain::people::person::Identity;

/// Whose, at which desk.
#[derive(Debug, clap::Args)]
pub struct ForgetSignInArguments {
    #[command(flatten)]
    target: Target,
    /// Their mail address at the desk.
    address: String,
}

/// Forgets it, and signs them out everywhere.
pub async fn run(arguments: ForgetSignInArguments) -> anyhow::Result<()> {
    let opened = arguments.target.open().await?;
    let words = forget(&opened.desk, &arguments.address).await?;
    println!("{words}");
    Ok(())
}

async fn forget(desk: &Desk, address: &str) -> anyhow::Result<&'static str> {
    let person = desk.people().find(&Identity::email(address)).await?;
    let person = person.context("nobody at this desk has this address")?;
    let was_known = desk.people().forget_sign_ins(person.id).await?;
    // Whoever has the account that is let go is not to stay in by it.
    desk.sessions().close_all(person.id).await?;
    Ok(if was_known {
        "Their account is forgotten, and they are signed out everywhere. The next sign-in with this address counts as their first."
    } else {
        "They have not signed in at a provider yet. They are signed out everywhere."
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_desk::{SignInProof, seed::SUPPORT};
    use docket_local::{LocalDesk, Options};
    use embedded_aws::{Clock, Storage};

    #[tokio::test]
    async fn whoever_has_the_address_now_comes_in_and_the_old_session_is_over() {
        let local = LocalDesk::open(Options::new(Storage::Memory, Clock::wall()))
            .await
            .unwrap();
        let desk = &local.desk;
        let proof = |subject: &str| SignInProof {
            issuer: "https://id.example".to_owned(),
            subject: subject.to_owned(),
            address: Some("anna@docket.local".to_owned()),
        };
        assert!(forget(desk, "nobody@example.org").await.is_err());
        assert!(
            forget(desk, "anna@docket.local")
                .await
                .unwrap()
                .starts_with("They have not")
        );
        let anna = desk.let_in(&proof("old")).await.unwrap();
        assert!(anna.groups.contains(&SUPPORT));
        let token = desk.sessions().open(anna.id, "Firefox").await.unwrap();
        assert!(desk.let_in(&proof("new")).await.is_err());
        assert!(
            forget(desk, "Anna@Docket.Local")
                .await
                .unwrap()
                .starts_with("Their account")
        );
        assert!(desk.sessions().get(&token).await.unwrap().is_none());
        assert!(!desk.leads_to(&proof("old"), anna.id).await.unwrap());
        assert_eq!(desk.let_in(&proof("new")).await.unwrap().id, anna.id);
        assert!(desk.leads_to(&proof("new"), anna.id).await.unwrap());
        assert!(!desk.leads_to(&proof("old"), anna.id).await.unwrap());
        assert!(desk.let_in(&proof("old")).await.is_err());
    }
}
